import Diagnostics
import Glibc
import Synchronization

/// The SHA-256 of files, cached by path, size, inode and times, so that a second run need not read gigabytes again. A file
/// changed within the last two seconds is not cached: a change that follows may carry the same time.
public final class FileHashes: Sendable {
    private let path: String?
    private let state = Mutex<State>(State())

    private struct State: Sendable {
        var entries: [String: Entry] = [:]
        var changed = false
    }

    private struct Entry: Sendable, Hashable, Codable {
        var bytes: Int
        /// The bits of the inode number: some file systems use all 64, and JSON readers keep 63.
        var inode: Int
        var modified: Int64
        var changed: Int64
        var sha256: Digest
    }

    /// Opens the cache in the file at `path`; nil keeps it in memory only. A file that cannot be read counts as empty.
    public init(_ path: String?) {
        self.path = path
        let entries = path.map(FileHashes.read) ?? [:]
        state.withLock { $0.entries = entries }
    }

    /// The SHA-256 of a file, from the cache where the file is unchanged; `verify` reads the file whatever is cached.
    /// Throws `cannot-read`.
    public func digest(of file: String, verify: Bool = false) throws -> Digest {
        let name = try resolvedPath(file)
        guard let before = fileStatus(name) else { return try sha256(ofFile: file) }
        if !verify, let known = state.withLock({ $0.entries[name] }), known.bytes == before.bytes, known.inode == Int(truncatingIfNeeded: before.inode),
           known.modified == before.modified, known.changed == before.changed
        { return known.sha256 }
        let digest = try sha256(ofFile: file)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        if fileStatus(name) == before, nanoseconds(now) - max(before.modified, before.changed) > 2_000_000_000 {
            let entry = Entry(bytes: before.bytes, inode: Int(truncatingIfNeeded: before.inode), modified: before.modified, changed: before.changed, sha256: digest)
            state.withLock {
                $0.entries[name] = entry
                $0.changed = true
            }
        }
        return digest
    }

    /// Writes the cache to its file where anything is new, keeping what other processes added meanwhile and leaving out
    /// files that are gone. Throws `cannot-write`.
    public func save() throws {
        guard let path else { return }
        let entries: [String: Entry]? = state.withLock { state in
            guard state.changed else { return nil }
            state.changed = false
            return state.entries
        }
        guard let entries else { return }
        let all = FileHashes.read(path).merging(entries) { _, own in own }.filter { fileStatus($0.key) != nil }
        try writeWhole(JSONValue(encoding: all).pretty, to: path)
    }

    private static func read(_ path: String) -> [String: Entry] {
        guard let bytes = try? readFile(path, limit: 1 << 28) else { return [:] }
        return (try? JSONValue(parsing: bytes).decoded()) ?? [:]
    }
}
