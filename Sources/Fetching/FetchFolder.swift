import Diagnostics
import Glibc
import Storage

/// A folder of fetched files. Its list, `fetched.json`, keeps where each came from and its SHA-256 as it was at the first fetch;
/// what comes later under the same name must be the same.
public final class FetchFolder {
    /// An entry of the list: where a file came from, and what it was at the first fetch.
    public struct Entry: Sendable, Hashable, Codable {
        /// Address that the file came from.
        public var url: String
        /// Size of the file, in bytes.
        public var bytes: Int
        /// SHA-256 of the file at the first fetch.
        public var sha256: Digest
    }

    /// The outcome of getting a file.
    public enum Outcome: Sendable, Hashable {
        /// The file was there already, as it was fetched.
        case there
        /// The file was fetched now.
        case fetched
    }

    /// Path of the folder.
    public let path: String
    /// Entries of the list, by the names of files in the folder.
    public private(set) var entries: [String: Entry]
    private let connection: Connection
    private let descriptor: Int32
    private var listPath: String { joined(path, "fetched.json") }

    /// Opens or makes the folder for this process alone. Where another process is at work in it, `wait` is called ten times a second
    /// until that one is done; it throws to give up. Throws `cannot-write`, `fetch-failed` where another process is at work and there
    /// is no `wait`, and `bad-data` where the list cannot be read.
    public init(_ path: String, connection: Connection, wait: (() throws -> Void)? = nil) throws {
        try createFolder(path)
        self.path = path
        self.connection = connection
        entries = [:]
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannotWrite(path, errno) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            guard let wait else { throw takenByAnother(path) }
            try wait()
            usleep(100_000)
        }
        if fileStatus(listPath) != nil {
            entries = try JSONValue(parsing: try readFile(listPath, limit: 1 << 26)).decoded(in: DataPlace(file: listPath))
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Gets the file `name`, which may lie in a folder below, unless it is there. `check` is given the path of the whole file before
    /// it takes its name. A file that was never fetched is taken for the one that is wanted where it has the hash `expected`. Throws
    /// what `Connection.fetch` throws, `wrong-hash` where a file has not this hash or is not what it was at the first fetch, and
    /// `would-overwrite` where there is a file that was never fetched and nothing tells what it should be.
    public func get(
        _ name: String, from url: String, expecting expected: PublishedHash? = nil, options: FetchOptions = FetchOptions(),
        progress: (_ bytes: Int, _ total: Int?) -> Void = { _, _ in }, check: (_ path: String) throws -> Void = { _ in }
    ) throws -> Outcome {
        let file = joined(path, name)
        let known = entries[name]
        if fileStatus(file, followingLinks: false) != nil {
            guard known != nil || expected != nil else {
                throw Diagnostic(
                    "would-overwrite", "expected no file or one that was fetched, found one from elsewhere", data: DataPlace(file: file),
                    hint: "move it away, or fetch to another folder with --to")
            }
            if let known { try PublishedHash.sha256(known.sha256).check(file, "the file as it was fetched") }
            if let expected { try expected.check(file, "the file as it was published") }
            return .there
        }
        _ = try connection.fetch(url, to: file, expecting: expected, options: options, progress: progress) { part, file in
            if let known, known.sha256 != file.sha256 {
                throw Diagnostic(
                    "wrong-hash", "expected `\(name)` as it was at the first fetch, with the SHA-256 \(known.sha256), found \(file.sha256)",
                    notes: ["the publisher has changed it, or it was changed on its way; nothing of it was kept"],
                    hint: "fetch to another folder to have the new one")
            }
            try check(part)
            // Before it has its name: a file without an entry would be taken for one from elsewhere.
            try note(name, Entry(url: url, bytes: file.bytes, sha256: file.sha256))
        }
        return .fetched
    }

    private func note(_ name: String, _ entry: Entry) throws {
        guard entries[name] != entry else { return }
        entries[name] = entry
        try writeWhole(JSONValue(encoding: entries).pretty, to: listPath)
    }
}
