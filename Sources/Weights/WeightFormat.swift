import Diagnostics
import Storage

/// The kinds of weight files that are read.
public enum WeightFormat: Sendable, Hashable {
    /// An HDF5 file of Keras, of any of its layouts: `readKerasWeights`.
    case hdf5
    /// One safetensors file, or the index of several: `readSafetensorsWeights`.
    case safetensors, safetensorsIndex
}

/// The kind of a weight file, by its first bytes. Throws `cannot-read`, and `bad-weights` for what is none: an empty file, a
/// text (a page of an error in the place of a download, say), an archive, and pickles, which run code of whoever wrote them
/// when they are read.
public func weightFormat(of path: String) throws -> WeightFormat {
    let (head, size) = try readFileHead(path, count: 512)
    if head.starts(with: hdf5Signature) { return .hdf5 }
    if isPickle(head, path: path) {
        throw badWeights(
            path, "expected weights in HDF5 or safetensors, found a pickle, which can run any program when it is read",
            hint:
                """
                convert it where you trust it: save_file(torch.load("NAME", weights_only=True), "NAME.safetensors"), \
                of the Python package `safetensors`
                """
        )
    }
    if looksLikeSafetensors(head, size: size) { return .safetensors }
    if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
        let keras = path.hasSuffix(".keras")
        throw badWeights(
            path, "expected weights in HDF5 or safetensors, found \(keras ? "a .keras archive" : "a ZIP archive")",
            hint: keras ? "take the weights out of it: unzip NAME.keras model.weights.h5" : "unpack it first")
    }
    if path.hasSuffix(".index.json"), head.first(where: { !isSpace($0) }) == UInt8(ascii: "{") { return .safetensorsIndex }
    throw unknownKind(path, head)
}

/// The signature that begins every HDF5 file (HDF5 File Format Specification, II.A).
let hdf5Signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

/// The one diagnostic of a weight file that cannot be used.
func badWeights(_ path: String, _ message: String, notes: [String] = [], hint: String? = nil) -> Diagnostic {
    Diagnostic("bad-weights", message, data: DataPlace(file: path), notes: notes, hint: hint)
}

private func unknownKind(_ path: String, _ head: [UInt8]) -> Diagnostic {
    if head.isEmpty { return badWeights(path, "expected weights in HDF5 or safetensors, found an empty file", hint: "fetch it again") }
    if head.starts(with: Array("version https://git-lfs".utf8)) {
        return badWeights(
            path, "expected weights in HDF5 or safetensors, found a pointer of Git LFS to them",
            hint: "fetch what it points to with `git lfs pull`")
    }
    // The head may end within a character.
    let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || isSpace($0) }
    return badWeights(
        path, "expected weights in HDF5 or safetensors, found \(isText ? "a text" : "a file of another kind, or a damaged one")",
        hint: "fetch it again")
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

/// Whether a file begins as safetensors do: the length of the header, then the header, a JSON object.
private func looksLikeSafetensors(_ head: [UInt8], size: Int) -> Bool {
    guard head.count > 8, head[8] == UInt8(ascii: "{") else { return false }
    let length = head[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return length >= 2 && length <= UInt64(size - 8)
}

/// Whether a file is a pickle, as files of PyTorch are: bare ones (the opcode PROTO and a protocol from 2 on) or ZIP archives
/// with a `data.pkl`; those of protocols 0 and 1 have no mark of their own and go by their names.
private func isPickle(_ head: [UInt8], path: String) -> Bool {
    if head.count >= 2, head[0] == 0x80, (2...5).contains(head[1]) { return true }
    let zip = head.starts(with: [0x50, 0x4B, 0x03, 0x04])
    if zip, contains(head, "data.pkl") { return true }
    return [".pt", ".pth", ".bin", ".pkl", ".pickle", ".ckpt"].contains { path.lowercased().hasSuffix($0) }
}

private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    let wanted = Array(text.utf8)
    return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
}
