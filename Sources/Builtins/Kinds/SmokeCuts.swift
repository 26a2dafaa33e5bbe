import Language

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
