import Diagnostics
import Glibc
import Storage

/// The spherically averaged electron density of a free atom: values at distances from the nucleus, e/A^3.
///
/// Between the distances of the table it is a cubic in the logarithm of the distance that has no more maxima than the table
/// (F. N. Fritsch, R. E. Carlson, SIAM J. Numer. Anal. 17, 238 (1980)), so it is nowhere negative; below the first positive
/// distance it is constant, beyond the last one 0.
public struct RadialDensity: Sendable, Hashable {
    /// The distances from the nucleus, A, rising.
    public let radii: [Double]
    /// The density there, e/A^3.
    public let values: [Double]
    /// The integral over space: the number of electrons.
    public private(set) var electrons: Double
    /// Logarithms of the positive distances.
    private let logarithms: [Double]
    /// For each interval between them: where it begins, and four coefficients of the cubic from there.
    private let pieces: [Double]
    /// The interval in which each of equal steps of the logarithm begins.
    private let intervals: [Int]

    /// Makes a density of a table. Throws `bad-data` unless there are 3 to 100,000 finite distances, rising from 0 or above, and as many
    /// finite densities, none negative.
    public init(radii: [Double], values: [Double]) throws {
        guard radii.count == values.count, (3...100_000).contains(radii.count), let first = radii.first, first >= 0,
            zip(radii, radii.dropFirst()).allSatisfy({ $0 < $1 }), (radii + values).allSatisfy({ $0.isFinite && $0 >= 0 && $0 < 1e12 })
        else {
            throw Diagnostic("bad-data", "expected a table of rising distances and densities that are not negative")
        }
        let positive = zip(radii, values).filter { $0.0 > 0 }
        logarithms = positive.map { log($0.0) }
        pieces = cubics(logarithms, positive.map(\.1))
        intervals = steps(logarithms)
        self.radii = radii
        self.values = values
        electrons = 0
        electrons = integral(to: .greatestFiniteMagnitude)
    }

    /// The density multiplied so that it has this many electrons: tables of few digits and distances miss the number that they
    /// are of by a thousandth. Throws `bad-data` for a number that is not above 0.
    public func scaled(toElectrons count: Double) throws -> RadialDensity {
        guard count.isFinite, count > 0, electrons > 0 else {
            throw Diagnostic("bad-data", "expected a number of electrons above 0 for a free atom, found \(count) for \(electrons)")
        }
        var scaled = try RadialDensity(radii: radii, values: values.map { $0 * (count / electrons) })
        scaled.electrons = count
        return scaled
    }

    /// The density at a distance, A, e/A^3.
    public func value(at radius: Double) -> Double {
        guard radius.isFinite else { return 0 }
        return withReader { $0.at(square: radius * radius) }
    }

    /// Lets `body` read values quickly.
    func withReader<R>(_ body: (RadialReader) -> R) -> R {
        pieces.withUnsafeBufferPointer { pieces in
            intervals.withUnsafeBufferPointer { intervals in
                body(
                    RadialReader(
                        pieces: pieces, intervals: intervals, first: logarithms.first ?? 0, last: logarithms.last ?? 0,
                        steps: Double(intervals.count) / ((logarithms.last ?? 1) - (logarithms.first ?? 0))))
            }
        }
    }

    /// The electrons within a distance, by Gauss's rule of five points in each interval of the table.
    public func integral(to radius: Double) -> Double {
        guard let first = radii.first(where: { $0 > 0 }), let last = radii.last, radius > 0 else { return 0 }
        let end = min(radius, last)
        var sum = 4.0 / 3 * Double.pi * value(at: first) * pow(min(first, end), 3)
        for (low, high) in zip(radii, radii.dropFirst()) where low >= first && low < end {
            let (middle, half) = ((low + min(high, end)) / 2, (min(high, end) - low) / 2)
            for (place, weight) in gauss {
                let r = middle + half * place
                sum += weight * half * 4 * Double.pi * r * r * value(at: r)
            }
        }
        return sum
    }

    /// The distance beyond which no more than `rest` electrons lie.
    func reach(rest: Double) -> Double {
        let whole = integral(to: .greatestFiniteMagnitude)
        return radii.first { $0 > 0 && whole - integral(to: $0) <= rest } ?? radii[radii.count - 1]
    }

