import Diagnostics

/// A safetensors file whose tensors are read one at a time, so that a model takes no more memory than the tensors that are kept.
/// Numbers of half precision, F16 and BF16, become single precision, which holds them exactly.
public final class SafetensorsFile: Sendable {
    /// Path of the file.
    public let path: String
    /// The tensors in the order they lie in the file.
    public let tensors: [SafetensorsOutline.Tensor]
    /// The texts of `__metadata__` by name.
    public let metadata: [String: String]
    private let file: OpenFile
    private let entries: [String: SafetensorsEntry]
    private let dataStart: Int

    /// Opens a file and checks its header, as `readSafetensors` does. Throws `bad-data` and `cannot-read`.
    public init(_ path: String) throws {
        file = try OpenFile(reading: path)
        let header = try SafetensorsHeader(reading: file)
        self.path = path
        tensors = header.entries.map { SafetensorsOutline.Tensor(name: $0.name, shape: $0.shape, type: $0.type) }
        metadata = header.metadata
        entries = Dictionary(header.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        dataStart = header.dataStart
    }

    /// The numbers of a tensor in single precision, row-major. Throws `bad-data` where there is no such tensor or its numbers are
    /// of a type that single precision does not hold, and `cannot-read`.
    public func values(of name: String) throws -> [Float] {
        guard let entry = entries[name] else {
            throw Diagnostic("bad-data", "expected a tensor `\(name)`, found none", data: DataPlace(file: path))
        }
        let count = (entry.end - entry.start) / entry.type.size
        switch entry.type {
        case .f32: return try readNumbers(file, at: dataStart + entry.start, count: count, zero: 0)
        case .f16: return try widened(entry, count, single(half:))
        case .bf16: return try widened(entry, count) { Float(bitPattern: UInt32($0) << 16) }
        case .f64, .i64:
            throw Diagnostic(
                "bad-data", "expected tensor `\(name)` to be F32, F16 or BF16, found `\(entry.type.rawValue)`",
                data: DataPlace(file: path))
        }
    }

    /// The numbers of a tensor of two bytes each, read a piece at a time.
    private func widened(_ entry: SafetensorsEntry, _ count: Int, _ single: (UInt16) -> Float) throws -> [Float] {
        let piece = 1 << 18
        return try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            var halves = [UInt16](repeating: 0, count: min(piece, count))
            while initialized < count {
                let length = min(piece, count - initialized)
                try halves.withUnsafeMutableBytes { bytes in
                    let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(2 * length)])
                    try file.read(into: part, at: dataStart + entry.start + 2 * initialized)
                }
                for index in 0..<length { buffer.initializeElement(at: initialized + index, to: single(halves[index])) }
                initialized += length
            }
        }
    }
}

/// A number of half precision (IEEE 754 binary16), by its bits, in single precision.
func single(half bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF) << 13
    let sign = UInt32(bits & 0x8000) << 16
    // Infinity and what is no number have the largest exponent; all others, small ones too, are 2^112 times what the bits say.
    if bits & 0x7C00 == 0x7C00 { return Float(bitPattern: sign | magnitude | 0x7F80_0000) }
    return Float(bitPattern: sign | (Float(bitPattern: magnitude) * 0x1p112).bitPattern)
}
