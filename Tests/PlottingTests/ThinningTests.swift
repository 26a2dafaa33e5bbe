import Glibc
import TestSupport
import Testing

@testable import Plotting

/// Points beyond what a picture can show.
@Suite(.timed) struct ThinningTests {
    private func lines(of figure: Figure) -> [Substring] { gnuplotScript(figure, format: .svg).split(separator: "\n") }

    /// The rows of the one datablock of a figure.
    private func rows(of figure: Figure) throws -> [Substring] {
        let lines = lines(of: figure)
        let start = try #require(lines.firstIndex { $0.contains("<< END_OF_DATA") })
        let end = try #require(lines.firstIndex { $0 == "END_OF_DATA" })
        return Array(lines[(start + 1)..<end])
    }

    @Test func aLineOfAMillionPointsKeepsItsPeaks() throws {
        var points = (0..<1_000_000).map { Point(Double($0), sin(Double($0) / 700)) }
        points[123_456].y = 7
        points[654_321].y = -5
        let figure = Figure.line([Series("", points)], x: Axis("x"), y: Axis("y"))
        let rows = try rows(of: figure)
        // Four a column of half a pixel, of which there are 800.
        #expect(rows.count > 800 && rows.count <= 3200, "\(rows.count)")
        #expect(rows.contains("123456 7") && rows.contains("654321 -5"))
        #expect(rows.first?.hasPrefix("0 ") == true && rows.last?.hasPrefix("999999 ") == true)
        #expect(lines(of: figure).contains { $0.hasPrefix("# Of 1000000 points these \(rows.count) stand here") })
    }

    @Test func markersOnOnePixelAreDrawnOnce() throws {
        let few = (0..<300).flatMap { row in (0..<200).map { Point(Double(row), Double($0)) } }
        // Sixty thousand points, each twice, and then each a bit beside itself.
        let points = few + few + few.map { Point($0.x + 1e-9, $0.y) }
        let rows = try rows(of: .scatter([Series("", points)], x: Axis("x"), y: Axis("y")))
        #expect(rows.count >= 50_000 && rows.count <= 60_000, "\(rows.count)")
    }

    @Test func whatCanBeShownIsDrawnWhole() throws {
        let points = (0..<10_000).map { Point(Double($0), Double($0 % 7)) }
        let line = Figure.line([Series("", points)], x: Axis("x"), y: Axis("y"))
        #expect(try rows(of: line).count == 10_000)
        let scatter = Figure.scatter([Series("", points + points)], x: Axis("x"), y: Axis("y"))
        #expect(try rows(of: scatter).count == 20_000)
        #expect(!lines(of: scatter).contains { $0.hasPrefix("# Of") })
    }

    @Test func pointsOnLogarithmicAxesAreThinnedByTheirPixels() throws {
        let points = (1...200_000).map { Point(Double($0), Double($0)) }
        let x = Axis("x", scale: .logarithmic)
        let rows = try rows(of: .scatter([Series("", points)], x: x, y: Axis("y", scale: .logarithmic)))
        // The first decades are whole.
        #expect(rows.prefix(10).map(String.init) == (1...10).map { "\($0) \($0)" })
        #expect(rows.count < 2000, "\(rows.count)")
    }
}
