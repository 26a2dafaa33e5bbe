import Diagnostics
import Glibc
import Synchronization

/// An append-only log of JSON lines. A line counts once its newline is on the disk: what a killed writer left of a last
/// line is passed over when reading and cut off before the next is added. One writer at a time (see `Lease`), any number of
/// readers.
public final class Journal: Sendable {
    /// The path of the file.
    public let path: String
    private let file: Mutex<OpenLog>
    private let durable: Bool

    private struct OpenLog: ~Copyable, Sendable {
        let descriptor: Int32
        deinit { close(descriptor) }
    }

    /// Opens a journal for adding, made if it is not there. With `durable` each line is on the disk (fsync) when `append`
    /// returns; without, it survives the death of the process but not of the machine. Throws `cannot-write`.
    public init(_ path: String, durable: Bool = true) throws {
        try checkPath(path, id: "cannot-write")
        let isNew = fileStatus(path) == nil
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw cannotWrite(path, errno) }
        self.path = path
        self.durable = durable
        file = Mutex(OpenLog(descriptor: descriptor))
        try Journal.cutTornLine(descriptor, path)
        if isNew { try syncFolder(parentFolder(of: path)) }
    }

    /// Adds one line. Throws `cannot-write`; the journal then ends where it ended before.
    public func append(_ entry: JSONValue) throws {
        let line = Array((entry.canonical + "\n").utf8)
        try file.withLock { log in
            let before = lseek(log.descriptor, 0, SEEK_END)
            var done = 0
            while done < line.count {
                let count = line.withUnsafeBytes { write(log.descriptor, $0.baseAddress.map { $0 + done }, line.count - done) }
                if count < 0 && errno == EINTR { continue }
                if count < 0 {
                    let failure = errno
                    if before >= 0 { _ = ftruncate(log.descriptor, before) }
                    throw cannotWrite(path, failure)
                }
                done += count
            }
            if durable, fsync(log.descriptor) != 0 { throw cannotWrite(path, errno) }
        }
    }

    /// Adds one line with the JSON form of a Swift value.
    public func append(encoding entry: some Encodable) throws { try append(JSONValue(encoding: entry)) }

    /// The lines of a journal, and whether a torn last one was passed over. A journal that is not there is empty.
    /// Throws `bad-data`, with the line, where a finished line is not JSON, and `cannot-read`.
    public static func read(_ path: String) throws -> (entries: [JSONValue], torn: Bool) {
        guard fileStatus(path) != nil else { return ([], false) }
        let bytes = try readFile(path)
        var entries: [JSONValue] = []
        var start = 0
        var line = 1
        while let end = bytes[start...].firstIndex(of: 10) {
            entries.append(try JSONValue(parsing: bytes[start..<end], in: DataPlace(file: path, line: line)))
            start = end + 1
            line += 1
        }
        return (entries, start < bytes.count)
    }

    private static func cutTornLine(_ descriptor: Int32, _ path: String) throws {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { return }
        var end = size
        var piece = [UInt8](repeating: 0, count: 4096)
        while end > 0 {
            let start = max(0, end - piece.count)
            let count = piece.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, end - start, start) }
            guard count == end - start else { throw cannotRead(path, count < 0 ? errno : EIO) }
            if let newline = piece[..<count].lastIndex(of: 10) {
                end = start + newline + 1
                break
            }
            end = start
        }
        guard end < size else { return }
        guard ftruncate(descriptor, end) == 0, fsync(descriptor) == 0 else { throw cannotWrite(path, errno) }
    }
}
