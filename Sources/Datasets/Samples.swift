import Diagnostics
import Tensors

/// The items of a data set as a model sees them, each under its identifier.
public struct Samples: Sendable {
    /// The identifiers of the items.
    public let ids: [String]
    /// The inputs by name, as many items each as there are identifiers.
    public let inputs: [String: Items]
    /// The targets in the space of training, items x targets.
    public let targets: Tensor

    /// Makes samples of their parts. Throws `shape` unless every input has as many items as there are identifiers, and
    /// targets have two axes.
    public init(ids: [String], inputs: [String: Items], targets: Tensor) throws {
        for (name, items) in inputs.sorted(by: { $0.key < $1.key }) where items.count != ids.count {
            throw Diagnostic("shape", "expected \(ids.count) items for input `\(name)`, found \(items.count)")
        }
        guard targets.shape.rank == 2, targets.shape.extents.first == ids.count else {
            throw Diagnostic("shape", "expected \(ids.count) rows of targets, found a tensor of shape \(targets.shape)")
        }
        self.ids = ids
        self.inputs = inputs
        self.targets = targets
    }

    /// Makes samples of tensors of the shape of one item behind the number of items. Throws `shape` as the other does.
    public init(ids: [String], tensors: [String: Tensor], targets: Tensor) throws {
        try self.init(ids: ids, inputs: tensors.mapValues { try Items($0) }, targets: targets)
    }

    /// The number of items.
    public var count: Int { ids.count }

    /// The items at these positions, in their order; a position may come again. Copies no inputs. Throws `shape` for one that is
    /// not there.
    public func gather(_ positions: [Int]) throws -> Samples {
        for position in positions where !ids.indices.contains(position) {
            throw Diagnostic("shape", "expected positions below \(count), found \(position)")
        }
        return try Samples(
            ids: positions.map { ids[$0] }, inputs: try inputs.mapValues { try $0.gather(positions) },
            targets: try targets.gatheringItems(positions))
    }
}

extension Tensor {
    /// The items at these positions of the first axis. Throws `shape` for a position that is not there.
    public func gatheringItems(_ positions: [Int]) throws -> Tensor {
        guard let items = shape.extents.first else { throw Diagnostic("shape", "expected a tensor of items, found a scalar") }
        let size = items == 0 ? 0 : values.count / items
        var gathered: [Float] = []
        gathered.reserveCapacity(positions.count * size)
        for position in positions {
            guard position >= 0, position < items else { throw Diagnostic("shape", "expected positions below \(items), found \(position)") }
            gathered.append(contentsOf: values[(position * size)..<((position + 1) * size)])
        }
        return try Tensor(shape: Shape([positions.count] + shape.extents.dropFirst()), values: gathered)
    }
}
