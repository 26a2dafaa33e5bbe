import Diagnostics
import Storage
import Tensors

/// Checkpoints in a folder, through the store: the newest two are there, each whole.
public final class FileCheckpoints: CheckpointStore {
    private let files: Checkpoints
    private let warn: (Diagnostic) -> Void

    /// `warn` is told of each checkpoint that was passed over because it is damaged.
    public init(_ files: Checkpoints, warn: @escaping (Diagnostic) -> Void = { _ in }) {
        self.files = files
        self.warn = warn
    }

    /// The newest whole checkpoint. Throws `bad-checkpoint` where it is whole but not a training's.
    public func load() throws -> TrainingState? {
        let (found, warnings) = files.newest()
        warnings.forEach(warn)
        guard let found else { return nil }
        let tensors = try found.tensors.map { item in
            guard case .float(let values) = item.values else {
                throw Diagnostic("bad-checkpoint", "expected single precision numbers for `\(item.name)` of the checkpoint")
            }
            return (name: item.name, tensor: try Tensor(shape: Shape(item.shape), values: values))
        }
        return try TrainingState(tensors: tensors, progress: found.state)
    }

    /// Throws `cannot-write` where the disk does not take it.
    public func save(_ state: TrainingState) throws {
        try files.save(Checkpoint(
            sequence: state.progress.stepsDone,
            tensors: state.tensors.map { NamedTensor(name: $0.name, shape: $0.tensor.shape.extents, values: $0.tensor.values) },
            state: JSONValue(encoding: state.progress)))
    }
}
