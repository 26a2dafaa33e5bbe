import CSupport
import Diagnostics

/// The bytes of a text file, unpacked where gzip, bzip2, xz or zstd packed it, followed by 32 zero bytes.
package final class FileBytes {
    private var storage: ecdx_bytes

    /// The bound on what a packed file may unpack to: `ratio` times its own size, and `slack` bytes more. Text of numbers
    /// shrinks to a third or a quarter, a grid of equal numbers to a five-hundredth, which the slack admits up to two
    /// million points: beyond that it is a bomb.
    static let slack = 64 << 20, ratio = 256

    private init(_ storage: ecdx_bytes) { self.storage = storage }

    deinit { ecdx_bytes_free(&storage) }

    /// Reads a whole file, plain or packed by gzip, bzip2, xz or zstd, which its first bytes tell, with the checksums verified. Throws
    /// `cannot-read`, and `bad-data` for packed data that are cut off, damaged or unpack to far too much.
    package static func read(path: String) throws -> FileBytes {
        try make(path: path) { ecdx_bytes_read(path, slack, ratio, &$0, $1, $2) }
    }

    /// Reads the first `wanted` bytes of the text, fewer where there are no more, and no more of the file than that takes. Throws as
    /// `read`.
    package static func head(path: String, wanted: Int) throws -> FileBytes {
        try make(path: path) { ecdx_bytes_head(path, max(0, wanted), &$0, $1, $2) }
    }

    /// Reads all of an opened file of which nothing was read. Throws as `read`.
    static func read(_ stream: OpaquePointer, path: String) throws -> FileBytes {
        try make(path: path) { ecdx_stream_whole(stream, &$0, $1, $2) }
    }

    private static func make(path: String, _ call: (inout ecdx_bytes, UnsafeMutablePointer<CChar>?, Int) -> CInt) throws -> FileBytes {
        try checkPath(path)
        var storage = ecdx_bytes()
        var message = [CChar](repeating: 0, count: 256)
        let status = message.withUnsafeMutableBufferPointer { call(&storage, $0.baseAddress, $0.count) }
        guard status == 0 else {
            let text = String(cBuffer: message)
            // What is wrong inside a packed file is a fault of the data; everything before that, of the access to it.
            throw Diagnostic(storage.compressed != 0 ? "bad-data" : "cannot-read", text, data: DataPlace(file: path))
        }
        return FileBytes(storage)
    }

    /// Refuses what is no path. Throws `cannot-read`.
    static func checkPath(_ path: String) throws {
        guard path.isEmpty || path.utf8.contains(0) else { return }
        throw Diagnostic(
            "cannot-read", "expected the path of a file, found \(path.isEmpty ? "an empty one" : "one with a zero byte")",
            data: DataPlace(file: path))
    }

    /// The bytes of the text where they lie, as long as this lives; nil where nothing was read.
    var base: UnsafePointer<UInt8>? { storage.bytes.map { UnsafePointer($0) } }

    /// The number of bytes of text.
    package var count: Int { storage.count }
    /// The number of bytes on the disk.
    package var stored: Int { storage.stored }
    /// The most bytes of text that the file may hold.
    package var mostText: Int { storage.compressed != 0 ? FileBytes.slack + FileBytes.ratio * storage.stored : storage.stored }

    /// Calls `body` with the bytes of the text; the 32 zero bytes behind them may be read too.
    package func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        try body(UnsafeBufferPointer(start: storage.bytes, count: storage.bytes == nil ? 0 : storage.count))
    }
}
