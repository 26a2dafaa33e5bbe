import Diagnostics
import Glibc

/// A file being written aside; it takes its name only when all of it is there.
public final class FileSink: ByteSink {
    private let file: OpenFile
    private var buffer: [UInt8] = []
    private static let bufferSize = 1 << 16
    /// The bytes written so far.
    public private(set) var count = 0

    fileprivate init(_ file: OpenFile) { self.file = file }

    /// Takes bytes, some of them kept in a buffer until more come. Throws `cannot-write`.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        count += bytes.count
        if bytes.count >= Self.bufferSize {
            try flush()
            try file.write(bytes)
        } else {
            buffer.append(contentsOf: bytes)
            if buffer.count >= Self.bufferSize { try flush() }
        }
    }

    fileprivate func flush() throws {
        guard !buffer.isEmpty else { return }
        try buffer.withUnsafeBytes { try file.write($0) }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Writes a file whole or not at all: aside in the same folder, fsync, rename, fsync of the folder. A reader sees the file
/// as it was before or as it is after, whenever this process is killed. Where `path` is a link, the file it leads to is
/// replaced; the new file has the permissions of the old one. Throws `cannot-write`, and what `body` throws; nothing is
/// left behind then.
public func writeWhole(to path: String, _ body: (FileSink) throws -> Void) throws {
    try checkPath(path, id: "cannot-write")
    var target = path
    var permissions: mode_t?
    if let there = fileStatus(path, followingLinks: false) {
        if there.kind == .link { target = try resolvedPath(path) }
        let status = fileStatus(target)
        // Renaming over a device would take the device away.
        guard status == nil || status?.kind == .file else {
            throw Diagnostic("cannot-write", "expected a file, found a folder or a device of that name", data: DataPlace(file: path))
        }
        permissions = status?.permissions
    }
    let folder = parentFolder(of: target)
    let aside = joined(folder, Temporary.name())
    do {
        do {
            let file = try OpenFile(writing: aside, flags: O_WRONLY | O_CREAT | O_EXCL)
            // Where they cannot be kept, on a file system without them, those of a new file are as good.
            if let permissions { _ = fchmod(file.descriptor, permissions) }
            let sink = FileSink(file)
            try body(sink)
            try sink.flush()
            try file.sync()
        }
        guard rename(aside, target) == 0 else { throw cannotWrite(path, errno) }
    } catch {
        unlink(aside)
        // The name aside means nothing to the reader of the message.
        if var diagnostic = error as? Diagnostic, diagnostic.data?.file == aside {
            diagnostic.data?.file = path
            throw diagnostic
        }
        throw error
    }
    try syncFolder(folder)
}

/// Writes bytes to a file whole or not at all. Throws `cannot-write`.
public func writeWhole(_ bytes: [UInt8], to path: String) throws { try writeWhole(to: path) { try $0.write(bytes) } }

/// Writes a text as UTF-8 to a file whole or not at all. Throws `cannot-write`.
public func writeWhole(_ text: String, to path: String) throws { try writeWhole(to: path) { try $0.write(text) } }

/// Names of files and folders in the making. They carry who makes them, so that those of a killed process can be told
/// from those of one at work.
enum Temporary {
    static let prefix = ".ecdx-tmp-"

    static func name() -> String { prefix + ProcessIdentity.uniqueToken() }

    /// Whether the file or folder at `path` was left by a process that is gone: known to be dead on this machine, or, on
    /// any other, not touched for `age` seconds.
    static func isAbandoned(_ path: String, age: Double) -> Bool {
        let name = lastName(of: path)
        guard name.hasPrefix(prefix) else { return false }
        if let running = ProcessIdentity.isRunning(token: String(name.dropFirst(prefix.count))) { return !running }
        guard let status = fileStatus(path, followingLinks: false) else { return false }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Double(nanoseconds(now) - status.modified) / 1e9 > age
    }
}

/// Removes from a folder what killed writers left in the making: at once where the writer ran on this machine and is
/// gone, after `age` seconds where it ran elsewhere. Returns how many were removed; what cannot be removed stays.
@discardableResult
public func sweepTemporaries(in folder: String, age: Double = 86_400) -> Int {
    var removed = 0
    for name in (try? listFolder(folder)) ?? [] where name.hasPrefix(Temporary.prefix) {
        let path = joined(folder, name)
        if Temporary.isAbandoned(path, age: age), (try? removeTree(path)) != nil { removed += 1 }
    }
    return removed
}

/// Replaces a file by another in one step, without waiting for the disk: a reader sees the one or the other, and a cut of the power may
/// leave neither. Throws `cannot-write`.
public func replaceQuickly(_ path: String, with text: String) throws {
    let aside = joined(parentFolder(of: path), Temporary.name())
    do {
        let file = try OpenFile(writing: aside, flags: O_WRONLY | O_CREAT | O_EXCL)
        var text = text
        try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0)) }
    }
    guard rename(aside, path) == 0 else {
        let failure = errno
        unlink(aside)
        throw cannotWrite(path, failure)
    }
}
