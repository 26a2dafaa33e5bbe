import Diagnostics
import Foundation
import Testing
@testable import Plotting

@Suite struct RenderTests {
    private func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func everyKindIsDrawnInEveryFormat() throws {
        try withFolder { folder in
            for (name, figure) in try Sample.all() {
                for (suffix, magic) in [("svg", "<?xml"), ("png", "\u{89}PNG"), ("pdf", "%PDF")] {
                    let path = folder.appendingPathComponent("\(name).\(suffix)").path
                    let rendered = try render(figure, to: path)
                    #expect(rendered.warnings == [], "\(name).\(suffix)")
                    #expect(rendered.scriptPath == path + ".gp")
                    let head = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(magic.unicodeScalars.count)
                    #expect(Array(head) == magic.unicodeScalars.map { UInt8($0.value) }, "\(name).\(suffix)")
                }
            }
            try #expect(names(folder).count == 2 * 3 * Sample.all().count)
            let hidden = try names(folder).filter { $0.hasPrefix(".") }
            #expect(hidden == [])
        }
    }

    @Test func theScriptBesideDrawsTheSameFigureElsewhere() throws {
        try withFolder { folder in
            let path = folder.appendingPathComponent("grid.svg").path
            let rendered = try render(try Sample.grid(), to: path)
            let script = try String(contentsOfFile: rendered.scriptPath, encoding: .utf8)
            #expect(!script.contains(folder.path))
            try withFolder { other in
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                process.arguments = ["gnuplot", "-d", rendered.scriptPath]
                process.currentDirectoryURL = other
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == 0)
                let again = try Data(contentsOf: other.appendingPathComponent("grid.svg"))
                try #expect(again == Data(contentsOf: URL(fileURLWithPath: path)))
            }
        }
    }

    @Test func svgIsTheSameEveryTime() throws {
        try withFolder { folder in
            for (name, figure) in try Sample.all() {
                let one = folder.appendingPathComponent("\(name)-1.svg"), two = folder.appendingPathComponent("\(name)-2.svg")
                _ = try render(figure, to: one.path)
                _ = try render(figure, to: two.path)
                try #expect(Data(contentsOf: one) == Data(contentsOf: two), "\(name)")
            }
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
        try withFolder { folder in
            let path = folder.appendingPathComponent("a.svg").path
            let empty: [Figure] = [
                .parity([], quantity: "q"), .grid(figures: []), .gallery([], colours: Sample.scale),
                .histogram([.nan], x: Axis("x")), .bars([], y: Axis("y")),
                .scatter([Series("s", [Point(.nan, 1)])], x: Axis("x"), y: Axis("y")),
                .scatter([Series("s", [Point(-1, 1)])], x: Axis("x", scale: .logarithmic), y: Axis("y")),
                .heatmap(try Plane(rows: 0, columns: 0, values: [] as [Float]), colours: Sample.scale),
                .learningCurves(train: [], validation: []),
            ]
            for figure in empty {
                let found = #expect(throws: Diagnostic.self) { try render(figure, to: path) }
                #expect(found?.id == "empty-figure")
            }
            try #expect(names(folder) == [])
        }
    }

    /// A figure that is empty in parts is drawn.
    @Test func emptyPartsLeaveTheRest() throws {
        try withFolder { folder in
            let empty = Figure.scatter([Series("none", [])], x: Axis("x"), y: Axis("y"))
            let planeless = Figure.gallery(
                [Tile("none", try Plane(rows: 0, columns: 3, values: [] as [Float]))], colours: Sample.scale)
            let path = folder.appendingPathComponent("a.svg").path
            let rendered = try render(.grid(figures: [empty, Sample.line, planeless]), to: path)
            #expect(rendered.warnings == [])
        }
    }

    @Test func extremeValuesAreDrawn() throws {
        try withFolder { folder in
            let path = folder.appendingPathComponent("a.svg").path
            let extremes: [[Point]] = [
                [Point(1e308, -1e308), Point(-1e308, 1e308)], [Point(.leastNonzeroMagnitude, 0)], [Point(0, 0)],
                [Point(1e15, 1e15), Point(1e15 + 1, 1e15)], [Point(1, 1), Point(1e300, 1e-300)],
            ]
            for points in extremes {
                for scale in [Scale.linear, .logarithmic] {
                    let figure = Figure.scatter(
                        [Series("s", points)], x: Axis("x", scale: scale), y: Axis("y", scale: scale))
                    guard (try? figure.check()) != nil else { continue }
                    #expect(throws: Never.self) { try render(figure, to: path) }
                }
            }
            let huge = try Plane(rows: 2, columns: 2, values: [3e38, -3e38, .leastNonzeroMagnitude, 0] as [Float])
            for scale in [Scale.linear, .logarithmic] {
                _ = try render(.heatmap(huge, colours: ColourScale("q", scale: scale)), to: path)
            }
        }
    }

    @Test func aPathThatCannotBeWrittenIsADiagnostic() throws {
        try withFolder { folder in
            for name in ["missing/a.svg", "new\nline.svg", "/proc/a.svg"] {
                let path = name.hasPrefix("/") ? name : folder.path + "/" + name
                let found = #expect(throws: Diagnostic.self) { try render(Sample.line, to: path) }
                #expect(found?.id == "cannot-write", "\(name)")
            }
            let found = #expect(throws: Diagnostic.self) { try render(Sample.line, to: folder.path + "/a.jpeg") }
            #expect(found?.id == "unknown-format")
            try #expect(names(folder) == [])
        }
    }

    @Test func aNameLikeACommandIsAName() throws {
        try withFolder { folder in
            for name in ["|touch hacked #.svg", "it's.svg", "`touch hacked`.svg", "-x.svg"] {
                let rendered = try render(Sample.line, to: folder.path + "/" + name)
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                process.arguments = ["gnuplot", "-d", rendered.scriptPath]
                process.currentDirectoryURL = folder
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == 0)
                #expect(FileManager.default.fileExists(atPath: rendered.path))
            }
            try #expect(!names(folder).contains("hacked"))
        }
    }
}
