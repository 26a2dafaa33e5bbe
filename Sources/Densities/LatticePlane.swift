import Diagnostics

/// A lattice plane of a cell and a periodic window in it: what a plane of a density is sampled on.
///
/// The plane holds the points r with h·(r - origin) = 0, h the Miller indices (h, k, l) *of the cell itself* and r in
/// fractional coordinates. For the primitive cell of an FCC crystal whose vectors are halves of face diagonals, (111) of the
/// cell is (111) of the conventional cube too, and the window is one surface cell; in the conventional cube the window of
/// (111) is four of them.
///
/// The window is spanned by two vectors u and v of the lattice that lie in the plane and generate all of those that do:
/// the shortest ones, u no longer than v, at 60 to 90 degrees, turning right-handedly about h. Among vectors of one length
/// (within 0.1 %, so that the noise of a relaxation turns no picture) the one comes first whose components are larger in
/// the order a, b, c: for (111) of a primitive FCC cell u = a - c and v = b - c.
public struct PlaneGeometry: Sendable, Hashable {
    /// The Miller indices.
    public let miller: [Int]
    /// The fractional coordinates of the window's origin.
    public let origin: [Double]
    /// The window's first side as whole multiples of a, b and c.
    public let u: [Int]
    /// The window's second side as whole multiples of a, b and c.
    public let v: [Int]
    /// The window's first side in cartesian components, A.
    public let uCartesian: [Double]
    /// The window's second side in cartesian components, A.
    public let vCartesian: [Double]

    /// Finds the plane and its window. Throws `bad-plane` unless `miller` are three whole numbers, not all 0, without a
    /// common divisor, none above 100 in size, and `origin` three finite numbers, none above 10^6 in size.
    public init(lattice: Lattice, miller: [Int], origin: [Double]) throws {
        try checkMiller(miller)
        guard origin.count == 3, origin.allSatisfy({ $0.isFinite && abs($0) <= 1e6 }) else {
            throw Diagnostic("bad-plane", "expected three fractional coordinates for the origin of a plane, found \(origin)")
        }
        let (u, v) = reducedBasis(of: miller, in: lattice)
        self.miller = miller
        self.origin = origin
        self.u = u
        self.v = v
        uCartesian = lattice.cartesian(u.map(Double.init))
        vCartesian = lattice.cartesian(v.map(Double.init))
    }

    /// The area of the window, A^2.
    public var area: Double {
        let normal = cross(uCartesian, vCartesian)
        return dot(normal, normal).squareRoot()
    }

    /// The sides of the window as seen along the plane's normal, with u along x: (x, y) in A, for drawing it undistorted.
    public var flat: (u: (x: Double, y: Double), v: (x: Double, y: Double)) {
        let length = dot(uCartesian, uCartesian).squareRoot()
        return ((length, 0), (dot(uCartesian, vCartesian) / length, area / length))
    }
}

/// Checks Miller indices before a run. Throws `bad-plane` unless there are three, not all 0, without a common divisor, none
/// above 100 in size.
public func checkMiller(_ miller: [Int]) throws {
    let text = "[\(miller.map(String.init).joined(separator: ", "))]"
    guard miller.count == 3 else {
        throw Diagnostic("bad-plane", "expected three Miller indices, found \(miller.count): \(text)", hint: "for example [1, 1, 1]")
    }
    guard miller.contains(where: { $0 != 0 }) else {
        throw Diagnostic("bad-plane", "expected Miller indices of a plane, found \(text)", hint: "for example [1, 1, 1]")
    }
    guard miller.allSatisfy({ (-100...100).contains($0) }) else {
        throw Diagnostic("bad-plane", "expected Miller indices between -100 and 100, found \(text)")
    }
    let divisor = miller.reduce(0, greatestCommonDivisor)
    guard divisor == 1 else {
        throw Diagnostic(
            "bad-plane", "expected Miller indices without a common divisor, found \(text)",
            hint: "[\(miller.map { String($0 / divisor) }.joined(separator: ", "))]")
    }
}

