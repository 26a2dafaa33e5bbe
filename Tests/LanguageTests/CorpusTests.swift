import Diagnostics
import Foundation
import SessionTestSupport
import TestSupport
import Testing

/// The scripts of Tests/Corpus against what stands at their ends. `ECDX_RECORD=1` writes it anew, and fails where it differed.
@Suite(.timed) struct CorpusTests {
    @Test func everyScriptShowsWhatItSays() throws {
        let differences = try onLargeStack {
            let copy = try CorpusCopy()
            var differences: [String] = []
            for file in try CorpusFile.all() {
                let outcome = try file.outcome(in: copy)
                if outcome.shown != file.expected {
                    differences.append(
                        """
                        \(file.name)
                        --- expected
                        \(file.expected.joined(separator: "\n"))
                        --- found
                        \(outcome.shown.joined(separator: "\n"))
                        """
                    )
                    if isAsked("ECDX_RECORD") { try file.record(outcome.shown) }
                }
                let mayFail = ["errors", "limits"].contains(file.folder)
                if file.directives.contains("several") { continue }
                if mayFail ? outcome.errors.count != 1 : !outcome.errors.isEmpty {
                    differences.append("\(file.name): \(outcome.errors.count) errors, expected \(mayFail ? "one" : "none")")
                }
            }
            return differences
        }
        for difference in differences { Issue.record("\(difference)") }
    }
}
