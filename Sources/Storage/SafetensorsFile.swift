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
        let header = try SafetensorsHeader(reading: file, halves: true)
        self.path = path
        tensors = header.entries.map { SafetensorsOutline.Tensor(name: $0.name, shape: $0.shape, type: $0.type) }
        metadata = header.metadata
        entries = Dictionary(header.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        dataStart = header.dataStart
    }

    /// The numbers of a tensor in single precision, row-major. Throws as `read`.
    public func values(of name: String) throws -> [Float] {
        let entry = try entry(name)
        let count = (entry.end - entry.start) / entry.type.size
        return try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            buffer.initialize(repeating: 0)
            try read(name, into: buffer)
            initialized = count
        }
    }

    /// Reads the numbers of a tensor in single precision, row-major, into memory for as many. Throws `bad-data` where there is no
    /// such tensor, its numbers are of a type that single precision does not hold, or there are others than asked for, and
    /// `cannot-read`.
    public func read(_ name: String, into target: UnsafeMutableBufferPointer<Float>) throws {
        let entry = try entry(name)
        guard (entry.end - entry.start) / entry.type.size == target.count else {
            throw Diagnostic("bad-data", "expected \(target.count) numbers in tensor `\(name)`, found others", data: DataPlace(file: path))
        }
        switch entry.type {
        case .f32: try file.read(into: UnsafeMutableRawBufferPointer(target), at: dataStart + entry.start)
        case .f16: try widen(entry, target, single(half:))
        case .bf16: try widen(entry, target) { Float(bitPattern: UInt32($0) << 16) }
        case .f64, .i64:
            throw Diagnostic(
                "bad-data", "expected tensor `\(name)` to be F32, F16 or BF16, found `\(entry.type.rawValue)`",
                data: DataPlace(file: path))
        }
    }

    private func entry(_ name: String) throws -> SafetensorsEntry {
        guard let entry = entries[name] else {
            throw Diagnostic("bad-data", "expected a tensor `\(name)`, found none", data: DataPlace(file: path))
        }
        return entry
    }

    /// Reads numbers of two bytes each, a piece at a time.
    private func widen(_ entry: SafetensorsEntry, _ target: UnsafeMutableBufferPointer<Float>, _ single: (UInt16) -> Float) throws {
        var halves = [UInt16](repeating: 0, count: min(1 << 18, target.count))
        var done = 0
        while done < target.count {
            let length = min(halves.count, target.count - done)
            try halves.withUnsafeMutableBytes { bytes in
                let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(2 * length)])
                try file.read(into: part, at: dataStart + entry.start + 2 * done)
            }
            for index in 0..<length { target[done + index] = single(halves[index]) }
            done += length
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
