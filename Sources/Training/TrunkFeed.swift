import Datasets
import Diagnostics
import Engine
import Tensors

/// A feed that runs the frozen part of a network on a batch and hands its features to the part that learns.
final class TrunkFeed {
    private let trunk: Trunk
    private let program: Program
    private let reader: BatchReader

    init(_ trunk: Trunk, samples: Samples, batch: Int) throws {
        self.trunk = trunk
        program = try Program(trunk.graph, batch: batch, purpose: .inference)
        try program.load(trunk.parameters)
        reader = BatchReader(graph: trunk.graph, samples: samples)
    }

    func fill(
        _ target: Program, with items: ArraySlice<Int>,
        augmented: ((String, Int, UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) throws -> Bool)?
    ) throws {
        try reader.fill(program, with: items, augmented: augmented)
        try program.forward(dropout: nil)
        for (index, feature) in trunk.features.enumerated() {
            try program.withOutput(index) { values in
                try target.withInput(feature) { input in
                    // A smaller program takes the items there are; the others of the batch are fillers.
                    guard let from = values.baseAddress, input.count <= values.count else {
                        throw Diagnostic("fit", "a feature does not fit the network")
                    }
                    input.baseAddress?.update(from: from, count: input.count)
                }
            }
        }
    }
}

/// Computes the outputs of a frozen network for all items: one tensor a feature, items first. Items go through one program
/// in chunks of one size, the last one filled up, so that what an item gives does not depend on who asks, nor when.
public func features(of trunk: Trunk, samples: Samples, interrupted: () throws -> Void = {}) throws -> [Tensor] {
    let program = try Program(trunk.graph, batch: featureChunk, purpose: .inference)
    try program.load(trunk.parameters)
    let reader = BatchReader(graph: trunk.graph, samples: samples)
    try reader.check()
    let shapes = trunk.graph.outputs.map { trunk.graph.nodes[$0].shape }
    var values = [[Float]](repeating: [], count: shapes.count)
    for (index, shape) in shapes.enumerated() { values[index].reserveCapacity(shape.count * samples.count) }
    let items = Array(0..<samples.count)
    for start in stride(from: 0, to: items.count, by: featureChunk) {
        try interrupted()
        let chunk = items[start..<min(start + featureChunk, items.count)]
        try reader.fill(program, with: chunk)
        try program.forward(dropout: nil)
        for (index, shape) in shapes.enumerated() { program.withOutput(index) { values[index] += $0.prefix(chunk.count * shape.count) } }
    }
    return try zip(shapes, values).map { try Tensor(shape: Shape([samples.count] + $0.extents), values: $1) }
}

/// The batch size for computing features, in items. It is part of what features are: another number may round otherwise.
public let featureChunk = 8

/// A random augmentation of image items, each input with what is drawn for the item.
final class ItemAugmenter {
    private let augmenters: [String: Augmenter]
    private var scratch = AugmentationScratch()

    /// Creates the augmenter of a plan; nil where nothing is changed.
    init?(_ plan: FitPlan) throws {
        guard plan.augmentation.isRandom else { return nil }
        var augmenters: [String: Augmenter] = [:]
        for (name, shape) in plan.graph.inputs + (plan.trunk?.graph.inputs ?? [])
        where shape.rank == 3 && plan.trunk?.features.contains(name) != true {
            augmenters[name] = try Augmenter(plan.augmentation, shape: shape)
        }
        self.augmenters = augmenters
    }

    func apply(
        _ input: String, _ from: UnsafeBufferPointer<Float>, _ into: UnsafeMutableBufferPointer<Float>, _ key: RandomKey
    ) throws -> Bool {
        guard let augmenter = augmenters[input] else { return false }
        try augmenter.apply(to: from, into: into, key: key, scratch: &scratch)
        return true
    }
}
