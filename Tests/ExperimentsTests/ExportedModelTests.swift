import Diagnostics
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Experiments

/// A file that `export` wrote is used as it was written, or not at all.
@Suite(.timed) struct ExportedModelTests {
    private static let prediction = "predict trained(\"m.safetensors\") on plain to \"p.csv\"\n"

    private func exported() throws -> (bench: StoreBench, path: String, bytes: [UInt8]) {
        let bench = try StoreBench()
        _ = try bench.run("export one to \"m.safetensors\"")
        let path = bench.scratch.file("m.safetensors")
        return (bench, path, try readFile(path))
    }

    private func problems(_ bench: StoreBench) throws -> [Diagnostic] {
        try bench.session(LineReporter()).check(StoreBench.data + Self.prediction, file: "script.ecdx").script.diagnostics
            .filter { $0.id == "bad-model" }
    }

    @Test func anyBitThatChangedIsFound() throws {
        let (bench, path, bytes) = try exported()
        #expect(try problems(bench) == [] && !TrainedModel(reading: path).isUnhashed)
        for place in stride(from: 0, to: bytes.count, by: 3) {
            var changed = bytes
            changed[place] ^= 1 << UInt8(place % 8)
            try writeWhole(changed, to: path)
            #expect(throws: Diagnostic.self, "byte \(place) of \(bytes.count)") { _ = try TrainedModel(reading: path) }
        }
        var changed = bytes
        changed[bytes.count - 3] ^= 1
        try writeWhole(changed, to: path)
        let found = try problems(bench)
        #expect(found.map(\.message) == ["expected the model as `export` wrote it, found other contents"], "\(found)")
        #expect(found.allSatisfy { $0.severity == .error && $0.data?.file == "m.safetensors" && $0.hints.count == 1 }, "\(found)")
        // To export it again is what is advised.
        _ = try bench.run("export one to \"m.safetensors\"", force: true)
        #expect(try readFile(path) == bytes)
        #expect(try bench.run(Self.prediction).lines == ["wrote p.csv"])
    }

    /// Files of older versions have no hash. Whoever knows how can still take it away, which the warning says.
    @Test func aFileOfAnOlderVersionIsReadWithAWarning() throws {
        let (bench, path, bytes) = try exported()
        let expected = try bench.run(Self.prediction)
        let predictions = try readFile(bench.scratch.file("p.csv"))
        var contents = try readSafetensors(path)
        let hash = contents.metadata.removeValue(forKey: "ecdx.sha256")
        #expect(try contents.digest().hex == hash && contents.metadata.count == 2)
        try writeSafetensors(contents, to: path)
        let found = try problems(bench)
        #expect(found.count == 1 && found[0].severity == .warning && found[0].message.hasPrefix("expected a hash of the model's contents"))
        #expect(found.allSatisfy { $0.data?.file == "m.safetensors" && $0.hints.count == 1 && $0.span != nil })
        try removeTree(bench.scratch.file("p.csv"))
        #expect(try bench.run(Self.prediction).lines == expected.lines)
        #expect(try readFile(bench.scratch.file("p.csv")) == predictions)
        // The parameters are the same with the hash and without.
        let model = try TrainedModel(reading: path)
        #expect(try model.contents.agreesWithHash == true)
        try writeSafetensors(model.contents, to: path)
        #expect(try readFile(path) == bytes)
    }

    /// A training may have larger batches than are predicted for at once.
    @Test func aModelOfLargeBatchesIsRead() throws {
        let (bench, path, _) = try exported()
        var model = try TrainedModel(reading: path)
        var predictions: [[UInt8]] = []
        for batch in [TrainedModel.largestBatch, 70_000, 1 << 40] {
            model.description.batch = batch
            try writeSafetensors(model.contents, to: path)
            #expect(try problems(bench) == [])
            _ = try bench.run(Self.prediction)
            predictions.append(try readFile(bench.scratch.file("p.csv")))
        }
        #expect(Set(predictions).count == 1)
        model.description.batch = 0
        try writeSafetensors(model.contents, to: path)
        #expect(try problems(bench).map(\.message) == ["the network in this file has a batch of 0"])
    }
}
