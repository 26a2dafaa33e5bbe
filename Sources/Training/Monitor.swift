import Diagnostics

/// A number of an epoch that stopping and keeping may watch.
///
/// `train` values are running means over the epoch, on weights as they change and with dropout; `validation` values are
/// computed after it. `loss` lives in the space of training, the others in the unit of the report.
public struct Monitor: Sendable, Hashable, Codable, CustomStringConvertible {
    public enum Part: String, Sendable, Hashable, Codable, CaseIterable { case train, validation }
    public enum Quantity: String, Sendable, Hashable, Codable, CaseIterable { case loss, mse, rmse, mae }

    public var part: Part
    public var quantity: Quantity

    public init(_ part: Part, _ quantity: Quantity) {
        self.part = part
        self.quantity = quantity
    }

    public static let validationLoss = Monitor(.validation, .loss)
    public static let trainLoss = Monitor(.train, .loss)

    public enum Direction: Sendable { case smaller, larger }
    /// Which way is better.
    public var direction: Direction { .smaller }

    /// As the language spells it: `validation.loss`.
    public var description: String { "\(part.rawValue).\(quantity.rawValue)" }

    /// The value in a finished epoch; nil where there is no validation part.
    public func value(in record: EpochRecord) -> Double? {
        let scores = part == .train ? record.train : record.validation
        guard let scores else { return nil }
        return switch quantity {
        case .loss: scores.loss
        case .mse: scores.mse
        case .rmse: scores.mse.squareRoot()
        case .mae: scores.mae
        }
    }

    func isBetter(_ value: Double, than best: Double, by delta: Double = 0) -> Bool {
        direction == .smaller ? value + delta < best : value - delta > best
    }
}

/// When a training ends before its last epoch.
public enum Stop: Sendable, Hashable, Codable {
    /// Ends once `patience` epochs in a row have not bettered the best value by more than `minDelta`: Keras's
    /// `EarlyStopping`, whose best value moves only with an improvement that counts, and which never ends with the
    /// first epoch.
    case early(on: Monitor, patience: Int, minDelta: Double)

    var monitor: Monitor {
        switch self { case .early(let monitor, _, _): monitor }
    }
}

/// Which weights a training returns.
public enum Keep: Sendable, Hashable, Codable {
    /// Those after the epoch with the best value; of equals the first.
    case best(on: Monitor)
    case last

    var monitor: Monitor? {
        switch self {
        case .best(let monitor): monitor
        case .last: nil
        }
    }
}

/// The memory of early stopping, so far.
struct Patience: Sendable, Hashable, Codable {
    var best: Double?
    var wait = 0

    /// Takes in the value of an epoch (from 1) and says whether to stop after it.
    mutating func take(_ value: Double, epoch: Int, stop: Stop) -> Bool {
        switch stop {
        case .early(let monitor, let patience, let minDelta):
            wait += 1
            if best.map({ monitor.isBetter(value, than: $0, by: minDelta) }) ?? true {
                best = value
                wait = 0
                return false
            }
            return wait >= patience && epoch > 1
        }
    }
}