    /// Reads a table from text: comma-separated, a line of names first, then one line a distance. Lines that are empty or
    /// begin with `#` are passed over.
    ///
    /// `distance` and `column` name the columns, in A and e/A^3; with `electrons` the table is scaled to that number. Throws
    /// `bad-data` with the line.
    public static func parse(
        _ text: String, distance: String = "r_A", column: String, electrons: Double? = nil, file: String
    ) throws -> RadialDensity {
        var names: [Substring]?
        var radii: [Double] = []
        var values: [Double] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            let place = DataPlace(file: file, line: index + 1)
            guard let known = names else {
                guard cells.contains(Substring(distance)), cells.contains(Substring(column)) else {
                    throw Diagnostic(
                        "bad-data", "expected a line that names the columns `\(distance)` and `\(column)`, found `\(line.prefix(80))`",
                        data: place)
                }
                names = cells
                continue
            }
            guard cells.count == known.count, let at = known.firstIndex(of: Substring(distance)),
                let of = known.firstIndex(of: Substring(column)),
                let radius = Double(cells[at]), let value = Double(cells[of]), radius.isFinite, value.isFinite
            else {
                throw Diagnostic("bad-data", "expected \(known.count) numbers, found `\(line.prefix(80))`", data: place)
            }
            guard radius >= 0, radius > radii.last ?? -1, value >= 0 else {
                throw Diagnostic(
                    "bad-data", "expected distances that rise and densities from 0 up, found `\(line.prefix(80))`", data: place)
            }
            radii.append(radius)
            values.append(value)
        }
        do {
            let table = try RadialDensity(radii: radii, values: values)
            return try electrons.map(table.scaled(toElectrons:)) ?? table
        } catch let fault as Diagnostic {
            throw Diagnostic("bad-data", fault.message, data: DataPlace(file: file))
        }
    }
}

/// The values of a radial density for many distances.
struct RadialReader {
    let pieces: UnsafeBufferPointer<Double>
    let intervals: UnsafeBufferPointer<Int>
    let first: Double
    let last: Double
    let steps: Double

    /// The density at the square of a distance.
    @inline(__always) func at(square: Double) -> Double {
        let x = 0.5 * log(square)
        guard x > first else { return x.isNaN ? 0 : pieces[1] }
        guard x <= last else { return 0 }
        var place = 5 * intervals[min(Int((x - first) * steps), intervals.count - 1)]
        while place + 5 < pieces.count, pieces[place + 5] < x { place += 5 }
        let u = x - pieces[place]
        return pieces[place + 1] + u * (pieces[place + 2] + u * (pieces[place + 3] + u * pieces[place + 4]))
    }
}

/// The cubics between points with monotone slopes: where each begins, and its coefficients from there.
private func cubics(_ x: [Double], _ y: [Double]) -> [Double] {
    let slopes = monotoneSlopes(x, y)
    return (0..<(x.count - 1)).flatMap { i -> [Double] in
        let width = x[i + 1] - x[i]
        let secant = (y[i + 1] - y[i]) / width
        let (p, q) = (slopes[i], slopes[i + 1])
        return [x[i], y[i], p, (3 * secant - 2 * p - q) / width, (p + q - 2 * secant) / (width * width)]
    }
}

/// Nodes and weights of Gauss's rule of five points on -1...1.
private let gauss: [(Double, Double)] = [
    (0, 0.5688888888888889), (-0.5384693101056831, 0.47862867049936647), (0.5384693101056831, 0.47862867049936647),
    (-0.906179845938664, 0.23692688505618908), (0.906179845938664, 0.23692688505618908),
]

/// Slopes that let a cubic through points have no maximum that they have not: harmonic means weighted by the widths.
private func monotoneSlopes(_ x: [Double], _ y: [Double]) -> [Double] {
    let count = x.count
    guard count > 2 else { return [Double](repeating: count == 2 ? (y[1] - y[0]) / (x[1] - x[0]) : 0, count: count) }
    let widths = zip(x.dropFirst(), x).map { $0 - $1 }
    let secants = (0..<(count - 1)).map { (y[$0 + 1] - y[$0]) / widths[$0] }
    var slopes = [Double](repeating: 0, count: count)
    for i in 1..<(count - 1) where secants[i - 1] * secants[i] > 0 {
        let (a, b) = (2 * widths[i] + widths[i - 1], widths[i] + 2 * widths[i - 1])
        slopes[i] = (a + b) / (a / secants[i - 1] + b / secants[i])
    }
    func edge(_ h0: Double, _ h1: Double, _ d0: Double, _ d1: Double) -> Double {
        let slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
        if slope * d0 <= 0 { return 0 }
        return d0 * d1 <= 0 && abs(slope) > 3 * abs(d0) ? 3 * d0 : slope
    }
    slopes[0] = edge(widths[0], widths[1], secants[0], secants[1])
    slopes[count - 1] = edge(widths[count - 2], widths[count - 3], secants[count - 2], secants[count - 3])
    return slopes
}

/// For each of equal steps from the first to the last number the interval in which it begins.
private func steps(_ x: [Double]) -> [Int] {
    guard let first = x.first, let last = x.last, x.count > 1 else { return [0] }
    let count = 2 * x.count
    var index = 0
    return (0..<count).map { step in
        let place = first + (last - first) * Double(step) / Double(count)
        while index + 2 < x.count, x[index + 1] <= place { index += 1 }
        return index
    }
}
