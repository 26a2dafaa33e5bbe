import Diagnostics
import Glibc

/// A cache on disk of results under the hash of what they rest on: a key, a folder of files. An entry is there whole or not
/// at all. It lists its own files with their sizes and hashes in `entry.json`, so that a copy that was cut short (rsync, a
/// full disk) counts as absent and is made anew.
public struct Cache: Sendable {
    /// The folder of the cache.
    public let root: String

    /// Opens the cache at `root`, made at the first insertion.
    public init(root: String) { self.root = root }

    /// The folder of a complete entry; nil where there is none. Looks at names and sizes, reads no contents: `bytes` and `tensors`
    /// read and check them.
    public func path(_ key: Digest) -> String? {
        let folder = place(of: key)
        return isComplete(folder, readingContents: false) ? folder : nil
    }

    /// Whether a complete entry is there; looks at names and sizes, as `path` does.
    public func has(_ key: Digest) -> Bool { path(key) != nil }

    /// Whether an entry is there and every file in it has the hash it had when it was made.
    public func verify(_ key: Digest) -> Bool { isComplete(place(of: key), readingContents: true) }

    /// The folder of the entry, made by `build` where it is not there: `build` gets an empty folder and puts plain files in
    /// it. Of processes that make the same entry at once, the first to finish counts, and all get that one. Throws
    /// `cannot-write`, and what `build` throws; nothing is left behind then.
    @discardableResult
    public func insert(_ key: Digest, _ build: (_ folder: String) throws -> Void) throws -> String {
        if let there = path(key) { return there }
        let target = place(of: key)
        try createFolder(parentFolder(of: target))
        let aside = joined(try makingFolder(), Temporary.name())
        try createFolder(aside)
        do {
            try build(aside)
            try writeWhole(try inventory(of: aside).pretty, to: joined(aside, "entry.json"))
            for _ in 0..<8 {
                if rename(aside, target) == 0 {
                    try syncFolder(parentFolder(of: target))
                    return target
                }
                let failure = errno
                guard failure == ENOTEMPTY || failure == EEXIST else { throw cannotWrite(target, failure) }
                if let there = path(key) {
                    try removeTree(aside)
                    return there
                }
                try discard(target)
            }
            throw cannotWrite(target, EEXIST)
        } catch {
            try? removeTree(aside)
            throw error
        }
    }

    /// Removes the temporary folders that killed writers left: at once where the writer ran on this machine, after `age`
    /// seconds elsewhere. Returns how many were removed.
    @discardableResult
    public func sweep(age: Double = 86_400) -> Int { sweepTemporaries(in: joined(root, "making"), age: age) }

    func place(of key: Digest) -> String { joined(joined(root, String(key.hex.prefix(2))), key.hex) }

    private func makingFolder() throws -> String {
        let folder = joined(root, "making")
        try createFolder(folder)
        return folder
    }

    /// Removes a folder, moved out of sight first, so that nobody meets half of it.
    func discard(_ folder: String) throws {
        let aside = joined(try makingFolder(), Temporary.name())
        guard rename(folder, aside) == 0 else {
            if errno == ENOENT { return }
            throw cannotWrite(folder, errno)
        }
        try removeTree(aside)
    }

    private func inventory(of folder: String) throws -> JSONValue {
        var files: [String: JSONValue] = [:]
        for name in try listFolder(folder) {
            let path = joined(folder, name)
            guard let status = fileStatus(path, followingLinks: false), status.kind == .file else {
                throw Diagnostic("cannot-write", "expected plain files in a cache entry, found `\(name)`", data: DataPlace(file: path))
            }
            let digest = try sha256(ofFile: path)
            try OpenFile(writing: path, flags: O_WRONLY).sync()
            files[name] = ["bytes": .integer(status.bytes), "sha256": .string(digest.hex)]
        }
        return ["files": .object(files)]
    }

    private func isComplete(_ folder: String, readingContents: Bool) -> Bool {
        guard let bytes = try? readFile(joined(folder, "entry.json"), limit: 1 << 24),
            let files = (try? JSONValue(parsing: bytes))?["files"]?.objectValue
        else { return false }
        return files.allSatisfy { name, entry in
            let path = joined(folder, name)
            guard !name.contains("/"), let status = fileStatus(path), status.kind == .file, entry["bytes"]?.intValue == status.bytes
            else { return false }
            guard readingContents else { return true }
            return (try? sha256(ofFile: path))?.hex == entry["sha256"]?.stringValue
        }
    }
}
