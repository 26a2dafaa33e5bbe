import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Plotting

@Suite(.timed) struct RenderTests {
    /// Writes the script of a figure drawn for a file `name`, and runs gnuplot on it by hand in `folder`.
    private func runScript(of drawn: DrawnFigure, _ name: String, in folder: URL) throws {
        try withFolder { elsewhere in
            let script = elsewhere.appendingPathComponent(name + ".gp")
            try drawn.script.write(to: script, atomically: false, encoding: .utf8)
            #expect(try runToEnd(["/usr/bin/env", "-C", folder.path, "gnuplot", "-d", script.path]).status == 0)
        }
    }

    @Test func everyKindIsDrawnInEveryFormat() throws {
        for (name, figure) in try Sample.all() {
            for (suffix, magic) in [("svg", "<?xml"), ("png", "\u{89}PNG"), ("pdf", "%PDF")] {
                let drawn = try draw(figure, for: "\(name).\(suffix)")
                #expect(drawn.complaints == [], "\(name).\(suffix)")
                let head = drawn.bytes.prefix(magic.unicodeScalars.count)
                #expect(Array(head) == magic.unicodeScalars.map { UInt8($0.value) }, "\(name).\(suffix)")
            }
        }
    }

    @Test func theScriptBesideDrawsTheSameFigureElsewhere() throws {
        let drawn = try draw(try Sample.grid(), for: "grid.svg")
        try withFolder { folder in
            try runScript(of: drawn, "grid.svg", in: folder)
            let again = try Data(contentsOf: folder.appendingPathComponent("grid.svg"))
            #expect(Array(again) == drawn.bytes)
        }
    }

    @Test func svgIsTheSameEveryTime() throws {
        for (name, figure) in try Sample.all() {
            let one = try draw(figure, for: "a.svg")
            let two = try draw(figure, for: "b.svg")
            #expect(one.bytes == two.bytes, "\(name)")
        }
    }

    @Test func charactersShowCurvesAndPlanes() throws {
        let curves = try renderText(Sample.curves, width: 60, height: 16)
        #expect(curves.contains("MSE") && curves.contains("epoch") && curves.contains("validation"))
        #expect(!curves.contains("\u{0C}"))
        #expect(curves.split(separator: "\n").allSatisfy { $0.count <= 60 })
        let planes = try renderText(try Sample.gallery(), width: 20, height: 8)
        #expect(planes.contains("Pd3Ti") && planes.contains("@") && planes.contains("density (e/Å³)"))
    }

    @Test func anEmptyFigureIsADiagnostic() throws {
        let empty: [Figure] = [
            .parity([], quantity: "q"), .grid(figures: []), .gallery([], colours: Sample.scale), .histogram([.nan], x: Axis("x")),
            .scatter([Series("s", [Point(.nan, 1)])], x: Axis("x"), y: Axis("y")),
            .scatter([Series("s", [Point(-1, 1)])], x: Axis("x", scale: .logarithmic), y: Axis("y")),
            .heatmap(try Plane(rows: 0, columns: 0, values: [] as [Float]), colours: Sample.scale),
            .learningCurves(train: [], validation: []),
        ]
        for figure in empty {
            let found = #expect(throws: Diagnostic.self) { try draw(figure, for: "a.svg") }
            #expect(found?.id == "empty-figure")
        }
    }

    /// A figure that is empty in parts is drawn.
    @Test func emptyPartsLeaveTheRest() throws {
        let empty = Figure.scatter([Series("none", [])], x: Axis("x"), y: Axis("y"))
        let planeless = Figure.gallery([Tile("none", try Plane(rows: 0, columns: 3, values: [] as [Float]))], colours: Sample.scale)
        #expect(try draw(.grid(figures: [empty, Sample.line, planeless]), for: "a.svg").complaints == [])
    }

    @Test func extremeValuesAreDrawn() throws {
        let extremes: [[Point]] = [
            [Point(1e308, -1e308), Point(-1e308, 1e308)], [Point(.leastNonzeroMagnitude, 0)], [Point(0, 0)],
            [Point(1e15, 1e15), Point(1e15 + 1, 1e15)], [Point(1, 1), Point(1e300, 1e-300)],
        ]
        for points in extremes {
            for scale in [Scale.linear, .logarithmic] {
                let figure = Figure.scatter([Series("s", points)], x: Axis("x", scale: scale), y: Axis("y", scale: scale))
                guard (try? figure.check()) != nil else { continue }
                #expect(throws: Never.self) { try draw(figure, for: "a.svg") }
            }
        }
        let huge = try Plane(rows: 2, columns: 2, values: [3e38, -3e38, .leastNonzeroMagnitude, 0] as [Float])
        for scale in [Scale.linear, .logarithmic] {
            _ = try draw(.heatmap(huge, colours: ColourScale("q", scale: scale)), for: "a.svg")
        }
    }

    @Test func namesThatNoScriptCanHoldAreDiagnostics() throws {
        for (name, id) in [("new\nline.svg", "cannot-write"), ("a.jpeg", "unknown-format")] {
            let found = #expect(throws: Diagnostic.self) { try draw(Sample.line, for: name) }
            #expect(found?.id == id, "\(id)")
        }
    }

    @Test func aNameLikeACommandIsAName() throws {
        try withFolder { folder in
            let names = ["|touch hacked #.svg", "it's.svg", "`touch hacked`.svg", "-x.svg"]
            for name in names { try runScript(of: try draw(Sample.line, for: name), name, in: folder) }
            try #expect(Set(FileManager.default.contentsOfDirectory(atPath: folder.path)) == Set(names))
        }
    }
}
