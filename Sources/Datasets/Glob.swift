import Diagnostics
import Glibc
import Storage

/// A file that a pattern found.
public struct GlobMatch: Sendable, Hashable {
    /// The path of the file: the folder of the pattern and the name.
    public var path: String
    /// The part of the name that `*` stood for.
    public var key: String
}

/// The files of one folder whose names fit a pattern, in natural order.
///
/// The last part of the pattern holds exactly one `*`, which stands for any characters of a name and gives the file its
/// key; there are no other special characters, and no shell is asked. Names that begin with a dot are found only by a
/// pattern that does. Folders and special files are passed over.
///
/// Throws `bad-glob` for a pattern of another kind, `empty-glob` where nothing fits, `cannot-read` for the folder.
public func glob(_ pattern: String) throws -> [GlobMatch] {
    let (folder, name) = try globParts(pattern)
    let pieces = name.utf8.split(separator: UInt8(ascii: "*"), maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
    guard pieces.count == 2 else { return [] }
    let prefix = pieces[0]
    let suffix = pieces[1]
    var matches: [GlobMatch] = []
    for entry in try names(in: folder.isEmpty ? "." : folder) {
        let bytes = Array(entry.utf8)
        guard bytes.count >= prefix.count + suffix.count, bytes.starts(with: prefix), bytes.suffix(suffix.count).elementsEqual(suffix)
        else { continue }
        if entry.hasPrefix("."), !name.hasPrefix(".") { continue }
        guard isFile(folder + entry) else { continue }
        let key = String(decoding: bytes[prefix.count..<(bytes.count - suffix.count)], as: UTF8.self)
        matches.append(GlobMatch(path: folder + entry, key: key))
    }
    guard !matches.isEmpty else {
        throw Diagnostic("empty-glob", "no file fits `\(pattern)`", hint: "check the folder and the ending of the names")
    }
    return matches.sorted { naturalLess($0.path, $1.path) }
}

/// Splits a pattern into the folder with its last slash (empty for the current one) and the name with the star.
private func globParts(_ pattern: String) throws -> (String, String) {
    // By bytes, as the file system sees them.
    let bytes = Array(pattern.utf8)
    let star = UInt8(ascii: "*")
    let cut = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    let folder = String(decoding: bytes[..<cut], as: UTF8.self)
    let name = String(decoding: bytes[cut...], as: UTF8.self)
    guard !bytes[..<cut].contains(star), bytes[cut...].count(where: { $0 == star }) == 1, !bytes.contains(0) else {
        throw Diagnostic(
            "bad-glob", "expected one `*`, in the last part of the path, found `\(pattern)`", hint: "for example \"images/CHGCAR-*.png\"")
    }
    return (folder, name)
}

private func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else {
        let text = errno == ENOENT ? "no such folder" : systemReason(errno)
        throw Diagnostic("cannot-read", text, data: DataPlace(file: folder))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
        errno = 0
        guard let entry = readdir(stream) else { break }
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
        }
        // A name that is not UTF-8 cannot be written in a script either.
        if let name { names.append(name) }
    }
    guard errno == 0 else { throw Diagnostic("cannot-read", systemReason(errno), data: DataPlace(file: folder)) }
    return names
}

private func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}
