import Diagnostics
import Tensors
import TestSupport
import Testing

@testable import Densities

@Suite(.timed) struct WindowTests {
    /// Rectangles against scipy and direct sums over waves: 1e-12 of the largest value.
    @Test func agreesWithPeers() throws {
        for expected in try Mathematics.read().window {
            let density = try fieldDensity(expected.file)
            let points = [
                expected.point, zip(expected.point, expected.along).map { $0 + $1 }, zip(expected.point, expected.towards).map { $0 + $1 },
            ]
            let anchor = try #require(PlaneWindow.Anchor(rawValue: expected.anchor))
            let window = try PlaneWindow(
                lattice: density.lattice, through: points, sides: (expected.sides[0], expected.sides[1]), anchor: anchor)
            #expect(abs(window.area - expected.sides[0] * expected.sides[1]) < 1e-9 && abs(window.flat.v.x) < 1e-9)
            let places = (0..<(17 * 13)).map { window.point($0 / 13, $0 % 13, size: [17, 13]) }
            let linear = deviation(try density.values(at: places), expected.trilinear)
            let exact = deviation(try density.values(at: places, sampling: .fourier, threads: 3), expected.fourier)
            #expect(linear < 1e-12 && exact < 1e-12, "\(expected.file): \(linear) \(exact)")
            for sampling in [Sampling.trilinear, .fourier] {
                let picture = try density.plane(window, size: [17, 13], sampling: sampling)
                let values = try density.values(at: places, sampling: sampling)
                #expect(zip(picture.values, values).allSatisfy { abs(Double($0) - $1) <= 1e-6 * abs($1) })
            }
        }
    }

    /// The mean over a whole plane, exactly, and the table of means of trilinear samples (32 bit).
    @Test func hasTheMeansOfPlanes() throws {
        for expected in try Mathematics.read().mean {
            let density = try fieldDensity(expected.file)
            let series = try FourierSeries(density.values, grid: density.grid)
            let found = try series.mean(overPlane: expected.miller, through: expected.point)
            #expect(abs(found - expected.value) < 1e-13)
            // Samples on a fine picture of the window have the same mean.
            let plane = try density.planeGeometry(miller: expected.miller, through: .fractional(expected.point))
            let picture = try series.picture(origin: plane.origin, u: plane.u, v: plane.v, size: [64, 48])
            #expect(abs(picture.reduce(0, +) / Double(picture.count) - found) < 1e-12)
        }
        let density = try fieldDensity("fcc-primitive.CHGCAR")
        let symmetry = try density.symmetry()
        for (miller, exact, linear) in [
            ([1, 1, 1], 0.186541313, 0.18598487), ([1, 0, 0], 0.144513067, 0.14680548), ([1, 1, 0], 0.196572499, 0.19368270),
            ([-1, 1, 1], 0.190767506, 0.19047223),
        ] {
            let inCell = try symmetry.millerInCell(ofConventional: miller)
            let series = try FourierSeries(density.values, grid: density.grid)
            #expect(abs(try series.mean(overPlane: inCell, through: density.atoms[0].fractional) - exact) < 6e-10)
            let picture = try density.plane(miller: inCell, size: [60, 60])
            #expect(abs(picture.values.reduce(0) { $0 + Double($1) } / 3600 - linear) < 1e-7)
        }
    }

