import Diagnostics
import Tensors

/// Writes an array to a .npy file, whole or not at all: version 1.0, `<f4` or `<f8`, C order, the bytes that numpy.save
/// writes. Throws `cannot-write`.
public func writeNpy(_ array: NumericArray, to path: String) throws {
    try writeWhole(to: path) { try writeNpy(array, to: $0) }
}

/// The bytes of the .npy file that `writeNpy` would write.
public func npyBytes(_ array: NumericArray) throws -> [UInt8] {
    let sink = Collector()
    sink.bytes.reserveCapacity(256 + array.count * (array.precision == .single ? 4 : 8))
    try writeNpy(array, to: sink)
    return sink.bytes
}

private final class Collector: ByteSink {
    var bytes: [UInt8] = []
    func write(_ bytes: UnsafeRawBufferPointer) throws { self.bytes.append(contentsOf: bytes) }
}

private func writeNpy(_ array: NumericArray, to sink: some ByteSink) throws {
    try sink.write(npyHeader(array))
    // A piece at a time: an array may be most of the memory.
    for start in stride(from: 0, to: array.count, by: 1 << 16) {
        let piece = array.values[start..<min(start + 1 << 16, array.count)]
        switch array.precision {
        case .single: try piece.map { Float($0).bitPattern.littleEndian }.withUnsafeBytes { try sink.write($0) }
        case .double: try piece.map { $0.bitPattern.littleEndian }.withUnsafeBytes { try sink.write($0) }
        }
    }
}

private func npyHeader(_ array: NumericArray) throws -> [UInt8] {
    let extents = array.shape.extents
    let type = array.precision == .single ? "<f4" : "<f8"
    let shape = "(" + extents.map(String.init).joined(separator: ", ") + (extents.count == 1 ? ",)" : ")")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    // numpy leaves room for the first axis to grow to 21 digits, and then fills up to a multiple of 64 bytes, always with
    // one blank at least.
    if let first = extents.first { text += String(repeating: " ", count: max(0, 21 - String(first).count)) }
    text += String(repeating: " ", count: 64 - (10 + text.utf8.count + 1) % 64) + "\n"
    guard text.utf8.count <= NpyHeader.longest else { throw Diagnostic("bad-data", "expected fewer axes for a .npy file, found \(extents.count)") }
    let length = text.utf8.count
    return NpyHeader.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
}
