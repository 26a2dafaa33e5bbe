import Language
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Experiments

/// `why` names what differs in the data.
@Suite(.timed) struct WhyDataTests {
    private func why(_ bench: StoreBench, _ old: String = "", _ new: String = "") throws -> String {
        #expect(old.isEmpty || StoreBench.data.contains(old))
        let session = try bench.session(LineReporter())
        let checked = session.check(old.isEmpty ? StoreBench.data : StoreBench.data.replacing(old, with: new), file: "script.ecdx")
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        let runner = try session.runner(for: checked, create: false)
        let lines = try checked.experiments(named: "one").flatMap { try runner.reasons(for: $0).lines() }
        let line = try #require(lines.first)
        return line.split(separator: "differs in ", maxSplits: 1).last.map(String.init) ?? line
    }

    @Test func theFieldThatChangedIsNamed() throws {
        let bench = try StoreBench()
        _ = try bench.run("table metrics(one)")
        #expect(try why(bench).contains("is computed already"))
        #expect(try why(bench, "seed: 7", "seed: 8") == "split.seed: 8 (was 7)")
        #expect(try why(bench, "column: \"mark\"", "column: \"other\"") == "target.column: other (was mark)")
        #expect(try why(bench, "\"mark\"", "\"mark\", transform: log") == "target.transform: log (was none)")
        #expect(try why(bench, "\"mark\"", "\"mark\", scale: standard") == "target.scale: standard (was none)")
        #expect(try why(bench, ".txt\")", ".txt\") |> standardize") == "inputs.shape: numbers |> standardize (was numbers)")

        try writeWhole("7 7 7", to: bench.scratch.file("a5.txt"))
        #expect(try why(bench) == "files of inputs.shape: other contents in 1 row (`a5`)")
        try writeWhole("5 0 1", to: bench.scratch.file("a5.txt"))
        try bench.writeMarks(changed: 3)
        #expect(try why(bench) == "target: other values in 1 row (`a3`)")
        try bench.writeMarks(count: 23)
        #expect(try why(bench) == "rows: 1 fewer (`a23`)")
        try bench.writeMarks()
        #expect(try why(bench).contains("is computed already"))

        // Stores of older versions have no descriptions of data.
        try removeTree(joined(bench.store, "data"))
        #expect(try why(bench, "seed: 7", "seed: 8") == "data: other rows, files or split")
    }

    @Test func aStepsFieldIsNamed() throws {
        func pipeline(_ low: Int, _ more: String = "") throws -> JSONValue {
            try JSONValue(
                parsing: """
                    {"ids": ["a"], "inputs": {"image": {"files": ["x"], "pipeline": {"call": "standardize", "arguments": {"x": \
                    {"call": "rescale", "arguments": {"low": \(low), "x": {"call": "picture", "arguments": {}}}}}}}}}
                    """)
        }
        #expect(try dataDifferences(from: pipeline(0), to: pipeline(1)).map(\.text) == ["inputs.image.rescale.low: 1 (was 0)"])
    }
}