    /// By one transform in the plane or point by point: the same.
    @Test func sumsWavesEitherWay() throws {
        for file in ["fcc-primitive.CHGCAR", "spin-aug.CHGCAR"] {
            let density = try fieldDensity(file)
            let plane = try density.planeGeometry(miller: [1, -2, 1])
            let window = try PlaneWindow(plane, repeats: (2, 1), in: density.lattice)
            #expect(window.isPeriodic)
            let series = try FourierSeries(density.values, grid: density.grid)
            let one = try series.values(on: window, size: [11, 14])
            let other = series.values(at: (0..<154).map { window.point($0 / 14, $0 % 14, size: [11, 14]) })
            for (a, b) in zip(one, other) { #expect(abs(a - b) < 1e-12) }
            let picture = try density.plane(plane, size: [5, 6], sampling: .fourier)
            #expect(abs(Double(picture.values[0]) - series.values(at: [plane.origin])[0]) < 1e-6)
        }
        // On points of the grid the polynomial is the value.
        let density = try fieldDensity("fcc-primitive.CHGCAR")
        let found = try density.values(at: [[0.1, 0.2, 0.3], [-0.9, 1.2, 5.3]], sampling: .fourier)
        #expect(abs(found[0] - density.values[123]) < 1e-13 && abs(found[1] - density.values[123]) < 1e-12)
        #expect(try density.values(at: [[0.1, 0.2, 0.3], [-0.9, 1.2, 5.3]]) == [density.values[123], density.values[123]])
    }

    @Test func takesPlanesByHeightAtomsAndVectors() throws {
        let density = try fieldDensity("spin-aug.CHGCAR")
        let origin = try density.planeOrigin(atHeight: 1.75, miller: [1, 2, -1])
        guard case .fractional(let point) = origin else { throw Diagnostic("none", "expected a point") }
        #expect(abs(try density.height(of: point, miller: [1, 2, -1]) - 1.75) < 1e-12)
        #expect(try density.miller(ofPlaneBy: [1, 0, -1], [0, 1, -1]) == [1, 1, 1])
        #expect(try density.miller(ofPlaneBy: [2, 0, 0], [0, 3, 0]) == [0, 0, 1])
        let window = try density.window(throughAtoms: [0, 2, 5], sides: (4, 3), anchor: .corner)
        #expect(window.origin == density.atoms[0].fractional)
        let normal = cross(window.uCartesian, window.vCartesian)
        // The images that are nearest to the first atom.
        let places = try density.places(ofAtoms: [0, 2, 5])
        #expect(zip(places, [0, 2, 5]).allSatisfy { place, atom in
            zip(place, density.atoms[atom].fractional).allSatisfy { abs(($0 - $1) - ($0 - $1).rounded()) < 1e-12 }
        })
        for place in places.dropFirst() {
            let way = density.lattice.cartesian(zip(place, window.origin).map { $0 - $1 })
            #expect(abs(dot(way, normal)) < 1e-9)
        }
        for fault in [
            { _ = try density.window(throughAtoms: [0, 0, 1], sides: (1, 1)) },
            { _ = try density.window(throughAtoms: [0, 1, 99], sides: (1, 1)) },
            { _ = try density.window(throughAtoms: [0, 2, 5], sides: (0, 1)) },
            { _ = try density.window(throughAtoms: [0, 2, 5], sides: (.nan, 1)) },
            { _ = try density.miller(ofPlaneBy: [1, 1, 0], [2, 2, 0]) },
            { _ = try density.planeOrigin(atHeight: .infinity, miller: [1, 0, 0]) },
            { _ = try density.plane(window, size: [0, 3]) },
        ] as [() throws -> Void] { try expectFault("bad-plane", nil, nil, fault) }
    }

    /// i + j + k = c is the plane of `PlaneWindow` on the points of the grid; drawn undistorted it has the crystal's own places.
    @Test(arguments: [0, 3, -1, 10])
    func hasTheIndexPlane(_ constant: Int) throws {
        let density = try fieldDensity("fcc-primitive.CHGCAR")
        let picture = try density.indexPlane(constant)
        for i in 0..<10 {
            for j in 0..<10 {
                #expect(picture.values[i * 10 + j] == Float(density.values[(i * 10 + j) * 10 + ((constant - i - j) % 10 + 10) % 10]))
            }
        }
        let window = try density.indexPlaneWindow(constant)
        #expect(try density.plane(window, size: [10, 10]) == picture)
        // sqrt 2 and sqrt 6 halves of the cube's side: a rectangle that repeats, on points of the picture every half period.
        let sides = (length(window.uCartesian), 2 * window.flat.v.y)
        let straight = try undistorted(picture, window: window, sides: sides, size: [20, 20])
        #expect(straight.values[0] == picture.values[0])
        // Halfway up: v - u / 2 is at the point (-5 / 10 of u, all of v), which is (5, 0).
        #expect(abs(straight.values[10] - picture.values[50]) < 1e-6)
        #expect(abs(straight.values[10 * 20 + 10] - picture.values[0]) < 1e-6)
        let oblong = try fieldDensity("spin-aug.CHGCAR")
        try expectFault("bad-plane") { _ = try oblong.indexPlane() }
    }

    @Test func cutsSlices() throws {
        let density = try fieldDensity("spin-aug.CHGCAR")
        let n = density.grid
        #expect(try density.slice(axis: 2, index: -1).shape == Shape([n[0], n[1], 1]))
        #expect(try density.slice(axis: 2, index: -1).values[n[1] + 2] == Float(density.values[(n[1] + 2) * n[2] + n[2] - 1]))
        #expect(try density.slice(axis: 0, index: 2).values[5] == Float(density.values[2 * n[1] * n[2] + 5]))
        #expect(try density.slice(axis: 1, index: 3).values[n[2] + 4] == Float(density.values[(n[1] + 3) * n[2] + 4]))
        try expectFault("bad-plane") { _ = try density.slice(axis: 3, index: 0) }
    }
}
