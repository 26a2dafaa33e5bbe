import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Weights

/// The fixtures were written by Keras 3.15.1 and h5py: see Fixtures/make_fixtures.py. The numbers must be the same bits.
@Suite(.timed) struct KerasWeightsTests {
    @Test(arguments: [
        ("legacy.h5", WeightOrigin(layout: .legacyWeights, order: .model, kerasVersion: "3.15.1")),
        ("old.h5", WeightOrigin(layout: .legacyWeights, order: .model)),
        ("nested-legacy.h5", WeightOrigin(layout: .legacyWeights, order: .trainedFirst, kerasVersion: "3.15.1")),
        ("nested-whole.h5", WeightOrigin(layout: .legacyModel, order: .model, kerasVersion: "3.15.1")),
        ("keras3.weights.h5", WeightOrigin(layout: .keras3, order: .byClass)),
        ("numbers.weights.h5", WeightOrigin(layout: .keras3, order: .byClass)),
    ])
    func everyLayoutIsRead(name: String, origin: WeightOrigin) throws {
        let found = try read(fixture(name))
        let wanted = try expected(name)
        #expect(!wanted.isEmpty)
        #expect(found.origin == origin)
        #expect(found.layers.map(\.name) == wanted.map(\.name))
        #expect(found.layers.map { $0.path.joined(separator: "/") } == wanted.map { $0.path.joined(separator: "/") })
        for (layer, other) in zip(found.layers, wanted) {
            #expect(layer.arrays.map(\.name) == other.arrays.map(\.name), "\(layer.name)")
            #expect(layer.arrays.map(\.shape) == other.arrays.map(\.shape), "\(layer.name)")
            #expect(layer.arrays.map { $0.values.map(\.bitPattern) } == other.arrays.map { $0.values.map(\.bitPattern) }, "\(layer.name)")
        }
    }

    /// The check reads names and shapes alone; damage is found by it as well.
    @Test(arguments: ["legacy.h5", "old.h5", "nested-legacy.h5", "nested-whole.h5", "keras3.weights.h5"])
    func anOutlineIsTheFileWithoutItsNumbers(name: String) throws {
        #expect(try readKerasOutline(fixture(name), program: builtProgram()) == read(fixture(name)).outline)
        let scratch = try Scratch()
        let cut = try scratch.file("cut.h5", Array(readFile(fixture(name)).dropLast(500)))
        #expect(diagnostic { _ = try readKerasOutline(cut, program: builtProgram()) }.id == "bad-weights")
    }

    /// Names are session-dependent; what counts in these files is the class and the number in it.
    @Test func layersOfKeras3HavePlacesInTheirClass() throws {
        let layers = try read(fixture("keras3.weights.h5")).layers
        #expect(
            layers.map(\.place) == [
                ClassPlace(className: "dense", index: 0), ClassPlace(className: "batch_normalization", index: 0),
                ClassPlace(className: "batch_normalization", index: 1), ClassPlace(className: "conv2d", index: 0),
                ClassPlace(className: "conv2d", index: 1), ClassPlace(className: "separable_conv2d", index: 0),
            ])
        #expect(layers.filter { $0.place?.className == "conv2d" }.map(\.name) == ["conv2d_1", "conv2d"])
        #expect(layers.filter { $0.place?.className == "conv2d" }.map(\.path) == [["functional", "conv2d"], ["functional", "conv2d_1"]])
        #expect(try read(fixture("numbers.weights.h5")).layers.map { $0.place?.index } == [0, 2, 10])
    }

    /// The folder and the name of a file are nobody's business: a path is not a pattern, and not an option.
    @Test func anyPathWillDo() throws {
        let scratch = try Scratch()
        let bytes = try readFile(fixture("legacy.h5"))
        let wanted = try read(fixture("legacy.h5"))
        for name in ["-v", "a b.h5", "ä%d.h5", "no-extension", "weights%.h5"] { #expect(try read(scratch.file(name, bytes)) == wanted) }
    }

    @Test func manyAtOnce() async throws {
        let wanted = try read(fixture("legacy.h5"))
        try await withThrowingTaskGroup(of: WeightFile.self) { group in
            for _ in 0..<16 { group.addTask { try read(fixture("legacy.h5")) } }
            for try await found in group { #expect(found == wanted) }
        }
    }
}
