import Diagnostics
import Glibc

/// A saved state of a training, from which it can be continued.
public struct Checkpoint: Sendable, Equatable {
    /// The number of the checkpoint, which counts up along the training: a later one has a larger number.
    public var sequence: Int
    /// The tensors of the state.
    public var tensors: [NamedTensor]
    /// The rest of the state beside the tensors: epoch, step, history.
    public var state: JSONValue

    /// Makes a checkpoint of its parts; nothing is written yet.
    public init(sequence: Int, tensors: [NamedTensor], state: JSONValue) {
        self.sequence = sequence
        self.tensors = tensors
        self.state = state
    }
}

/// The checkpoints of one training: a folder that holds the newest two, one safetensors file each. The state lies in the
/// metadata beside a SHA-256 of the whole file (taken with 64 zeros in its own place), so one rename makes a checkpoint
/// and a torn or altered one is known as such.
public struct Checkpoints: Sendable {
    /// The folder that holds the files.
    public let folder: String

    /// The checkpoints in `folder`, which is made at the first save.
    public init(folder: String) { self.folder = folder }

    /// Writes a checkpoint and removes all but it and the one before. Those numbered higher belong to a future that was
    /// given up, and go too. The tensors are fetched one by one, twice: once for the hash. Throws `cannot-write` and
    /// `bad-data`.
    public func save(sequence: Int, state: JSONValue, tensors: [TensorSource]) throws {
        try createFolder(folder)
        var contents = SafetensorsSource(
            tensors: tensors, metadata: ["sequence": String(sequence), "sha256": Self.blank, "state": state.canonical])
        contents.metadata["sha256"] = try contents.digest().hex
        try writeWhole(to: path(of: sequence)) { try contents.write(to: $0) }
        let older = sequences().filter { $0 < sequence }
        for other in sequences() where other > sequence || older.dropFirst().contains(other) {
            try removeTree(path(of: other))
        }
    }

    /// The newest checkpoint that is whole, or nil where there is none, and a warning for each newer one that is not.
    public func newest() -> (checkpoint: Checkpoint?, warnings: [Diagnostic]) {
        var warnings: [Diagnostic] = []
        for sequence in sequences() {
            do {
                return (try load(sequence), warnings)
            } catch {
                var warning = error as? Diagnostic ?? Diagnostic("bad-data", "\(error)")
                warning.severity = .warning
                warning.notes.append("this checkpoint is passed over for the one before")
                warnings.append(warning)
            }
        }
        return (nil, warnings)
    }

    /// The numbers of the checkpoints there, newest first, whole or not.
    public func sequences() -> [Int] {
        ((try? listFolder(folder)) ?? []).compactMap { name in
            guard name.hasSuffix(Self.suffix) else { return nil }
            return Int(name.dropLast(Self.suffix.count))
        }.sorted(by: >)
    }

    /// The file of a checkpoint.
    public func path(of sequence: Int) -> String {
        let digits = String(sequence)
        return joined(folder, String(repeating: "0", count: max(0, 10 - digits.count)) + digits + Self.suffix)
    }

    private static let suffix = ".safetensors"
    private static let blank = String(repeating: "0", count: 64)

    private func load(_ sequence: Int) throws -> Checkpoint {
        let path = path(of: sequence)
        let place = DataPlace(file: path)
        var contents = try readSafetensors(path)
        let recorded = contents.metadata.updateValue(Self.blank, forKey: "sha256")
        // Writing is deterministic, so what was read gives back the bytes the hash was taken of.
        guard let recorded, try contents.digest().hex == recorded else {
            throw Diagnostic("bad-data", "expected a checkpoint with the SHA-256 it records, found other contents", data: place)
        }
        guard contents.metadata["sequence"] == String(sequence), let state = contents.metadata["state"] else {
            throw Diagnostic("bad-data", "expected checkpoint \(sequence) with its state, found another", data: place)
        }
        return Checkpoint(sequence: sequence, tensors: contents.tensors, state: try JSONValue(parsing: state, in: place))
    }
}
