import Diagnostics
import Tensors

/// The items of a data set as a model sees them, each under its identifier.
public struct Samples: Sendable, Equatable {
    /// The identifiers of the items.
    public let ids: [String]
    /// The inputs by name: tensors of the shape of one item behind the number of items.
    public let inputs: [String: Tensor]
    /// The targets in the space of training, items x targets.
    public let targets: Tensor

    /// Makes samples of their parts. Throws `shape` unless every tensor has as many items as there are identifiers, and
    /// targets have two axes.
    public init(ids: [String], inputs: [String: Tensor], targets: Tensor) throws {
        for (name, tensor) in inputs.sorted(by: { $0.key < $1.key }) where tensor.shape.extents.first != ids.count {
            throw Diagnostic("shape", "expected \(ids.count) items for input `\(name)`, found a tensor of shape \(tensor.shape)")
        }
        guard targets.shape.rank == 2, targets.shape.extents.first == ids.count else {
            throw Diagnostic("shape", "expected \(ids.count) rows of targets, found a tensor of shape \(targets.shape)")
        }
        self.ids = ids
        self.inputs = inputs
        self.targets = targets
    }

    /// The number of items.
    public var count: Int { ids.count }

    /// The items at these positions, in their order; a position may come again. Throws `shape` for one that is not there.
    public func gather(_ positions: [Int]) throws -> Samples {
        for position in positions where !ids.indices.contains(position) {
            throw Diagnostic("shape", "expected positions below \(count), found \(position)")
        }
        return try Samples(
            ids: positions.map { ids[$0] }, inputs: try inputs.mapValues { try $0.gatheringItems(positions) },
            targets: try targets.gatheringItems(positions))
    }
}

extension Tensor {
    /// Items of one shape stacked along a new first axis. Throws `shape` where they differ, or there is none.
    public static func stacking(_ items: [Tensor]) throws -> Tensor {
        guard let shape = items.first?.shape else { throw Diagnostic("shape", "expected items to stack, found none") }
        var values: [Float] = []
        values.reserveCapacity(shape.count * items.count)
        for item in items {
            guard item.shape == shape else {
                throw Diagnostic("shape", "expected items of shape \(shape), found one of shape \(item.shape)")
            }
            values.append(contentsOf: item.values)
        }
        return try Tensor(shape: Shape([items.count] + shape.extents), values: values)
    }

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
