import CSupport
import Diagnostics
import Storage

/// A zip archive read through its central directory: what the directory does not name is not there. Nothing is written to
/// the disk, and a part is unpacked only when asked for.
///
/// Bounds: 4096 parts; names without `..`; the parts that are unpacked, together, of at most 16 MiB and 128 times the size of
/// the file, and 1 GiB in any case. An ordinary workbook shrinks to a fifth or a tenth.
final class ZipArchive {
    static let mostParts = 4096, slack = 16 << 20, ratio = 128, mostBytes = 1 << 30

    struct Part {
        let name: String
        let flags: Int, method: Int
        let checksum: UInt32
        let packed: Int, size: Int, header: Int
    }

    let file: String
    private let bytes: FileBytes
    private let parts: [String: Part]
    /// The offset of the central directory; the parts lie before it.
    private let end: Int
    /// The most bytes that may be unpacked.
    private let most: Int
    /// The bytes that may still be unpacked.
    private var allowance: Int

    var names: some Collection<String> { parts.keys }

    /// Opens an archive. Throws `cannot-read`, and `bad-data` for a file that is no zip archive, is cut off, or breaks a
    /// bound.
    init(path: String) throws {
        file = path
        let head = try FileBytes.head(path: path, wanted: 8)
        try head.withBytes { try checkBeginning($0, file: path) }
        bytes = try FileBytes.read(path: path)
        most = min(ZipArchive.mostBytes, ZipArchive.slack + ZipArchive.ratio * min(bytes.count, ZipArchive.mostBytes))
        allowance = most
        (parts, end) = try bytes.withBytes { try directory($0, file: path) }
    }

    /// The contents of a part; nil where there is none of that name. Throws `bad-data` for what is damaged, encrypted or
    /// unpacks to too much.
    func contents(of name: String) throws -> [UInt8]? {
        guard let part = parts[name] else { return nil }
        guard part.flags & 1 == 0 else {
            throw workbookFault(file, "expected plain data, found the encrypted part `\(name)`", hint: "save it without a password")
        }
        guard part.method == 0 || part.method == 8 else {
            throw workbookFault(file, "expected deflated data, found the part `\(name)` packed by method \(part.method)")
        }
        guard part.size <= allowance else {
            throw workbookFault(file, "expected parts of at most \(most) unpacked bytes together, found more in `\(name)`")
        }
        // No deflate stream unpacks to more than 1032 times its length: a larger size is a lie and not worth the memory.
        guard part.size / 1032 <= part.packed else {
            throw workbookFault(file, "the part `\(name)` cannot hold the \(part.size) bytes it says it does")
        }
        let result = try bytes.withBytes { try unpack(part, from: $0) }
        allowance -= part.size
        return result
    }

    private func unpack(_ part: Part, from buffer: UnsafeBufferPointer<UInt8>) throws -> [UInt8] {
        let header = Fields(buffer, at: part.header)
        guard header.number(0, 4) == 0x0403_4B50, let nameLength = header.number(26, 2), let extraLength = header.number(28, 2) else {
            throw workbookFault(file, "the part `\(part.name)` is not where the archive says it is")
        }
        let start = part.header + 30 + nameLength + extraLength
        guard start <= end, part.packed <= end - start else {
            throw workbookFault(file, "the part `\(part.name)` reaches beyond the archive")
        }
        let packed = UnsafeBufferPointer(rebasing: buffer[start..<(start + part.packed)])
        guard part.size > 0 else { return [] }
        if part.method == 0 {
            guard part.packed == part.size else {
                throw workbookFault(file, "the part `\(part.name)` has \(part.packed) bytes, expected \(part.size)")
            }
            return try checked(Array(packed), part)
        }
        var result = [UInt8](repeating: 0, count: part.size)
        switch ecdx_inflate(packed.baseAddress, packed.count, &result, result.count) {
        case 0: return try checked(result, part)
        case 1: throw workbookFault(file, "not enough memory for the part `\(part.name)`")
        case 3: throw workbookFault(file, "the part `\(part.name)` does not hold the \(part.size) bytes it says it does")
        default: throw workbookFault(file, "the part `\(part.name)` is damaged")
        }
    }

    private func checked(_ contents: [UInt8], _ part: Part) throws -> [UInt8] {
        guard ecdx_crc32(contents, contents.count) == part.checksum else {
            throw workbookFault(file, "the part `\(part.name)` is damaged: its checksum is wrong")
        }
        return contents
    }
}

/// A `bad-data` diagnostic for a fault of a workbook, with the file and the row.
func workbookFault(_ file: String, _ message: String, row: Int? = nil, hint: String? = nil) -> Diagnostic {
    Diagnostic("bad-data", message, data: DataPlace(file: file, line: row), hint: hint)
}

