import Diagnostics
import Storage
import Tensors

/// A checkpoint store in a folder, which keeps the newest two checkpoints, each whole.
public final class FileCheckpoints: CheckpointStore {
    private let files: Checkpoints
    private let warn: (Diagnostic) -> Void

    /// Creates the store over a folder of checkpoints. `warn` is told of each checkpoint that was passed over because it is
    /// damaged.
    public init(_ files: Checkpoints, warn: @escaping (Diagnostic) -> Void = { _ in }) {
        self.files = files
        self.warn = warn
    }

    /// The newest whole checkpoint, or nil where there is none. Throws `bad-checkpoint` where it is whole but not a
    /// training's.
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

    /// Writes a state as the newest checkpoint. Throws `cannot-write` where the disk does not take it.
    public func save(_ state: PendingState) throws {
        try files.save(
            sequence: state.progress.stepsDone, state: JSONValue(encoding: state.progress),
            tensors: state.tensors.map { tensor in TensorSource(name: tensor.name, shape: tensor.shape.extents) { try tensor.read().values }
            })
    }
}
