import Diagnostics
import Language
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments

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

    @Test func aBatchThatIsTooLargeIsRefusedWhereItStands() throws {
        let found = try faults("experiment wide like one { batch: 1000000 }", memory: 1_000_000)
        #expect(found.map(\.id) == ["memory"])
        #expect(found.first?.message == "a training in batches of 1000000 rows takes at least 4.00 MB, and 1.00 MB may be used")
        #expect(try faults("experiment wide like one { batch: 1000000 }", memory: 5_000_000) == [])
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
        #expect(found.map(\.message) == ["a training of this model takes at least 6.41 GB, and 1.00 GB may be used"])
    }

    @Test func dataThatAreTooLargeAreRefused() throws {
        #expect(try faults("", memory: 500).map(\.message) == ["the data of 24 rows takes at least 0.576 kB, and 0.500 kB may be used"])
    }

    @Test func whatFitsIsNotRefused() throws { #expect(try faults("experiment wide like one { batch: 1024 }", memory: nil) == []) }
}
