import Language

private let on = Parameter("on", .monitor, .fallback(.word("validation.loss")), "the quantity to make small: its best epoch counts, its mean over folds where there are any")
private let seed = Parameter("seed", .number(.count(0)), .fallback(.number(0)), "of the proposals")
private let rates = "adam(rate: loguniform(1e-4, 1e-1))"
private func example(_ search: String, table: String = "") -> [Example] {
    [Example("experiment found like bulk { optimizer: \(rates), epochs: 2, search: \(search) }\ntable trials(found)", with: .crystals)]
}
private let trialCount: NumberRule = {
    var rule = NumberRule.within(1, 10_000)
    rule.integer = true
    return rule
}()

/// How the search spaces of an experiment are searched.
let searchBuiltins: [Builtin] = [
    Builtin(
        "gridSearch", family: "Search", [Parameter("points", .number(.count(2)), .fallback(.number(5)), "values of each continuous space, both ends among them"), on, seed],
        gives: .sort("search"), "Tries all combinations.", examples: example("gridSearch(points: 3)"), check: refuseHoldout("search")),
    Builtin(
        "randomSearch", family: "Search", [Parameter("trials", .number(trialCount), "how many"), on, seed],
        gives: .sort("search"), "Tries independent draws.", examples: example("randomSearch(trials: 3)"), check: refuseHoldout("search")),
    Builtin(
        "bayesian", family: "Search",
        [
            Parameter("trials", .number(trialCount), "how many"), on, seed,
            Parameter("initial", .optional(.number(.count())), .fallback(.none), "random trials before the first that is chosen; three for each space where not given"),
        ],
        gives: .sort("search"), "Fits a Gaussian process to the trials so far and tries next where it expects least, as Keras Tuner's `BayesianOptimization` does.",
        examples: example("bayesian(trials: 4)"), check: refuseHoldout("search")),
    Builtin(
        "hyperband", family: "Search",
        [
            Parameter("epochs", .number(.count(2)), .fallback(.number(100)), "of a trial that goes all the way"),
            Parameter("factor", .number(.within(2, 10)), .fallback(.number(3)), "one in so many goes on with as many times the epochs"),
            Parameter("iterations", .number(.count()), .fallback(.number(1)), "of the whole"), on, seed,
        ],
        gives: .sort("search"), "Trains many trials for few epochs and the best of them on (Li et al., 2018), in the order of Keras Tuner's `Hyperband`.",
        examples: example("hyperband(epochs: 3)"), check: refuseHoldout("search")),
    Builtin(
        "trials", family: "Search", [Parameter("of", .object("experiment"), "an experiment with a search")],
        gives: .sort("table"), "The trials of a search: what each tried, what it came to.", examples: example("randomSearch(trials: 2)"), check: needsSearch),
    Builtin(
        "trialsPlot", family: "Search", [Parameter("of", .object("experiment"), "an experiment with a search"), Parameter("x", .optional(.text), .fallback(.none), "the space along the horizontal axis, as `trials` names it; the first where not given")],
        gives: .sort("figure"), "What trials came to against what they tried.",
        examples: [Example("experiment found like bulk { optimizer: \(rates), epochs: 2, search: randomSearch(trials: 4) }\nplot trialsPlot(found) to \"out/trials.svg\"", with: .crystals)], check: needsSearch),
    Builtin(
        "select", family: "Search",
        [
            Parameter("of", .list(.object("experiment"), count: nil), "experiments to choose among, as a `for` makes them"),
            Parameter("on", .monitor, .fallback(.word("validation.loss")), "the quantity that is small in the best: in its best epoch, the mean over folds, that of the best trial"),
            Parameter("within", .optional(.text), .fallback(.none), "a variable of the `for`: the best for each of its values; the best of all where not given"),
        ],
        gives: .sort("selection"), "The best of several experiments, for `metrics`.",
        examples: [Example("let tried = for rate in [0.001, 0.01], epochs in [1, 2] { bulk with { optimizer: adam(rate: rate), epochs: epochs } }\ntable metrics(select(tried, within: \"epochs\"))", with: .crystals)],
        check: checkSelect),
    Builtin(
        "trained", family: "Results", [Parameter("path", .path, "a file that `export` wrote: `\"model.safetensors\"`")], gives: .sort("trained"),
        "A trained model of a file, with the preparation of its inputs, the scale and the unit of its output.",
        examples: [Example("export bulk to \"out/bulk.safetensors\"\npredict bulk on crystals to \"out/predictions.csv\"", with: .crystals)], check: checkTrained),
    Builtin(
        "folds", family: "Results", [Parameter("of", .object("experiment"), "an experiment with folds")],
        gives: .sort("table"), "RMSE, MAE and R2 of each fold on the rows it left out, their mean and deviation, the best fold, and those of the out-of-fold predictions together.",
        examples: [Example("experiment folded like bulk { folds: 3, epochs: 2 }\ntable folds(folded)", with: .crystals)], check: needsFolds),
    Builtin(
        "compare", family: "Results",
        [
            Parameter("a", .object("experiment"), "an experiment"), Parameter("b", .object("experiment"), "another, on the same data set"),
            Parameter("repeats", .number(.count(2)), .fallback(.number(10)), "splits, of seeds one above the other, that both are trained on"),
            Parameter("on", .monitor, .fallback(.word("holdout.rmse")), "what is compared, after both trainings: `rmse`, `mae` or `r2` of a part"),
        ],
        gives: .sort("table"), "Two experiments on the same repeated splits: both means, the mean of the paired differences with a 95 % interval, and in how many the first is ahead.",
        examples: [Example("table compare(bulk with { epochs: 2 }, bulk with { epochs: 3 }, repeats: 2)", with: .crystals)], check: checkCompare),
]

let joiningBuiltins: [Builtin] = [
    Builtin(
        "concatenate", family: "Layers", signals, gives: .signal, "Images one after another along their channels, or vectors along their length.",
        examples: [Example("model m {\n    input image: [12, 12, 3]\n    let a = image >> conv(4, kernel: 3, padding: same)\n    let b = image >> conv(4, kernel: 5, padding: same)\n    concatenate(a, b) >> globalAveragePool >> dense(1)\n}\nshow m")]),
    Builtin(
        "add", family: "Layers", signals, gives: .signal, "The sum of images or vectors of one shape.",
        examples: [Example("model m {\n    input image: [12, 12, 3]\n    let a = image >> conv(3, kernel: 3, padding: same)\n    add(image, a) >> globalAveragePool >> dense(1)\n}\nshow m")]),
]

private let signals: [Parameter] = [
    Parameter("a", .signal, "a signal of the model"), Parameter("b", .signal, "another"),
] + ["c", "d", "e", "f"].map { Parameter($0, .optional(.signal), .fallback(.none), "one more") }