/// Numbers of little-endian bytes, nil beyond the end.
private struct Fields {
    let bytes: UnsafeBufferPointer<UInt8>, start: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
        self.bytes = bytes
        self.start = start
    }

    func number(_ offset: Int, _ size: Int) -> Int? {
        guard start >= 0, start <= bytes.count, offset + size <= bytes.count - start else { return nil }
        return (0..<size).reversed().reduce(0) { $0 << 8 | Int(bytes[start + offset + $1]) }
    }
}

private func checkBeginning(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws {
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return }
    if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        throw workbookFault(
            file, "expected a workbook (.xlsx), found an encrypted one or one of the older kind (.xls)",
            hint: "save it as .xlsx without a password")
    }
    throw workbookFault(file, "expected a workbook (.xlsx), found \(bytes.isEmpty ? "an empty file" : "another file")")
}

/// The parts by name, and where the central directory begins.
private func directory(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws -> ([String: ZipArchive.Part], Int) {
    let (count, size, start, record) = try endRecord(bytes, file: file)
    guard count <= ZipArchive.mostParts else {
        throw workbookFault(file, "expected at most \(ZipArchive.mostParts) parts in the archive, found \(count)")
    }
    guard start <= record, size <= record - start else {
        throw workbookFault(file, "the directory of the archive is not where its end says it is")
    }
    var parts: [String: ZipArchive.Part] = [:]
    var place = start
    for _ in 0..<count {
        let entry = Fields(bytes, at: place)
        guard entry.number(0, 4) == 0x0201_4B50, let flags = entry.number(8, 2), let method = entry.number(10, 2),
            let checksum = entry.number(16, 4),
            let packed = entry.number(20, 4), let size = entry.number(24, 4), let nameLength = entry.number(28, 2),
            let extra = entry.number(30, 2),
            let comment = entry.number(32, 2), let header = entry.number(42, 4), record - place >= 46 + nameLength + extra + comment
        else { throw workbookFault(file, "the directory of the archive is damaged") }
        let name = String(decoding: UnsafeBufferPointer(rebasing: bytes[(place + 46)..<(place + 46 + nameLength)]), as: UTF8.self)
        guard partPath(name) == name || partPath(name) == String(name.dropLast()) else {
            throw workbookFault(file, "expected names of parts that stay within the archive, found `\(name.prefix(60))`")
        }
        let part = ZipArchive.Part(
            name: name, flags: flags, method: method, checksum: UInt32(truncatingIfNeeded: checksum), packed: packed, size: size,
            header: header)
        guard parts.updateValue(part, forKey: name) == nil else {
            throw workbookFault(file, "the archive has the part `\(name.prefix(60))` twice")
        }
        place += 46 + nameLength + extra + comment
    }
    return (parts, start)
}

/// Finds the record that ends an archive: its number of parts, size and place of the directory, and its own place.
private func endRecord(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws -> (count: Int, size: Int, start: Int, record: Int) {
    // A comment of up to 65535 bytes may follow.
    for place in stride(from: bytes.count - 22, through: max(0, bytes.count - 22 - 65535), by: -1)
    where bytes[place] == 0x50 && bytes[place + 1] == 0x4B {
        let record = Fields(bytes, at: place)
        guard record.number(0, 4) == 0x0605_4B50, let comment = record.number(20, 2), place + 22 + comment == bytes.count,
            let disk = record.number(4, 2), let here = record.number(8, 2), let count = record.number(10, 2),
            let size = record.number(12, 4),
            let start = record.number(16, 4)
        else { continue }
        guard count != 0xFFFF, size != 0xFFFF_FFFF, start != 0xFFFF_FFFF else {
            throw workbookFault(file, "expected an archive below 4 GiB, found one of the kind zip64")
        }
        guard disk == 0, here == count else { throw workbookFault(file, "expected a whole archive, found one of several volumes") }
        return (count, size, start, place)
    }
    throw workbookFault(file, "the end of the archive is missing; the file is cut off")
}

/// The path of a part, `.` and `..` resolved from `base`, a folder of the archive; nil where it leads out of the archive or is
/// no path.
func partPath(_ target: String, from base: String = "") -> String? {
    guard !target.utf8.contains(0), !target.utf8.contains(UInt8(ascii: "\\")), !target.isEmpty else { return nil }
    var path = target.hasPrefix("/") ? [] : base.split(separator: "/")
    for step in target.split(separator: "/") {
        if step == "." { continue }
        if step != ".." { path.append(step) } else if path.popLast() == nil { return nil }
    }
    return path.joined(separator: "/")
}
