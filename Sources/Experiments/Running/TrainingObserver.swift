import Builtins
import Diagnostics
import Engine
import Storage
import Training

/// An observer that writes a training down in its journal first, then tells the reporter.
final class TrainingObserver: FitObserver {
    private let name: String
    private let reporter: any Reporter
    private let journal: Journal
    private let key: Digest
    private let training: Experiment
    private let clock: RunClock
    private var epochs = 1

    init(_ training: Experiment, key: Digest, reporter: any Reporter, journal: Journal, clock: RunClock) {
        self.training = training
        self.clock = clock
        name = training.name
        self.key = key
        self.reporter = reporter
        self.journal = journal
    }

    func began(_ header: FitHeader) {
        var entry: [String: JSONValue] = [
            "event": "began", "time": .number(wallSeconds()), "key": .string(key.hex), "name": .string(name),
            "threads": .integer(header.threads),
            "engine": .string(Program.libraryVersion), "processor": .string(processorName()), "host": .string(ProcessIdentity.current.host),
        ]
        // Whose moving means and variances follow the batches, and whose stay while the layer learns.
        if !header.movingLayers.isEmpty { entry["statistics.follow"] = .array(header.movingLayers.map { .string($0) }) }
        if !header.steadyLayers.isEmpty { entry["statistics.stay"] = .array(header.steadyLayers.map { .string($0) }) }
        if let place = header.resumed {
            entry["event"] = "resumed"
            entry["epoch"] = .integer(place.epoch)
            entry["step"] = .integer(place.step)
        }
        try? journal.append(.object(entry))
        epochs = max(1, header.epochs)
        let place = header.resumed.map { Double($0.epoch - 1) } ?? 0
        reporter.placed(clock.begin(training, share: max(0, min(1, place / Double(epochs)))))
        reporter.began(name, header)
    }
    func scoredStart(_ scores: StartScores) {
        var entry: [String: JSONValue] = ["event": "epoch", "epoch": .integer(0)]
        if let loss = scores.train?.loss { entry["train.loss"] = .number(loss) }
        if let loss = scores.validation?.loss { entry["validation.loss"] = .number(loss) }
        try? journal.append(.object(entry))
    }

    func stepped(_ progress: FitProgress) {
        tell(Double(progress.place.epoch - 1) + Double(progress.place.step) / Double(max(1, progress.steps)))
        reporter.stepped(name, progress)
    }

    /// Tells of the whole where there is something new to say, with so many epochs done.
    private func tell(_ done: Double) {
        if let whole = clock.step(share: max(0, min(1, done / Double(epochs)))) { reporter.placed(whole) }
    }

    func finished(_ epoch: EpochRecord) {
        var entry: [String: JSONValue] = [
            "event": "epoch", "epoch": .integer(epoch.epoch), "train.loss": .number(epoch.trainLoss), "seconds": .number(epoch.seconds),
        ]
        if let loss = epoch.validationLoss { entry["validation.loss"] = .number(loss) }
        // A full disk shows at the next checkpoint, which throws; the training need not stop for its diary.
        try? journal.append(.object(entry))
        tell(Double(epoch.epoch))
        reporter.finished(name, epoch: epoch)
    }

    func interrupted(at place: FitPlace) {}
}
