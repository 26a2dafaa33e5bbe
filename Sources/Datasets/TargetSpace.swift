import Diagnostics
import Glibc

/// The space in which a model is trained on a target: a transform, then a scale fitted on the training part alone.
public struct TargetSpace: Sendable, Hashable, Codable {
    /// The function applied to a target before the scale.
    public enum Transform: String, Sendable, Hashable, Codable, CaseIterable {
        /// The value as it is.
        case none
        /// The natural logarithm of the value in the column's unit.
        case log
    }

    /// The scaling of transformed targets, fitted on the training part.
    public enum Scale: String, Sendable, Hashable, Codable, CaseIterable {
        /// No scaling.
        case none
        /// Min-max scaling: the training part's range becomes 0...1.
        case minmax
        /// Standardization: the training part gets mean 0 and population standard deviation 1.
        case standard
    }

    /// The transform.
    public let transform: Transform
    /// The scale.
    public let scale: Scale
    /// The number that is subtracted from the transformed value.
    public let center: Double
    /// The number that the difference is then divided by.
    public let spread: Double

    /// Fits the space of a column.
    ///
    /// - Parameters:
    ///   - values: all values of the column, of every part: each must be in the domain of the transform.
    ///   - training: the positions of those of the training part, which alone make the scale.
    ///
    /// Throws `log-domain`, with the number of rows, where a logarithm is asked of values that are not positive;
    /// `constant-target` where a scale is asked of equal values; `bad-data` for values that are not finite.
    public init(transform: Transform = .none, scale: Scale = .none, column: String, values: [Double], training: [Int]) throws {
        let bad = values.count { !$0.isFinite }
        guard bad == 0 else { throw Diagnostic("bad-data", "expected finite numbers in column `\(column)`, found \(bad) that are not") }
        if transform == .log {
            let zeros = values.count { $0 == 0 }
            let negative = values.count { $0 < 0 }
            guard zeros + negative == 0 else {
                let found = [(zeros, "0"), (negative, "negative")].filter { $0.0 > 0 }.map {
                    "\($0.1) in \($0.0) row\($0.0 == 1 ? "" : "s")"
                }
                throw Diagnostic(
                    "log-domain", "`transform: log` needs positive targets; `\(column)` is \(found.joined(separator: " and "))")
            }
        }
        let fitted = training.filter(values.indices.contains).map { transform == .log ? log(values[$0]) : values[$0] }
        var center = 0.0
        var spread = 1.0
        switch scale {
        case .none: break
        case .minmax:
            center = fitted.min() ?? 0
            spread = (fitted.max() ?? 0) - center
        case .standard:
            let moments = populationMoments(fitted)
            center = moments.mean
            spread = moments.deviation
        }
        // Rounding leaves a trace of a spread in equal values.
        guard scale == .none || spread > 1e-12 * max(abs(center), 1e-300), (1 / spread).isFinite else {
            throw Diagnostic(
                "constant-target",
                "expected different values of `\(column)` in the training part to scale them, found one value in \(fitted.count) rows",
                hint: "leave out `scale: \(scale.rawValue)`")
        }
        self.transform = transform
        self.scale = scale
        self.center = center
        self.spread = spread
    }

    /// Maps a value from the column's unit to the space of training.
    public func forward(_ value: Double) -> Double { ((transform == .log ? log(value) : value) - center) / spread }

    /// Maps a value from the space of training to the column's unit.
    public func inverse(_ value: Double) -> Double {
        let transformed = value * spread + center
        return transform == .log ? exp(transformed) : transformed
    }
}

/// Mean and population standard deviation, in two passes.
func populationMoments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    guard !values.isEmpty else { return (0, 0) }
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, square.squareRoot())
}
