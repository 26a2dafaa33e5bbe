import Diagnostics

/// The shares of the three parts of a data set, as fractions of 1.
public struct Shares: Sendable, Hashable {
    /// The share of the training part.
    public var train: Double
    /// The share of the validation part.
    public var validation: Double
    /// The share of the holdout part.
    public var holdout: Double

    /// Makes shares without a check.
    public init(train: Double, validation: Double, holdout: Double) {
        self.train = train
        self.validation = validation
        self.holdout = holdout
    }

    var list: [Double] { [train, validation, holdout] }

    /// Checks the shares. Throws `split-part` for one below 0, `split-over` and `split-under` where they do not add up to
    /// 1.
    func check() throws {
        for (name, part) in zip(["train", "validation", "holdout"], list) where !(part >= 0 && part.isFinite) {
            throw Diagnostic("split-part", "expected `\(name)` between 0 and 100 %, found \(percent(part))")
        }
        let sum = train + validation + holdout
        guard sum <= 1 + 1e-9 else {
            throw Diagnostic("split-over", "the parts of the split add up to \(percent(sum))", hint: "they must add up to 100 %")
        }
        guard sum >= 1 - 1e-9 else {
            throw Diagnostic("split-under", "the parts of the split add up to \(percent(sum))", hint: "they must add up to 100 %")
        }
    }
}
