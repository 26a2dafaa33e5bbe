import Language

/// The names of the metrics of a run that can be watched. `loss` lives in the space of training, the others in the target's
/// unit.
public let monitors: [String] = partNames.flatMap { part in ["loss", "mse", "rmse", "mae", "r2"].map { "\(part).\($0)" } }

extension ValueType {
    /// The type of a metric of a run, such as `validation.loss`.
    public static let monitor = ValueType.dotted(
        DottedWords(
            monitors, noun: "a quantity", complaint: "a run has no quantity", examples: ["validation.loss", "train.mse"],
            usual: ["val": "validation", "valid": "validation", "test": "holdout", "training": "train"]))
}
