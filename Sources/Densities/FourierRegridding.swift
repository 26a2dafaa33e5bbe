import Glibc
import Storage

/// How the waves of one axis go over to another number of points.
struct FourierAxis: Sendable {
    let from: Int
    let to: Int
    /// One old wave's share in a new one: new += weight * old, or its conjugate.
    struct Share: Sendable {
        let old: Int
        let new: Int
        let real: Double
        let imaginary: Double
        let conjugated: Bool
    }
    let shares: [Share]

    /// The values at i / to + shift of the period. An even axis splits its wave of Nyquist in two halves.
    init(from: Int, to: Int, shift: Double = 0, shrinking: FourierShrinking) {
        self.from = from
        self.to = to
        var shares: [Share] = []
        for wave in -(from / 2)...(from / 2) {
            let size = abs(wave)
            var weight = 1 / Double(from)
            if 2 * size == from { weight *= 0.5 }
            if shrinking == .cutOff, from > to {
                if 2 * size > to { continue }
                if 2 * size == to { weight *= 0.5 }
            }
            let new = (wave % to + to) % to
            // The other half of a real line's waves follows from this one.
            guard new <= to / 2 else { continue }
            let angle = 2 * Double.pi * (Double(wave) * shift)
            shares.append(
                Share(
                    old: size, new: new, real: shift == 0 ? weight : weight * cos(angle), imaginary: shift == 0 ? 0 : weight * sin(angle),
                    conjugated: wave < 0))
        }
        self.shares = shares
    }
}

/// The trigonometric polynomial of a field on another grid, moved by a fractional shift: one axis after the other. Throws
/// `shape`.
func fourier(
    _ values: [Double], from: [Int], to: [Int], shift: [Double] = [0, 0, 0], shrinking: FourierShrinking, threads: Int
) throws -> [Double] {
    var grid = from
    var values = values
    for axis in [2, 1, 0] where to[axis] != grid[axis] || shift[axis] != 0 {
        let line = FourierAxis(from: grid[axis], to: to[axis], shift: shift[axis], shrinking: shrinking)
        let inner = grid[(axis + 1)...].reduce(1, *)
        values = try resampled(values, outer: grid[..<axis].reduce(1, *), inner: inner, line, threads: threads)
        grid[axis] = to[axis]
    }
    return values
}

/// The lines of an array of outer x line.from x inner, taken to line.to points each.
private func resampled(_ values: [Double], outer: Int, inner: Int, _ line: FourierAxis, threads: Int) throws -> [Double] {
    // Lines that lie side by side are transformed side by side; those along the last axis one behind the other.
    let interleaved = inner > 1
    let width = min(interleaved ? inner : outer, max(1, min(64, (1 << 20) / max(line.from, line.to))))
    let across = interleaved ? inner : outer
    let blocks = (across + width - 1) / width
    let forward = try FourierPlan.lines(line.from, count: width, interleaved: interleaved, forward: true)
    let back = try FourierPlan.lines(line.to, count: width, interleaved: interleaved, forward: false)
    let (from, to, shares) = (line.from, line.to, line.shares)
    let (oldHalf, newHalf) = (from / 2 + 1, to / 2 + 1)
    // A thread takes a run of blocks, so that its memory is made once.
    let count = interleaved ? outer * blocks : blocks
    let runs = min(count, 64)
    return filled(outer * to * inner) { target in
        shared(values) { source in
            concurrently(runs, threads: threads) { run in
                let real = AlignedNumbers(width * max(from, to))
                let old = AlignedNumbers(2 * width * oldHalf)
                let new = AlignedNumbers(2 * width * newHalf)
                for block in (count * run / runs)..<(count * (run + 1) / runs) {
                    let first = (block % blocks) * width
                    let lines = min(width, across - first)
                    if interleaved {
                        let start = block / blocks * from * inner + first
                        for t in 0..<from { (real.start + t * width).update(from: source.pointer + start + t * inner, count: lines) }
                    } else {
                        real.start.update(from: source.pointer + first * from, count: lines * from)
                    }
                    forward.run(real.start, old.start)
                    new.start.update(repeating: 0, count: 2 * width * newHalf)
                    for share in shares {
                        add(
                            share, old.start, new.start, lines: width, step: interleaved ? 1 : oldHalf, to: interleaved ? 1 : newHalf,
                            stride: interleaved ? width : 1)
                    }
                    back.run(real.start, new.start)
                    if interleaved {
                        let start = block / blocks * to * inner + first
                        for t in 0..<to { (target.pointer + start + t * inner).update(from: real.start + t * width, count: lines) }
                    } else {
                        (target.pointer + first * to).update(from: real.start, count: lines * to)
                    }
                }
            }
        }
    }
}

/// Adds the share of an old wave to a new one, for all lines.
private func add(
    _ share: FourierAxis.Share, _ old: UnsafePointer<Double>, _ new: UnsafeMutablePointer<Double>, lines: Int, step: Int, to newStep: Int,
    stride: Int
) {
    let source = old + 2 * share.old * stride
    let target = new + 2 * share.new * stride
    let sign = share.conjugated ? -1.0 : 1.0
    for l in 0..<lines {
        let (a, b) = (source[2 * l * step], sign * source[2 * l * step + 1])
        target[2 * l * newStep] += share.real * a - share.imaginary * b
        target[2 * l * newStep + 1] += share.real * b + share.imaginary * a
    }
}
