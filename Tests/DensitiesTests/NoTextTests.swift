import CSupport
import Diagnostics
import TestSupport
import Testing

@testable import Densities
@testable import Storage

/// A text as gzip, not packed.
private func stored(_ text: [UInt8]) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    for start in stride(from: 0, to: text.count, by: 65535) {
        let block = text[start..<min(start + 65535, text.count)]
        result += [block.endIndex == text.count ? 1 : 0] + little(block.count, 2) + little(~block.count, 2) + block
    }
    return result + little(Int(ecdx_crc32(text, text.count)), 4) + little(text.count, 4)
}

/// Files that are no text, and text without line ends.
@Suite(.timed) struct NoTextTests {
    @Test(arguments: [
        ("PK\u{3}\u{4}\u{14}\u{0}", "a ZIP archive"), ("]\u{0}\u{0}\u{0}\u{1}", "LZMA data"),
        (String(repeating: "a", count: 257) + "ustar\u{0}", "a tar archive"), ("\u{7F}ELF\u{2}\u{1}", "a program (ELF)"),
        ("SQLite format 3\u{0}", "an SQLite database"), ("Si\n1\u{0}2\n", "binary data"),
    ])
    func binaryIsToldInWords(_ text: String, _ phrase: String) throws {
        for bytes in [Array(text.utf8), stored(Array(text.utf8))] {
            try withFile("x.CHGCAR", bytes) { path in
                let reads: [() throws -> Void] = [
                    { _ = try readCHGCAR(path: path) }, { _ = try readCHGCARHeader(path: path) }, { _ = try readCube(path: path) },
                    { _ = try readCubeHeader(path: path) }, { _ = try readXSF(path: path) }, { _ = try readFieldSummary(path: path) },
                ]
                for read in reads {
                    #expect(diagnostic { try read() }.message == "expected text, found \(phrase)")
                }
            }
        }
    }

    /// A megabyte of a line is enough to know that it is none.
    @Test func linesWithoutEnd() throws {
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 5 << 20)
        for bytes in [long, stored(long)] {
            try withFile("x.CHGCAR", bytes) { path in
                for whole in [TextPieces.packedWhole, 0] {
                    let fault = diagnostic { try readVolumetric(path: path, perVolume: true, whole: whole) }
                    #expect(["expected lines of at most 1 MiB, found a longer one", endOfFile].contains(fault.message))
                }
                #expect(diagnostic { try readCubeHeader(path: path) }.id == "bad-data")
            }
        }
    }

    /// What is unpacked whole or read whole is known to end.
    private let endOfFile = "expected a scale factor, found the end of the file"

    /// Empty lines behind a file are passed without being kept; faults behind them have their line.
    @Test func emptyLinesBehindAFile() throws {
        let text = Array(try text(of: field("fcc-primitive.CHGCAR")).utf8)
        let empty = [UInt8](repeating: UInt8(ascii: "\n"), count: 3 << 20)
        let expected = try readCHGCAR(path: field("fcc-primitive.CHGCAR"))
        try withFile("x.CHGCAR", text + empty) { path in
            let (found, file) = (try readCHGCAR(path: path), try readVolumetricFile(path: path))
            #expect(found == expected && file.blocks.count == 1)
        }
        try withFile("x.CHGCAR", text + empty + Array("rubbish\n".utf8)) { path in
            let lines = (text + empty).count { $0 == UInt8(ascii: "\n") }
            let fault = diagnostic { try readVolumetricFile(path: path) }
            #expect(fault.data?.line == lines + 1 && fault.message.hasSuffix("found `rubbish`"))
        }
    }

    /// Tapes fill up their blocks with zero bytes.
    @Test func zerosBehindGzip() throws {
        let plain = try readCHGCAR(path: field("fcc-primitive.CHGCAR"))
        let packed = stored(Array(try text(of: field("fcc-primitive.CHGCAR")).utf8))
        for zeros in [1, 511, 1 << 19] {
            try withFile("x.CHGCAR.gz", packed + [UInt8](repeating: 0, count: zeros)) { path in
                let found = try readCHGCAR(path: path)
                #expect(found == plain)
            }
        }
        try withFile("x.CHGCAR.gz", packed + [0, 0, 7]) { path in
            #expect(diagnostic { try readCHGCAR(path: path) }.id == "bad-data")
        }
    }

    @Test func elementsWithoutAtoms() throws {
        let text = try text(of: field("fcc-primitive.CHGCAR"))
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines[5] += " X"
        lines[6] += " 0"
        try withFile("x.CHGCAR", Array(lines.joined(separator: "\n").utf8)) { path in
            let (found, plain) = (try readCHGCAR(path: path), try readCHGCAR(path: field("fcc-primitive.CHGCAR")))
            #expect(found == plain)
        }
    }
}
