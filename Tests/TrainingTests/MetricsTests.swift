import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Training

@Suite(.timed) struct MetricsTests {
    @Test func agreesWithScikitLearn() throws {
        let expected = try #require(fixture("metrics.json")["scores"])
        let (truth, predicted) = (try expected.numbers("truth"), try expected.numbers("predicted"))
        let score = try Score(truth: truth, predicted: predicted, resamples: 0)
        #expect(score.count == 14)
        #expect(isNear(score.rmse.value, try expected.number("rmse")))
        #expect(isNear(score.mae.value, try expected.number("mae")))
        #expect(isNear(score.r2?.value, try expected.number("r2")))
        #expect(score.rmse.interval == nil)
    }

    /// The same resamples as NumPy drew give the same percentiles; one of them has a constant target.
    @Test func percentilesAgreeWithNumPy() throws {
        let expected = try #require(fixture("metrics.json")["scores"])
        let (truth, predicted) = (try expected.numbers("truth"), try expected.numbers("predicted"))
        let moments = try expected.rows("draws").map { Moments(truth: truth, predicted: predicted, items: $0.map { Int($0) }) }
        let r2s = moments.compactMap { try? $0.r2.get() }
        #expect(moments.count - r2s.count == 1)
        for (values, name) in [(moments.map(\.rmse), "rmseInterval"), (moments.map(\.mae), "maeInterval"), (r2s, "r2Interval")] {
            let interval = try #require(percentileInterval(values))
            #expect(areNear([interval.lower, interval.upper], try expected.numbers(name)), "\(name)")
        }
    }

    @Test func intervalsBelongToTheSeed() throws {
        let truth = (0..<30).map { Double($0 * $0 % 17) }
        let predicted = truth.enumerated().map { $1 + Double($0 % 5) - 2 }
        let score = try Score(truth: truth, predicted: predicted, seed: 4)
        #expect(score == (try Score(truth: truth, predicted: predicted, seed: 4)))
        #expect(score != (try Score(truth: truth, predicted: predicted, seed: 5)))
        for measure in [score.rmse, score.mae, try #require(score.r2)] {
            let interval = try #require(measure.interval)
            #expect(interval.lower < measure.value && measure.value < interval.upper)
        }
        // The standard error of a mean of 30 is known: the interval of MAE spans 2 x 1.96 of it, give or take.
        let errors = zip(truth, predicted).map { abs($0 - $1) }
        let spread = (errors.reduce(0) { $0 + ($1 - score.mae.value) * ($1 - score.mae.value) } / 30).squareRoot()
        let width = try #require(score.mae.interval).upper - (try #require(score.mae.interval)).lower
        #expect(abs(width / (2 * 1.96 * spread / 30.0.squareRoot()) - 1) < 0.1)
    }

    @Test func saysWhyThereIsNoR2() throws {
        let one = try Score(truth: [3], predicted: [4])
        #expect(one.r2 == nil && one.r2Undefined == .tooFew && one.rmse.value == 1)
        // 0.1 three times: their mean is not 0.1.
        let constant = try Score(truth: [0.1, 0.1, 0.1], predicted: [0.1, 0.1, 0.1])
        #expect(constant.r2 == nil && constant.r2Undefined == .constant && constant.rmse.value == 0)
        #expect(constant.skippedResamples == 2000)
        let infinite = try Score(truth: [1, 2], predicted: [1, .infinity])
        #expect(infinite.r2Undefined == .notFinite && infinite.rmse.interval == nil)
    }

    @Test func countsResamplesWithoutR2() throws {
        // Of two items half of all resamples draw one of them twice.
        let score = try Score(truth: [1, 2], predicted: [1, 2])
        #expect(score.r2?.value == 1)
        #expect((900...1100).contains(score.skippedResamples))
    }

    @Test func refusesUnequalCounts() {
        #expect { try Score(truth: [1], predicted: []) } throws: { ($0 as? Diagnostic)?.id == "metrics" }
        #expect { try Score(truth: [], predicted: []) } throws: { ($0 as? Diagnostic)?.id == "metrics" }
    }
}
