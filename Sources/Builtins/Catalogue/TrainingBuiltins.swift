import Diagnostics
import Language

func refuseHoldout(_ what: String) -> @Sendable (Call, CheckContext) throws -> Value {
    { call, _ in
        if let monitor = call["on"].word, monitor.hasPrefix("holdout.") {
            throw Diagnostic(
                "holdout-leak", "`\(what)` watches the holdout", at: call.span(of: "on"),
                label: "the holdout may only be reported; use `validation.loss`")
        }
        if let monitor = call["on"].word, monitor.hasSuffix(".r2") {
            throw Diagnostic("unknown-monitor", "`\(what)` cannot watch `\(monitor)`", at: call.span(of: "on"), hint: "watch a `loss`, `mse`, `rmse` or `mae`")
        }
        return .call(call)
    }
}

/// How an experiment trains.
let trainingBuiltins: [Builtin] = [
    Builtin(
        "adam", family: "Training",
        [
            Parameter("rate", .varying(.either([.number(.positive), .sort("rate")])), .fallback(.number(0.001)), "the learning rate: a number, or one that changes, such as `cosine(0.01)`"),
            Parameter("beta1", .varying(.number(.share)), .fallback(.number(0.9)), "decay of the mean of gradients"),
            Parameter("beta2", .varying(.number(.share)), .fallback(.number(0.999)), "decay of the mean of squared gradients"),
            Parameter("epsilon", .varying(.number(.positive)), .fallback(.number(1e-7)), "added to the root of the uncorrected second moment, as Keras does"),
        ],
        gives: .sort("optimizer"), "The Adam optimizer in Keras's form.",
        examples: [Example("experiment faster like bulk { optimizer: adam(rate: 0.01) }\nshow faster.train.rmse", with: .crystals)]),
    Builtin(
        "early", family: "Training",
        [
            Parameter("on", .monitor, "the quantity to watch"),
            Parameter("patience", .varying(.number(.count())), .required, unit: "epochs", "epochs without improvement before training stops"),
            Parameter("minDelta", .varying(.number(.nonNegative)), .fallback(.number(0)), "an improvement is more than this"),
        ],
        gives: .sort("stop"), "Stops training once a quantity no longer improves.",
        examples: [Example("experiment patient like bulk { stop: early(on: validation.loss, patience: 10) }\nshow patient", with: .crystals)], check: refuseHoldout("stop")),
    Builtin(
        "best", family: "Training", [Parameter("on", .monitor, "the quantity to watch")], gives: .sort("keep"),
        "Keeps the weights of the epoch where a quantity was best.",
        examples: [Example("experiment other like bulk { keep: best(on: validation.mae) }\nshow other", with: .crystals)], check: refuseHoldout("keep")),
]
