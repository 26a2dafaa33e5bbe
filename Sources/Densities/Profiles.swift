import Diagnostics
import Glibc

/// The values of a field along a line.
public struct Profile: Sendable, Hashable, Codable {
    /// Distances from the first point, A.
    public var positions: [Double]
    /// The values there.
    public var values: [Double]
    /// The length after which the profile repeats, A; nil for one that does not.
    public var period: Double?

    /// Makes a profile.
    public init(positions: [Double], values: [Double], period: Double? = nil) {
        (self.positions, self.values, self.period) = (positions, values, period)
    }
}

extension Density {
    /// The density along the straight line between two fractional points, both ends included, e/A^3, at `points` equal steps,
    /// positions in A. Throws `bad-plane` unless there are 2 to 10^6 points and the ends are finite and apart.
    public func profile(from: [Double], to: [Double], points: Int, sampling: Sampling = .trilinear) throws -> Profile {
        guard from.count == 3, to.count == 3, (from + to).allSatisfy({ $0.isFinite && abs($0) <= 1e6 }), from != to else {
            throw Diagnostic("bad-plane", "expected two fractional points that are apart for a line, found \(from) and \(to)")
        }
        guard (2...1_000_000).contains(points) else {
            throw Diagnostic("bad-plane", "expected 2 to 10^6 points on a line, found \(points)")
        }
        let span = length(lattice.cartesian(zip(to, from).map { $0 - $1 }))
        let places = (0..<points).map { index -> [Double] in
            let part = Double(index) / Double(points - 1)
            return zip(from, to).map { $0 + part * ($1 - $0) }
        }
        return Profile(
            positions: (0..<points).map { span * Double($0) / Double(points - 1) },
            values: try values(at: places, sampling: sampling))
    }

    /// The mean over each layer of the grid along an axis (0, 1, 2 for a, b, c), e/A^3, one value a layer.
    ///
    /// Positions are heights along the normal of the layers, A, from the origin: the layer spacing times its number, which in
    /// a skew cell is less than along the axis. `layerArea(axis:)` times a value is the electrons per A of height. Throws `bad-plane`.
    public func planarAverage(axis: Int) throws -> Profile {
        guard (0...2).contains(axis) else { throw Diagnostic("bad-plane", "expected an axis from 0 to 2, found \(axis)") }
        let count = grid[axis]
        let inner = grid[(axis + 1)...].reduce(1, *)
        let outer = grid[..<axis].reduce(1, *)
        var sums = [Double](repeating: 0, count: count)
        values.withUnsafeBufferPointer { values in
            for o in 0..<outer {
                for layer in 0..<count {
                    let start = (o * count + layer) * inner
                    var sum = 0.0
                    for place in start..<(start + inner) { sum += values[place] }
                    sums[layer] += sum
                }
            }
        }
        let height = lattice.volume / lattice.layerArea(axis: axis)
        return Profile(
            positions: (0..<count).map { height * Double($0) / Double(count) }, values: sums.map { $0 / Double(outer * inner) },
            period: height)
    }
}

extension Lattice {
    /// The area of the face of the cell that an axis (0, 1, 2) leaves, A^2.
    public func layerArea(axis: Int) -> Double {
        let others = [[1, 2], [2, 0], [0, 1]][((axis % 3) + 3) % 3]
        return length(cross(rows[others[0]], rows[others[1]]))
    }
}

extension Profile {
    /// The macroscopic average: the mean over a stretch as long as the period of the atomic layers around each position, once
    /// more over a second one where two crystals meet (A. Baldereschi, S. Baroni, R. Resta, Phys. Rev. Lett. 61, 734 (1988)).
    ///
    /// The mean is that of the trigonometric polynomial through the values, so that the period, in A, need not be a whole number
    /// of layers of the grid; one that fits the cell a whole number of times is smoothed away exactly. Throws `bad-data` for a profile
    /// that does not repeat or a period that is not above 0 and at most its length.
    public func macroscopicAverage(over layers: Double, second: Double? = nil) throws -> Profile {
        let (period, waves) = try self.waves()
        let windows = [layers] + (second.map { [$0] } ?? [])
        for length in windows where !(length > 0 && length <= period * (1 + 1e-9)) {
            throw Diagnostic(
                "bad-data", "expected a period above 0 and at most as long as the profile, \(period) A, found \(length)")
        }
        let count = values.count
        let smooth = AlignedNumbers(2 * waves.count)
        for (order, wave) in waves.enumerated() {
            let factor = windows.reduce(1.0) { factor, length in
                let x = Double.pi * Double(order) * length / period
                return x == 0 ? factor : factor * sin(x) / x
            }
            (smooth.start[2 * order], smooth.start[2 * order + 1]) = (wave.0 * factor, wave.1 * factor)
        }
        let real = AlignedNumbers(count)
        try FourierPlan.line(count, forward: false).run(real.start, smooth.start)
        return Profile(positions: positions, values: (0..<count).map { real.start[$0] }, period: period)
    }

    /// The waves of a periodic profile from 0 up, over the number of values. Throws `bad-data`.
    private func waves() throws -> (Double, [(Double, Double)]) {
        guard let period, period.isFinite, period > 0, !values.isEmpty, values.count <= 1 << 14, values.allSatisfy(\.isFinite) else {
            throw Diagnostic("bad-data", "expected a periodic profile of finite values, such as a planar average")
        }
        let count = values.count
        let plan = try FourierPlan.line(count, forward: true)
        let real = AlignedNumbers(count)
        let waves = AlignedNumbers(2 * (count / 2 + 1))
        for (index, value) in values.enumerated() { real.start[index] = value }
        plan.run(real.start, waves.start)
        return (period, (0...(count / 2)).map { (waves.start[2 * $0] / Double(count), waves.start[2 * $0 + 1] / Double(count)) })
    }
}
