import Diagnostics
import Tensors

/// Reads an array from a .npy file (NumPy, "numpy.lib.format", versions 1.0, 2.0 and 3.0). Types f2 and f4 become single
/// precision; f8, i1 to i8, u1 to u8 and b1 double; either order of bytes, C and Fortran order. `limit` is the most elements
/// taken, nil for those an array may have.
///
/// Throws `bad-data` with the file where the header or the length of the file is wrong, the type is another, or a whole
/// number is beyond 2^53, where doubles have gaps; `too-large` and `cannot-read`.
public func readNpy(_ path: String, limit: Int? = nil) throws -> NumericArray {
    let file = try OpenFile(reading: path)
    let header = try NpyHeader(reading: file)
    let most = limit ?? NumericArray.largestCount
    guard header.count <= most else {
        throw Diagnostic(
            "too-large", "expected at most \(most) elements, found a tensor of shape \(header.shape)", data: DataPlace(file: path))
    }
    let values = try readNumbers(file, header)
    let shape = header.fortranOrder ? Shape(header.shape.extents.reversed()) : header.shape
    let array = try NumericArray(shape: shape, values: values, precision: header.type.precision)
    return header.fortranOrder ? try array.transposed() : array
}

/// The shape and the precision of the array in a .npy file, from its header and its length alone. Throws `bad-data` and
/// `cannot-read`.
public func readNpyHeader(_ path: String) throws -> (shape: Shape, precision: NumericArray.Precision) {
    let header = try NpyHeader(reading: OpenFile(reading: path))
    return (header.shape, header.type.precision)
}

private func readNumbers(_ file: OpenFile, _ header: NpyHeader) throws -> [Double] {
    let type = header.type
    var values: [Double] = []
    values.reserveCapacity(header.count)
    // A piece at a time: the file's bytes and the numbers need not both be in memory.
    let most = 1 << 17
    var piece = [UInt8](repeating: 0, count: min(header.count, most) * type.size)
    while values.count < header.count {
        let count = min(header.count - values.count, most)
        let offset = header.dataStart + values.count * type.size
        try piece.withUnsafeMutableBytes { bytes in
            let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(count * type.size)])
            try file.read(into: part, at: offset)
            let found = UnsafeRawBufferPointer(part)
            let big = type.isBigEndian
            switch (type.kind, type.size) {
            case (.float, 2): append(found, big, UInt16.self) { Double(single(half: $0)) }
            case (.float, 4): append(found, big, UInt32.self) { Double(Float(bitPattern: $0)) }
            case (.float, _): append(found, big, UInt64.self) { Double(bitPattern: $0) }
            case (.integer, 1): append(found, big, UInt8.self) { Double(Int8(bitPattern: $0)) }
            case (.integer, 2): append(found, big, UInt16.self) { Double(Int16(bitPattern: $0)) }
            case (.integer, 4): append(found, big, UInt32.self) { Double(Int32(bitPattern: $0)) }
            case (.integer, _):
                try appendExact(found, big) { Int64(bitPattern: $0) }
            case (.unsigned, 1): append(found, big, UInt8.self) { Double($0) }
            case (.unsigned, 2): append(found, big, UInt16.self) { Double($0) }
            case (.unsigned, 4): append(found, big, UInt32.self) { Double($0) }
            case (.unsigned, _): try appendExact(found, big) { $0 }
            case (.bool, _): append(found, big, UInt8.self) { $0 == 0 ? 0 : 1 }
            }
        }
    }
    return values

    func append<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ big: Bool, _: Bits.Type, _ value: (Bits) -> Double
    ) {
        for offset in stride(from: 0, to: bytes.count, by: Bits.bitWidth / 8) {
            let bits = bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self)
            values.append(value(big ? Bits(bigEndian: bits) : Bits(littleEndian: bits)))
        }
    }

    func appendExact<Number: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ big: Bool, _ number: (UInt64) -> Number) throws {
        for offset in stride(from: 0, to: bytes.count, by: 8) {
            let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let whole = number(big ? UInt64(bigEndian: bits) : UInt64(littleEndian: bits))
            guard whole.magnitude <= 1 << 53 else {
                throw Diagnostic(
                    "bad-data", "expected whole numbers up to 2^53, which are exact in double precision, found \(whole)",
                    data: DataPlace(file: file.path))
            }
            values.append(Double(whole))
        }
    }
}
