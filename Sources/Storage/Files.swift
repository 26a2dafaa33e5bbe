import Diagnostics
import Glibc

/// The metadata of a file, as stat(2) gives them.
public struct FileStatus: Sendable, Hashable {
    /// The kind of a file: an ordinary file, a folder, a symbolic link, or anything else.
    public enum Kind: Sendable { case file, folder, link, other }
    /// The kind of the file.
    public var kind: Kind
    /// The size in bytes.
    public var bytes: Int
    /// The inode number.
    public var inode: UInt64
    /// The permission bits: who may read, write and execute the file.
    public var permissions: mode_t
    /// The time of the last change of content, in nanoseconds since 1970.
    public var modified: Int64
    /// The time of the last change of content or attributes, in nanoseconds since 1970.
    public var changed: Int64

    init(_ raw: stat) {
        kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        bytes = Int(raw.st_size)
        inode = UInt64(raw.st_ino)
        permissions = raw.st_mode & 0o777
        modified = nanoseconds(raw.st_mtim)
        changed = nanoseconds(raw.st_ctim)
    }
}

/// The metadata of what is at `path`, links followed unless told not to; nil where nothing is, or it cannot be looked at.
public func fileStatus(_ path: String, followingLinks: Bool = true) -> FileStatus? {
    guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
    var raw = stat()
    guard (followingLinks ? stat(path, &raw) : lstat(path, &raw)) == 0 else { return nil }
    return FileStatus(raw)
}

/// The bytes of a file. Throws `cannot-read`, also where it is longer than `limit` bytes.
public func readFile(_ path: String, limit: Int = 1 << 30) throws -> [UInt8] {
    let file = try OpenFile(reading: path)
    let size = try file.status().bytes
    var bytes: [UInt8] = []
    let tooLong = Diagnostic(
        "cannot-read", "expected at most \(limit) bytes, found \(max(size, limit + 1)) or more", data: DataPlace(file: path))
    guard size <= limit else { throw tooLong }
    bytes.reserveCapacity(size)
    // A file may grow while it is read, and those under /proc claim no size at all.
    try file.readPieces { piece in
        guard bytes.count + piece.count <= limit else { throw tooLong }
        bytes.append(contentsOf: piece)
    }
    return bytes
}

/// The text of a UTF-8 file. Throws `cannot-read`, also where the bytes are not UTF-8.
public func readText(_ path: String, limit: Int = 1 << 28) throws -> String {
    guard let text = String(validating: try readFile(path, limit: limit), as: UTF8.self) else {
        throw Diagnostic("cannot-read", "expected UTF-8 text, found other bytes", data: DataPlace(file: path))
    }
    return text
}

/// Makes a folder and those above it; one that is there already is fine. Throws `cannot-write`.
public func createFolder(_ path: String) throws {
    try checkPath(path, id: "cannot-write")
    if mkdir(path, 0o777) == 0 { return }
    switch errno {
    case EEXIST where fileStatus(path)?.kind == .folder: return
    case EEXIST:
        throw Diagnostic("cannot-write", "expected a folder, found a file of that name", data: DataPlace(file: path))
    case ENOENT:
        let above = parentFolder(of: path)
        guard above != path else { throw cannotWrite(path, ENOENT) }
        try createFolder(above)
        if mkdir(path, 0o777) != 0 {
            let failure = errno
            guard failure == EEXIST, fileStatus(path)?.kind == .folder else { throw cannotWrite(path, failure) }
        }
    case let failure: throw cannotWrite(path, failure)
    }
}

