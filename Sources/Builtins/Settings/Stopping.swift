import Diagnostics
import Language
import Training

/// A check that refuses the holdout, which may only be reported, and R2, which is not minimized. Throws `holdout-leak`,
/// `unknown-monitor`.
func refuseHoldout(_ what: String) -> @Sendable (Call, CheckContext) throws -> Value {
    { call, _ in
        if let monitor = call["on"].word, monitor.hasPrefix("holdout.") {
            throw Diagnostic(
                "holdout-leak", "`\(what)` watches the holdout", at: call.span(of: "on"),
                label: "the holdout may only be reported; use `validation.loss`")
        }
        if let monitor = call["on"].word, monitor.hasSuffix(".r2") {
            throw Diagnostic(
                "unknown-monitor", "`\(what)` cannot watch `\(monitor)`", at: call.span(of: "on"),
                hint: "watch a `loss`, `mse`, `rmse` or `mae`")
        }
        return .call(call)
    }
}

/// The early-stopping rules: `early`.
let stops = Vocabulary<Stop>([
    Word(
        "early", family: "Training",
        [
            Parameter("on", .monitor, "the quantity to watch"),
            Parameter(
                "patience", .varying(.number(.count())), .required, unit: "epochs", "epochs without improvement before training stops"),
            Parameter("minDelta", .varying(.number(.nonNegative)), .fallback(.number(0)), "an improvement is more than this"),
        ],
        gives: .sort(.stop), "Stops training once a quantity no longer improves.",
        examples: [
            Example("experiment patient like bulk { stop: early(on: validation.loss, patience: 10) }\nshow patient", with: .crystals)
        ], check: refuseHoldout("stop")
    ) { .early(on: try $0.monitor("on"), patience: try $0.integer("patience"), minDelta: try $0.number("minDelta")) }
])

/// The word of `keep` for no choice among epochs.
let lastEpoch: Choices = ["last": "the weights of the last epoch count"]

/// The rules for the epoch whose weights are kept: `best`.
let keeps = Vocabulary<Keep>([
    Word(
        "best", family: "Training", [Parameter("on", .monitor, "the quantity to watch")], gives: .sort(.keep),
        "Keeps the weights of the epoch where a quantity was best. What a stage after the first begins with is its epoch 0.",
        examples: [Example("experiment other like bulk { keep: best(on: validation.mae) }\nshow other", with: .crystals)],
        check: refuseHoldout("keep")
    ) { .best(on: try $0.monitor("on")) }
])
