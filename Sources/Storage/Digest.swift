import CSupport
import Diagnostics

/// A SHA-256 digest (FIPS 180-4), as 64 lower-case hexadecimal digits.
public struct Digest: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The digest as 64 lower-case hexadecimal digits.
    public let hex: String

    /// Takes a digest from its digits; nil where `hex` is not 64 lower-case hexadecimal digits.
    public init?(hex: String) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
        self.hex = hex
    }

    init(bytes: [UInt8]) { hex = hexadecimal(bytes) }

    /// Decodes a digest from a text of 64 digits; throws `DecodingError` for anything else.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let digest = Digest(hex: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected 64 hexadecimal digits")
        }
        self = digest
    }

    /// Encodes the digest as a text of 64 digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }

    /// The first twelve digits: enough to tell the runs of one store apart.
    public var short: String { String(hex.prefix(12)) }
    /// The 64 digits.
    public var description: String { hex }
    /// The order of two digests as texts.
    public static func < (a: Digest, b: Digest) -> Bool { a.hex < b.hex }
}

/// A receiver of bytes: a hasher or a file being written.
public protocol ByteSink: AnyObject {
    /// Takes bytes, to follow those already taken.
    func write(_ bytes: UnsafeRawBufferPointer) throws
}

extension ByteSink {
    /// Takes the bytes of an array.
    public func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }
    /// Takes the UTF-8 bytes of a text.
    public func write(_ text: String) throws { try write(Array(text.utf8)) }
    /// Takes the bytes of numbers as they lie in memory (little endian on every machine we support).
    public func write(_ values: [Float]) throws { try values.withUnsafeBytes { try write($0) } }
}

/// A receiver that keeps its bytes in memory.
public final class ByteList: ByteSink {
    /// All bytes taken so far.
    public private(set) var bytes: [UInt8] = []
    /// An empty list.
    public init() {}
    /// Adds bytes at the end.
    public func write(_ new: UnsafeRawBufferPointer) throws { bytes += new }
}

/// An incremental SHA-256 hasher, fed piece by piece.
public final class Hasher256: ByteSink {
    private var state: OpaquePointer?

    /// Starts a hash. Throws `cannot-hash` where libcrypto refuses.
    public init() throws {
        var state: OpaquePointer?
        try digestCall { ecdx_digest_new(&state, $0, $1) }
        self.state = state
    }

    deinit { if let state { ecdx_digest_free(state) } }

    /// Adds bytes to the hash; does nothing once it is finished. Throws `cannot-hash`.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard let state, let start = bytes.baseAddress else { return }
        try digestCall { ecdx_digest_add(state, start, bytes.count, $0, $1) }
    }

    /// The hash of all that was written. Nothing can be added after. Throws `cannot-hash`, a second time too.
    public func finish() throws -> Digest {
        guard let state else { throw Diagnostic("cannot-hash", "expected a hash in the making, found one that is finished") }
        defer {
            ecdx_digest_free(state)
            self.state = nil
        }
        var result = [UInt8](repeating: 0, count: 32)
        try result.withUnsafeMutableBufferPointer { out in
            try digestCall { ecdx_digest_finish(state, out.baseAddress, $0, $1) }
        }
        return Digest(bytes: result)
    }
}

/// The SHA-256 of bytes in memory.
public func sha256(_ bytes: UnsafeRawBufferPointer) throws -> Digest {
    let hasher = try Hasher256()
    try hasher.write(bytes)
    return try hasher.finish()
}

/// The SHA-256 of bytes in memory.
public func sha256(_ bytes: [UInt8]) throws -> Digest { try bytes.withUnsafeBytes { try sha256($0) } }

/// The SHA-256 of the UTF-8 bytes of a text.
public func sha256(_ text: String) throws -> Digest { try sha256(Array(text.utf8)) }

/// The SHA-256 of a whole file, read piece by piece. Throws `cannot-read`.
public func sha256(ofFile path: String) throws -> Digest {
    let file = try OpenFile(reading: path)
    let hasher = try Hasher256()
    try file.readPieces { try hasher.write($0) }
    return try hasher.finish()
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { text in
        for (index, byte) in bytes.enumerated() {
            for (place, digit) in [(2 * index, byte >> 4), (2 * index + 1, byte & 15)] {
                text[place] = digit < 10 ? 48 + digit : 87 + digit
            }
        }
        return bytes.count * 2
    }
}

func digestCall(_ call: (UnsafeMutablePointer<CChar>?, Int) -> Int32) throws {
    var message = [CChar](repeating: 0, count: 256)
    let status = message.withUnsafeMutableBufferPointer { call($0.baseAddress, $0.count) }
    guard status == 0 else { throw Diagnostic("cannot-hash", "expected a hash from libcrypto, found: \(String(cBuffer: message))") }
}
