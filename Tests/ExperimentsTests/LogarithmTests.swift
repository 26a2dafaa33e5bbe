import Builtins
import Diagnostics
import Language
import SessionTestSupport
import Storage
import Tensors
import TestSupport
import Testing

@testable import Experiments

/// What is known to be a logarithm before anything is computed, and what `ridge(statistics)` makes of it.
@Suite(.timed) struct LogarithmTests {
    private static let plane = "chgcar(\"../data/densities/Al-fcc.CHGCAR\") |> plane([1, 1, 1], size: [4, 4], cell: file)"

    @Test(arguments: [
        ("log(p)", true), ("log(p) * 1", true), ("2 * log(p) - 1", true), ("log(p) / 3", true), ("log(p)[0]", true),
        ("log(p) - log(p)", true),
        ("log(p) - mean(log(p))", true), ("mean(log(p), axis: 0)", true), ("tensor([log(p), log(p) + 1])", true), ("-log(p)", true),
        ("p", false), ("exp(log(p))", false), ("abs(log(p))", false), ("log(p) * log(p)", false), ("std(log(p), axis: 0)", false),
        ("log(p) ^ 2", false), ("1 / log(p)", false), ("tensor([log(p), log(exp(log(p)))])[0] * p", false),
    ])
    func theTypeTellsALogarithm(_ expression: String, _ expected: Bool) throws {
        let value = try values("let p = \(Self.plane)\nlet x = \(expression)")["x"]
        guard case .tensor(let type)? = value?.call?.type else {
            Issue.record("\(expression) is no tensor")
            return
        }
        #expect(type.isLogarithm == expected)
    }

    /// A step behind the logarithm, whatever its arguments are called, hides it from nobody.
    @Test func theRidgeOnStatisticsSeesALogarithmBehindEveryStep() throws {
        let lines = try onLargeStack {
            let copy = try CorpusCopy()
            let reporter = CollectingReporter()
            var options = SessionOptions()
            options.standardLibrary = Place.library
            let session = try Session(base: copy.path + "/language/", options: options, reporter: reporter)
            let script =
                crystalsScript.replacing("size: [12, 12])", with: "size: [12, 12]) |> log") + """
                    dataset shifted like crystals { inputs: { \
                    plane: (log(chgcar("../data/densities/{material_id}.CHGCAR") |> plane([1, 1, 1], size: [12, 12], cell: file))) * 1 } }
                    table metrics(bulk, baselines: [ridge(statistics)])
                    table metrics(bulk with { data: shifted }, baselines: [ridge(statistics)])
                    """
            let checked = session.check(script, file: "script.ecdx")
            #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
            try session.perform(checked)
            return reporter.lines.filter { $0.hasPrefix("ridge") }
        }
        #expect(lines.count == 6)
        #expect(Array(lines.prefix(3)) == Array(lines.suffix(3)))
    }

    /// The type of an input whose file stands inside a list is that of the same input without the list.
    @Test func aFileInsideAListIsLookedAtToo() throws {
        try onLargeStack {
            let copy = try CorpusCopy()
            for id in try text(of: copy.path + "/data/crystals.csv").split(separator: "\n").dropFirst().map({ $0.prefix { $0 != "," } }) {
                let array = try NumericArray(shape: [3], values: [1, 2, 3], precision: .double)
                try writeWhole(npyBytes(array), to: copy.path + "/data/\(id).npy")
            }
            func type(_ input: String) throws -> TensorType? {
                let script =
                    crystalsScript + "\ndataset listed like crystals { inputs: { x: \(input) } }"
                let session = try Session(base: copy.path + "/language/", options: SessionOptions(), reporter: CollectingReporter())
                let checked = session.check(script, file: "script.ecdx")
                #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
                let data = try #require(checked.script.names.first { $0.name == "listed" }?.value.object)
                return try session.runner(for: checked).plan(of: data).input("x")?.type
            }
            let file = "tensor(\"../data/{material_id}.npy\")"
            let plain = try type("log(\(file))")
            #expect(plain?.shape == [3] && plain?.isLogarithm == true)
            #expect(try type("log(tensor([\(file)])[0])") == plain)
        }
    }
}
