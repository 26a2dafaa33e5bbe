import Diagnostics

extension Safetensors {
    /// The header's bytes, length prefix included, and the tensors in the order their data follow. The order is that of the
    /// reference implementation (type, then name), so the bytes depend on the contents alone. Throws `bad-data` for a name
    /// given twice and a count that is not that of the shape.
    func layout() throws -> (header: [UInt8], order: [NamedTensor]) {
        var seen: Set<String> = ["__metadata__"]
        for tensor in tensors {
            guard seen.insert(tensor.name).inserted else {
                throw Diagnostic("bad-data", "expected every tensor name once, found `\(tensor.name)` twice")
            }
            var count = 1
            for extent in tensor.shape {
                let (product, overflow) = count.multipliedReportingOverflow(by: extent)
                count = overflow || extent < 0 ? -1 : product
                if count < 0 { break }
            }
            guard count == tensor.values.count else {
                throw Diagnostic(
                    "bad-data", "expected as many numbers in tensor `\(tensor.name)` as its shape says, found \(tensor.values.count)")
            }
        }
        let order = tensors.sorted {
            $0.values.type.rank != $1.values.type.rank
                ? $0.values.type.rank < $1.values.type.rank : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        var text = "{"
        if !metadata.isEmpty {
            let texts = metadata.mapValues { JSONValue.string($0) }
            text += "\"__metadata__\":" + JSONValue.object(texts).canonical
        }
        var position = 0
        for tensor in order {
            let end = position + tensor.values.count * tensor.values.type.size
            if text.utf8.count > 1 { text += "," }
            appendQuoted(tensor.name, to: &text)
            text += ":{\"dtype\":\"\(tensor.values.type.rawValue)\",\"shape\":[\(tensor.shape.map(String.init).joined(separator: ","))],"
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

    /// Sends the file's bytes to a sink, one tensor after the other.
    public func write(to sink: some ByteSink) throws {
        let (header, order) = try layout()
        try sink.write(header)
        for tensor in order { try tensor.values.write(to: sink) }
    }

    /// The SHA-256 of the file that `writeSafetensors` would write: a fingerprint of the numbers, names and metadata.
    public func digest() throws -> Digest {
        let hasher = try Hasher256()
        try write(to: hasher)
        return try hasher.finish()
    }
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