/// The names in a folder, sorted by their bytes, without `.` and `..`. Throws `cannot-read`.
public func listFolder(_ path: String) throws -> [String] {
    try checkPath(path, id: "cannot-read")
    guard let folder = opendir(path) else { throw cannotRead(path, errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
            String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Removes a file, a link, or a folder with all in it; nothing there is fine. Links are not followed. Throws `cannot-write`.
public func removeTree(_ path: String) throws {
    try checkPath(path, id: "cannot-write")
    guard let status = fileStatus(path, followingLinks: false) else { return }
    if status.kind == .folder {
        for name in try listFolder(path) { try removeTree(joined(path, name)) }
        if rmdir(path) != 0, errno != ENOENT { throw cannotWrite(path, errno) }
    } else if unlink(path) != 0, errno != ENOENT {
        throw cannotWrite(path, errno)
    }
}

/// Writes the names in a folder to the disk (fsync), safe against a power cut. Throws `cannot-write`.
public func syncFolder(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotWrite(path, errno) }
    defer { close(descriptor) }
    // Some network and user-space file systems know no fsync of a folder; there is nothing more to do on those.
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP { throw cannotWrite(path, errno) }
}

/// An open file, closed when the last reference goes.
final class OpenFile: Sendable {
    let descriptor: Int32
    let path: String

    init(reading path: String) throws {
        try checkPath(path, id: "cannot-read")
        // Without O_NONBLOCK a named pipe in the place of a data file would hang the program.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        self.path = path
        guard descriptor >= 0 else { throw cannotRead(path, errno) }
        guard try status().kind == .file else {
            throw Diagnostic("cannot-read", "expected a file, found a folder or a device", data: DataPlace(file: path))
        }
    }

    init(writing path: String, flags: Int32) throws {
        try checkPath(path, id: "cannot-write")
        descriptor = open(path, flags | O_CLOEXEC, 0o666)
        self.path = path
        guard descriptor >= 0 else { throw cannotWrite(path, errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func status() throws -> FileStatus {
        var raw = stat()
        guard fstat(descriptor, &raw) == 0 else { throw cannotRead(path, errno) }
        return FileStatus(raw)
    }

    func readPieces(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { throw cannotRead(path, errno) }
                if count == 0 { return }
                try body(UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
            }
        }
    }

    /// Fills `buffer` from `offset` on; throws `cannot-read` where the file ends before.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, offset + done)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw cannotRead(path, errno) }
            if count == 0 {
                throw Diagnostic(
                    "cannot-read", "expected \(buffer.count) bytes from byte \(offset), found the end of the file",
                    data: DataPlace(file: path))
            }
            done += count
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw cannotWrite(path, errno) }
            done += count
        }
    }

    func sync() throws {
        if fsync(descriptor) != 0 { throw cannotWrite(path, errno) }
    }
}

func nanoseconds(_ time: timespec) -> Int64 {
    let (whole, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? Int64.max : whole &+ Int64(time.tv_nsec)
}

/// Checks that a path is not empty and has no zero byte, where C would cut it and mean another file. Throws a diagnostic
/// with the id given.
func checkPath(_ path: String, id: String) throws {
    guard !path.isEmpty else { throw Diagnostic(id, "expected a path, found an empty text") }
    guard !path.utf8.contains(0) else { throw Diagnostic(id, "expected a path, found one with a zero byte", data: DataPlace(file: path)) }
}

func cannotRead(_ path: String, _ failure: Int32) -> Diagnostic {
    Diagnostic("cannot-read", "expected a file that can be read, found \(plainWords(failure))", data: DataPlace(file: path))
}

func cannotWrite(_ path: String, _ failure: Int32) -> Diagnostic {
    Diagnostic("cannot-write", "expected a place that can be written, found \(plainWords(failure))", data: DataPlace(file: path))
}

/// The meaning of an errno in plain words, for somebody who has not met errno.
func plainWords(_ failure: Int32) -> String {
    switch failure {
    case EACCES, EPERM: return "no permission"
    case ENOENT: return "no such file or folder"
    case ENOTDIR: return "a file where a folder was meant"
    case EISDIR: return "a folder of that name"
    case ENOSPC: return "no space left on the disk"
    case EDQUOT: return "a disk quota that is used up"
    case EFBIG: return "a file size limit that is reached"
    case EROFS: return "a file system that is read-only"
    case ENAMETOOLONG: return "a name that is too long"
    case ELOOP: return "links that lead in a circle"
    case EMFILE, ENFILE: return "too many open files"
    case EIO: return "an error of the disk"
    case ESTALE: return "a network file system that has lost the file"
    default: return systemReason(failure)
    }
}
