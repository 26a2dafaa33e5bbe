import Diagnostics

/// A ridge regression: linear, with a squared penalty on its coefficients (Hoerl and Kennard, "Ridge regression", 1970), on
/// features standardised by the mean and population deviation of the items it was fitted on. The intercept is not
/// penalised: what scikit-learn's `StandardScaler` followed by `Ridge(alpha: penalty)` fits.
public struct Ridge: Sendable, Hashable {
    /// The strength of the penalty, or the candidates to choose it from.
    public enum Penalty: Sendable, Hashable {
        /// A penalty of this strength.
        case fixed(Double)
        /// The one of these candidates with the least squared error when each fitted item is left out in turn. The closed
        /// form is exact for features as standardised on all fitted items; the first of equals wins.
        case leaveOneOut([Double])

        /// Leave-one-out over 25 candidates from 1e-3 to 1e3, four to a decade.
        public static let automatic = Penalty.leaveOneOut((-12...12).map { power(ten: Double($0) / 4) })
    }

    /// The names of the features.
    public let names: [String]
    /// The mean of each feature over the fitted items.
    public let means: [Double]
    /// The population standard deviation of each feature; 1 where a feature is constant.
    public let deviations: [Double]
    /// The coefficient of each standardised feature, in the unit of the targets.
    public let coefficients: [Double]
    /// The intercept, the mean of the fitted targets, in their unit.
    public let intercept: Double
    /// The strength of the penalty used.
    public let penalty: Double
    /// The leave-one-out error: the mean squared error of each fitted item predicted by the fit without it, in the targets'
    /// unit squared.
    public let leaveOneOutError: Double

    /// Fits the regression on all rows given: pass the training part alone.
    ///
    /// Throws `ridge` where there are fewer than two items or no features, counts differ, a target is not finite, a penalty
    /// is negative, or LAPACK fails.
    public init(features: FeatureMatrix, targets: [Double], penalty: Penalty = .automatic) throws {
        let n = features.rows
        let p = features.columns
        guard n >= 2, p >= 1, targets.count == n else {
            throw Diagnostic(
                "ridge",
                """
                expected at least two items with features and a target each, \
                found \(n) items with \(p) features and \(targets.count) targets
                """
            )
        }
        guard targets.allSatisfy(\.isFinite) else { throw Diagnostic("ridge", "expected finite targets, found one that is not") }
        let penalties =
            switch penalty {
            case .fixed(let value): [value]
            case .leaveOneOut(let values): values
            }
        guard !penalties.isEmpty, penalties.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw Diagnostic("ridge", "expected a penalty of 0 or more")
        }

        var (means, deviations) = ([Double](), [Double]())
        for column in 0..<p {
            var sum = 0.0
            for row in 0..<n { sum += features.values[row * p + column] }
            let mean = sum / Double(n)
            var squares = 0.0
            for row in 0..<n { squares += (features.values[row * p + column] - mean) * (features.values[row * p + column] - mean) }
            let deviation = (squares / Double(n)).squareRoot()
            means.append(mean)
            // A constant column leaves rounding dust behind; scaling that up would make a feature of noise.
            let largest = (0..<n).reduce(0) { max($0, abs(features.values[$1 * p + column])) }
            deviations.append(deviation > 1e-12 * largest ? deviation : 1)
        }
        var matrix = [Double](repeating: 0, count: n * p)
        for row in 0..<n {
            for column in 0..<p {
                matrix[row * p + column] = (features.values[row * p + column] - means[column]) / deviations[column]
            }
        }
        let intercept = targets.reduce(0, +) / Double(n)
        let centred = targets.map { $0 - intercept }

        let svd = try Decomposition(rows: n, columns: p, &matrix, id: "ridge", of: "the ridge regression")
        // Directions without extent carry nothing; dividing by their dust would.
        let limit = (svd.values.first ?? 0) * Double(max(n, p)) * .ulpOfOne
        let kept = svd.values.indices.filter { svd.values[$0] > limit }
        let projected = kept.map { k in (0..<n).reduce(0.0) { $0 + svd.left(n: $1, k) * centred[$1] } }

        var best: (error: Double, penalty: Double)?
        for candidate in penalties {
            var error = 0.0
            for row in 0..<n {
                // The intercept takes 1/n of each item's own weight, the rest is the ridge's hat matrix.
                var fitted = 0.0
                var leverage = 1 / Double(n)
                for (index, k) in kept.enumerated() {
                    let s2 = svd.values[k] * svd.values[k]
                    let shrink = s2 / (s2 + candidate)
                    let u = svd.left(n: row, k)
                    fitted += shrink * u * projected[index]
                    leverage += shrink * u * u
                }
                let left = (centred[row] - fitted) / max(1 - leverage, .ulpOfOne)
                error += left * left
            }
            error /= Double(n)
            if best.map({ error < $0.error }) ?? true { best = (error, candidate) }
        }
        guard let best else { throw Diagnostic("ridge", "expected a penalty of 0 or more") }

        var coefficients = [Double](repeating: 0, count: p)
        for (index, k) in kept.enumerated() {
            let s = svd.values[k]
            let factor = s / (s * s + best.penalty) * projected[index]
            for column in 0..<p { coefficients[column] += factor * svd.right(k, column) }
        }
        names = features.names
        self.means = means
        self.deviations = deviations
        self.coefficients = coefficients
        self.intercept = intercept
        self.penalty = best.penalty
        leaveOneOutError = best.error
    }

    /// The predictions, one per row, in the unit of the targets fitted on. Throws `ridge` where the features are not those
    /// of the fit.
    public func predict(_ features: FeatureMatrix) throws -> [Double] {
        guard features.names == names else {
            throw Diagnostic(
                "ridge", "expected the features \(names.joined(separator: ", ")), found \(features.names.joined(separator: ", "))")
        }
        return (0..<features.rows).map { row in
            var sum = intercept
            for (column, value) in features.row(row).enumerated() {
                sum += (value - means[column]) / deviations[column] * coefficients[column]
            }
            return sum
        }
    }
}
