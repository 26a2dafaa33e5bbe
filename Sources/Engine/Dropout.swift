import COneDNN
import Diagnostics
import Tensors

/// The mask of one dropout: factors that are 0 where a value is dropped, 1 / (1 - rate) where it is kept, 1 everywhere without a
/// key.
final class DropoutMask {
    /// Address of the factors, in the layout of the value; padding stays zero. Set once memory is planned.
    var memory: UnsafeMutablePointer<Float>?
    private let rate: Float
    private let number: Int
    private let batch: Int
    private let itemStride: Int
    /// The number of elements of an item.
    private let count: Int
    /// Offset of each element of an item, in floats, in row-major order of the elements; nil where they lie in memory in that order.
    private let places: [Int]?
    private var factors: [Float] = []

    /// `rows`: how many of the first dimension are one item, those of a sequence; their elements then lie in row-major order.
    init(rate: Float, number: Int, dims: [Int], layout: Layout, rows: Int = 1) {
        self.rate = rate
        self.number = number
        batch = dims[0] / max(rows, 1)
        itemStride = layout.offset(dimension: 0, index: rows)
        guard rows == 1 else {
            (count, places) = (itemStride, nil)
            return
        }
        let offsets = dims.indices.dropFirst().map { dimension in
            (0..<dims[dimension]).map { layout.offset(dimension: dimension, index: $0) }
        }
        let found: [Int]
        if offsets.count == 3 {
            let (channels, rows, columns) = (offsets[0], offsets[1], offsets[2])
            found = rows.flatMap { row in columns.flatMap { column in channels.map { row + column + $0 } } }
        } else {
            found = offsets.first ?? []
        }
        count = found.count
        places = found.indices.allSatisfy { found[$0] == $0 } ? nil : found
        if places != nil { factors = [Float](repeating: 0, count: count) }
    }

    /// Fills in the factors of a forward pass. That of element i of item b depends on the key, the dropout's number, b and i
    /// alone: a Philox block of the key's address gives a key and half a counter of its own to the dropout, of which the block (i
    /// / 4, b) gives four elements.
    func fill(_ key: RandomKey?) {
        guard let memory else { return }
        guard let key else {
            for item in 0..<batch {
                let base = memory + item * itemStride
                guard let places else {
                    base.update(repeating: 1, count: count)
                    continue
                }
                for place in places { base[place] = 1 }
            }
            return
        }
        let stream = DropoutMask.stream(key, number: number)
        let words = [stream.x, stream.y, stream.z, stream.w]
        for item in 0..<batch {
            let base = memory + item * itemStride
            guard let places else {
                odn_dropout_factors(words, UInt32(truncatingIfNeeded: item), rate, 1 / (1 - rate), count, base)
                continue
            }
            odn_dropout_factors(words, UInt32(truncatingIfNeeded: item), rate, 1 / (1 - rate), count, &factors)
            for (element, place) in places.enumerated() { base[place] = factors[element] }
        }
    }

    /// The Philox block that gives a dropout a key and half a counter of its own.
    static func stream(_ key: RandomKey, number: Int) -> SIMD4<UInt32> {
        let place = UInt32(RandomPurpose.dropout.rawValue) << 24 | UInt32(key.stage) << 16 | UInt32(key.fold)
        return Philox.block(
            counter: SIMD4(UInt32(truncatingIfNeeded: number), key.item, key.epoch, place),
            key: SIMD2(UInt32(truncatingIfNeeded: key.seed), UInt32(truncatingIfNeeded: key.seed >> 32)))
    }
}

extension Compiler {
    /// Emits a dropout; outside training it does nothing and costs nothing.
    func dropout(_ index: Int, _ source: Value, rate: Float, number: Int) throws {
        guard training, rate > 0 else { return define(index, source) }
        let rows = source.dims[0] / batch
        let isPlain = try source.layout.same(as: .activations(source.dims))
        guard rows == 1 || isPlain else {
            throw Diagnostic("engine", "a dropout expected a sequence in row-major order")
        }
        let value = try newValue(index, dims: source.dims, layout: source.layout)
        let buffer = plan.add(bytes: source.layout.bytes)
        // Its padding is zero from the start and must stay so.
        plan.pin(buffer)
        let mask = DropoutMask(rate: rate, number: number, dims: source.dims, layout: source.layout, rows: rows)
        masks.append((mask, buffer))
        append(.mask(mask))
        try emit(
            .arithmetic(ODN_PRODUCT, source.layout),
            [(ODN_SOURCE, .buffer(source.buffer)), (ODN_OTHER, .buffer(buffer)), (ODN_DESTINATION, .buffer(value.buffer))])
        define(index, value)
        guard value.needsGradient else { return }
        onBackward { [unowned self] in
            guard let gradient = gradient(of: value) else { return }
            let result = gradient.owned ? gradient.buffer : plan.add(bytes: source.layout.bytes)
            try emit(
                .arithmetic(ODN_PRODUCT, source.layout),
                [(ODN_SOURCE, .buffer(gradient.buffer)), (ODN_OTHER, .buffer(buffer)), (ODN_DESTINATION, .buffer(result))])
            try contribute(result, source.layout, to: source)
        }
    }
}
