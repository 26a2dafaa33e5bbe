import CSupport
import Diagnostics

/// The name that Git gives the contents of a file (Git Internals, "Git Objects"): the SHA-1 of `blob`, a blank, the number of
/// bytes, a zero byte and the bytes, as 40 lower-case hexadecimal digits. It finds damage; against malice SHA-256 is better.
/// Throws `cannot-read`, and `cannot-hash` where libcrypto refuses SHA-1.
public func gitBlobHash(ofFile path: String) throws -> String {
    let file = try OpenFile(reading: path)
    guard let size = fileStatus(path)?.bytes else {
        throw Diagnostic("cannot-read", "expected a file, found that it is gone", data: DataPlace(file: path))
    }
    var made: OpaquePointer?
    try digestCall { ecdx_digest_new_sha1(&made, $0, $1) }
    guard let state = made else { throw Diagnostic("cannot-hash", "expected a hash in the making, found none") }
    defer { ecdx_digest_free(state) }
    func add(_ piece: UnsafeRawBufferPointer) throws {
        guard let start = piece.baseAddress else { return }
        try digestCall { ecdx_digest_add(state, start, piece.count, $0, $1) }
    }
    try (Array("blob \(size)".utf8) + [0]).withUnsafeBytes(add)
    try file.readPieces(add)
    var result = [UInt8](repeating: 0, count: 20)
    try result.withUnsafeMutableBufferPointer { out in
        try digestCall { ecdx_digest_finish_sha1(state, out.baseAddress, $0, $1) }
    }
    return hexadecimal(result)
}
