/// The mean loss and errors over the items of one part (training or validation), for one epoch.
public struct EpochScores: Sendable, Hashable, Codable {
    /// Mean loss, in the space of training (scaled targets).
    public var loss: Double
    /// Mean squared error in the unit of the report, squared.
    public var mse: Double
    /// Mean absolute error in the unit of the report.
    public var mae: Double

    /// Creates the scores of one part.
    public init(loss: Double, mse: Double, mae: Double) {
        self.loss = loss
        self.mse = mse
        self.mae = mae
    }
}

/// The history entry of one epoch: its scores, learning rate and time.
public struct EpochRecord: Sendable, Hashable, Codable {
    /// The epoch, from 1.
    public var epoch: Int
    /// Training scores: running means, as Keras prints them, for which weights change during the epoch and dropout is on.
    public var train: EpochScores
    /// Validation scores after the epoch, in inference mode; nil without a validation part.
    public var validation: EpochScores?
    /// The learning rate of the epoch's last step.
    public var rate: Double
    /// Time the epoch took, in seconds, summed over interruptions.
    public var seconds: Double

    /// Creates a history entry.
    public init(epoch: Int, train: EpochScores, validation: EpochScores?, rate: Double, seconds: Double) {
        self.epoch = epoch
        self.train = train
        self.validation = validation
        self.rate = rate
        self.seconds = seconds
    }

    /// The training loss, a running mean over the epoch.
    public var trainLoss: Double { train.loss }
    /// The validation loss; nil without a validation part.
    public var validationLoss: Double? { validation?.loss }
}

/// The scores with the weights that a training begins with, which count as those of an epoch 0 where these weights were
/// learned before: by another stage.
public struct StartScores: Sendable, Hashable, Codable {
    /// Training scores, as an epoch that changes no weights would have them; nil where nothing watches them.
    public var train: EpochScores?
    /// Validation scores, in inference mode; nil without a validation part.
    public var validation: EpochScores?

    /// Creates the scores of a start.
    public init(train: EpochScores?, validation: EpochScores?) {
        self.train = train
        self.validation = validation
    }

    /// Whether every number is finite. A start with others is no value that anything could be compared with.
    var isFinite: Bool {
        [train, validation].compactMap { $0 }.allSatisfy { $0.loss.isFinite && $0.mse.isFinite && $0.mae.isFinite }
    }
}

/// Sums over the items of an epoch, from which its means come, in double precision.
struct RunningSums: Sendable, Hashable, Codable {
    var items = 0
    var loss = 0.0
    var squared = 0.0
    var absolute = 0.0

    var scores: EpochScores {
        let n = Double(max(1, items))
        return EpochScores(loss: loss / n, mse: squared / n, mae: absolute / n)
    }

    /// Adds a batch: `loss` is the sum over its items; errors are averaged over the outputs of an item.
    mutating func add(
        loss: Double, predicted: UnsafeBufferPointer<Float>, truth: [Float], count: Int, width: Int, reporting space: ReportSpace
    ) {
        items += count
        self.loss += loss
        for i in 0..<count * width {
            let error = space.value(Double(predicted[i]), output: i % width) - space.value(Double(truth[i]), output: i % width)
            squared += error * error / Double(width)
            absolute += abs(error) / Double(width)
        }
    }
}

/// A conversion from the space of training (scaled targets) to the unit of the report.
public struct ReportSpace: Sendable {
    private let inverse: (@Sendable (Double, Int) -> Double)?

    /// The identity: training and report share one space.
    public static let same = ReportSpace(inverse: nil)

    /// Creates a conversion. `inverse` takes a value of training and the index of the output it belongs to.
    public init(_ inverse: @escaping @Sendable (Double, Int) -> Double) { self.init(inverse: inverse) }

    private init(inverse: (@Sendable (Double, Int) -> Double)?) { self.inverse = inverse }

    func value(_ value: Double, output: Int) -> Double { inverse?(value, output) ?? value }
}
