import Diagnostics
import Storage
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite(.timed) struct SearchProcessTests {
    /// `noisy` has its maximum at a length where few points see each other, `pair` all but none; `steps` has points that occur
    /// several times, `constant` scores without spread.
    static let cases = ["valley", "waves", "cube", "noisy", "steps", "pair", "constant"]

    /// Means in units of the scores' spread; scikit-learn to 1e-8.
    @Test(arguments: cases) func agreesWithScikitLearn(_ name: String) throws {
        let expected = try #require(fixture("search/gp.json")[name])
        let (points, scores, new) = (try expected.rows("points"), try expected.numbers("scores"), try expected.rows("new"))
        for fixed in try #require(expected["fixed"]?.arrayValue) {
            let process = try GaussianProcess(
                points: points, scores: scores, noise: expected.number("noise"), length: fixed.number("length"))
            let found = try new.map { try process.prediction(at: $0) }
            #expect(areNear(found.map(\.mean), try fixed.numbers("mean"), 1e-8))
            #expect(areNear(found.map(\.deviation), try fixed.numbers("deviation"), 1e-8))
            #expect(isNear(process.logLikelihood, try fixed.number("logLikelihood"), 1e-8))
        }
    }

    /// The likelihood is not below scikit-learn's by more than 1e-6; means and deviations agree to 1e-4.
    @Test(arguments: cases) func fitsTheLengthAsScikitLearnDoes(_ name: String) throws {
        let expected = try #require(fixture("search/gp.json")[name])
        let fitted = try #require(expected["fitted"])
        let process = try GaussianProcess(
            points: expected.rows("points"), scores: expected.numbers("scores"), noise: expected.number("noise"))
        #expect(process.logLikelihood >= (try fitted.number("logLikelihood")) - 1e-6)
        // Where the likelihood is level, as at lengths that join no points, any length is as good: ours is the longest.
        guard name != "pair" else { return }
        if name != "constant" { #expect(abs(process.length / (try fitted.number("length")) - 1) < 1e-3) }
        let found = try expected.rows("new").map { try process.prediction(at: $0) }
        #expect(areNear(found.map(\.mean), try fitted.numbers("mean"), 1e-4))
        #expect(areNear(found.map(\.deviation), try fitted.numbers("deviation"), 1e-4))
    }

    /// Central differences of 1e-6, to 1e-6.
    @Test(arguments: ["waves", "cube", "steps"]) func theBoundHasItsGradient(_ name: String) throws {
        let expected = try #require(fixture("search/gp.json")[name])
        let process = try GaussianProcess(points: expected.rows("points"), scores: expected.numbers("scores"), noise: 1e-4, length: 0.4)
        for point in try expected.rows("new").prefix(6) {
            let gradient = try process.lowerBound(at: point, beta: 2.6).gradient
            for j in point.indices {
                var (above, below) = (point, point)
                above[j] += 1e-6
                below[j] -= 1e-6
                let slope = (try process.lowerBound(at: above, beta: 2.6).value - process.lowerBound(at: below, beta: 2.6).value) / 2e-6
                #expect(isNear(gradient[j], slope, 1e-6))
            }
        }
    }

    /// Not above the least that scipy's L-BFGS-B finds from 200 starts by more than 1e-6 of the scores' spread, which is what
    /// the bound is in units of.
    @Test(arguments: ["valley", "waves", "cube", "steps"]) func findsTheLeastBound(_ name: String) throws {
        let expected = try #require(fixture("search/gp.json")[name])
        let scores = try expected.numbers("scores")
        let process = try GaussianProcess(points: expected.rows("points"), scores: scores, noise: expected.number("noise"))
        var generator = Philox(RandomKey(seed: 3, purpose: .search))
        let dimensions = try #require(expected.rows("points").first).count
        let found = try (0..<50).map { _ in
            try minimumInBox(from: (0..<dimensions).map { _ in generator.nextDouble() }) { try process.lowerBound(at: $0, beta: 2.6) }.value
        }
        let mean = scores.reduce(0, +) / Double(scores.count)
        let deviation = (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scores.count)).squareRoot()
        let least = try #require(expected["fitted"]).number("leastBound")
        #expect(try #require(found.min()) <= (least - mean) / deviation + 1e-6)
    }

    @Test func largeAndSmallScoresAreTheSame() throws {
        let points = [[0.1], [0.35], [0.8]]
        let scores = [0.3, -0.2, 0.9]
        let plain = try GaussianProcess(points: points, scores: scores, noise: 1e-4)
        for factor in [0x1p-1000, 0x1p1000] {
            let other = try GaussianProcess(points: points, scores: scores.map { $0 * factor }, noise: 1e-4)
            #expect(other.length == plain.length)
            #expect(try isNear(other.prediction(at: [0.5]).mean / factor, plain.prediction(at: [0.5]).mean))
        }
        let huge = try GaussianProcess(points: points, scores: [1.7e308, -1.7e308, 0], noise: 1e-4)
        #expect(try huge.prediction(at: [0.1]).mean.isFinite)
    }

    @Test func refusesWhatItCannotFit() throws {
        for (points, scores) in [
            ([], []), ([[]], [1]), ([[0.1]], [1, 2]), ([[0.1], [0.2, 0.3]], [1, 2]), ([[.nan]], [1]), ([[0.1]], [.infinity]),
        ]
            as [([[Double]], [Double])]
        {
            #expect { try GaussianProcess(points: points, scores: scores, noise: 1e-4) } throws: { ($0 as? Diagnostic)?.id == "search" }
        }
        // Two equal points without noise make a singular matrix at every length.
        #expect { try GaussianProcess(points: [[0.1], [0.1]], scores: [1, 2], noise: 0) } throws: { ($0 as? Diagnostic)?.id == "search" }
        #expect { try Cholesky(2, [1]) } throws: { ($0 as? Diagnostic)?.id == "search" }
        #expect { try Cholesky(1, [.nan]) } throws: { ($0 as? Diagnostic)?.id == "search" }
        #expect(try Cholesky(2, [1, 0, 2, 1]) == nil)
        #expect { try Cholesky(1, [1])?.solved([1, 2]) } throws: { ($0 as? Diagnostic)?.id == "search" }
    }

    @Test func minimaLieInTheBox() throws {
        func bowl(_ x: [Double]) -> (value: Double, gradient: [Double]) {
            let (a, b) = (x[0] - 0.3, x[1] + 0.5)
            return (a * a + 10 * b * b + a * b, [2 * a + b, 20 * b + a])
        }
        // The least value lies on the edge, where 2 (x - 0.3) + 0.5 = 0.
        for start in [[0.9, 0.9], [0, 0], [-4, 7]] { #expect(areNear(minimumInBox(from: start, bowl).point, [0.05, 0], 1e-6)) }
        // Rosenbrock's valley, its minimum in the corner.
        let valley = minimumInBox(from: [0, 0], steps: 2000) { x in
            let a = x[1] - x[0] * x[0]
            return (100 * a * a + (1 - x[0]) * (1 - x[0]), [-400 * a * x[0] - 2 * (1 - x[0]), 200 * a])
        }
        #expect(areNear(valley.point, [1, 1], 1e-3))
        // Nothing to follow: stays, and ends.
        #expect(minimumInBox(from: [0.5]) { _ in (1, [0]) }.point == [0.5])
        #expect(minimumInBox(from: [0.5]) { _ in (.nan, [.nan]) }.point == [0.5])
    }
}
