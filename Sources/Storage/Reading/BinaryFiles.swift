import Diagnostics

/// What the first bytes of a file that is no text say that it is, as a phrase for messages, and what to do about it.
private let signatures: [(bytes: [UInt8], place: Int, phrase: String, hint: String?)] = [
    (Array("PK\u{3}\u{4}".utf8), 0, "a ZIP archive", "unpack it with `unzip`, and name a file in it"),
    (Array("PK\u{5}\u{6}".utf8), 0, "an empty ZIP archive", nil),
    (Array("ustar".utf8), 257, "a tar archive", "unpack it with `tar -xf`, and name a file in it"),
    ([0x5D, 0, 0], 0, "LZMA data", "unpack it with `unlzma`"),
    ([0x1F, 0x9D], 0, "data packed by compress", "unpack it with `uncompress`"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0, "a 7z archive", "unpack it with `7z x`, and name a file in it"),
    (Array("Rar!\u{1A}".utf8), 0, "a RAR archive", "unpack it, and name a file in it"),
    ([0x7F, 0x45, 0x4C, 0x46], 0, "a program (ELF)", nil),
    ([0x89, 0x50, 0x4E, 0x47], 0, "a PNG picture", nil),
    ([0xFF, 0xD8, 0xFF], 0, "a JPEG picture", nil),
    ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A], 0, "an HDF5 file", nil),
    (Array("CDF\u{1}".utf8), 0, "a netCDF file", nil), (Array("CDF\u{2}".utf8), 0, "a netCDF file", nil),
    (Array("SQLite format 3\u{0}".utf8), 0, "an SQLite database", nil),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], 0, "an array of numpy", "`tensor` reads it"),
    (Array("%PDF-".utf8), 0, "a PDF document", nil), ([0xFF, 0xFE], 0, "UTF-16 text", "save it as UTF-8"),
    ([0xFE, 0xFF], 0, "UTF-16 text", "save it as UTF-8"),
]

/// Checks that a file whose text begins with these bytes is text: it has no signature of what is none, and no zero byte in its first two
/// lines. Bytes that are no UTF-8 may be those of an older encoding. Throws `bad-data`.
package func checkIsText(_ head: UnsafeBufferPointer<UInt8>, _ path: String) throws {
    func refuse(_ what: String, _ hint: String?) -> Diagnostic {
        Diagnostic("bad-data", "expected text, found \(what)", data: DataPlace(file: path), hint: hint)
    }
    for (bytes, place, phrase, hint) in signatures where head.count >= place + bytes.count {
        if head[place..<(place + bytes.count)].elementsEqual(bytes) { throw refuse(phrase, hint) }
    }
    var lines = 0
    for byte in head.prefix(512) {
        if byte == 0 { throw refuse("binary data", nil) }
        if byte == UInt8(ascii: "\n") { lines += 1 }
        if lines == 2 { return }
    }
}

extension TextCursor {
    /// The most bytes of a line in what is read line by line, and of empty lines in a row: no program writes more of either.
    static let longestLine = 1 << 20

    /// Checks that the text in memory, of which more is wanted to end a line, ends with no line and no empty lines of more than a
    /// mebibyte: they would be read to the end of any file. Throws `bad-data`.
    package func checkLines() throws {
        guard end - place > Self.longestLine else { return }
        var first = end
        while first > place, end - first <= Self.longestLine, (first - 1).pointee != UInt8(ascii: "\n") { first -= 1 }
        guard end - first <= Self.longestLine else {
            throw fault("expected lines of at most 1 MiB, found a longer one", line: lineNumber(at: end))
        }
        var blank = end
        while blank > place, end - blank <= Self.longestLine, isBlank((blank - 1).pointee) { blank -= 1 }
        guard end - blank <= Self.longestLine else {
            throw fault("expected further lines, found more than 1 MiB of empty ones", line: lineNumber(at: blank))
        }
    }
}
