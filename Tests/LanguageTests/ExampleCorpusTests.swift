import Builtins
import Diagnostics
import Experiments
import Foundation
import Language
import SessionTestSupport
import TestSupport
import Testing

/// The examples of the reference, carried out in the folder of the experiments: what each prints stands in
/// Tests/Corpus/examples. `ECDX_RECORD=1` writes it anew, and fails where it differed.
@Suite(.timed) struct ExampleCorpusTests {
    private static let folder = Place.corpus + "/examples"

    /// File name and example, in order. Examples that train do so as a smoke run does.
    private static var examples: [(file: String, example: Example)] {
        let all = catalogue.builtins.values.map { ($0.name, $0.examples) } + catalogue.kinds.values.map { ($0.name, $0.examples) }
        return all.sorted { $0.0 < $1.0 }.flatMap { name, examples in
            examples.enumerated().map { (name + ($0.offset == 0 ? "" : "-\($0.offset + 1)") + ".txt", $0.element) }
        }
    }

    @Test func everyExamplePrintsWhatItSays() throws {
        let differences = try onLargeStack {
            let copy = try CorpusCopy()
            let folder = copy.path + "/experiments"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: folder + "/data", withDestinationPath: Place.experiments + "/data")
            try FileManager.default.createSymbolicLink(atPath: folder + "/paper", withDestinationPath: Place.experiments + "/paper")
            var differences: [String] = []
            for (file, example) in Self.examples {
                let found = try Self.outcome(of: example, in: folder)
                let text = example.code + "\n\n" + found.map { $0.isEmpty ? "#!" : "#! \($0)" }.joined(separator: "\n") + "\n"
                let path = Self.folder + "/" + file
                let expected = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                guard text != expected else { continue }
                differences.append("\(file)\n--- expected\n\(expected)\n--- found\n\(text)")
                if isAsked("ECDX_RECORD") {
                    try FileManager.default.createDirectory(atPath: Self.folder, withIntermediateDirectories: true)
                    try text.write(toFile: path, atomically: true, encoding: .utf8)
                }
            }
            return differences
        }
        for difference in differences { Issue.record("\(difference)") }
    }

    @Test func everyRecordIsOfAnExample() throws {
        let names = Set(Self.examples.map(\.file))
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted() {
            #expect(names.contains(name), "\(name) is of no example")
        }
        #expect(names.count > 30)
    }

    /// Warnings that examples on small data give and should: few rows in a holdout, pseudo densities with other electrons than atoms.
    private static let expected: Set<String> = ["small-holdout", "other-electrons"]

    private static func outcome(of example: Example, in folder: String) throws -> [String] {
        let reporter = CollectingReporter()
        var options = SessionOptions()
        options.standardLibrary = Place.library
        options.smoke = example.setting == .crystals || example.code.contains("experiment ")
        let session = try Session(base: folder + "/", options: options, reporter: reporter)
        let code = (example.setting == .crystals ? Example.crystals : "") + example.code
        let checked = session.check(code, file: "example.ecdx")
        if !checked.script.hasErrors { try session.perform(checked) }
        let complaints = (checked.script.diagnostics + reporter.warnings).filter { !expected.contains($0.id) }
        #expect(complaints == [], "\(example.code)")
        #expect(!reporter.lines.isEmpty, "\(example.code)")
        return reporter.lines.map { line in
            var line = line
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}