/// Whole numbers s and t with s a + t b = gcd(a, b).
private func bezout(_ a: Int, _ b: Int) -> (Int, Int) {
    var (r, s, t) = ((a, b), (1, 0), (0, 1))
    while r.1 != 0 {
        let q = r.0 / r.1
        r = (r.1, r.0 - q * r.1)
        s = (s.1, s.0 - q * s.1)
        t = (t.1, t.0 - q * t.1)
    }
    return r.0 < 0 ? (-s.0, -t.0) : (s.0, t.0)
}

/// Two lattice vectors that generate all those of the plane through the origin; see `PlaneGeometry` for the choice.
private func reducedBasis(of miller: [Int], in lattice: Lattice) -> (u: [Int], v: [Int]) {
    let (h, k, l) = (miller[0], miller[1], miller[2])
    var p = SIMD3(0, 1, 0)
    var q = SIMD3(0, 0, 1)
    let g = greatestCommonDivisor(k, l)
    if g != 0 {
        let (s, t) = bezout(k, l)
        p = SIMD3(0, l / g, -k / g)
        q = SIMD3(g, -h * s, -h * t)
    }
    // Scalars, not arrays: a plane is cut of each of a great many files.
    let (a, b, c) = (lattice.rows[0], lattice.rows[1], lattice.rows[2])
    let (ax, ay, az, bx, by, bz, cx, cy, cz) = (a[0], a[1], a[2], b[0], b[1], b[2], c[0], c[1], c[2])
    func cartesian(_ v: SIMD3<Int>) -> (x: Double, y: Double, z: Double) {
        let (m, n, o) = (Double(v.x), Double(v.y), Double(v.z))
        return (m * ax + n * bx + o * cx, m * ay + n * by + o * cy, m * az + n * bz + o * cz)
    }
    func product(_ v: SIMD3<Int>, _ w: SIMD3<Int>) -> Double {
        let (first, second) = (cartesian(v), cartesian(w))
        return first.x * second.x + first.y * second.y + first.z * second.z
    }
    func combine(_ v: SIMD3<Int>, _ m: Int, _ w: SIMD3<Int>, _ n: Int) -> SIMD3<Int> { v &* m &+ w &* n }

    // Lagrange: take from the longer vector what it has of the shorter, until nothing is left to take.
    for _ in 0..<200 {
        if product(q, q) < product(p, p) { swap(&p, &q) }
        let share = (product(p, q) / product(p, p)).rounded()
        guard share != 0, abs(share) < 1e6 else { break }
        q = combine(q, 1, p, -Int(share))
    }
    // The shortest vectors are now among the small combinations; choosing among equals is what the rest does.
    var candidates: [SIMD3<Int>] = []
    candidates.reserveCapacity(24)
    for m in -2...2 { for n in -2...2 where m != 0 || n != 0 { candidates.append(combine(p, m, q, n)) } }
    candidates.sort { ($1.x, $1.y, $1.z) < ($0.x, $0.y, $0.z) }
    func shortest(_ among: [SIMD3<Int>]) -> [SIMD3<Int>] {
        let least = among.reduce(Double.infinity) { min($0, product($1, $1)) }
        return among.filter { product($0, $0) <= least * 1.002 }
    }
    let u = shortest(candidates).first ?? p
    let turning = candidates.filter { candidate in
        u.y * candidate.z - u.z * candidate.y == h && u.z * candidate.x - u.x * candidate.z == k
            && u.x * candidate.y - u.y * candidate.x == l
    }
    let second = shortest(turning)
    // Right angles and nearly right ones count as acute.
    let acute = second.filter { product(u, $0) >= -1e-3 * (product(u, u) * product($0, $0)).squareRoot() }
    let v = acute.first ?? second.first ?? q
    return ([u.x, u.y, u.z], [v.x, v.y, v.z])
}
