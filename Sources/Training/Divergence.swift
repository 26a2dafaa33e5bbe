import Diagnostics

/// The diagnostic `diverged` of a training: what is no longer finite, the learning rate, and a lower one to try.
/// `place`: where it was found, as in `in epoch 2, step 1`; nil for what was found when the training was over.
public func divergence(_ what: String, rate: Double, place: String? = nil) -> Diagnostic {
    Diagnostic(
        "diverged", "the training diverged\(place.map { " \($0)," } ?? "") at rate \(shortNumber(rate)): \(what)",
        // A tenth of an absurd rate is absurd too, and one that hardly moves anything is not to blame.
        hint: rate > 0 && rate < 1e-10
            ? "so low a rate is not the cause: look for numbers that are far too large in inputs and targets"
            : rate > 0 ? "lower the rate, for example to \(shortNumber(rate > 1 ? 1e-3 : rate / 10))" : "lower the rate")
}
