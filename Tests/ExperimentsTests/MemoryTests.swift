import Diagnostics
import Language
import Storage
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments
@testable import SessionTestSupport

/// What data and trainings take is estimated before anything is computed, and refused beyond the limit.
@Suite(.timed) struct MemoryTests {
    private func faults(_ script: String, memory: Int?) throws -> [Diagnostic] {
        let bench = try StoreBench()
        var options = SessionOptions()
        options.library = catalogue.adding(addedSource.builtins)
        options.standardLibrary = Place.library
        options.memory = memory
        let session = try Session(base: bench.scratch.path + "/", options: options, reporter: LineReporter())
        return session.check(StoreBench.data + script, file: "script.ecdx").script.diagnostics.filter { $0.severity == .error }
    }

    /// A batch holds no more rows than there are.
    @Test func aBatchTakesNoMoreThanItsRows() throws {
        // Weights, gradients, moments and what twelve rows give: 112 bytes.
        #expect(try faults("experiment wide like one { batch: 1000000 }", memory: 120) == [])
        #expect(try Set(faults("experiment wide like one { batch: 1000000 }", memory: 100).map(\.id)) == ["memory"])
        let bench = try StoreBench()
        func scores(batch: Int) throws -> [UInt8] {
            let name = "wide\(batch)"
            _ = try bench.run(
                """
                experiment \(name) like one { batch: \(batch) }
                predict \(name) on plain to "\(name).csv"
                """)
            return try readFile(bench.scratch.file("\(name).csv"))
        }
        // A program for 2^40 items could not be made.
        #expect(try scores(batch: 24) == scores(batch: 1 << 40))
    }

    @Test func aNetworkThatIsTooLargeIsRefused() throws {
        let model = """
            model wide {
                input shape: [3]
                shape >> dense(20000) >> dense(20000) >> dense(1)
            }
            experiment large like one { model: wide }
            """
        let found = try faults(model, memory: 1_000_000_000)
        // 20000 x 20000 weights, a gradient and two moments, four bytes each.
        #expect(found.map(\.message) == ["a training of this model takes at least 6.40 GB, and 1.00 GB may be used"])
    }

    /// Principal components need all rows at once, though a training does not.
    @Test func componentsOfLargeDataAreRefused() throws {
        let found = try faults("table metrics(one, baselines: [ridge(components, count: 2)])", memory: 1000)
        #expect(
            found.map(\.message) == ["the ridge of 2 components of 24 rows takes at least 1.15 kB, and 1.00 kB may be used"])
        #expect(try faults("table metrics(one, baselines: [ridge(statistics)])", memory: 1000) == [])
    }

    /// Large data are read batch by batch, to the same bits: a training with its predictions, baselines, and what is exported.
    @Test(arguments: [nil, "standardize"]) func dataLargerThanMemoryAreRead(step: String?) throws {
        func numbers(memory: Int?) throws -> [String] {
            let bench = try StoreBench()
            let reporter = LineReporter()
            var options = SessionOptions()
            options.library = catalogue.adding(addedSource.builtins)
            options.standardLibrary = Place.library
            options.memory = memory
            let session = try Session(base: bench.scratch.path + "/", options: options, reporter: reporter)
            let script =
                StoreBench.data.replacing("numbers(\"{id}.txt\")", with: "numbers(\"{id}.txt\")" + (step.map { " |> " + $0 } ?? "")) + """
                    table metrics(one, baselines: [mean, ridge(statistics), ridge(components, count: 2)], resamples: 100) to "m.csv"
                    predict one on plain to "p.csv"
                    show plain.inputs.shape
                    """
            for _ in 0..<2 {
                let checked = session.check(script, file: "script.ecdx")
                #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
                try session.perform(checked)
            }
            return try ["m.csv", "p.csv"].map { try text(of: bench.scratch.file($0)) } + reporter.lines.filter { !$0.contains("wrote") }
        }
        let held = try numbers(memory: nil)
        // 24 rows of 12 bytes are more than an eighth of it.
        #expect(try numbers(memory: 2000) == held)
    }

    /// Four million numbers of 8 bytes; what draws them has them twice.
    @Test(arguments: [
        ("show NUMBERS", "what is shown takes at least 32.0 MB"), ("show mean(NUMBERS)", "what is shown takes at least 32.0 MB"),
        ("export NUMBERS to \"a.npy\"", "what is exported takes at least 32.0 MB"),
        ("plot heatmap(NUMBERS) to \"a.svg\"", "the figure takes at least 64.0 MB"),
        ("plot grid([histogram(NUMBERS)]) to \"a.svg\"", "the figure takes at least 64.0 MB"),
    ])
    func whatIsShownAndDrawnCounts(action: String, message: String) throws {
        let numbers = "resize(tensor([[1, 2], [3, 4]]), [2000, 2000])"
        let script = action.replacing("NUMBERS", with: numbers)
        let found = try faults(script, memory: 10_000_000)
        #expect(found.map(\.message) == [message + ", and 10.0 MB may be used"])
        #expect(found.first?.id == "memory" && found.first?.span != nil && found.first?.hints.count == 1)
        #expect(try faults(script, memory: 65_000_000) == [])
    }

    @Test func theCellsOfATableCount() throws {
        let found = try faults("show csv(\"marks.csv\")", memory: 1000)
        #expect(found.map(\.message) == ["what is shown takes at least 1.15 kB, and 1.00 kB may be used"])
        #expect(try faults("show csv(\"marks.csv\")", memory: 1200) == [])
    }

    /// Of an input only the rows that are drawn are read.
    @Test func aGalleryTakesWhatItShows() throws {
        let gallery = "plot gallery(plain.inputs.shape, count: 2) to \"a.svg\""
        #expect(try faults(gallery, memory: 600) == [])
    }

    @Test func whatFitsIsNotRefused() throws { #expect(try faults("experiment wide like one { batch: 1024 }", memory: nil) == []) }
}
