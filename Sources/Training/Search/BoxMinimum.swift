/// Finds a local minimum of a smooth function in the unit box, from a start, by the spectral projected gradient method of
/// Birgin, Martinez and Raydan (SIAM J. Optim. 10, 2000) with a monotone line search. It stays in the box, takes one
/// gradient a step like L-BFGS-B, and in the few dimensions of a search needs no memory of earlier ones.
func minimumInBox(
    from start: [Double], steps: Int = 60, _ function: ([Double]) throws -> (value: Double, gradient: [Double])
) rethrows -> (point: [Double], value: Double) {
    func clamped(_ x: Double) -> Double { min(1, max(0, x)) }
    var point = start.map(clamped)
    var (value, gradient) = try function(point)
    // The first step goes as far as the whole box where the gradient is steepest.
    var length = 1 / max(gradient.reduce(0) { max($0, $1.magnitude) }, 1e-12)
    for _ in 0..<steps {
        let direction = zip(point, gradient).map { clamped($0 - length * $1) - $0 }
        let slope = dotProduct(gradient[...], direction[...])
        guard slope < 0, direction.contains(where: { $0.magnitude > 1e-7 }) else { break }

        var part = 1.0
        var next: (point: [Double], value: Double, gradient: [Double])?
        for _ in 0..<20 {
            let there = zip(point, direction).map { clamped($0 + part * $1) }
            let (found, steepness) = try function(there)
            if found <= value + 1e-4 * part * slope {
                next = (there, found, steepness)
                break
            }
            // The minimum of the parabola through what is known, kept within a tenth and a half.
            let vertex = -slope * part * part / (2 * (found - value - part * slope))
            part = vertex.isFinite ? min(0.5 * part, max(0.1 * part, vertex)) : 0.1 * part
        }
        guard let next else { break }
        let moved = zip(next.point, point).map { $0 - $1 }
        let turned = zip(next.gradient, gradient).map { $0 - $1 }
        let curvature = dotProduct(moved[...], turned[...])
        length =
            curvature > 0
            ? dotProduct(moved[...], moved[...]) / curvature : 1 / max(next.gradient.reduce(0) { max($0, $1.magnitude) }, 1e-12)
        (point, value, gradient) = next
    }
    return (point, value)
}
