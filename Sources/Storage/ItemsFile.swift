import Diagnostics

/// A safetensors file of one tensor of single precision whose items, the entries of its first axis, are read as they are needed.
///
/// The file stays open: it can be read to the end though its entry in the cache was removed.
public final class ItemsFile: Sendable {
    /// The extents of the tensor: the number of items, then the shape of one.
    public let shape: [Int]
    /// The path of the file, for messages.
    public var path: String { file.path }
    private let file: OpenFile
    /// The offset of the first item.
    private let start: Int
    /// The numbers of one item.
    private let size: Int

    /// Opens the file at `path`, which has the tensor `name` and no other. Throws `bad-data` and `cannot-read`.
    public init(_ path: String, name: String) throws {
        file = try OpenFile(reading: path)
        let header = try SafetensorsHeader(reading: file)
        guard let entry = header.entries.first, header.entries.count == 1, entry.name == name, entry.type == .f32, !entry.shape.isEmpty
        else {
            throw Diagnostic("bad-data", "expected the tensor `\(name)` alone, of single precision", data: DataPlace(file: path))
        }
        shape = entry.shape
        start = header.dataStart + entry.start
        size = entry.shape.dropFirst().reduce(1, *)
    }

    /// Fills `target` with the numbers of an item. Throws `bad-data` where there is no such item, or `target` has another size, and
    /// `cannot-read`.
    public func read(_ item: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
        guard item >= 0, item < shape[0], target.count == size else {
            throw Diagnostic("bad-data", "expected an item below \(shape[0]) of \(size) numbers", data: DataPlace(file: path))
        }
        try file.read(into: UnsafeMutableRawBufferPointer(target), at: start + item * size * MemoryLayout<Float>.stride)
    }

    /// Reads the whole file once, in pieces: its SHA-256, and whether all its numbers are finite. Throws `cannot-read`.
    func inspect() throws -> (digest: Digest, isFinite: Bool) {
        let hasher = try Hasher256()
        let piece = 1 << 20
        var buffer = [UInt8](repeating: 0, count: piece)
        var isFinite = true
        let end = start + shape.reduce(MemoryLayout<Float>.stride, *)
        var offset = 0
        while offset < end {
            // The header by itself, so that the pieces behind it hold whole numbers.
            let count = min(piece, offset < start ? start - offset : end - offset)
            try buffer.withUnsafeMutableBytes { bytes in
                let part = UnsafeMutableRawBufferPointer(rebasing: bytes[0..<count])
                try file.read(into: part, at: offset)
                try hasher.write(UnsafeRawBufferPointer(part))
                if offset >= start { isFinite = isFinite && part.bindMemory(to: Float.self).allSatisfy(\.isFinite) }
            }
            offset += count
        }
        return (try hasher.finish(), isFinite)
    }
}

/// Writes a safetensors file of one tensor of single precision item by item, whole or not at all: the bytes are those that
/// `writeSafetensors` gives for the tensor. `items` sends `count` items of that shape, in order, to the function it is given.
/// Throws `bad-data` where there are more or fewer numbers, `cannot-write`, and what `items` throws.
public func writeItems(
    _ name: String, count: Int, shape: [Int], to path: String,
    _ items: @escaping ((UnsafeBufferPointer<Float>) throws -> Void) throws -> Void
) throws {
    let tensor = TensorSource(name: name, shape: [count] + shape) { sink in
        var sent = 0
        try items { values in
            sent += values.count
            try sink.write(UnsafeRawBufferPointer(values))
        }
        return sent
    }
    try writeWhole(to: path) { try SafetensorsSource(tensors: [tensor], metadata: [:]).write(to: $0) }
}
