import Diagnostics
import Storage
import Tensors

/// Items of one shape that are read by position, as a network takes them: held in memory, or read from a file as they are needed.
/// Which of the two changes no bit.
public struct Items: Sendable {
    /// The shape of one item.
    public let shape: Shape
    private let base: Base
    /// The place of each item in the base; nil where they are all items, in order.
    private let places: [Int]?
    /// The scale that is put on items of a file as they are read.
    private let scaler: InputScaler?

    private enum Base: Sendable {
        case memory(Tensor)
        case file(ItemsFile)
    }

    /// Takes the items of a tensor, the entries of its first axis. Throws `shape` for a tensor without axes.
    public init(_ tensor: Tensor) throws {
        guard tensor.shape.rank > 0 else { throw Diagnostic("shape", "expected a tensor of items, found a scalar") }
        self.init(shape: Shape(Array(tensor.shape.extents.dropFirst())), base: .memory(tensor), places: nil, scaler: nil)
    }

    /// Takes the items of a file, which stays open.
    public init(_ file: ItemsFile) {
        self.init(shape: Shape(Array(file.shape.dropFirst())), base: .file(file), places: nil, scaler: nil)
    }

    private init(shape: Shape, base: Base, places: [Int]?, scaler: InputScaler?) {
        (self.shape, self.base, self.places, self.scaler) = (shape, base, places, scaler)
    }

    /// The number of items.
    public var count: Int { places?.count ?? all }

    private var all: Int {
        switch base {
        case .memory(let tensor): tensor.shape.extents.first ?? 0
        case .file(let file): file.shape.first ?? 0
        }
    }

    /// The items at these positions, in their order; a position may come again. Copies none. Throws `shape` for one that is not
    /// there.
    public func gather(_ positions: [Int]) throws -> Items {
        if let wrong = positions.first(where: { $0 < 0 || $0 >= count }) {
            throw Diagnostic("shape", "expected positions below \(count), found \(wrong)")
        }
        return Items(shape: shape, base: base, places: positions.map { places?[$0] ?? $0 }, scaler: scaler)
    }

    /// The items with their channels, the last axis, scaled. Throws `shape` where they are not those that the scale was fitted on.
    public func scaled(by scaler: InputScaler) throws -> Items {
        try scaler.check(shape)
        switch base {
        // Once, not in each epoch.
        case .memory: return try Items(scaler.apply(to: tensor()))
        case .file(let file) where self.scaler == nil: return Items(shape: shape, base: .file(file), places: places, scaler: scaler)
        case .file: throw Diagnostic("internal", "items are scaled twice")
        }
    }

    /// Fills `target` with an item. Throws `shape` where there is no such item or `target` has another size, and what reading throws.
    public func read(_ position: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
        let place = try place(of: position)
        guard target.count == shape.count else { throw Diagnostic("shape", "expected room for \(shape), found \(target.count) numbers") }
        switch base {
        case .memory(let tensor):
            tensor.withUnsafeBuffer { source in
                guard let from = source.baseAddress else { return }
                target.baseAddress?.update(from: from + place * target.count, count: target.count)
            }
        case .file(let file):
            try file.read(place, into: target)
            scaler?.apply(to: target)
        }
    }

    /// Calls `body` with the numbers of an item. Throws as `read` does, and what `body` throws.
    public func withItem<Result>(_ position: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result) throws -> Result {
        if case .memory(let tensor) = base {
            let place = try place(of: position)
            return try tensor.withUnsafeBuffer { source in
                try body(UnsafeBufferPointer(rebasing: source[place * shape.count..<(place + 1) * shape.count]))
            }
        }
        var values = [Float](repeating: 0, count: shape.count)
        try values.withUnsafeMutableBufferPointer { try read(position, into: $0) }
        return try values.withUnsafeBufferPointer { try body($0) }
    }

    private func place(of position: Int) throws -> Int {
        guard position >= 0, position < count else { throw Diagnostic("shape", "expected positions below \(count), found \(position)") }
        return places?[position] ?? position
    }

    /// All items as one tensor, items x shape of one.
    public func tensor() throws -> Tensor {
        if case .memory(let tensor) = base, places == nil { return tensor }
        let size = shape.count
        let values = try [Float](unsafeUninitializedCapacity: count * size) { buffer, initialized in
            buffer.initialize(repeating: 0)
            for position in 0..<count {
                try read(position, into: UnsafeMutableBufferPointer(rebasing: buffer[position * size..<(position + 1) * size]))
            }
            initialized = count * size
        }
        return try Tensor(shape: Shape([count] + shape.extents), values: values)
    }
}
