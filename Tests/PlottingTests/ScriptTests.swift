import Foundation
import TestSupport
import Testing

@testable import Plotting

@Suite(.timed) struct ScriptTests {
    @Test func scriptsAreAsRecorded() throws {
        for (name, figure) in try Sample.all() {
            try expectSnapshot(gnuplotScript(figure, format: .svg, output: "\(name).svg"), "\(name).gp")
        }
        try expectSnapshot(gnuplotScript(Sample.parity, format: .png, output: "p.png"), "parity-png.gp")
        try expectSnapshot(gnuplotScript(Sample.parity, format: .pdf, output: "p.pdf"), "parity-pdf.gp")
        try expectSnapshot(gnuplotScript(Sample.curves, format: .text(width: 60, height: 15)), "curves-text.gp")
        try expectSnapshot(gnuplotScript(try Sample.gallery(), format: .text(width: 20, height: 8)), "gallery-text.gp")
    }

    @Test func charactersShowTheIdentityAndALetterForEachSeries() {
        let script = gnuplotScript(Sample.parity, format: .text(width: 80, height: 24))
        #expect(script.contains("with lines linetype 0 notitle") && !script.contains("with dots"))
        #expect(script.contains("pointtype \"t\"") && script.contains("pointtype \"h\""), "\(script)")
        #expect(markerLetters(of: ["train", "test", "train", "", "Al (111)"]) == ["t", "e", "r", "o", "a"])
        #expect(Set(markerLetters(of: Array(repeating: "x", count: 26))).count == 26)
        #expect(markerLetters(of: Array(repeating: "x", count: 30)).count == 30)
    }

    @Test func aLabelCannotLeaveItsQuotes() {
        #expect(quoted("it's '") == "'it’s ’'")
        #expect(quotedPath("|it's") == "'./|it''s'")
        #expect(quoted("a\nb\tc\u{0}\u{1B}[31m\u{202E}d") == "'a b c[31md'")
        #expect(quoted("`id` $(id) @m \"x\" \\") == "'`id` $(id) @m \"x\" \\'")
        #expect(quoted(String(repeating: "x", count: 9000)).count == 402)
        // One letter with a million marks is one character.
        #expect(quoted("e" + String(repeating: "\u{301}", count: 100_000)).utf8.count < 4000)
    }

    @Test func unitsAreTypeset() {
        #expect(typeset("e/A^3") == "e/Å³")
        #expect(typeset("mJ/m^2") == "mJ/m²")
        #expect(typeset("muB/atom") == "µB/atom")
        #expect(typeset("mu_B/A^3") == "µB/Å³")
        #expect(typeset("A^-1") == "Å⁻¹")
        #expect(typeset("Ag") == "Ag")
        #expect(typeset("mu_B/A^3") == "µB/Å³" && typeset("eV*A") == "eV·Å" && typeset("MPa*m^0.5") == "MPa·m^0.5")
        #expect(typeset("(e/A^3)^2") == "(e/Å³)²" && typeset("A^") == "\u{C5}^" && typeset("1/A^12") == "1/Å¹²")
        #expect(labelled("Length (Å)", unit: "A") == "Length (Å)" && labelled("Length (A)", unit: "A") == "Length (Å)")
    }

    @Test func numbersReadBack() {
        #expect(number(0.1) == "0.1")
        #expect(number(-3) == "-3")
        #expect(number(1e300) == "1e+300")
        #expect(number(.nan) == "NaN")
        #expect(number(123.456789, digits: 4) == "123.5")
        #expect(number(0.000123456, digits: 3) == "0.000123")
        for value in [.leastNonzeroMagnitude, 1.7e308, -2.5e-8, 999_999_999.5] {
            #expect(Double(number(value)) != nil)
        }
    }

    @Test func ticsAreRound() {
        func labels(_ lower: Double, _ upper: Double, _ scale: Scale = .linear, count: Int = 5) -> [String] {
            tics(AxisRange(lower: lower, upper: upper, scale: scale), count: count).compactMap(\.label)
        }
        #expect(labels(0, 1) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(labels(-30, 620) == ["0", "100", "200", "300", "400", "500", "600"])
        #expect(labels(-2, 2) == ["−2", "−1", "0", "1", "2"])
        #expect(labels(0, 1e-6) == ["0", "2×10⁻⁷", "4×10⁻⁷", "6×10⁻⁷", "8×10⁻⁷", "1×10⁻⁶"])
        #expect(labels(8, 500, .logarithmic) == ["10", "20", "50", "100", "200", "500"])
        #expect(labels(1e-6, 1e-1, .logarithmic) == ["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "0.01", "0.1"])
        #expect(labels(20, 50, .logarithmic) == ["20", "25", "30", "35", "40", "45", "50"])
        #expect(labels(1e-300, 1e300, .logarithmic).count <= 8)
        #expect(labels(-.infinity, 1).isEmpty)
        #expect(labels(0, .leastNonzeroMagnitude).count <= 3)
    }

