import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Plotting

@Suite(.timed) struct StyleTests {
    private func heatmap(_ change: (inout FigureStyle) -> Void) throws -> Figure {
        var style = FigureStyle()
        change(&style)
        return try Sample.heatmap().styled(style)
    }

    private func differences(_ values: [Float], _ change: (inout ColourScale) -> Void = { _ in }) throws -> ColourRange {
        var colours = ColourScale("q")
        change(&colours)
        return ColourRange(colours, planes: [try Plane(rows: 1, columns: values.count, values: values)])
    }

    @Test func aStyleThatSaysNothingChangesNothing() throws {
        for (name, figure) in try Sample.all() { #expect(figure.styled(FigureStyle()) == figure, "\(name)") }
    }

    @Test func everyMapIsKnownByItsName() throws {
        for name in ColourMap.names {
            let map = try #require(ColourMap(name))
            let turned = try #require(ColourMap(name.hasSuffix("_r") ? String(name.dropLast(2)) : name + "_r"))
            for fraction in [0, 0.3, 1] { #expect(map.colour(at: fraction) == turned.colour(at: 1 - fraction), "\(name)") }
        }
        #expect(ColourMap("jet") == nil && ColourMap("_r") == nil && ColourMap("viridis_r_r") == nil)
        #expect(ColourMap("gray")?.colour(at: 0.5) == "#808080")
    }

    @Test func bothSignsAreWhiteAtZero() throws {
        let range = try differences([-1, 0, 3])
        #expect(range.map.name == "RdBu_r" && range.range.lower == -3 && range.range.upper == 3)
        #expect(range.colour(of: 0) == "#F6F7F7")
        // Ringing is no sign of its own, and a logarithm has one alone.
        #expect(try differences([-0.01, 0, 3]).map.name == "viridis")
        #expect(try differences([-1, 0.1, 3]) { $0.scale = .logarithmic }.map.name == "viridis")
        // Limits that are not alike keep white at zero, with equal steps on either side.
        let cut = try differences([-1, 0, 3]) { ($0.lower, $0.upper) = (-1, 2) }
        #expect(cut.range.lower == -1 && cut.range.upper == 2 && cut.colour(of: 0) == "#F6F7F7")
        #expect(cut.colour(of: 2) == cut.map.colour(at: 1) && cut.colour(of: -1) == cut.map.colour(at: 0.25))
        let open = try differences([-1, 0, 3]) { $0.upper = 0.5 }
        #expect(open.range.lower == -0.5 && open.range.upper == 0.5)
        #expect(try differences([-1, 0, 3]) { $0.lower = 0 }.map.name == "viridis")
        #expect(try differences([1, 2, 3]) { $0.map = ColourMap("RdBu") }.range.lower == 1)
    }

    /// Limits on both sides of zero say where it is, and of a difference every sign counts.
    @Test func whatIsKnownOfZeroIsColouredSo() throws {
        let given = try differences([-38.7, 0, 0.31]) { ($0.lower, $0.upper) = (-0.1, 0.1) }
        #expect(given.map.name == "RdBu_r" && given.range.lower == -0.1 && given.range.upper == 0.1 && given.colour(of: 0) == "#F6F7F7")
        let positive = try differences([1, 2, 3]) { ($0.lower, $0.upper) = (-4, 4) }
        #expect(positive.map.name == "RdBu_r" && positive.range.lower == -4)
        #expect(try differences([1, 2, 3]) { $0.lower = -4 }.map.name == "viridis")
        #expect(try differences([1, 2, 3]) { ($0.lower, $0.upper, $0.map) = (-4, 4, ColourMap("magma")) }.map.name == "magma")
        #expect(try differences([0.5, 3]) { ($0.lower, $0.upper, $0.scale) = (-4, 4, .logarithmic) }.map.name == "viridis")
        let spin = try differences([-0.01, 0, 3]) { $0.isSigned = true }
        #expect(spin.map.name == "RdBu_r" && spin.range.lower == -3 && spin.range.upper == 3)
        #expect(try differences([0.01, 3]) { $0.isSigned = true }.map.name == "viridis")
    }

    @Test func limitsBeyondTheNumbersStillMakeARange() throws {
        for scale in [Scale.linear, .logarithmic] {
            let above = try differences([1, 2, 3]) { ($0.lower, $0.scale) = (5, scale) }
            #expect(above.range.lower == 5 && above.range.upper > 5)
            let below = try differences([1, 2, 3]) { ($0.upper, $0.scale) = (0.5, scale) }
            #expect(below.range.upper == 0.5 && below.range.lower < 0.5)
        }
        #expect(try differences([1, 2, 3]) { $0.upper = 2 }.remarks == ["Colours end above at 2.00."])
    }

    @Test func isolinesLieAtRoundValues() {
        let range = AxisRange(lower: 0, upper: 1.1, scale: .linear)
        #expect(Isolines(.about(5)).values(in: range) == [0.2, 0.4, 0.6, 0.8, 1])
        #expect(Isolines(.about(10)).values(in: range).count == 10)
        #expect(Isolines(.at([3, -1, 3])).values(in: range) == [-1, 3])
        let decades = Isolines(.about(2)).values(in: AxisRange(lower: 0.01, upper: 10, scale: .logarithmic))
        #expect(decades == [0.1, 1])
        #expect(Isolines(.about(3)).values(in: AxisRange(lower: 2, upper: 2, scale: .linear)).isEmpty)
        #expect(roundSteps(from: 0, to: 1e300, count: 200).count > 100)
    }

    /// A ring about the middle is one closed line at its radius; a line across the edges is open.
    @Test func anIsolineIsWhereItsValueIs() throws {
        let n = 41
        let values = (0..<n * n).map { index -> Double in
            let (x, y) = (Double(index / n - 20), Double(index % n - 20))
            return x * x + y * y
        }
        let plane = try Plane(rows: n, columns: n, values: values)
        let lines = NodeField(plane, fineness: 200).lines(at: 100)
        #expect(lines.count == 1)
        let ring = try #require(lines.first)
        #expect(ring.first == ring.last && ring.count > 100)
        for point in ring {
            let (x, y) = (point.x * 40 - 20, point.y * 40 - 20)
            #expect(abs((x * x + y * y).squareRoot() - 10) < 0.02)
        }
        // A saddle has two lines, and a square with a hole has none.
        let saddle = try Plane(rows: 2, columns: 2, values: [1, 0, 0, 1] as [Float])
        #expect(NodeField(saddle, fineness: 1).lines(at: 0.4).count == 2)
        let hole = try Plane(rows: 2, columns: 2, values: [1, 0, .nan, 1] as [Float])
        #expect(NodeField(hole, fineness: 1).lines(at: 0.4).isEmpty)
    }

    @Test func aWindowThatDoesNotRepeatIsNotWrapped() throws {
        let values = (0..<100).map { Float($0 / 10) }
        let cell = PlaneCell(first: Point(0, 1), second: Point(1, 0), repeats: false)
        let pixels = Pixels(try Plane(rows: 10, columns: 10, values: values, cell: cell))
        #expect(pixels.value(pixels.rows - 1, 3) == 9)
        let field = NodeField(try Plane(rows: 10, columns: 10, values: values, cell: cell), fineness: 20)
        #expect(field.value(field.rows - 1, 0) == 9)
    }

    @Test func aSizeIsThatOfTheWholeFigure() throws {
        var style = FigureStyle()
        style.size = Size(width: 640, height: 300)
        style.title = "a title that is long enough to be wrapped where the figure is narrow"
        for figure in [Sample.line, Sample.scatter, Sample.curves, Sample.histogram] {
            let size = figure.styled(style).size
            #expect(abs(size.width - 640) < 1 && abs(size.height - 300) < 1)
        }
        for figure in [Sample.parity, try Sample.heatmap(), try Sample.gallery()] {
            let size = figure.styled(style).size
            #expect(size.width < 641 && size.height < 301 && (size.width > 560 || size.height > 270))
        }
        style.size = Size(width: 100, height: 100)
        for (name, figure) in try Sample.all() { #expect(figure.styled(style).size.width > 0, "\(name)") }
    }

    @Test func aPlaneIsNotDistorted() throws {
        for size in [Size(width: 900, height: 300), Size(width: 300, height: 900)] {
            guard case .heatmap(let heatmap) = try heatmap({ $0.size = size }) else { continue }
            let frame = HeatmapLayout(heatmap).frame
            let extent = heatmap.plane.extent
            #expect(abs(frame.width / frame.height - extent.width / extent.height) < 1e-6)
        }
    }

    @Test func bandsHaveOneColourEach() throws {
        let script = gnuplotScript(try heatmap { $0.isolines = Isolines(.at([0.5, 1]), isFilled: true) }, format: .svg)
        let palette = try #require(script.split(separator: "\n").first { $0.hasPrefix("set palette") })
        #expect(palette.split(separator: ",").count == 6)
        #expect(script.contains("set cbtics ('0.5' 0.5, '1.0' 1)"))
        let lines = gnuplotScript(try heatmap { $0.isolines = Isolines(.at([0.5, 1])) }, format: .svg)
        #expect(lines.contains(ColourRange(Sample.scale, planes: [try Sample.plane()]).palette()))
    }

    @Test func aScaleBarStandsForTheAxes() throws {
        guard case .heatmap(var heatmap) = try Sample.heatmap() else { return }
        heatmap.hasScaleBar = true
        let script = gnuplotScript(.heatmap(heatmap), format: .svg)
        #expect(script.contains("'1 Å'") && script.contains("unset tics") && !script.contains("x (Å)"))
    }

    @Test func errorBarsWidenTheAxis() {
        let series = Series("a", [Point(1, 1), Point(2, 3)], yErrors: [0.5, 4])
        guard case .panel(let panel) = Figure.scatter([series], x: Axis("x"), y: Axis("y")) else { return }
        #expect(panel.ranges.y.lower < -1 && panel.ranges.y.upper > 7)
        let script = gnuplotScript(.panel(panel), format: .svg)
        #expect(script.contains("1 1 0.5 1.5\n2 3 -1 7\n") && script.contains("with yerrorbars"))
        var logarithmic = panel
        logarithmic.y.scale = .logarithmic
        #expect(!gnuplotScript(.panel(logarithmic), format: .svg).contains("2 3 -1 7"))
        #expect(Series("a", [Point(2, 1), Point(1, 3)], yErrors: [5, 6]).sorted.yErrors == [6, 5])
    }

    @Test func aGridSharesItsColours() throws {
        let planes = try [[1, 2, 3], [-4, 0, 1]].map {
            Figure.heatmap(try Plane(rows: 1, columns: 3, values: $0 as [Float]), colours: ColourScale("q"))
        }
        let grid = Figure.grid(figures: planes)
        let shared = grid.styled(grid.sharedColours)
        #expect(shared.colourScales.count == 1)
        #expect(shared.colourScales.first?.lower == -4 && shared.colourScales.first?.upper == 4)
        #expect(grid.colourScales.count == 1 && grid.planeExtremes?.least == -4)
    }

    /// A narrow figure takes more lines for its words rather than cut them, and has no more tics than can be read.
    @Test func smallFiguresKeepTheirWords() throws {
        let note = "(1 1 1) of the conventional cell (Fm-3m), (1 1 1) of the file's, through atom 0 (Al) at 0 0 0."
        guard case .heatmap(var heatmap) = try Sample.heatmap() else { return }
        (heatmap.note, heatmap.title) = (note, "the density of aluminium between its close-packed planes")
        for (width, height) in [(100.0, 100.0), (300, 600), (800, 300)] {
            heatmap.wanted = Size(width: width, height: height)
            let layout = HeatmapLayout(heatmap)
            #expect(layout.noteLines.joined(separator: " ").hasPrefix(note), "\(width)")
            #expect(layout.titleLines.joined(separator: " ") == heatmap.title, "\(width)")
            let extent = heatmap.plane.extent
            for (tics, length) in [(layout.xTics, layout.frame.width / extent.width), (layout.yTics, layout.frame.height / extent.height)] {
                let places = tics.filter { $0.label != nil }.map { $0.value * length }
                #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= 11 }, "\(width)")
            }
        }
        heatmap.wanted = Size(width: 800, height: 300)
        #expect(HeatmapLayout(heatmap).noteLines.count == 2 && HeatmapLayout(heatmap).size.width <= 800)
        guard case .gallery(var gallery) = try Sample.gallery() else { return }
        gallery.note = note
        gallery.wanted = Size(width: 200, height: 400)
        #expect(GalleryLayout(gallery).noteLines.joined(separator: " ").hasPrefix(note))
    }

    @Test func ticsThatWouldRunIntoOneAnotherLoseTheirLabels() {
        let range = AxisRange(lower: -2, upper: 2, scale: .linear)
        let many = tics(range, count: 8)
        #expect(thinned(many, range, length: 400, room: Measure.heightOfTic) == many)
        let few = thinned(many, range, length: 50, room: Measure.heightOfTic).filter { $0.label != nil }
        #expect(few.count < many.count && few.contains { $0.value == 0 })
        #expect(tics(range, count: 8, length: 400, room: Measure.widthOfTic) == many)
        #expect(tics(range, count: 8, length: 20, room: Measure.widthOfTic).filter { $0.label != nil }.count <= 2)
        #expect(thinned([], range, length: 10, room: Measure.heightOfTic).isEmpty)
    }

    /// A bar shows the lines that the plane has.
    @Test func levelsThatNoNumberReachesHaveNoLineOnTheBar() throws {
        let plane = try Plane(rows: 2, columns: 2, values: [-0.02, 0.2, 0.1, 0.3] as [Float])
        func lines(_ isSigned: Bool) -> Int {
            guard case .heatmap(var heatmap) = Figure.heatmap(plane, colours: ColourScale("q", isSigned: isSigned)) else { return 0 }
            heatmap.isolines = Isolines(.at([-0.2, -0.1, -0.01, 0.1, 0.2]))
            return gnuplotScript(.heatmap(heatmap), format: .svg).components(separatedBy: "set arrow").count - 1
        }
        #expect(lines(true) == 3)
    }

    @Test func aGridHasATitleAndASize() throws {
        var style = FigureStyle()
        style.title = "both"
        style.size = Size(width: 700, height: 360)
        let grid = Figure.grid(figures: [try Sample.heatmap(), Sample.line], columns: 2)
        let styled = grid.styled(style)
        #expect(styled.size.width <= 702 && styled.size.height <= 362)
        #expect(styled.size.width > 500 || styled.size.height > 300)
        let script = gnuplotScript(styled, format: .svg)
        #expect(script.components(separatedBy: "'both'").count == 2)
        #expect(grid.styled(FigureStyle()) == grid)
        // Frames stand side by side where only one has a title.
        var titled = FigureStyle()
        titled.title = "one"
        let row = GridLayout([try Sample.heatmap().styled(titled), try Sample.heatmap()], columns: 2, frame: GridFrame())
        #expect(row.places[0].y == 0 && row.places[1].y == Measure.title + 5)
        #expect(try draw(styled, for: "grid.png").complaints == [])
        #expect(try renderText(styled).contains("both"))
    }

    @Test func everyOptionIsDrawnInEveryFormat() throws {
        var style = FigureStyle()
        style.isolines = Isolines(.about(6), isFilled: true)
        style.map = ColourMap("gist_ncar")
        style.limits = FigureStyle.Limits(lower: 0.1)
        style.size = Size(width: 400, height: 300)
        style.title = "it's 100 %"
        style.xLabel = "`x`"
        style.quantity = "q @m"
        for (name, figure) in try Sample.all() {
            for suffix in ["svg", "png", "pdf"] {
                let drawn = try draw(figure.styled(style), for: "\(name).\(suffix)")
                #expect(drawn.complaints == [], "\(name).\(suffix)")
            }
            _ = try renderText(figure.styled(style))
        }
    }
}
