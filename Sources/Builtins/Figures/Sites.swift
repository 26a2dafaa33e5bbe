import Densities
import Diagnostics
import Plotting

/// Distance within which an atom counts as lying on a plane (A): more than a relaxation moves it, less than half of what lies between two
/// layers.
let siteDepth = 0.25

extension CutPlane {
    /// The atoms on the plane, periodic images included: those within `depth` (A) of it and within the window, its edges too. Those farther
    /// than `siteDepth` are off the plane. Beyond `mostNames` of them they have no names, which could not be read. Throws `range` for more
    /// than `mostSites`.
    func sites(of atoms: [Atom], within depth: Double) throws -> [Site] {
        let frame = Frame(window, lattice)
        var found: [Site] = []
        for atom in atoms {
            let ranges = frame.images(of: atom.fractional, margin: depth)
            guard ranges.reduce(1.0, { $0 * Double($1.count) }) <= 1e7 else { throw Self.tooMany }
            for i in ranges[0] {
                for j in ranges[1] {
                    for k in ranges[2] {
                        let place = zip(atom.fractional, [i, j, k]).map { $0 + Double($1) }
                        let (first, second, height) = frame.place(of: place)
                        guard abs(height) <= depth, frame.isInside(first, second) else { continue }
                        found.append(Site(atom.element, first: first, second: second, isOff: abs(height) > siteDepth))
                        guard found.count <= Self.mostSites else { throw Self.tooMany }
                    }
                }
            }
        }
        return found.count <= Self.mostNames ? found : found.map { Site("", first: $0.first, second: $0.second, isOff: $0.isOff) }
    }

    /// The edges of the plane's own cells within the window, as points in fractions of its sides, without those that are edges of the
    /// window; empty where no two lattice vectors lie in the plane, or the cells are too many to be seen.
    func cellEdges() -> [[Point]] {
        let frame = Frame(window, lattice)
        guard let (u, v) = frame.cell(of: window) else { return [] }
        let (p, q) = (frame.direction(u), frame.direction(v))
        let determinant = p.x * q.y - p.y * q.x
        guard abs(determinant) > 1e-9 else { return [] }
        // A window of whole cells begins with one; in another they begin at corners of the crystal's cell.
        let corner: Point
        if window.isPeriodic {
            corner = Point(0, 0)
        } else {
            let (first, second, _) = frame.place(of: [0, 0, 0])
            corner = Point(first, second)
        }
        func counts(_ point: Point) -> (Double, Double) {
            let (x, y) = (point.x - corner.x, point.y - corner.y)
            return ((x * q.y - y * q.x) / determinant, (p.x * y - p.y * x) / determinant)
        }
        let ends = [Point(0, 0), Point(1, 0), Point(0, 1), Point(1, 1)].map(counts)
        func lines(_ count: [Double], from start: Point, step: Point, along: Point) -> [[Point]] {
            guard let low = count.min(), let high = count.max(), high - low < 100 else { return [] }
            return stride(from: low.rounded(.down), through: high.rounded(.up), by: 1).compactMap { number in
                clipped(Point(start.x + number * step.x, start.y + number * step.y), along)
            }
        }
        return lines(ends.map(\.0), from: corner, step: p, along: q) + lines(ends.map(\.1), from: corner, step: q, along: p)
    }

    /// The most atoms that are named on a plane.
    private static let mostNames = 60
    /// The most atoms that are drawn on a plane.
    private static let mostSites = 5000

    private static let tooMany = Diagnostic(
        "range", "expected at most \(mostSites) atoms on a plane, found more", hint: "cut a smaller window, or lower `depth`")
}

/// The part of a straight line within the unit square; nil where it only touches it or runs along its edge (Y.-D. Liang and
/// B. Barsky, 1984).
private func clipped(_ start: Point, _ along: Point) -> [Point]? {
    var (from, to) = (-Double.infinity, Double.infinity)
    for (place, step) in [(start.x, along.x), (start.y, along.y)] {
        if abs(step) < 1e-9 {
            guard place > 1e-6, place < 1 - 1e-6 else { return nil }
            continue
        }
        let ends = [(0 - place) / step, (1 - place) / step]
        from = max(from, ends.min() ?? from)
        to = min(to, ends.max() ?? to)
    }
    guard from.isFinite, to.isFinite, to - from > 1e-6 else { return nil }
    return [from, to].map { Point(start.x + $0 * along.x, start.y + $0 * along.y) }
}

/// A window in a plane as a frame of coordinates: fractions of its sides, and the height over it in A.
private struct Frame {
    private let lattice: Lattice
    private let origin: [Double]
    private let u: [Double]
    private let v: [Double]
    private let normal: [Double]
    private let corners: [[Double]]

