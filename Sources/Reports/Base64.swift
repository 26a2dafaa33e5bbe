private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Encodes bytes in base64 (RFC 4648), with padding.
public func base64(_ bytes: [UInt8]) -> [UInt8] {
    let size = (bytes.count + 2) / 3 * 4
    return [UInt8](unsafeUninitializedCapacity: size) { text, count in
        var (index, place) = (0, 0)
        while index < bytes.count {
            let left = bytes.count - index
            let word =
                Int(bytes[index]) << 16 | (left > 1 ? Int(bytes[index + 1]) << 8 : 0) | (left > 2 ? Int(bytes[index + 2]) : 0)
            text[place] = alphabet[word >> 18]
            text[place + 1] = alphabet[word >> 12 & 63]
            text[place + 2] = left > 1 ? alphabet[word >> 6 & 63] : 0x3D
            text[place + 3] = left > 2 ? alphabet[word & 63] : 0x3D
            index += 3
            place += 4
        }
        count = size
    }
}
