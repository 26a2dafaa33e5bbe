/// The characters that stand for bytes in a byte-level vocabulary: printable ones of Latin-1 for themselves, U+0100 and on for the others.
enum ByteAlphabet {
    /// The scalar of each byte.
    static let scalars: [UInt32] = {
        var others: UInt32 = 0x100
        return (UInt32(0)..<256).map { byte in
            if (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174 { return byte }
            defer { others += 1 }
            return others
        }
    }()

    private static let texts: [[UInt8]] = scalars.map { value in
        var text: [UInt8] = []
        append(value, to: &text)
        return text
    }

    /// The characters of a byte.
    static func text(of byte: UInt8) -> [UInt8] { texts[Int(byte)] }

    /// The characters of some bytes.
    static func text(of bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] { bytes.flatMap { texts[Int($0)] } }
}
