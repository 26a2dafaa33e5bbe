import Diagnostics

/// The record of the files ecdx wrote outside the store. A file that is there already is overwritten only where its
/// contents are those ecdx last put there: one that somebody made or edited is left alone.
///
/// One small file a path under `folder`, named by the hash of the path, holds the hashes ecdx may overwrite. The new hash
/// is recorded before the file is written, so that a kill between the two leaves nothing ecdx would not know again.
public struct Outputs: Sendable {
    private let folder: String
    private let base: String
    /// The base without links; nil where it could not be resolved when this was opened.
    private let root: String?
    private let hashes: FileHashes?

    /// Opens the record in `folder`; paths under `base` are kept relative to it, so that both can be moved together.
    /// `hashes` forget a file that is written.
    public init(folder: String, base: String, hashes: FileHashes? = nil) {
        self.folder = folder
        self.base = base
        root = try? resolvedPath(base)
        self.hashes = hashes
    }

    /// Writes a file whole or not at all and records it; makes the folders above it. Throws `would-overwrite` where a file
    /// is there that ecdx did not write, unless `force`; `cannot-write`.
    public func write(_ bytes: [UInt8], to path: String, force: Bool = false) throws {
        let target = try resolvedPath(path)
        let current = try allow(path, target: target, force: force)
        try createFolder(parentFolder(of: target))
        let new = try sha256(bytes)
        try record(target, hashes: [new] + (current.map { [$0] } ?? []))
        // Unchanged contents are not written again: the time of the file stays, and tools that watch it rest.
        guard current != new else { return }
        defer { hashes?.forget(target) }
        try writeWhole(bytes, to: target)
    }

    /// Writes what `body` gives piece by piece, whole or not at all, as `write(_:to:force:)` does; none of it is held. Throws what that
    /// does, and what `body` throws.
    public func write(to path: String, force: Bool = false, _ body: (any ByteSink) throws -> Void) throws {
        let target = try resolvedPath(path)
        let current = try allow(path, target: target, force: force)
        try createFolder(parentFolder(of: target))
        var isWritten = true
        defer { if isWritten { hashes?.forget(target) } }
        do {
            try writeWhole(to: target) { file in
                let sink = HashedSink(file, try Hasher256())
                try body(sink)
                let new = try sink.hasher.finish()
                // Before the file has its name.
                try record(target, hashes: [new] + (current.map { [$0] } ?? []))
                if current == new { throw Unchanged() }
            }
        } catch is Unchanged { isWritten = false }
    }

    /// What ends a writing whose contents turned out to be those that are there.
    private struct Unchanged: Error {}

    /// A file in the making and the hash of what goes into it.
    private final class HashedSink: ByteSink {
        private let file: FileSink
        let hasher: Hasher256

        init(_ file: FileSink, _ hasher: Hasher256) {
            self.file = file
            self.hasher = hasher
        }

        func write(_ bytes: UnsafeRawBufferPointer) throws {
            try hasher.write(bytes)
            try file.write(bytes)
        }
    }

    /// Writes a text as UTF-8; see `write(_:to:force:)`.
    public func write(_ text: String, to path: String, force: Bool = false) throws { try write(Array(text.utf8), to: path, force: force) }

    /// Checks before a run that a write to `path` would be allowed: throws what `write` would, and writes nothing.
    public func check(_ path: String, force: Bool = false) throws { _ = try allow(path, target: resolvedPath(path), force: force) }

    /// The hash of the file at `target`, nil where none is; throws where it may not be overwritten.
    private func allow(_ path: String, target: String, force: Bool) throws -> Digest? {
        guard let status = fileStatus(target) else { return nil }
        guard status.kind == .file else {
            throw Diagnostic("cannot-write", "expected a file, found a folder or a device of that name", data: DataPlace(file: path))
        }
        let current = try sha256(ofFile: target)
        guard force || recorded(target).contains(current) || isKnownAbove(target, current) else {
            throw Diagnostic(
                "would-overwrite",
                "expected a new file or one that this store knows, found one that was made or edited by others, or whose store was removed",
                data: DataPlace(file: path), hint: "give another name, or overwrite it with --force")
        }
        return current
    }

    /// Whether a store in one of the folders above a file wrote it as it is: that of its own script, whose text the prompt has loaded into
    /// a session with another store, or the other way round.
    private func isKnownAbove(_ target: String, _ current: Digest) -> Bool {
        var place = parentFolder(of: target)
        for _ in 0..<64 {
            let store = joined(joined(place, ".ecdx"), "outputs")
            if store != folder, fileStatus(store)?.kind == .folder,
                Outputs(folder: store, base: place).recorded(target).contains(current)
            {
                return true
            }
            let above = parentFolder(of: place)
            if above == place || place == "/" { break }
            place = above
        }
        return false
    }

    private func recordPath(_ target: String) throws -> (name: String, record: String) {
        let root = try root ?? resolvedPath(base)
        let prefix = root == "/" ? root : root + "/"
        let name = target.hasPrefix(prefix) ? String(target.dropFirst(prefix.count)) : target
        return (name, joined(folder, try sha256(name).hex + ".json"))
    }

    private func recorded(_ target: String) -> [Digest] {
        guard let (name, record) = try? recordPath(target), let bytes = try? readFile(record, limit: 1 << 20),
            let value = try? JSONValue(parsing: bytes), value["path"]?.stringValue == name
        else { return [] }
        return (value["sha256"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(Digest.init(hex:)) }
    }

    private func record(_ target: String, hashes: [Digest]) throws {
        let (name, record) = try recordPath(target)
        if recorded(target) == hashes { return }
        try createFolder(folder)
        let value: JSONValue = ["path": .string(name), "sha256": .array(hashes.map { .string($0.hex) })]
        try writeWhole(value.pretty, to: record)
    }
}
