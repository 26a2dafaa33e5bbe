import Datasets
import Language

/// The limits of a smoke run: enough to pass through every line of a script, and nothing to learn from.
public enum Smoke {
    /// Number of epochs of every experiment.
    public static let epochs = 1
    /// The most folds of an experiment, and the most trials of a search.
    public static let folds = 2, trials = 2
    /// The most rows of a data set, and the rows that each of its parts keeps at least.
    public static let rows = 12, least = 2

    /// Note that a smoke run shows, and adds to its tables.
    public static let note = "smoke run: \(epochs) epoch, \(rows) rows a data set; its numbers mean nothing"
}

/// Cuts short the folds and epochs of an experiment in a smoke run.
@Sendable func adjustExperiment(_ experiment: inout Object, _ context: CheckContext) {
    guard context.isSmoke else { return }
    let written = ExperimentObject(experiment)
    if let folds = written.foldCount {
        experiment.fields["folds"] = Field(.number(Double(min(folds, Smoke.folds))), experiment.fields["folds"]?.origin ?? Origin())
    }
    guard written.epochs.searchSpace == nil else { return }
    experiment.fields["epochs"] = Field(.number(Double(Smoke.epochs)), experiment.fields["epochs"]?.origin ?? Origin())
}

/// Cuts short the epochs of a stage in a smoke run.
@Sendable func adjustStage(_ stage: inout Object, _ context: CheckContext) {
    guard context.isSmoke, stage[field: "epochs"].integer != nil else { return }
    stage.fields["epochs"] = Field(.number(Double(Smoke.epochs)), stage.fields["epochs"]?.origin ?? Origin())
}
