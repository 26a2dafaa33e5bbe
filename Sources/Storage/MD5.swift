import CSupport
import Diagnostics

/// The MD5 (RFC 1321) of a whole file as 32 lower-case hexadecimal digits, for files whose publisher gives no better hash. It finds
/// damage, not malice. Throws `cannot-read`, and `cannot-hash` where libcrypto refuses MD5.
public func md5(ofFile path: String) throws -> String {
    let file = try OpenFile(reading: path)
    var made: OpaquePointer?
    try digestCall { ecdx_digest_new_md5(&made, $0, $1) }
    guard let state = made else { throw Diagnostic("cannot-hash", "expected a hash in the making, found none") }
    defer { ecdx_digest_free(state) }
    try file.readPieces { piece in
        guard let start = piece.baseAddress else { return }
        try digestCall { ecdx_digest_add(state, start, piece.count, $0, $1) }
    }
    var result = [UInt8](repeating: 0, count: 16)
    try result.withUnsafeMutableBufferPointer { out in
        try digestCall { ecdx_digest_finish_md5(state, out.baseAddress, $0, $1) }
    }
    return hexadecimal(result)
}
