import COneDNN
import Diagnostics

/// Runs one call of the C target and turns its status and message into a thrown diagnostic `engine`.
@inline(__always)
func check(_ call: (UnsafeMutablePointer<CChar>?) -> Int32) throws {
    try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(ODN_MESSAGE)) { message in
        message.initialize(repeating: 0)
        guard call(message.baseAddress) != 0 else { return }
        throw Diagnostic("engine", "oneDNN: \(String(cBuffer: message))")
    }
}

/// The memory layout of an array of floats.
final class Layout {
    let handle: OpaquePointer
    /// Size of the array in bytes, with padding.
    let bytes: Int

    /// Takes over a layout of the C target, which is freed with this object.
    init(adopting handle: OpaquePointer) {
        self.handle = handle
        bytes = odn_layout_bytes(handle)
    }

    /// Makes the layout of an array of the given logical dimensions whose elements lie at sums of index times stride.
    convenience init(dims: [Int], strides: [Int]) throws {
        var handle: OpaquePointer?
        let dims = dims.map(Int64.init)
        let strides = strides.map(Int64.init)
        try check { odn_layout_strided(&handle, Int32(dims.count), dims, strides, $0) }
        guard let handle else { throw Diagnostic("engine", "oneDNN: no layout") }
        self.init(adopting: handle)
    }

    deinit { odn_layout_free(handle) }

    /// Whether two layouts put every element at the same place.
    func same(as other: Layout) -> Bool { self === other || odn_layout_same(handle, other.handle) != 0 }

    /// Whether a copy to another layout must go by way of a plain one.
    func overruns(_ other: Layout) -> Bool { odn_layout_overruns(handle, other.handle) != 0 }

    /// The dense row-major layout of the same array.
    func plain() throws -> Layout {
        let dims = self.dims
        var strides = [Int](repeating: 1, count: dims.count)
        for axis in dims.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * dims[axis + 1] }
        return try Layout(dims: dims, strides: strides)
    }

    /// The logical dimensions of the array.
    var dims: [Int] {
        var dims = [Int64](repeating: 0, count: Int(ODN_RANK))
        let rank = odn_layout_dims(handle, &dims)
        return dims.prefix(Int(rank)).map(Int.init)
    }

    /// The offset in floats that an index of one dimension contributes.
    func offset(dimension: Int, index: Int) -> Int { Int(odn_layout_offset(handle, Int32(dimension), Int64(index))) }

    /// The layout of the part that begins at `offsets`, in the memory of the whole; nil where it would cut a block in two.
    func part(dims: [Int], offsets: [Int]) -> Layout? {
        var handle: OpaquePointer?
        let dims = dims.map(Int64.init)
        let offsets = offsets.map(Int64.init)
        try? check { odn_layout_part(&handle, self.handle, dims, offsets, $0) }
        return handle.map(Layout.init(adopting:))
    }

    /// Arrangement of the rows of the first dimension: how many lie side by side in a block, and the elements from one block to
    /// the next. Nil where they lie otherwise.
    var rows: (block: Int, stride: Int)? {
        var block: Int64 = 0
        var stride: Int64 = 0
        return odn_layout_rows(handle, 0, &block, &stride) != 0 ? (Int(block), Int(stride)) : nil
    }

    /// The row-major layout of activations: (batch, channels, height, width) as batch, height, width, channels; (batch, length)
    /// as it is.
    static func activations(_ dims: [Int]) throws -> Layout {
        guard dims.count == 4 else { return try Layout(dims: dims, strides: [dims[1], 1]) }
        let (c, h, w) = (dims[1], dims[2], dims[3])
        return try Layout(dims: dims, strides: [h * w * c, 1, w * c, c])
    }

    /// Keras's layout of a kernel: (out, in, height, width) as height, width, in, out; (out, in) as in, out; that of a depthwise
    /// convolution, (channels, 1, 1, height, width), as height, width, channels.
    static func kernel(_ dims: [Int]) throws -> Layout {
        if dims.count == 5 { return try Layout(dims: dims, strides: [1, 1, 1, dims[4] * dims[0], dims[0]]) }
        guard dims.count == 4 else { return try Layout(dims: dims, strides: [1, dims[0]]) }
        let (o, i, w) = (dims[0], dims[1], dims[3])
        return try Layout(dims: dims, strides: [1, o, w * i * o, i * o])
    }

    /// The layout of a vector of floats.
    static func vector(_ length: Int) throws -> Layout { try Layout(dims: [length], strides: [1]) }
}

/// Copies an array from one layout to another.
func copy(_ from: Layout, _ source: UnsafeRawPointer, _ to: Layout, _ destination: UnsafeMutableRawPointer) throws {
    if from.overruns(to) {
        let plain = try from.plain()
        let block = try Block(bytes: plain.bytes)
        try copy(from, source, plain, block.base)
        return try copy(plain, block.base, to, destination)
    }
    try check { odn_copy(from.handle, source, to.handle, destination, $0) }
}
