import Diagnostics

/// The numbers of one tensor in a safetensors file, by the type they are stored as.
public enum TensorValues: Sendable, Equatable {
    /// Numbers of single precision, `F32`.
    case float([Float])
    /// Numbers of double precision, `F64`.
    case double([Double])
    /// Whole numbers of 64 bits, `I64`.
    case integer([Int64])

    /// The number of elements.
    public var count: Int {
        switch self {
        case .float(let values): values.count
        case .double(let values): values.count
        case .integer(let values): values.count
        }
    }

    var type: SafetensorsType {
        switch self {
        case .float: .f32
        case .double: .f64
        case .integer: .i64
        }
    }
}

/// A named tensor of a safetensors file.
public struct NamedTensor: Sendable, Equatable {
    /// The name of the tensor in the file.
    public var name: String
    /// The extents of the shape, slowest axis first.
    public var shape: [Int]
    /// The elements in row-major order.
    public var values: TensorValues

    /// Makes a tensor of its parts; that they fit together is checked when it is written.
    public init(name: String, shape: [Int], values: TensorValues) {
        self.name = name
        self.shape = shape
        self.values = values
    }

    /// Makes a tensor of single precision.
    public init(name: String, shape: [Int], values: [Float]) { self.init(name: name, shape: shape, values: .float(values)) }
}

/// The contents of a safetensors file: tensors in the order they lie in the file, and the texts of `__metadata__`.
public struct Safetensors: Sendable, Equatable {
    /// The tensors; a file that is written has its own order of them.
    public var tensors: [NamedTensor]
    /// The texts of `__metadata__` by name.
    public var metadata: [String: String]

    /// Makes contents to be written; names given twice are found then.
    public init(tensors: [NamedTensor], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The first tensor named `name`; nil where there is none.
    public subscript(name: String) -> NamedTensor? { tensors.first { $0.name == name } }
}

/// The type of the numbers of a tensor in a safetensors file, by its name there. `readSafetensors` reads no half precision;
/// `SafetensorsFile` does.
public enum SafetensorsType: String, Sendable {
    /// Single precision, double precision, and whole numbers of 64 bits.
    case f32 = "F32"
    case f64 = "F64"
    case i64 = "I64"
    /// Half precision: IEEE 754 binary16, and the upper half of single precision.
    case f16 = "F16"
    case bf16 = "BF16"

    /// Whether single precision holds the numbers.
    public var isSingle: Bool { self == .f32 || self == .f16 || self == .bf16 }

    var size: Int {
        switch self {
        case .f64, .i64: 8
        case .f32: 4
        case .f16, .bf16: 2
        }
    }
    /// The order of types in a file written by the reference implementation: the strictest alignment first, so that no
    /// tensor lies askew.
    var rank: Int {
        switch self {
        case .i64: 0
        case .f64: 1
        case .f32: 2
        case .f16, .bf16: 3
        }
    }
}

/// The place of a tensor in the file, as the header says and as was checked.
struct SafetensorsEntry {
    var name: String
    var type: SafetensorsType
    var shape: [Int]
    /// The first byte of the numbers, counted from the end of the header.
    var start: Int
    var end: Int
}

/// Reads a safetensors file (https://huggingface.co/docs/safetensors) with tensors of F32, F64 and I64. Nothing the header
/// says is believed before it is checked against the length of the file. Throws `bad-data` and `cannot-read`.
public func readSafetensors(_ path: String) throws -> Safetensors {
    let file = try OpenFile(reading: path)
    let header = try SafetensorsHeader(reading: file)
    let tensors = try header.entries.map { entry in
        let offset = header.dataStart + entry.start
        let count = (entry.end - entry.start) / entry.type.size
        let values: TensorValues =
            switch entry.type {
            case .f32: .float(try readNumbers(file, at: offset, count: count, zero: 0))
            case .f64: .double(try readNumbers(file, at: offset, count: count, zero: 0))
            case .i64: .integer(try readNumbers(file, at: offset, count: count, zero: 0))
            case .f16, .bf16:
                throw Diagnostic(
                    "bad-data", "expected tensor `\(entry.name)` to be F32, F64 or I64, found `\(entry.type.rawValue)`",
                    data: DataPlace(file: path))
            }
        return NamedTensor(name: entry.name, shape: entry.shape, values: values)
    }
    return Safetensors(tensors: tensors, metadata: header.metadata)
}

/// What the header of a safetensors file tells: the contents without the numbers.
public struct SafetensorsOutline: Sendable, Hashable {
    /// A tensor of the file, without its numbers.
    public struct Tensor: Sendable, Hashable {
        /// The name of the tensor in the file.
        public let name: String
        /// The extents of the shape, slowest axis first.
        public let shape: [Int]
        /// The type of the numbers.
        public let type: SafetensorsType
    }

