/// A scalar of a text and the number of bytes it takes.
@inline(__always)
func scalar(in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> (value: UInt32, length: Int) {
    let first = bytes[place]
    if first < 0x80 { return (UInt32(first), 1) }
    // What a text of Swift holds is UTF-8 throughout; the lengths are looked at all the same, as pieces come from files.
    let left = bytes.count - place
    if first < 0xE0, left >= 2 { return (UInt32(first & 0x1F) << 6 | UInt32(bytes[place + 1] & 0x3F), 2) }
    if first < 0xF0, left >= 3 {
        return (UInt32(first & 0x0F) << 12 | UInt32(bytes[place + 1] & 0x3F) << 6 | UInt32(bytes[place + 2] & 0x3F), 3)
    }
    if left >= 4 {
        let high = UInt32(first & 0x07) << 18 | UInt32(bytes[place + 1] & 0x3F) << 12
        return (high | UInt32(bytes[place + 2] & 0x3F) << 6 | UInt32(bytes[place + 3] & 0x3F), 4)
    }
    return (0xFFFD, 1)
}

/// The number of bytes of the scalar that begins with a byte.
@inline(__always)
func scalarLength(_ first: UInt8) -> Int { first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4 }

/// Adds a scalar to UTF-8 text.
func append(_ value: UInt32, to bytes: inout [UInt8]) {
    if value < 0x80 {
        bytes.append(UInt8(value))
        return
    }
    guard let scalar = Unicode.Scalar(value) else { return }
    bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
}

extension String {
    /// The text of UTF-8 bytes.
    init(utf8Bytes bytes: some Collection<UInt8>) { self.init(decoding: bytes, as: UTF8.self) }

    /// Calls `body` with the UTF-8 bytes of the text.
    func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        var copy = self
        return try copy.withUTF8(body)
    }
}
