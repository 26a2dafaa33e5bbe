import Diagnostics

/// Reading what is kept, with a check that it is what was written: the hash of what was read, not of what lies on the disk a moment
/// before or after.
extension Cache {
    /// The bytes of a file of an entry, as they were written; nil where there is no entry. Throws `bad-data` where the entry is
    /// damaged.
    public func bytes(_ name: String, of key: Digest) throws -> [UInt8]? {
        guard let (path, recorded) = try recorded(name, of: key) else { return nil }
        let bytes = try readFile(path)
        guard try recorded == nil || sha256(bytes) == recorded else { throw Self.damage("other contents", path) }
        return bytes
    }

    /// The tensors of a safetensors file of an entry, as they were written; nil where there is no entry. Throws `bad-data` where
    /// the entry is damaged.
    public func tensors(_ name: String, of key: Digest) throws -> Safetensors? {
        guard let (path, recorded) = try recorded(name, of: key) else { return nil }
        let contents = try readSafetensors(path)
        // Writing is deterministic, so what was read gives back the bytes the hash was taken of.
        guard try recorded == nil || contents.digest() == recorded else { throw Self.damage("other contents", path) }
        return contents
    }

    /// The items of a file of an entry that `writeItems` wrote, which are read as they are needed; nil where there is no entry, or
    /// where not all its numbers are finite. The contents are compared with their hash once, here, in constant memory. Throws
    /// `bad-data` where the entry is damaged.
    public func items(_ name: String, tensor: String, of key: Digest) throws -> ItemsFile? {
        guard let (path, recorded) = try recorded(name, of: key) else { return nil }
        let file = try ItemsFile(path, name: tensor)
        let found = try file.inspect()
        guard recorded == nil || found.digest == recorded else { throw Self.damage("other contents", path) }
        return found.isFinite ? file : nil
    }

    /// The size in bytes of a file of an entry as it lies on the disk, whole or damaged; nil where there is none.
    public func size(of name: String, in key: Digest) -> Int? { fileStatus(joined(place(of: key), name))?.bytes }

    /// Removes an entry, so that it is made anew. Throws `cannot-write`.
    public func remove(_ key: Digest) throws { try discard(place(of: key)) }

    /// The path of a file of an entry with the hash it had when it was written; nil where there is no entry, no hash where none
    /// was recorded. Throws `bad-data` for an entry that is not whole.
    private func recorded(_ name: String, of key: Digest) throws -> (path: String, digest: Digest?)? {
        let folder = place(of: key)
        guard fileStatus(folder) != nil else { return nil }
        let list = joined(folder, "entry.json")
        guard let bytes = try? readFile(list, limit: 1 << 24), let entry = (try? JSONValue(parsing: bytes))?["files"]?[name],
            let size = entry["bytes"]?.intValue
        else {
            // Somebody may have removed it, or put a whole one in its place, since we looked.
            guard fileStatus(folder) != nil else { return nil }
            throw Self.damage("none that names `\(name)`", list)
        }
        let path = joined(folder, name)
        guard let found = fileStatus(path), found.kind == .file else { throw Self.damage("none", path) }
        guard found.bytes == size else { throw Self.damage("\(found.bytes) bytes in place of \(size)", path) }
        return (path, entry["sha256"]?.stringValue.flatMap(Digest.init(hex:)))
    }

    private static func damage(_ found: String, _ path: String) -> Diagnostic {
        Diagnostic("bad-data", "expected the file as ecdx wrote it, found \(found)", data: DataPlace(file: path))
    }
}
