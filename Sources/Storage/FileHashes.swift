import Diagnostics
import Glibc
import Synchronization

/// The SHA-256 of files, cached by path, size, inode and times, so that a second run need not read gigabytes again. A file
/// changed within the last two seconds is not cached: a change that follows may carry the same time.
///
/// What was once answered is answered again without a look at the disk until `forget` is called, as is done before an
/// action. What ecdx writes itself through `Outputs` is forgotten there.
public final class FileHashes: Sendable {
    private let path: String?
    private let state = Mutex<State>(State())

    private struct State: Sendable {
        /// The entries of the file, read when the first hash is asked for.
        var stored: [String: Entry]?
        /// The entries that are to be written.
        var new: [String: Entry] = [:]
        var changed = false
        /// The resolved names of folders and of files by how they were given, and the hashes of files by resolved name.
        var folders: [String: String] = [:]
        var names: [String: String] = [:]
        var known: [String: Known] = [:]
        /// Hashes of files that were read, with what the file looked like, which stand as long as it looks the same.
        var read: [String: Entry] = [:]
        var overwritten = 0
    }

    private struct Known: Sendable {
        var digest: Digest
        /// What the file looked like then.
        var entry: Entry
        /// Whether the file was read for it, now and here.
        var isVerified: Bool
    }

    private struct Entry: Sendable, Hashable, Encodable {
        var bytes: Int
        /// The bits of the inode number: some file systems use all 64, and JSON readers keep 63.
        var inode: Int
        var modified: Int64
        var changed: Int64
        var sha256: Digest

        init(_ status: FileStatus, _ sha256: Digest) {
            bytes = status.bytes
            inode = Int(truncatingIfNeeded: status.inode)
            modified = status.modified
            changed = status.changed
            self.sha256 = sha256
        }

        /// The entry of a member of the file; nil where it is none.
        init?(_ json: JSONValue) {
            guard let bytes = json["bytes"]?.intValue, let inode = json["inode"]?.intValue, let modified = json["modified"]?.intValue,
                let changed = json["changed"]?.intValue, let digest = json["sha256"]?.stringValue.flatMap(Digest.init(hex:))
            else { return nil }
            self.bytes = bytes
            self.inode = inode
            self.modified = Int64(modified)
            self.changed = Int64(changed)
            sha256 = digest
        }

        /// Whether the file is as it was.
        func isOf(_ status: FileStatus) -> Bool { self == Entry(status, sha256) }
    }

    /// Opens the cache in the file at `path`; nil keeps it in memory only. A file that cannot be read counts as empty.
    public init(_ path: String?) { self.path = path }

    /// The SHA-256 of a file, from the cache where the file is unchanged; `verify` reads the file whatever is cached, once.
    /// Throws `cannot-read`.
    public func digest(of file: String, verify: Bool = false) throws -> Digest {
        if let known = known(state.withLock { $0.names[file] }, verify) { return known }
        let (name, status) = try located(file)
        guard let before = status else { return try sha256(ofFile: file) }
        if let known = known(name, verify) {
            state.withLock { $0.names[file] = name }
            return known
        }
        if let entry = state.withLock({ $0.read[name] }), entry.isOf(before) {
            remember(entry, file, name, isVerified: true)
            return entry.sha256
        }
        if !verify, let entry = entry(of: name), entry.isOf(before) {
            remember(entry, file, name, isVerified: false)
            return entry.sha256
        }
        let digest = try sha256(ofFile: file)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        guard fileStatus(name) == before else { return digest }
        remember(Entry(before, digest), file, name, isVerified: true)
        if nanoseconds(now) - max(before.modified, before.changed) > 2_000_000_000 {
            state.withLock {
                $0.new[name] = Entry(before, digest)
                $0.read[name] = $0.new[name]
                $0.changed = true
            }
        }
        return digest
    }

    /// Forgets what was answered, so that the disk is looked at again: files may have changed since.
    public func forget() {
        state.withLock { state in
            state.folders = [:]
            state.names = [:]
            state.known = [:]
        }
    }

    /// Number of times that ecdx wrote a file outside the store.
    public var overwritten: Int { state.withLock { $0.overwritten } }

    /// Forgets the file of that resolved name alone.
    func forget(_ name: String) {
        state.withLock { state in
            state.known[name] = nil
            state.overwritten += 1
        }
    }

    private func known(_ name: String?, _ verify: Bool) -> Digest? {
        guard let name, let known = state.withLock({ $0.known[name] }), known.isVerified || !verify else { return nil }
        return known.digest
    }

    private func remember(_ entry: Entry, _ file: String, _ name: String, isVerified: Bool) {
        state.withLock { state in
            state.names[file] = name
            state.known[name] = Known(digest: entry.sha256, entry: entry, isVerified: isVerified)
        }
    }

    /// Whether a file still holds what it held when it was hashed; true for one that was not hashed since `forget`. For those who
    /// read a file and keep what they make of it under a key of its hash.
    public func isUnchanged(_ file: String) -> Bool {
        guard let known = state.withLock({ state in state.names[file].flatMap { state.known[$0] } }) else { return true }
        if let (_, status) = try? located(file), let status, known.entry.isOf(status) { return true }
        return (try? sha256(ofFile: file)) == known.digest
    }

    private func entry(of name: String) -> Entry? {
        state.withLock { state in
            if state.stored == nil { state.stored = path.map(FileHashes.read) ?? [:] }
            return state.new[name] ?? state.stored?[name]
        }
    }

    /// The resolved name of a file, as `resolvedPath` gives it, and what is there; nil where nothing is. A folder is resolved
    /// once, so that a file costs one look.
    private func located(_ file: String) throws -> (name: String, status: FileStatus?) {
        try checkPath(file, id: "cannot-read")
        let last = lastName(of: file)
        if !last.isEmpty, last != ".", last != "..", let folder = folder(parentFolder(of: file)) {
            let name = joined(folder, last)
            let status = fileStatus(name, followingLinks: false)
            if status?.kind != .link { return (name, status) }
        }
        let name = try resolvedPath(file)
        return (name, fileStatus(name))
    }

    private func folder(_ path: String) -> String? {
        if let known = state.withLock({ $0.folders[path] }) { return known }
        let folder = try? resolvedPath(path)
        state.withLock { $0.folders[path] = folder }
        return folder
    }

    /// Writes the cache to its file where anything is new, keeping what other processes added meanwhile and leaving out
    /// files that are gone. Throws `cannot-write`.
    public func save() throws {
        guard let path else { return }
        let own: State? = state.withLock { state in
            guard state.changed else { return nil }
            state.changed = false
            return state
        }
        guard let own else { return }
        let entries = (own.stored ?? [:]).merging(own.new) { _, new in new }
        let all = FileHashes.read(path).merging(entries) { _, own in own }
            .filter { own.known[$0.key] != nil || fileStatus($0.key) != nil }
        try writeWhole(JSONValue(encoding: all).pretty, to: path)
    }

    private static func read(_ path: String) -> [String: Entry] {
        guard let bytes = try? readFile(path, limit: 1 << 28) else { return [:] }
        let members = (try? JSONValue(parsing: bytes))?.objectValue ?? [:]
        let entries = members.compactMapValues(Entry.init)
        return entries.count == members.count ? entries : [:]
    }
}
