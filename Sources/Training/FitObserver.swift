/// What a training is about to do: the lines at its head.
public struct FitHeader: Sendable, Hashable {
    /// Names of the layers with parameters that train, and of those whose parameters stay as they are; in order.
    public var trainingLayers: [String]
    public var frozenLayers: [String]
    /// Numbers that train, and that do not.
    public var trainingParameters: Int
    public var frozenParameters: Int
    /// How many means and variances of batch normalisations follow the batches.
    public var movingStatistics = 0
    public var trainItems: Int
    public var validationItems: Int
    public var batch: Int
    public var steps: Int
    public var epochs: Int
    public var threads: Int
    /// Where it goes on, if it was interrupted: the epoch from 1, and the steps done in it.
    public var resumed: FitPlace?
}

/// A place between two steps: the epoch from 1, and the steps done in it.
public struct FitPlace: Sendable, Hashable, Codable {
    public var epoch: Int
    public var step: Int
}

/// Where a step left a training.
public struct FitProgress: Sendable, Hashable {
    public var place: FitPlace
    public var steps: Int
    public var epochs: Int
    /// The running mean of the loss in this epoch.
    public var loss: Double
}

/// Somebody who follows a training; called on its thread. All calls but those of interest may be left out.
public protocol FitObserver: AnyObject {
    func began(_ header: FitHeader)
    func stepped(_ progress: FitProgress)
    func finished(_ epoch: EpochRecord)
    func wroteCheckpoint(at place: FitPlace)
    func ended(_ reason: StopReason)
    func interrupted(at place: FitPlace)
}

extension FitObserver {
    public func began(_ header: FitHeader) {}
    public func stepped(_ progress: FitProgress) {}
    public func finished(_ epoch: EpochRecord) {}
    public func wroteCheckpoint(at place: FitPlace) {}
    public func ended(_ reason: StopReason) {}
    public func interrupted(at place: FitPlace) {}
}