    @Test func aPercentSignInATicIsNoFormat() {
        let writer = ScriptWriter(Sample.line, format: .svg)
        #expect(writer.list([Tic(value: 0, label: "100%"), Tic(value: 1, label: "%s%n")]) == "('100%%' 0, '%%s%%n' 1)")
    }

    @Test func pointsThatCannotBeDrawnAreCounted() {
        let series = Series("s", [Point(1, 1), Point(.nan, 1), Point(2, .infinity), Point(0, 3)])
        let linear = gnuplotScript(.scatter([series], x: Axis("x"), y: Axis("y")), format: .svg)
        #expect(linear.contains("'2 points are not drawn (not finite).'"))
        let logarithmic = gnuplotScript(
            .scatter([series], x: Axis("x", scale: .logarithmic), y: Axis("y")), format: .text(width: 60, height: 20))
        #expect(logarithmic.contains("3 points are not drawn (not finite, or not positive on a"))
        #expect(!linear.contains("NaN") && !linear.contains("inf"))
    }

    @Test func parityHasEqualAxes() throws {
        let script = gnuplotScript(Sample.parity, format: .svg)
        func range(_ axis: String) -> Substring? {
            script.split(separator: "\n").first { $0.hasPrefix("set \(axis)range") }?.dropFirst("set xrange".count)
        }
        #expect(range("x") != nil)
        #expect(range("x") == range("y"))
        let layout = PanelLayout(try #require(Sample.parity.panel), ranges: try #require(Sample.parity.panel).ranges)
        #expect(layout.frame.width == layout.frame.height)
    }

    @Test func theLegendStandsAboveTheFrame() throws {
        let long = String(repeating: "a long name of a series ", count: 3)
        let series = (0..<7).map { Series(long + "\($0)", [Point(0, 0), Point(1, 1)]) }
        let panel = try #require(Figure.line(series, x: Axis("x"), y: Axis("y")).panel)
        let layout = PanelLayout(panel, ranges: panel.ranges)
        #expect(layout.legend.count == 7)
        for entry in layout.legend {
            #expect(entry.y < 0)
            #expect(layout.top + entry.y > 0)
        }
        for (upper, lower) in zip(layout.legend, layout.legend.dropFirst()) { #expect(lower.y - upper.y >= 12) }
    }

    @Test func aGridKeepsFiguresApart() {
        let sizes = [Size(width: 100, height: 50), Size(width: 80, height: 90), Size(width: 30, height: 30)]
        let cells = GridCells(sizes.map { ($0, 0) }, columns: 2)
        let (places, size) = (cells.places, cells.size)
        #expect(places[1].x >= 100 && places[2].y >= 90)
        #expect(size.width == 180 + Measure.gutter)
        #expect(size.height == 120 + Measure.gutter)
        #expect(GridCells([], columns: 0).places.isEmpty)
        // Figures of one row begin below the highest title.
        let titled = GridCells([(Size(width: 100, height: 90), 19), (Size(width: 100, height: 71), 0)], columns: 2)
        #expect(titled.places.map(\.y) == [0, 19] && titled.size.height == 90)
        let halves = cells.shares(of: Size(width: 90 + Measure.gutter, height: 60 + Measure.gutter))
        #expect(halves.map(\.width) == [50, 40, 50] && halves.map(\.height) == [45, 45, 40])
    }

    @Test func binsHoldEveryValue() {
        for values in [[1.0], [1, 1, 1], [0, .leastNonzeroMagnitude], [-1e308, 1e308], (0..<1000).map { Double($0 % 37) }] {
            for bins in [nil, 1, 7, 100_000, -3] as [Int?] {
                #expect(Binning(values, bins: bins).points.reduce(0) { $0 + $1.y } == Double(values.count))
            }
        }
        #expect(Binning([0, 1, 2, 3, 4], bins: 5).points.map(\.y) == [1, 1, 1, 1, 1])
        #expect(Binning([], bins: 3).points.isEmpty)
    }

    /// One group has the boxes of no group, at the edges of bins too.
    @Test func groupsHaveTheBinsOfAllValues() {
        let values = (1...11).map { Double($0) / 10 }
        func boxes(_ figure: Figure) -> [Point]? {
            guard case .panel(let panel) = figure else { return nil }
            return panel.series.first?.points
        }
        let alone = boxes(.histogram(values, x: Axis("x"), bins: 10))
        #expect(alone?.map(\.y).reduce(0, +) == 11 && boxes(.histogram([("a", values)], x: Axis("x"), bins: 10)) == alone)
    }

    @Test func percentilesAreLinear() {
        #expect(percentile([1, 2, 3, 4], 50) == 2.5)
        #expect(percentile([1, 2, 3, 4], 0) == 1)
        #expect(percentile([1, 2, 3, 4], 100) == 4)
        #expect(percentile([], 50).isNaN)
    }
}

extension Figure {
    var panel: Panel? {
        if case .panel(let panel) = self { panel } else { nil }
    }
}
