import Diagnostics
import Glibc
import Storage

/// The files that a pattern names, in natural order: `*` in any part of the path stands for any characters of a name, as in
/// `runs/*/CHGCAR*`. A path without `*` names one file.
///
/// There are no other special characters, and no shell is asked. Names that begin with a dot are found only by a part that does. Folders
/// and special files are passed over. Throws `empty-glob` where nothing fits, `bad-glob` for a path that no file can have.
public func files(matching pattern: String) throws -> [String] {
    guard !pattern.isEmpty, !pattern.utf8.contains(0) else {
        throw Diagnostic(
            "bad-glob", "expected a path, perhaps with `*`, found \(pattern.isEmpty ? "an empty one" : "one with a zero byte")")
    }
    let parts = pattern.split(separator: "/").map { Array($0.utf8) }
    var found = [pattern.hasPrefix("/") ? "/" : ""]
    for (index, part) in parts.enumerated() {
        let isLast = index == parts.count - 1
        var next: [String] = []
        for folder in found {
            guard part.contains(star) else {
                next.append(folder + String(decoding: part, as: UTF8.self) + (isLast ? "" : "/"))
                continue
            }
            for name in names(in: folder.isEmpty ? "." : folder) where fits(Array(name.utf8), part) {
                if name.hasPrefix("."), part.first != UInt8(ascii: ".") { continue }
                next.append(folder + name + (isLast ? "" : "/"))
            }
        }
        found = next
    }
    let files = found.filter { fileStatus($0)?.kind == .file }
    guard !files.isEmpty else {
        if !pattern.utf8.contains(star), fileStatus(pattern)?.kind == .folder {
            throw Diagnostic(
                "empty-glob", "expected files, found the folder `\(pattern)`", hint: "name those in it: `\(pattern)/*`")
        }
        throw Diagnostic("empty-glob", "no file fits `\(pattern)`", hint: "check the folders and the ending of the names")
    }
    return files.sorted(by: naturalLess)
}

private let star = UInt8(ascii: "*")

/// The names in a folder that can be written in a script; none where it cannot be read, or is no folder.
private func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
        }
        if let name { names.append(name) }
    }
    return names
}

/// Whether a name fits a part of a pattern. Takes no longer than their lengths multiplied, however many `*` there are.
private func fits(_ name: [UInt8], _ part: [UInt8]) -> Bool {
    var (n, p) = (0, 0)
    var back: (name: Int, part: Int)?
    while n < name.count {
        if p < part.count, part[p] == star {
            back = (n, p + 1)
            p += 1
        } else if p < part.count, part[p] == name[n] {
            n += 1
            p += 1
        } else if let (start, after) = back {
            back = (start + 1, after)
            (n, p) = (start + 1, after)
        } else {
            return false
        }
    }
    return part[p...].allSatisfy { $0 == star }
}
