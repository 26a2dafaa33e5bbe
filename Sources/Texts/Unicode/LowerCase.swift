/// Adds the lower case of a text to `out`, scalar by scalar: no rule looks at what stands around one.
func lowercase(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
    var place = 0
    while place < text.count {
        let byte = text[place]
        if byte < 0x80 {
            out.append(byte &- 65 < 26 ? byte | 0x20 : byte)
            place += 1
            continue
        }
        let (value, length) = scalar(in: text, at: place)
        if value < 0x100 {
            append((0xC0...0xDE).contains(value) && value != 0xD7 ? value + 32 : value, to: &out)
        } else if (0x3000..<0xA000).contains(value) || (0xAC00..<0xD7A4).contains(value) {
            // Neither Chinese nor Korean has cases.
            out.append(contentsOf: text[place..<(place + length)])
        } else if let scalar = Unicode.Scalar(value) {
            out.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
        }
        place += length
    }
}
