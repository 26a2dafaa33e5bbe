import Diagnostics

/// A Gaussian process regression of scores at points (Rasmussen and Williams, "Gaussian Processes for Machine Learning",
/// 2006, algorithm 2.1) with the Matern 5/2 kernel of one length scale. It is what scikit-learn's
/// `GaussianProcessRegressor(Matern(nu=2.5), alpha: noise, normalize_y=True)` fits. The scores are brought to mean 0 and
/// variance 1; the noise is in units of that variance.
struct GaussianProcess: Sendable {
    /// The length scale, in the unit of the points.
    let length: Double
    /// The log marginal likelihood of the normalised scores at the length scale used.
    let logLikelihood: Double
    private let points: [[Double]]
    private let factor: Cholesky
    /// The inverse of the kernel matrix times the normalised scores.
    private let weights: [Double]
    private let offset: Double, scale: Double

    /// The range in which the length scale is searched for where none is given.
    static let lengths = 1e-5...1e5

    /// Fits the process to one score a point. Where no length is given, it is that of the greatest log marginal likelihood
    /// within `lengths`. Throws `search` where there are no points, counts differ, a number is not finite, or the matrix
    /// has no Cholesky factor, which a noise of 1e-10 or more rules out.
    init(points: [[Double]], scores: [Double], noise: Double, length: Double? = nil) throws {
        let dimensions = points.first?.count ?? 0
        guard dimensions > 0, points.count == scores.count, points.allSatisfy({ $0.count == dimensions && $0.allSatisfy(\.isFinite) }),
            scores.allSatisfy(\.isFinite)
        else { throw Diagnostic("search", "a Gaussian process expected points of one size with a finite score each") }
        let normal = NormalScores(scores)
        let evidence = Evidence(points: points, scores: normal.values, noise: noise)
        let length = try length ?? evidence.likeliestLength(in: GaussianProcess.lengths)
        guard let fit = try evidence.fit(length: length) else {
            throw Diagnostic("search", "the Gaussian process failed: its matrix is not positive definite")
        }
        self.length = length
        self.points = points
        (logLikelihood, factor, weights) = (fit.logLikelihood, fit.factor, fit.weights)
        (offset, scale) = (normal.offset, normal.scale)
    }

    /// The mean and the standard deviation predicted for the score at a point, the noise left out, in the unit of the
    /// scores.
    func prediction(at point: [Double]) throws -> (mean: Double, deviation: Double) {
        let covariances = points.map { Matern.kernel(Matern.distance($0, point) / length) }
        let mean = dotProduct(covariances[...], weights[...])
        let variance = 1 - dotProduct(covariances[...], try factor.solved(covariances)[...])
        return (offset + scale * mean, scale * max(0, variance).squareRoot())
    }

    /// The lower confidence bound, mean - beta deviation, and its gradient, in normalised scores.
    func lowerBound(at point: [Double], beta: Double) throws -> (value: Double, gradient: [Double]) {
        var covariances = [Double](repeating: 0, count: points.count)
        var slopes = covariances
        for (i, other) in points.enumerated() {
            let (kernel, slope) = Matern.slope(Matern.distance(other, point) / length)
            covariances[i] = kernel
            slopes[i] = slope / (length * length)
        }
        let solved = try factor.solved(covariances)
        let mean = dotProduct(covariances[...], weights[...])
        let deviation = max(1e-12, 1 - dotProduct(covariances[...], solved[...])).squareRoot()
        var gradient = [Double](repeating: 0, count: point.count)
        for (i, other) in points.enumerated() {
            let factor = (weights[i] + beta / deviation * solved[i]) * slopes[i]
            for j in gradient.indices { gradient[j] += factor * (point[j] - other[j]) }
        }
        return (mean - beta * deviation, gradient)
    }
}

/// Scores brought to mean 0 and standard deviation 1, without overflow for any finite ones.
private struct NormalScores {
    let values: [Double], offset: Double, scale: Double

    init(_ scores: [Double]) {
        let largest = scores.reduce(0) { max($0, $1.magnitude) }
        // A power of two, so that dividing rounds nothing.
        let unit = largest > 0 ? Double(sign: .plus, exponent: largest.exponent, significand: 1) : 1
        let small = scores.map { $0 / unit }
        let mean = small.reduce(0, +) / Double(small.count)
        let variance = small.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(small.count)
        // Equal scores leave rounding dust behind; scaling that up would make a landscape of noise.
        let deviation = variance.squareRoot() > 1e-14 ? variance.squareRoot() : 0
        values = small.map { deviation > 0 ? ($0 - mean) / deviation : 0 }
        offset = mean * unit
        scale = deviation > 0 ? deviation * unit : 1
    }
}

/// The Matern kernel with nu = 5/2.
enum Matern {
    private static let root5 = 5.0.squareRoot()

    /// The value of the kernel at a distance in units of the length scale.
    static func kernel(_ distance: Double) -> Double {
        let s = root5 * distance
        return (1 + s + s * s / 3) * exponential(-s)
    }

    /// The value of the kernel, and its derivative by a coordinate per unit of difference along it, both in units of the
    /// length scale.
    static func slope(_ distance: Double) -> (kernel: Double, slope: Double) {
        let s = root5 * distance
        let fading = exponential(-s)
        return ((1 + s + s * s / 3) * fading, -5 / 3 * (1 + s) * fading)
    }

    static func distance(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for (x, y) in zip(a, b) { sum += (x - y) * (x - y) }
        return sum.squareRoot()
    }
}
