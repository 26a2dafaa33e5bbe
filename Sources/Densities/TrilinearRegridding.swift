import Storage

/// Where the points of a new axis lie between those of the old one.
struct LinearAxis {
    /// The old points on either side.
    var low: [Int] = []
    var high: [Int] = []
    /// How far a new point is past the lower one, 0 up to 1.
    var part: [Double] = []

    /// New points i of `to` at i / to + shift of the period of `from` points. Whole quotients are exact.
    init(from: Int, to: Int, shift: Double = 0) {
        let offset = (shift - shift.rounded(.down)) * Double(from)
        // What is a grid point but for rounding is one.
        let whole = offset.rounded()
        let isWhole = abs(offset - whole) < 1e-9
        for i in 0..<to {
            let (quotient, rest) = (i * from).quotientAndRemainder(dividingBy: to)
            var index = quotient + (isWhole ? Int(whole) : 0)
            var part = Double(rest) / Double(to)
            if !isWhole {
                let place = part + offset
                let floor = place.rounded(.down)
                index += Int(floor)
                part = place - floor
            }
            low.append(index % from)
            high.append((index + 1) % from)
            self.part.append(part)
        }
    }
}

/// Periodic trilinear interpolation from grid to grid, moved by a fractional shift: one axis after the other, a plane of the
/// result at a time. Target extents are at most 4096, so the products here fit.
func trilinear(_ values: [Double], from: [Int], to: [Int], shift: [Double] = [0, 0, 0], threads: Int) -> [Double] {
    let (x, y, z) = (
        LinearAxis(from: from[0], to: to[0], shift: shift[0]), LinearAxis(from: from[1], to: to[1], shift: shift[1]),
        LinearAxis(from: from[2], to: to[2], shift: shift[2])
    )
    let (oldY, oldZ, newY, newZ) = (from[1], from[2], to[1], to[2])
    return filled(to[0] * newY * newZ) { target in
        shared(values) { source in
            concurrently(to[0], threads: threads) { i in
                withUnsafeTemporaryAllocation(of: Double.self, capacity: oldY * oldZ + oldZ) { room in
                    guard let plane = room.baseAddress else { return }
                    let row = plane + oldY * oldZ
                    let below = source.pointer + x.low[i] * oldY * oldZ
                    blend(below, source.pointer + x.high[i] * oldY * oldZ, x.part[i], oldY * oldZ, into: plane)
                    var out = target.pointer + i * newY * newZ
                    z.low.withUnsafeBufferPointer { low in
                        z.high.withUnsafeBufferPointer { high in
                            z.part.withUnsafeBufferPointer { part in
                                for j in 0..<newY {
                                    blend(plane + y.low[j] * oldZ, plane + y.high[j] * oldZ, y.part[j], oldZ, into: row)
                                    for k in 0..<newZ { out[k] = mix(row[low[k]], row[high[k]], part[k]) }
                                    out += newZ
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// (1 - part) a + part b of `count` numbers; a where `part` is 0, whatever b is.
private func blend(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ part: Double, _ count: Int, into out: UnsafeMutablePointer<Double>
) {
    if part == 0 { return out.update(from: a, count: count) }
    let rest = 1 - part
    for i in 0..<count { out[i] = a[i] * rest + b[i] * part }
}

/// The value between two neighbours: a where `part` is 0, whatever b is.
@inline(__always) func mix(_ a: Double, _ b: Double, _ part: Double) -> Double { part == 0 ? a : a * (1 - part) + b * part }
