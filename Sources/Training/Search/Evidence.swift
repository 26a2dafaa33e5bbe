import Diagnostics

/// The log marginal likelihood (evidence) of normalised scores under Gaussian processes of different length scales.
struct Evidence {
    private let scores: [Double]
    private let noise: Double
    /// The distance of each pair of points: the lower triangle by rows without its diagonal.
    private var distances: [Double] = []
    private let shortest: Double

    init(points: [[Double]], scores: [Double], noise: Double) {
        self.scores = scores
        self.noise = noise
        for (i, point) in points.enumerated() { for other in points.prefix(i) { distances.append(Matern.distance(point, other)) } }
        shortest = distances.min() ?? .infinity
    }

    /// Fits a process of one length scale: the factored kernel matrix, its inverse times the scores, and the log marginal
    /// likelihood (Rasmussen and Williams, equation 2.30). nil where rounding left no Cholesky factor.
    func fit(length: Double) throws -> (logLikelihood: Double, factor: Cholesky, weights: [Double])? {
        let count = scores.count
        var matrix = [Double](repeating: 0, count: count * count)
        var pair = 0
        for i in 0..<count {
            for j in 0..<i {
                matrix[i * count + j] = Matern.kernel(distances[pair] / length)
                pair += 1
            }
            matrix[i * count + i] = 1 + noise
        }
        guard let factor = try Cholesky(count, matrix) else { return nil }
        let weights = try factor.solved(scores)
        return (logLikelihood(dotProduct(scores[...], weights[...]), factor.logDeterminant), factor, weights)
    }

    private func logLikelihood(_ square: Double, _ logDeterminant: Double) -> Double {
        -0.5 * square - 0.5 * logDeterminant - 0.5 * Double(scores.count) * naturalLogarithm(2 * .pi)
    }

    private func logLikelihood(length: Double) throws -> Double {
        // So short that the matrix is diagonal to the last digit: nothing has to be factored.
        if shortest / length > 30 {
            let square = dotProduct(scores[...], scores[...]) / (1 + noise)
            return logLikelihood(square, Double(scores.count) * naturalLogarithm(1 + noise))
        }
        return try fit(length: length)?.logLikelihood ?? -.infinity
    }

    /// The length scale of the greatest likelihood: the best of a grid of four lengths a decade, made sharper by golden
    /// section between its neighbours. The likelihood often has two maxima, at a short and a long length, and the grid may
    /// misjudge which is the higher one, so the second best is made sharper too where it comes near. scikit-learn climbs
    /// from 21 random starts; in one dimension a grid misses less and always gives the same.
    func likeliestLength(in range: ClosedRange<Double>) throws -> Double {
        let low = naturalLogarithm(range.lowerBound)
        let high = naturalLogarithm(range.upperBound)
        let steps = 40
        let grid = (0...steps).map { low + (high - low) * Double($0) / Double(steps) }
        let values = try grid.map { try logLikelihood(length: exponential($0)) }
        let peaks = grid.indices.filter { i in
            (i == 0 || values[i] >= values[i - 1]) && (i == steps || values[i] > values[i + 1])
        }.sorted { values[$0] > values[$1] }
        guard let first = peaks.first else { return 1 }
        var best = (place: grid[first], value: values[first])
        for peak in peaks.prefix(2) where values[peak] > values[first] - 2 {
            let sharp = try goldenSection(between: grid[max(0, peak - 1)], and: grid[min(steps, peak + 1)], tolerance: 1e-5) {
                try logLikelihood(length: exponential($0))
            }
            if sharp.value > best.value { best = sharp }
        }
        return min(range.upperBound, max(range.lowerBound, exponential(best.place)))
    }
}

/// Finds the maximum of a function between two places by golden-section search (Kiefer, 1953).
private func goldenSection(
    between low: Double, and high: Double, tolerance: Double, _ function: (Double) throws -> Double
) rethrows -> (place: Double, value: Double) {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (a, b) = (low, high)
    var left = b - ratio * (b - a)
    var right = a + ratio * (b - a)
    var (leftValue, rightValue) = (try function(left), try function(right))
    while b - a > tolerance {
        if leftValue >= rightValue {
            (b, right, rightValue) = (right, left, leftValue)
            left = b - ratio * (b - a)
            leftValue = try function(left)
        } else {
            (a, left, leftValue) = (left, right, rightValue)
            right = a + ratio * (b - a)
            rightValue = try function(right)
        }
    }
    return leftValue >= rightValue ? (left, leftValue) : (right, rightValue)
}
