/// The summary of a training as it begins, for the lines at its head.
public struct FitHeader: Sendable, Hashable {
    /// Names of the layers with parameters that train, in order.
    public var trainingLayers: [String]
    /// Names of the layers whose parameters stay as they are, in order.
    public var frozenLayers: [String]
    /// The number of trainable parameters, counted by element.
    public var trainingParameters: Int
    /// The number of frozen parameters, counted by element.
    public var frozenParameters: Int
    /// Names of the layers with batch normalisations whose moving means and variances are updated from the batches, in order.
    public var movingLayers: [String] = []
    /// Names of the layers with batch normalisations that learn while their means and variances stay as they are, in order.
    public var steadyLayers: [String] = []
    /// The number of training items.
    public var trainItems: Int
    /// The number of validation items.
    public var validationItems: Int
    /// The batch size, in items.
    public var batch: Int
    /// The number of steps per epoch.
    public var steps: Int
    /// The number of epochs declared.
    public var epochs: Int
    /// The number of engine threads.
    public var threads: Int
    /// The place where an interrupted training goes on: the epoch from 1, and the steps done in it; nil for a new training.
    public var resumed: FitPlace?
}

/// A place in a training, between two steps.
public struct FitPlace: Sendable, Hashable, Codable {
    /// The epoch, from 1.
    public var epoch: Int
    /// The number of steps done in the epoch.
    public var step: Int
}

/// The progress of a training after one step.
public struct FitProgress: Sendable, Hashable {
    /// The place the training has reached.
    public var place: FitPlace
    /// The number of steps per epoch.
    public var steps: Int
    /// The number of epochs declared.
    public var epochs: Int
    /// The running mean of the loss in this epoch.
    public var loss: Double
}

/// An observer of a training, called on the thread that trains. Every method has a default that does nothing.
public protocol FitObserver: AnyObject {
    /// Called when a training begins or goes on, before the first step.
    func began(_ header: FitHeader)
    /// Called with the scores of the weights that a new training begins with, where they count.
    func scoredStart(_ scores: StartScores)
    /// Called after each step.
    func stepped(_ progress: FitProgress)
    /// Called at the end of each epoch, after its validation.
    func finished(_ epoch: EpochRecord)
    /// Called after each checkpoint written.
    func wroteCheckpoint(at place: FitPlace)
    /// Called when the training is over.
    func ended(_ reason: StopReason)
    /// Called when the training was interrupted and its state saved.
    func interrupted(at place: FitPlace)
}

/// Default implementations that do nothing.
extension FitObserver {
    public func began(_ header: FitHeader) {}
    public func scoredStart(_ scores: StartScores) {}
    public func stepped(_ progress: FitProgress) {}
    public func finished(_ epoch: EpochRecord) {}
    public func wroteCheckpoint(at place: FitPlace) {}
    public func ended(_ reason: StopReason) {}
    public func interrupted(at place: FitPlace) {}
}