    /// The tensors in the order they lie in the file, as `readSafetensors` gives them.
    public let tensors: [Tensor]
    /// The texts of `__metadata__` by name.
    public let metadata: [String: String]
}

/// Reads the header of a safetensors file alone, however long the file is, and checks it as `readSafetensors` does: types,
/// shapes, and that the tensors fill the file without a gap. `halves`: F16 and BF16 are taken too, as `SafetensorsFile` reads them.
/// Throws `bad-data` and `cannot-read`.
public func readSafetensorsHeader(_ path: String, halves: Bool = false) throws -> SafetensorsOutline {
    let header = try SafetensorsHeader(reading: OpenFile(reading: path), halves: halves)
    let tensors = header.entries.map { SafetensorsOutline.Tensor(name: $0.name, shape: $0.shape, type: $0.type) }
    return SafetensorsOutline(tensors: tensors, metadata: header.metadata)
}

func readNumbers<Number: BitwiseCopyable>(_ file: OpenFile, at offset: Int, count: Int, zero: Number) throws -> [Number] {
    try [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
        buffer.initialize(repeating: zero)
        try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        initialized = count
    }
}

/// The header of a safetensors file, checked.
struct SafetensorsHeader {
    var entries: [SafetensorsEntry]
    var metadata: [String: String]
    /// The bytes of the JSON text, padding included.
    var text: [UInt8]
    /// The offset of the first tensor in the file.
    var dataStart: Int { 8 + text.count }

    /// The most bytes of a header: the reference implementation's own bound.
    static let longest = 100_000_000

    /// Reads and checks the header of a file. `halves`: tensors of half precision are taken too. Throws `bad-data` and `cannot-read`.
    init(reading file: OpenFile, halves: Bool = false) throws {
        let place = DataPlace(file: file.path)
        func bad(_ message: String) -> Diagnostic { Diagnostic("bad-data", message, data: place) }
        let size = try file.status().bytes
        guard size >= 8 else { throw bad("expected a safetensors file, found only \(size) bytes") }
        var prefix = [UInt8](repeating: 0, count: 8)
        try prefix.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        let claimed = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let length = Int(exactly: claimed), length <= Self.longest, length <= size - 8 else {
            throw bad("expected a header of at most \(min(Self.longest, size - 8)) bytes, found one said to have \(claimed)")
        }
        text = [UInt8](repeating: 0, count: length)
        try text.withUnsafeMutableBytes { try file.read(into: $0, at: 8) }
        guard let members = try JSONValue(parsing: text, in: DataPlace(file: file.path), depth: 4).objectValue else {
            throw bad("expected a JSON object as header, found another value")
        }
        metadata = [:]
        entries = []
        for (name, value) in members {
            if name == "__metadata__" {
                guard let texts = value.objectValue else { throw bad("expected an object as `__metadata__`, found another value") }
                for (key, text) in texts {
                    guard let text = text.stringValue else { throw bad("expected a text as metadata `\(key)`, found another value") }
                    metadata[key] = text
                }
            } else {
                entries.append(try Self.entry(name, value, halves: halves, bad))
            }
        }
        entries.sort { ($0.start, $0.end, $0.name) < ($1.start, $1.end, $1.name) }
        var position = 0
        for entry in entries {
            guard entry.start == position else {
                throw bad(
                    """
                    expected tensor `\(entry.name)` to start at byte \(position) of the data, where the one before ends, \
                    found \(entry.start)
                    """
                )
            }
            position = entry.end
        }
        guard position == size - 8 - length else {
            throw bad("expected \(position) bytes of data after the header, found \(size - 8 - length)")
        }
    }

    private static func entry(
        _ name: String, _ value: JSONValue, halves: Bool, _ bad: (String) -> Diagnostic
    ) throws -> SafetensorsEntry {
        guard let typeName = value["dtype"]?.stringValue else { throw bad("expected a `dtype` for tensor `\(name)`, found none") }
        guard let type = SafetensorsType(rawValue: typeName), halves || type.size > 2 else {
            throw bad("expected tensor `\(name)` to be F32, F64\(halves ? ", I64, F16 or BF16" : " or I64"), found `\(typeName)`")
        }
        guard let shapeValue = value["shape"]?.arrayValue, let offsets = value["data_offsets"]?.arrayValue, offsets.count == 2,
            let start = offsets[0].intValue, let end = offsets[1].intValue
        else { throw bad("expected a `shape` and two `data_offsets` for tensor `\(name)`, found others") }
        var bytes = type.size
        var shape: [Int] = []
        for extent in shapeValue {
            guard let extent = extent.intValue, extent >= 0 else {
                throw bad("expected extents of at least 0 in the shape of tensor `\(name)`, found another")
            }
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw bad("expected a shape of tensor `\(name)` that fits in memory, found a larger one") }
            bytes = product
            shape.append(extent)
        }
        guard start >= 0, end >= start, end - start == bytes else {
            throw bad("expected \(bytes) bytes for tensor `\(name)` of its shape, found offsets \(start) to \(end)")
        }
        return SafetensorsEntry(name: name, type: type, shape: shape, start: start, end: end)
    }
}
