import Diagnostics
import Experiments
import SessionTestSupport
import Storage
import TestSupport
import Testing

/// The scripts of the documents and of `experiments` are scripts that check.
@Suite(.timed) struct DocumentTests {
    /// The blocks between fences that hold declarations.
    private func scripts(in document: String) throws -> [String] {
        let guide = try readText("\(Place.project)/\(document)").split(separator: "<!-- reference -->").first.map(String.init) ?? ""
        let blocks = guide.split(separator: "```", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
            String($0.element)
        }
        // What stands behind a prompt is a dialogue.
        return blocks.filter { !$0.contains("ecdx> ") }.filter { ["dataset ", "param ", " like ", "let "].contains(where: $0.contains) }
    }

    /// What is wrong with a script in the folder of the experiments. Outputs of an earlier run by hand may lie there.
    private func errors(_ text: String) throws -> [Diagnostic] {
        try diagnostics(text, in: Place.experiments).filter { $0.severity == .error && $0.id != "would-overwrite" }
    }

    @Test func theReadmeChecks() throws {
        let blocks = try scripts(in: "README.md")
        #expect(blocks.count == 1)
        for block in blocks { #expect(try errors(block) == []) }
    }

    /// The guide is one script, told in pieces.
    @Test func theGuideChecks() throws {
        let blocks = try scripts(in: "LANGUAGE.md")
        #expect(blocks.count >= 6)
        #expect(try errors(blocks.joined(separator: "\n")) == [])
    }

    @Test func everyExperimentChecks() throws {
        let names = try listFolder(Place.experiments).filter { $0.hasSuffix(".ecdx") && !$0.hasPrefix(".") }
        #expect(names.contains("quickstart.ecdx"))
        for name in names { #expect(try errors(readText("\(Place.experiments)/\(name)")) == [], "\(name)") }
    }
}
