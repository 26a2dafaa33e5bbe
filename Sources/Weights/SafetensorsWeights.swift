import Diagnostics
import Storage

/// Reads the tensors of a safetensors file, or, given `NAME.safetensors.index.json`, of all the files it lists: in the order of
/// the names of those files, and in each as they lie in it. Throws what `weightFormat` and `readSafetensors` do, and `bad-weights`
/// for an index whose files are missing, lie elsewhere, or hold other tensors than it says, and for a file of ecdx that was changed.
public func readSafetensorsWeights(_ path: String) throws -> Safetensors {
    switch try weightFormat(of: path) {
    case .safetensors:
        let contents = try readSafetensors(path)
        // A model that ecdx exported has a hash.
        try contents.checkHash { badWeights(path, $0, hint: "export it again") }
        return contents
    case .hdf5: throw badWeights(path, "expected weights in safetensors, found HDF5", hint: "give it a name that ends in .h5")
    case .safetensorsIndex: return try readShards(path)
    }
}

/// Reads the names, shapes and types of the tensors of a safetensors file, or of all the files that an index lists, without their
/// numbers. Throws as `readSafetensorsWeights`, but does not compare the index with what the files hold.
public func readSafetensorsOutline(_ path: String) throws -> [SafetensorsOutline.Tensor] {
    switch try weightFormat(of: path) {
    case .safetensors: return try readSafetensorsHeader(path).tensors
    case .hdf5: throw badWeights(path, "expected weights in safetensors, found HDF5", hint: "give it a name that ends in .h5")
    case .safetensorsIndex:
        return try shards(of: path).keys.sorted().flatMap { try readSafetensorsHeader(joined(parentFolder(of: path), $0)).tensors }
    }
}

/// Reads all files of an index in the form of Hugging Face (`weight_map` of names of tensors to names of files).
private func readShards(_ index: String) throws -> Safetensors {
    let shards = try shards(of: index)
    var tensors: [NamedTensor] = []
    var metadata: [String: String] = [:]
    for (file, names) in shards.sorted(by: { $0.key < $1.key }) {
        let shard = try readSafetensors(joined(parentFolder(of: index), file))
        let found = Set(shard.tensors.map(\.name))
        if let missing = names.subtracting(found).min() {
            throw badWeights(index, "expected tensor `\(missing)` in `\(file)`, found none of that name", hint: "fetch both files again")
        }
        if let other = found.subtracting(names).min() {
            throw badWeights(
                index, "expected the tensors of `\(file)` in the index, found `\(other)` that it does not have there",
                hint: "fetch both files again")
        }
        tensors += shard.tensors
        metadata.merge(shard.metadata) { first, _ in first }
    }
    return Safetensors(tensors: tensors, metadata: metadata)
}

/// The names of the tensors in each file of an index, by the name of the file; all files are there, and each is in the folder of
/// the index.
func shards(of index: String) throws -> [String: Set<String>] {
    let document = try JSONValue(parsing: readFile(index, limit: 64 << 20), in: DataPlace(file: index))
    guard let map = document["weight_map"]?.objectValue, !map.isEmpty else {
        throw badWeights(index, "expected an object `weight_map` of names of tensors and files, found none")
    }
    var shards: [String: Set<String>] = [:]
    for (name, file) in map {
        guard let file = file.stringValue else {
            throw badWeights(index, "expected the name of a file for tensor `\(name)`, found another value")
        }
        shards[file, default: []].insert(name)
    }
    let missing = try shards.keys.sorted().filter { try !isThere($0, index: index) }
    if let first = missing.first {
        let more = missing.count > 1 ? " and \(missing.count - 1) more" : ""
        throw badWeights(
            index, "expected the files of the index beside it, found no `\(first)`\(more)",
            hint: "fetch \(missing.count > 1 ? "them" : "it") into the same folder")
    }
    return shards
}

/// Whether a file of an index is there; throws for a name that leads out of the folder. Where the index is a link, as in the
/// caches of Hugging Face, which keep all contents in one folder under their hashes, the files may lie where it itself does.
private func isThere(_ file: String, index: String) throws -> Bool {
    let folder = parentFolder(of: index)
    let refused = badWeights(index, "expected names of files beside the index, found `\(file)`, which leads elsewhere")
    guard !file.isEmpty, file != ".", file != "..", !file.utf8.contains(UInt8(ascii: "/")), !file.utf8.contains(0) else { throw refused }
    let place = joined(folder, file)
    guard fileStatus(place) != nil else { return false }
    let resolved = parentFolder(of: try resolvedPath(place))
    guard try resolved == resolvedPath(folder) || resolved == parentFolder(of: resolvedPath(index)) else { throw refused }
    return true
}
