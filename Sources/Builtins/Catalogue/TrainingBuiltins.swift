import Diagnostics
import Language

private let seed = Parameter("seed", .number(.count(0)), "of the random numbers")

/// Ways to split a data set.
let splitBuiltins: [Builtin] = [
    Builtin(
        "random", family: "Splits",
        [
            Parameter("train", .number(.within(0, 1)), "share of the rows, as in `70%`"),
            Parameter("validation", .number(.within(0, 1)), "share of the rows"),
            Parameter("holdout", .number(.within(0, 1)), "share of the rows"),
            seed,
        ],
        gives: .sort("split"), "A random split into three parts that add up to 100 %.",
        check: { call, _ in
            try checkSplit(call)
            return .call(call)
        }),
    Builtin(
        "trainTestSplit", family: "Splits",
        [
            Parameter("rest", .number(.within(0, 1)), "`test_size` of the first call: what does not train"),
            Parameter("holdoutOfRest", .number(.within(0, 1)), "`test_size` of the second call: the holdout's share of the rest"),
            seed,
        ],
        gives: .sort("split"), "scikit-learn's `train_test_split`, called twice with the same `random_state`, index for index.",
        check: { call, _ in
            try checkSplit(call)
            return .call(call)
        }),
]

private func refuseHoldout(_ what: String) -> @Sendable (Call, CheckContext) throws -> Value {
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
            Parameter("rate", .number(.positive), .fallback(.number(0.001)), "the learning rate"),
            Parameter("beta1", .number(.share), .fallback(.number(0.9)), "decay of the mean of gradients"),
            Parameter("beta2", .number(.share), .fallback(.number(0.999)), "decay of the mean of squared gradients"),
            Parameter("epsilon", .number(.positive), .fallback(.number(1e-7)), "added to the root of the uncorrected second moment, as Keras does"),
        ],
        gives: .sort("optimizer"), "The Adam optimizer in Keras's form."),
    Builtin(
        "early", family: "Training",
        [
            Parameter("on", .monitor, "the quantity to watch"),
            Parameter("patience", .number(.count()), "epochs without improvement before training stops"),
            Parameter("minDelta", .number(.nonNegative), .fallback(.number(0)), "an improvement is more than this"),
        ],
        gives: .sort("stop"), "Stops training once a quantity no longer improves.", check: refuseHoldout("stop")),
    Builtin(
        "best", family: "Training", [Parameter("on", .monitor, "the quantity to watch")], gives: .sort("keep"),
        "Keeps the weights of the epoch where a quantity was best.", check: refuseHoldout("keep")),
]
