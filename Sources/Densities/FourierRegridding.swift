import Glibc
import Storage

/// How the waves of one axis go over to another number of points.
struct FourierAxis: Sendable {
    let from: Int
    let to: Int
    /// One old wave's share in a new one: new += (real + i imaginary) * old.
    struct Share: Sendable {
        let old: Int
        let new: Int
        let real: Double
        let imaginary: Double
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
            let angle = 2 * Double.pi * (Double(wave) * shift)
            shares.append(
                Share(
                    old: (wave + from) % from, new: (wave % to + to) % to, real: shift == 0 ? weight : weight * cos(angle),
                    imaginary: shift == 0 ? 0 : weight * sin(angle)))
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
///
/// What is done to a line is linear and real, so two lines go as the real and the imaginary part of one complex line. Lines lie side by
/// side while they are transformed, as they do in the array but along its last axis: FFTW takes several at a time then.
private func resampled(_ values: [Double], outer: Int, inner: Int, _ line: FourierAxis, threads: Int) throws -> [Double] {
    let isLast = inner == 1
    let across = isLast ? outer : inner
    let width = min((across + 1) / 2 * 2, max(2, min(64, (1 << 20) / max(line.from, line.to) / 2 * 2)))
    let blocks = (across + width - 1) / width
    let forward = try FourierPlan.columns(line.from, count: width / 2, forward: true)
    let back = try FourierPlan.columns(line.to, count: width / 2, forward: false)
    let (from, to, shares) = (line.from, line.to, line.shares)
    // A thread takes a run of blocks, so that its memory is made once.
    let count = isLast ? blocks : outer * blocks
    let runs = min(count, 64)
    return filled(outer * to * inner) { target in
        shared(values) { source in
            concurrently(runs, threads: threads) { run in
                let old = AlignedNumbers(width * from)
                let new = AlignedNumbers(width * to)
                for block in (count * run / runs)..<(count * (run + 1) / runs) {
                    let first = (block % blocks) * width
                    let lines = min(width, across - first)
                    // The partner of an odd line must be a finite one.
                    if lines < width { old.start.update(repeating: 0, count: width * from) }
                    if isLast {
                        transpose(source.pointer + first * from, rows: lines, columns: from, step: from, into: old.start, step: width)
                    } else {
                        let start = block / blocks * from * inner + first
                        for t in 0..<from { (old.start + t * width).update(from: source.pointer + start + t * inner, count: lines) }
                    }
                    forward.run(nil, old.start)
                    new.start.update(repeating: 0, count: width * to)
                    for share in shares { add(share, old.start + share.old * width, new.start + share.new * width, count: width) }
                    back.run(nil, new.start)
                    if isLast {
                        transpose(new.start, rows: to, columns: lines, step: width, into: target.pointer + first * to, step: to)
                    } else {
                        let start = block / blocks * to * inner + first
                        for t in 0..<to { (target.pointer + start + t * inner).update(from: new.start + t * width, count: lines) }
                    }
                }
            }
        }
    }
}

/// Writes the columns of an array as rows of another; steps are the numbers from one row to the next.
private func transpose(
    _ source: UnsafePointer<Double>, rows: Int, columns: Int, step: Int, into target: UnsafeMutablePointer<Double>, step targetStep: Int
) {
    for row in 0..<rows {
        for column in 0..<columns { target[column * targetStep + row] = source[row * step + column] }
    }
}

/// Adds the share of an old wave to a new one, for `count` / 2 complex lines.
private func add(
    _ share: FourierAxis.Share, _ source: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>, count: Int
) {
    if share.imaginary == 0 {
        for n in 0..<count { target[n] += share.real * source[n] }
        return
    }
    for n in stride(from: 0, to: count, by: 2) {
        let (a, b) = (source[n], source[n + 1])
        target[n] += share.real * a - share.imaginary * b
        target[n + 1] += share.real * b + share.imaginary * a
    }
}
