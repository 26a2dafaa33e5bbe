import Diagnostics
import TestSupport
import Testing

@testable import Plotting

@Suite(.timed) struct PlaneTests {
    @Test func aPlaneNeedsAllItsValues() throws {
        #expect(throws: Diagnostic.self) { try Plane(rows: 2, columns: 2, values: [1, 2, 3] as [Float]) }
        #expect(throws: Diagnostic.self) { try Plane(rows: -1, columns: -3, values: [1, 2, 3] as [Float]) }
        #expect(throws: Diagnostic.self) { try Plane(rows: .max, columns: 2, values: [1] as [Double]) }
    }

    @Test func rowZeroIsAtTheTop() throws {
        let pixels = Pixels(try Plane(rows: 2, columns: 2, values: [1, 2, 3, 4] as [Float]))
        #expect(pixels.values == [3, 4, 1, 2])
    }

    @Test func aBigPlaneIsDrawnInBlocks() throws {
        let plane = try Plane(rows: 1000, columns: 3, values: (0..<3000).map { Float($0 / 3) })
        let pixels = Pixels(plane, limit: 100)
        #expect(pixels.rows == 100 && pixels.columns == 3)
        // The lowest row of the picture is the mean of the last ten rows.
        #expect(pixels.value(0, 1) == 994.5 && pixels.value(99, 1) == 4.5)
    }

    @Test func aRectangularCellShowsItsSamples() throws {
        // u along y, v along x: the picture is the plane itself.
        let count = 50
        let values = (0..<(count * count)).map { Float($0) }
        let cell = PlaneCell(first: Point(0, 1), second: Point(1, 0))
        let plane = try Plane(rows: count, columns: count, values: values, cell: cell)
        let pixels = Pixels(plane)
        #expect(pixels.rows == count && pixels.columns == count)
        // The middle of a pixel lies half a sample after the sample of its number.
        #expect(abs(pixels.value(3, 7) - (3.5 * Float(count) + 7.5)) < 1e-2)
    }

    @Test func aShearedCellIsSampledAtTheRightPlaces() throws {
        // A field with the period of the cell, known everywhere.
        let n = 120
        func field(_ u: Double, _ v: Double) -> Double { cosine(u) + 0.5 * cosine(v) }
        let values = (0..<n).flatMap { i in (0..<n).map { j in field(Double(i) / Double(n), Double(j) / Double(n)) } }
        let cell = PlaneCell(first: Point(2, 0.3), second: Point(-0.9, 1.7))
        let pixels = Pixels(try Plane(rows: n, columns: n, values: values, cell: cell))
        var worst = 0.0
        for row in 0..<pixels.rows {
            for column in 0..<pixels.columns {
                let point = Point(
                    pixels.origin.x + (Double(column) + 0.5) / Double(pixels.columns) * pixels.extent.width,
                    pixels.origin.y + (Double(row) + 0.5) / Double(pixels.rows) * pixels.extent.height)
                // Solve point = u first + v second.
                let det = 2 * 1.7 - 0.3 * -0.9
                let u = (point.x * 1.7 + point.y * 0.9) / det
                let v = (2 * point.y - 0.3 * point.x) / det
                worst = max(worst, abs(Double(pixels.value(row, column)) - field(u, v)))
            }
        }
        #expect(worst < 2e-3)
    }

    @Test func vectorsOfSpaceAreLaidFlat() {
        let cell = PlaneCell(first: [1, -1, 0], second: [0, 1, -1])
        #expect(abs(cell.first.x - 2.0.squareRoot()) < 1e-12 && cell.first.y == 0)
        #expect(abs(cell.second.x + 0.5.squareRoot()) < 1e-12)
        #expect(abs(cell.second.y - 1.5.squareRoot()) < 1e-12)
    }

    @Test func aFlatCellIsDrawnAsARectangle() throws {
        for cell in [
            PlaneCell(first: Point(0, 0), second: Point(1, 0)), PlaneCell(first: Point(1, 1), second: Point(2, 2)),
            PlaneCell(first: Point(.nan, 1), second: Point(2, 2)), PlaneCell(first: Point(1e200, 0), second: Point(0, 1e200)),
        ] {
            let plane = try Sample.plane(cell: cell)
            #expect(Pixels(plane).columns == 4)
        }
    }

    @Test func coloursEndAtThePercentile() throws {
        let plane = try Plane(rows: 1, columns: 101, values: (0...100).map { Float($0) })
        let range = ColourRange(ColourScale("q", unit: "A", lowPercentile: 5, highPercentile: 99), planes: [plane])
        #expect(range.range.lower == 5 && range.range.upper == 99)
        #expect(range.drawn(100) == 99 && range.drawn(0) == 5 && range.drawn(50) == 50)
        #expect(range.remarks == ["Colours end below at 5.00 Å (percentile 5), above at 99.0 Å (percentile 99)."])
    }

    @Test func aLogarithmicScaleNeverSeesANegativeValue() throws {
        let plane = try Plane(rows: 1, columns: 4, values: [-1, 0, 0.5, 2] as [Float])
        let range = ColourRange(ColourScale("q", scale: .logarithmic), planes: [plane])
        #expect(range.range.lower == 0.5 && range.range.upper == 2)
        #expect(range.drawn(-1) == 0.5)
        #expect(range.remarks == ["2 of 4 values are not positive and take the darkest colour."])
    }

    @Test func valuesThatAreNotFiniteAreLeftWhite() throws {
        let plane = try Plane(rows: 2, columns: 3, values: [1, .nan, .infinity, 4, 5, 6] as [Float])
        #expect(Pixels(plane).holes.map { [$0.row, $0.from, $0.to] } == [[1, 1, 3]])
        let script = gnuplotScript(.heatmap(plane, colours: ColourScale("q")), format: .svg)
        #expect(script.contains("2 of 6 values are not finite and left white."))
        #expect(!script.contains("nan") && !script.contains("NaN"))
    }

    private func cosine(_ turns: Double) -> Double {
        // Bhaskara's parabola would not be smooth enough: the series of the cosine on [-pi, pi].
        let x = (turns - turns.rounded()) * 2 * Double.pi
        var term = 1.0
        var sum = 1.0
        for n in stride(from: 2.0, through: 30, by: 2) {
            term *= -x * x / (n * (n - 1))
            sum += term
        }
        return sum
    }

    /// A picture is drawn pixel by pixel in its own colours, row 0 at the top, without a scale.
    @Test func picturesKeepTheirColours() throws {
        let picture = try Plane(rows: 2, columns: 2, colours: [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7])
        let script = gnuplotScript(.gallery([Tile("p", picture)], colours: ColourScale("brightness")), format: .png)
        #expect(script.contains("with rgbimage") && script.contains("unset colorbox") && !script.contains("set palette"))
        #expect(script.contains("0 0 0 0 255\n1 0 9 8 7\n0 1 255 0 0\n1 1 0 255 0\n"))
        #expect(abs(picture.values[0] - 0.299 * 255) < 1e-3)
        #expect(throws: Diagnostic.self) { try Plane(rows: 2, columns: 2, colours: [1, 2, 3]) }
        #expect(throws: Diagnostic.self) { try Plane(rows: 1, columns: 1, colours: [1, 2, 3, 4]) }
    }
}
