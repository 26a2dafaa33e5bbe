import Diagnostics
import Storage
import Training

/// Writes a training down in its journal first, then tells the reporter.
final class TrainingObserver: FitObserver {
    private let name: String
    private let reporter: any Reporter
    private let journal: Journal
    private let lease: Lease

    init(name: String, reporter: any Reporter, journal: Journal, lease: Lease) {
        self.name = name
        self.reporter = reporter
        self.journal = journal
        self.lease = lease
    }

    func began(_ header: FitHeader) { reporter.began(name, header) }
    func stepped(_ progress: FitProgress) { reporter.stepped(name, progress) }

    func finished(_ epoch: EpochRecord) {
        var entry: [String: JSONValue] = ["event": "epoch", "epoch": .integer(epoch.epoch), "train.loss": .number(epoch.trainLoss), "seconds": .number(epoch.seconds)]
        if let loss = epoch.validationLoss { entry["validation.loss"] = .number(loss) }
        // A full disk shows at the next checkpoint, which throws; the training need not stop for its diary.
        try? journal.append(.object(entry))
        reporter.finished(name, epoch: epoch)
    }

    func interrupted(at place: FitPlace) {}
}
