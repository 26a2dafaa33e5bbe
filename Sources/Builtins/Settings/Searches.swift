import Diagnostics
import Language
import Training

private let on = Parameter(
    "on", .monitor, .fallback(.word("validation.loss")),
    "the quantity to make small: its best epoch counts, its mean over folds where there are any")
private let seed = Parameter("seed", .number(.count(0)), .fallback(.number(0)), "of the proposals")
private let tunedRates = "adam(rate: loguniform(1e-4, 1e-1))"
private func example(_ search: String) -> [Example] {
    [Example("experiment found like bulk { optimizer: \(tunedRates), epochs: 2, search: \(search) }\ntable trials(found)", with: .crystals)]
}
private let trialCount = NumberRule.whole(1, 10_000)

/// The strategies that search the search spaces of an experiment.
let searches = Vocabulary<SearchStrategy>([
    Word(
        "gridSearch", family: "Search",
        [
            Parameter("points", .number(.count(2)), .fallback(.number(5)), "values of each continuous space, both ends among them"), on,
            seed,
        ],
        gives: .sort(.search), "Tries all combinations.", examples: example("gridSearch(points: 3)"), check: refuseHoldout("search")
    ) { .grid(points: try $0.integer("points")) },
    Word(
        "randomSearch", family: "Search", [Parameter("trials", .number(trialCount), "how many"), on, seed],
        gives: .sort(.search), "Tries independent draws.", examples: example("randomSearch(trials: 3)"), check: refuseHoldout("search")
    ) { .random(trials: try $0.integer("trials")) },
    Word(
        "bayesian", family: "Search",
        [
            Parameter("trials", .number(trialCount), "how many"), on, seed,
            Parameter(
                "initial", .optional(.number(.count())), .fallback(.none),
                "random trials before the first that is chosen; three for each space where not given"),
        ],
        gives: .sort(.search),
        "Fits a Gaussian process to the trials so far and tries next where it expects least, as Keras Tuner's `BayesianOptimization` does.",
        examples: example("bayesian(trials: 4)"), check: refuseHoldout("search")
    ) { .bayesian(BayesianSettings(trials: try $0.integer("trials"), initial: try $0.optional("initial", $0.integer))) },
    Word(
        "hyperband", family: "Search",
        [
            Parameter(
                "epochs", .number(.whole(2, Double(HyperbandSchedule.epochBounds.upperBound))), .fallback(.number(100)),
                "of a trial that goes all the way"),
            Parameter("factor", .number(.whole(2, 10)), .fallback(.number(3)), "one in so many goes on with as many times the epochs"),
            Parameter(
                "iterations", .number(.whole(1, Double(HyperbandSchedule.iterationBounds.upperBound))), .fallback(.number(1)),
                "of the whole"), on, seed,
        ],
        gives: .sort(.search),
        "Trains many trials for few epochs and the best of them on (Li et al., 2018), in the order of Keras Tuner's `Hyperband`.",
        examples: example("hyperband(epochs: 3)"), check: refuseHoldout("search")
    ) {
        .hyperband(
            try HyperbandSchedule(
                maxEpochs: try $0.integer("epochs"), factor: try $0.integer("factor"), iterations: try $0.integer("iterations")))
    },
])
