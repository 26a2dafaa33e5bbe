import CHDF5
import Diagnostics

/// An open HDF5 file. Only the child that may die uses it: see `weightReaderMain`. Every call throws `bad-weights` without a
/// file, which the parent fills in.
final class HDF5File {
    /// The kind of object that a path of the file leads to.
    enum Kind { case absent, group, array }

    private let handle: OpaquePointer
    /// Size of the file on the disk, in bytes.
    let size: Int

    init(_ path: String) throws {
        var handle: OpaquePointer?
        try call { ecdx_h5_open(path, &handle, $0, $1) }
        guard let handle else { throw unusable("the file cannot be opened") }
        self.handle = handle
        size = Int(clamping: ecdx_h5_size(handle))
    }

    deinit { ecdx_h5_close(handle) }

    /// The kind of object at a path.
    func kind(_ path: String) throws -> Kind {
        var kind: Int32 = 0
        try call { ecdx_h5_kind(handle, path, &kind, $0, $1) }
        return switch Int(kind) {
        case ECDX_H5_GROUP: .group
        case ECDX_H5_ARRAY: .array
        default: .absent
        }
    }

    /// The names of the members of a group.
    func children(_ path: String) throws -> [String] {
        try texts { ecdx_h5_children(handle, path, $0, $1, $2) }
    }

    /// Whether the object at a path has an attribute of that name.
    func hasAttribute(_ path: String, _ name: String) throws -> Bool {
        var has: Int32 = 0
        try call { ecdx_h5_has_attribute(handle, path, name, &has, $0, $1) }
        return has != 0
    }

    /// The texts of an attribute; nil where there is none of that name.
    func texts(_ path: String, _ name: String) throws -> [String]? {
        guard try hasAttribute(path, name) else { return nil }
        return try texts { ecdx_h5_texts_of(handle, path, name, $0, $1, $2) }
    }

    /// The type, the extents and the stored bytes of the array at a path.
    func describe(_ path: String) throws -> ecdx_h5_array {
        var array = ecdx_h5_array()
        try call { ecdx_h5_describe(handle, path, &array, $0, $1) }
        return array
    }

    /// Reads the array at a path into `values`, as single precision.
    func read(_ path: String, into values: UnsafeMutableBufferPointer<Float>) throws {
        try call { ecdx_h5_read(handle, path, values.baseAddress, values.count, $0, $1) }
    }

    private func texts(_ body: (UnsafeMutablePointer<ecdx_h5_texts>, UnsafeMutablePointer<CChar>, Int) -> Int32) throws -> [String] {
        var found = ecdx_h5_texts()
        defer { ecdx_h5_texts_free(&found) }
        try call { body(&found, $0, $1) }
        // Each text ends in a zero byte, so the last piece is the nothing behind it.
        let pieces = UnsafeRawBufferPointer(start: found.bytes, count: found.size).split(separator: 0, omittingEmptySubsequences: false)
            .dropLast()
        return try pieces.map { piece in
            guard let text = String(validating: piece, as: UTF8.self) else { throw unusable("expected names in UTF-8, found other bytes") }
            return text
        }
    }
}

/// The diagnostic `bad-weights` for the file that the child reads, without the file, which the parent fills in.
func unusable(_ message: String, hint: String? = nil) -> Diagnostic { Diagnostic("bad-weights", message, hint: hint) }

/// Makes a call of `CHDF5` and throws its message, where it fails, as the diagnostic `bad-weights`.
func call(_ body: (UnsafeMutablePointer<CChar>, Int) -> Int32) throws(Diagnostic) {
    var message = [CChar](repeating: 0, count: 512)
    let status = message.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.map { body($0, buffer.count) } ?? 1 }
    guard status != 0 else { return }
    // The message may be cut within a character.
    throw unusable(String(cBuffer: message))
}
