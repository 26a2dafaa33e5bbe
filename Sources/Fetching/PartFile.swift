import Diagnostics
import Glibc
import Storage

/// A partly downloaded file: `NAME.part`, with `NAME.part.json` beside it that says of which address and version it is the
/// beginning. Locked while it is written, so two processes do not write to one.
final class PartFile {
    /// The address and the version that the bytes are of.
    private struct Origin: Codable, Hashable {
        var url: String
        var etag: String
    }

    let path: String
    private let descriptor: Int32
    /// Bytes that have come so far.
    private(set) var count: Int
    private var origin: Origin?
    private var originPath: String { path + ".json" }

    /// Opens the beginning of the file `name`, or an empty one. Throws `cannot-write`, and `fetch-failed` where another process has it.
    init(of name: String) throws {
        path = name + ".part"
        try createFolder(parentFolder(of: name))
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
        count = 0
        guard descriptor >= 0 else { throw cannotWrite(path, errno) }
        // Some network file systems know no locks; there is nothing more to do on those.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { throw takenByAnother(path) }
        var mine = stat()
        var there = stat()
        guard fstat(descriptor, &mine) == 0, mine.st_mode & S_IFMT == S_IFREG else {
            throw Diagnostic("cannot-write", "expected a file, found a folder or a device of that name", data: DataPlace(file: path))
        }
        // Another process may have finished and renamed it between the two calls.
        guard stat(path, &there) == 0, there.st_ino == mine.st_ino, there.st_dev == mine.st_dev else { throw takenByAnother(path) }
        count = Int(mine.st_size)
        origin = (try? readFile(originPath, limit: 1 << 16)).flatMap { try? JSONValue(parsing: $0).decoded(as: Origin.self) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The entity tag of the version that can be gone on with; nil, and nothing kept, where the file is not known to be the
    /// beginning of `url`.
    func version(for url: String) throws -> String? {
        if count > 0, let origin, origin.url == url { return origin.etag }
        try clear()
        return nil
    }

    /// Throws away the bytes that are there.
    func clear() throws {
        if count > 0, ftruncate(descriptor, 0) != 0 { throw cannotWrite(path, errno) }
        count = 0
        try forget()
    }

    /// Notes which address and version the coming bytes are of; without `etag` they cannot be gone on with.
    func note(url: String, etag: String?) throws {
        guard let etag else { return try forget() }
        let new = Origin(url: url, etag: etag)
        guard new != origin else { return }
        try writeWhole(JSONValue(encoding: new).pretty, to: originPath)
        origin = new
    }

    /// Writes bytes behind those that are there. Throws `cannot-write`.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let written = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, count + done)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw cannotWrite(path, errno) }
            done += written
        }
        count += done
    }

    /// Removes the part and the note beside it.
    func remove() throws {
        try forget()
        if unlink(path) != 0, errno != ENOENT { throw cannotWrite(path, errno) }
    }

    /// Brings all bytes to the disk.
    func sync() throws { if fsync(descriptor) != 0 { throw cannotWrite(path, errno) } }

    /// Gives the file its final name.
    func rename(to name: String) throws {
        try forget()
        guard Glibc.rename(path, name) == 0 else { throw cannotWrite(name, errno) }
        try syncFolder(parentFolder(of: name))
    }

    private func forget() throws {
        origin = nil
        if unlink(originPath) != 0, errno != ENOENT { throw cannotWrite(originPath, errno) }
    }
}

/// The diagnostic `fetch-failed` for a file or folder that another process is at work on.
func takenByAnother(_ path: String) -> Diagnostic {
    Diagnostic(
        "fetch-failed", "expected to be alone with `\(path)`, found another `ecdx fetch` at work on it",
        hint: "wait until the other one is done")
}

/// The diagnostic `cannot-write` for a failure, an `errno`, of the system.
func cannotWrite(_ path: String, _ failure: Int32) -> Diagnostic {
    Diagnostic("cannot-write", "expected a place that can be written, found: \(systemReason(failure))", data: DataPlace(file: path))
}