    init(_ window: PlaneWindow, _ lattice: Lattice) {
        self.lattice = lattice
        origin = lattice.cartesian(window.origin)
        (u, v) = (window.uCartesian, window.vCartesian)
        let product = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
        let size = dot(product, product).squareRoot()
        normal = product.map { $0 / size }
        corners = [[0.0, 0], [1, 0], [0, 1], [1, 1]].map { ends in
            (0..<3).map { window.origin[$0] + ends[0] * window.u[$0] + ends[1] * window.v[$0] }
        }
    }

    /// The place of a point in fractional coordinates of the crystal's cell.
    func place(of point: [Double]) -> (first: Double, second: Double, height: Double) {
        let from = zip(lattice.cartesian(point), origin).map { $0 - $1 }
        let (first, second) = shares(of: from)
        return (first, second, dot(from, normal))
    }

    /// A lattice vector of the plane in fractions of the window's sides.
    func direction(_ vector: [Int]) -> Point {
        let (first, second) = shares(of: lattice.cartesian(vector.map(Double.init)))
        return Point(first, second)
    }

    private func shares(of vector: [Double]) -> (Double, Double) {
        let (uu, uv, vv) = (dot(u, u), dot(u, v), dot(v, v))
        let (a, b) = (dot(vector, u), dot(vector, v))
        let determinant = uu * vv - uv * uv
        return ((a * vv - b * uv) / determinant, (b * uu - a * uv) / determinant)
    }

    /// Whether a place lies in the window, its edges included, to a hundredth of an A.
    func isInside(_ first: Double, _ second: Double) -> Bool {
        let (a, b) = (0.01 / dot(u, u).squareRoot(), 0.01 / dot(v, v).squareRoot())
        return (-a...1 + a).contains(first) && (-b...1 + b).contains(second)
    }

    /// The shifts by whole cells that may bring a point to within a distance of the window, along a, b and c.
    func images(of point: [Double], margin: Double) -> [ClosedRange<Int>] {
        zip(0..<3, lattice.reciprocal).map { axis, reciprocal in
            let reach = (margin + 0.02) * dot(reciprocal, reciprocal).squareRoot()
            let places = corners.map { $0[axis] }
            let low = ((places.min() ?? 0) - reach - point[axis]).rounded(.up)
            let high = ((places.max() ?? 0) + reach - point[axis]).rounded(.down)
            return Int(low)...max(Int(low), Int(high))
        }
    }

    /// Two lattice vectors that span a cell of the plane: those along the window's sides where they do, else the shortest; nil where
    /// there are none of few cells.
    func cell(of window: PlaneWindow) -> (u: [Int], v: [Int])? {
        var inPlane: [(vector: [Int], length: Double)] = []
        for i in -6...6 {
            for j in -6...6 {
                for k in -6...6 where [i, j, k] != [0, 0, 0] {
                    let vector = lattice.cartesian([Double(i), Double(j), Double(k)])
                    let length = dot(vector, vector).squareRoot()
                    if abs(dot(vector, normal)) <= 1e-4 * length { inPlane.append(([i, j, k], length)) }
                }
            }
        }
        inPlane.sort { $0.length < $1.length - 1e-9 }
        guard let first = inPlane.first, let second = inPlane.first(where: { area(first.vector, $0.vector) > 1e-3 * first.length }) else {
            return nil
        }
        let sides = [window.u, window.v].map(primitive)
        if let a = sides[0], let b = sides[1], area(a, b) < 1.01 * area(first.vector, second.vector) { return (a, b) }
        return (first.vector, second.vector)
    }

    /// The shortest lattice vector along one that is given in fractions; nil where it is no lattice vector.
    private func primitive(_ vector: [Double]) -> [Int]? {
        let whole = vector.map { $0.rounded() }
        guard zip(vector, whole).allSatisfy({ abs($0 - $1) < 1e-6 && abs($1) < 1e6 }) else { return nil }
        let numbers = whole.map { Int($0) }
        var divisor = 0
        for number in numbers {
            var (a, b) = (divisor, abs(number))
            while b != 0 { (a, b) = (b, a % b) }
            divisor = a
        }
        return divisor == 0 ? nil : numbers.map { $0 / divisor }
    }

    private func area(_ a: [Int], _ b: [Int]) -> Double {
        let (p, q) = (lattice.cartesian(a.map(Double.init)), lattice.cartesian(b.map(Double.init)))
        return max(0, dot(p, p) * dot(q, q) - dot(p, q) * dot(p, q)).squareRoot()
    }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
