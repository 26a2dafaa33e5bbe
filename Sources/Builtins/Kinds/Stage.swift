import Diagnostics
import Language
import Training

/// One stage of an experiment: what learns in it, how fast and how long.
public struct Stage: Sendable {
    /// A whole number that a stage says, or that the search of its experiment draws.
    public enum Count: Sendable, Hashable {
        /// The number.
        case given(Int)
        /// Search space in its place.
        case searched(SearchSpace)

        fileprivate init(_ value: Value, _ name: String) throws {
            if let number = value.integer {
                self = .given(number)
            } else if let space = value.searchSpace {
                self = .searched(space)
            } else {
                throw Diagnostic("internal", "`\(name)` is no number, but \(value.phrase)")
            }
        }

        /// The number, or the largest that may be drawn; nil where values may be drawn that are no numbers.
        var most: Double? {
            switch self {
            case .given(let number): Double(number)
            case .searched(let space): space.bounds?.upperBound
            }
        }

        fileprivate func number(_ name: String) throws -> Int {
            if case .given(let number) = self { return number }
            throw Diagnostic("internal", "`\(name)` is no number, but a search space")
        }
    }

    /// Object that declared the stage; nil for the one stage of an experiment without a schedule.
    public internal(set) var declared: Object?
    /// Optimizer, with the learning rate that holds in the stage.
    public let optimizer: Optimizer
    /// Number of epochs at most.
    public let epochs: Count
    /// Batch size, in rows.
    public let batch: Count
    /// Early-stopping rule; nil for all epochs.
    public let stop: Stop?
    /// Rule for the epoch whose weights are kept.
    public let keep: Keep
    /// Parameters and statistics that the stage trains.
    public let training: StageTraining

    init(_ settings: StageSettings, _ optimizer: Call, _ training: StageTraining, _ library: Library) throws {
        declared = settings.stage
        var optimizer = optimizer
        optimizer.arguments["rate"] = Field(settings.rate, optimizer.arguments["rate"]?.origin ?? Origin())
        self.optimizer = try library.meaning(of: withoutSpaces(optimizer))
        epochs = try Count(settings.epochs, "epochs")
        batch = try Count(settings.batch, "batch")
        stop = try settings.stop.call.map { try library.meaning(of: withoutSpaces($0)) }
        keep = try settings.keep.call.map { try library.meaning(of: withoutSpaces($0)) } ?? .last
        self.training = training
    }

    /// Name of the stage; nil for the one stage of an experiment without a schedule.
    public var name: String? { declared?.label }

    /// Learning rate.
    public var rate: RateSchedule { optimizer.rate }

    /// The number of epochs at most. Throws `internal` while it is still searched for.
    public func epochCount() throws -> Int { try epochs.number("epochs") }

    /// The batch size, in rows. Throws `internal` while it is still searched for.
    public func batchSize() throws -> Int { try batch.number("batch") }

    /// Whether something watches how the training goes: `keep` or `stop`.
    public var watches: Bool { keep.monitor != nil || stop != nil }
}
