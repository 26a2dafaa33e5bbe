import Language

/// The names of the metrics of a run that can be watched. `loss` lives in the space of training, the others in the target's
/// unit.
public let monitors: [String] = monitorChoices.names

private let monitorChoices = Choices(
    partChoices.all.flatMap { part in
        [
            ("loss", "the loss, in the space of training,"), ("mse", "the mean squared error"), ("rmse", "the root mean squared error"),
            ("mae", "the mean absolute error"), ("r2", "the coefficient of determination"),
        ].map { Choice("\(part.name).\($0.0)", "\($0.1) of \(part.summary)") }
    })

/// The words for the parts of the rows.
let partChoices = Choices(
    partNames.map { name in
        Choice(name, name == "holdout" ? "the rows that are held out" : "the \(name == "train" ? "training" : name) part")
    })

extension ValueType {
    /// The type of a metric of a run, such as `validation.loss`.
    public static let monitor = ValueType.dotted(
        DottedWords(
            monitorChoices, noun: "a quantity", complaint: "a run has no quantity", examples: ["validation.loss", "train.mse"],
            usual: ["val": "validation", "valid": "validation", "test": "holdout", "training": "train"]))
}
