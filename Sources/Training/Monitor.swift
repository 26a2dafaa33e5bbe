import Diagnostics

/// A metric of an epoch that early stopping, best-weight keeping and rate schedules may watch.
///
/// `train` values are running means over the epoch, on weights as they change and with dropout; `validation` values are
/// computed after it. `loss` lives in the space of training, the others in the unit of the report.
public struct Monitor: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The part of the data a metric is computed on.
    public enum Part: String, Sendable, Hashable, Codable, CaseIterable { case train, validation }
    /// The kind of metric.
    public enum Quantity: String, Sendable, Hashable, Codable, CaseIterable { case loss, mse, rmse, mae }

    /// The part of the data.
    public var part: Part
    /// The metric.
    public var quantity: Quantity

    /// Creates a monitor of a metric over a part of the data.
    public init(_ part: Part, _ quantity: Quantity) {
        self.part = part
        self.quantity = quantity
    }

    /// The loss over the validation part, after the epoch.
    public static let validationLoss = Monitor(.validation, .loss)
    /// The running mean of the training loss.
    public static let trainLoss = Monitor(.train, .loss)

    /// The name of the metric in the language, such as `validation.loss`.
    public var description: String { "\(part.rawValue).\(quantity.rawValue)" }

    /// The value of the metric in a finished epoch; nil where there is no validation part.
    public func value(in record: EpochRecord) -> Double? { value(train: record.train, validation: record.validation) }

    /// The value of the metric at the start of a training; nil where it was not computed.
    public func value(in start: StartScores) -> Double? { value(train: start.train, validation: start.validation) }

    private func value(train: EpochScores?, validation: EpochScores?) -> Double? {
        guard let scores = part == .train ? train : validation else { return nil }
        return switch quantity {
        case .loss: scores.loss
        case .mse: scores.mse
        case .rmse: scores.mse.squareRoot()
        case .mae: scores.mae
        }
    }

    /// Whether a value betters the best one so far by more than `delta`: all metrics improve downwards.
    func isBetter(_ value: Double, than best: Double, by delta: Double = 0) -> Bool { value + delta < best }
}

/// The rule that ends a training before its last epoch.
public enum Stop: Sendable, Hashable, Codable {
    /// Early stopping: ends once `patience` epochs in a row have not bettered the best value by more than `minDelta`. As
    /// Keras's `EarlyStopping`, whose best value moves only with an improvement that counts, and which never ends with the
    /// first epoch. Where the start of a training counts, its value is the first.
    case early(on: Monitor, patience: Int, minDelta: Double)

    /// The metric that is watched.
    public var monitor: Monitor {
        switch self {
        case .early(let monitor, _, _): monitor
        }
    }
}

/// The choice of the weights that a training returns.
public enum Keep: Sendable, Hashable, Codable {
    /// The weights after the epoch with the best value; of equals the first.
    case best(on: Monitor)
    /// The weights after the last epoch.
    case last

    /// The metric whose best epoch is kept; nil for the last epoch.
    public var monitor: Monitor? {
        switch self {
        case .best(let monitor): monitor
        case .last: nil
        }
    }
}

/// The state of early stopping: the best value so far and the epochs since.
struct Patience: Sendable, Hashable, Codable {
    var best: Double?
    var wait = 0

    /// Takes in the value of an epoch and says whether to stop after it: never after the first, whose value is the best.
    mutating func take(_ value: Double, stop: Stop) -> Bool {
        switch stop {
        case .early(let monitor, let patience, let minDelta):
            wait += 1
            if best.map({ monitor.isBetter(value, than: $0, by: minDelta) }) ?? true {
                best = value
                wait = 0
                return false
            }
            return wait >= patience
        }
    }
}
