import Diagnostics

/// A tensor whose numbers are fetched when they are written, each time anew: a state larger than half the memory can be saved.
public struct TensorSource {
    /// The name of the tensor in the file.
    public let name: String
    /// The extents of the shape, slowest axis first.
    public let shape: [Int]
    let type: SafetensorsType
    /// Sends the numbers to a sink and says how many they were.
    let send: (any ByteSink) throws -> Int

    /// A tensor of single precision whose numbers `read` gives, the same ones each time.
    public init(name: String, shape: [Int], read: @escaping () throws -> [Float]) {
        self.init(name: name, shape: shape) { sink in
            let values = try read()
            try sink.write(values)
            return values.count
        }
    }

    /// A tensor of single precision whose numbers `send` sends to a sink, saying how many they were.
    init(name: String, shape: [Int], send: @escaping (any ByteSink) throws -> Int) {
        (self.name, self.shape, type) = (name, shape, .f32)
        self.send = send
    }

    init(_ tensor: NamedTensor) {
        (name, shape, type) = (tensor.name, tensor.shape, tensor.values.type)
        send = { sink in
            try tensor.values.write(to: sink)
            return tensor.values.count
        }
    }

    /// The number of elements of the shape; nil where an extent is below 0 or the product does not fit.
    var count: Int? {
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard !overflow, extent >= 0 else { return nil }
            count = product
        }
        return count
    }
}

/// The contents of a safetensors file that is to be written.
struct SafetensorsSource {
    var tensors: [TensorSource]
    var metadata: [String: String]

    /// The header's bytes, length prefix included, and the tensors in the order their data follow. The order is that of the
    /// reference implementation (type, then name), so the bytes depend on the contents alone. Throws `bad-data` for a name
    /// given twice and a shape that is none.
    private func layout() throws -> (header: [UInt8], order: [TensorSource]) {
        var seen: Set<String> = ["__metadata__"]
        for tensor in tensors {
            guard seen.insert(tensor.name).inserted else {
                throw Diagnostic("bad-data", "expected every tensor name once, found `\(tensor.name)` twice")
            }
        }
        let order = tensors.sorted {
            $0.type.rank != $1.type.rank ? $0.type.rank < $1.type.rank : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        var text = "{"
        if !metadata.isEmpty {
            let texts = metadata.mapValues { JSONValue.string($0) }
            text += "\"__metadata__\":" + JSONValue.object(texts).canonical
        }
        var position = 0
        for tensor in order {
            guard let count = tensor.count, case (let bytes, let overflow) = count.multipliedReportingOverflow(by: tensor.type.size),
                !overflow,
                case (let end, let beyond) = position.addingReportingOverflow(bytes), !beyond
            else { throw Diagnostic("bad-data", "expected a shape for tensor `\(tensor.name)`, found \(tensor.shape)") }
            if text.utf8.count > 1 { text += "," }
            appendQuoted(tensor.name, to: &text)
            text += ":{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(tensor.shape.map(String.init).joined(separator: ","))],"
            text += "\"data_offsets\":[\(position),\(end)]}"
            position = end
        }
        text += "}"
        var bytes = Array(text.utf8)
        bytes += [UInt8](repeating: 0x20, count: (8 - bytes.count % 8) % 8)
        guard bytes.count <= SafetensorsHeader.longest else {
            throw Diagnostic("bad-data", "expected a header of at most \(SafetensorsHeader.longest) bytes, found \(bytes.count)")
        }
        let length = UInt64(bytes.count)
        return ((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + bytes, order)
    }

    /// Sends the file's bytes to a sink, one tensor after the other. Throws `bad-data` for a count that is not that of the shape.
    func write(to sink: some ByteSink) throws {
        let (header, order) = try layout()
        try sink.write(header)
        for tensor in order {
            let sent = try tensor.send(sink)
            guard sent == tensor.count else {
                throw Diagnostic("bad-data", "expected as many numbers in tensor `\(tensor.name)` as its shape says, found \(sent)")
            }
        }
    }

    /// The SHA-256 of the file.
    func digest() throws -> Digest {
        let hasher = try Hasher256()
        try write(to: hasher)
        return try hasher.finish()
    }
}

extension Safetensors {
    private var source: SafetensorsSource { SafetensorsSource(tensors: tensors.map(TensorSource.init), metadata: metadata) }

    /// Sends the file's bytes to a sink, one tensor after the other. Throws `bad-data` for a name given twice and a count that is
    /// not that of the shape.
    public func write(to sink: some ByteSink) throws { try source.write(to: sink) }

    /// The SHA-256 of the file that `writeSafetensors` would write: a fingerprint of the numbers, names and metadata.
    public func digest() throws -> Digest { try source.digest() }
}

extension TensorValues {
    func write(to sink: some ByteSink) throws {
        switch self {
        case .float(let values): try values.withUnsafeBytes { try sink.write($0) }
        case .double(let values): try values.withUnsafeBytes { try sink.write($0) }
        case .integer(let values): try values.withUnsafeBytes { try sink.write($0) }
        }
    }
}

/// Writes a safetensors file whole or not at all. The same contents give the same bytes in whatever order the tensors come,
/// and those bytes are what the reference implementation writes. Throws `bad-data` and `cannot-write`.
public func writeSafetensors(_ contents: Safetensors, to path: String) throws {
    try writeWhole(to: path) { try contents.write(to: $0) }
}
