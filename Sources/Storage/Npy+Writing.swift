import Diagnostics
import Tensors

/// The bytes of an array as a .npy file: version 1.0, `<f4` or `<f8`, C order, the bytes that numpy.save writes. Throws
/// `bad-data` for more axes than the header has room for.
public func npyBytes(_ array: NumericArray) throws -> [UInt8] {
    var bytes = try npyHeader(array)
    bytes.reserveCapacity(bytes.count + array.count * (array.precision == .single ? 4 : 8))
    // A piece at a time: an array may be most of the memory.
    for start in stride(from: 0, to: array.count, by: 1 << 16) {
        let piece = array.values[start..<min(start + 1 << 16, array.count)]
        switch array.precision {
        case .single: piece.map { Float($0).bitPattern.littleEndian }.withUnsafeBytes { bytes.append(contentsOf: $0) }
        case .double: piece.map { $0.bitPattern.littleEndian }.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
    }
    return bytes
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
    guard text.utf8.count <= NpyHeader.longest else {
        throw Diagnostic("bad-data", "expected fewer axes for a .npy file, found \(extents.count)")
    }
    let length = text.utf8.count
    return NpyHeader.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
}
