import Foundation
import TestSupport
import Testing

@testable import Plotting

/// Texts of figures come from data sets: none may be more than text to gnuplot.
@Suite(.timed) struct HostileTextTests {
    /// A generator with a fixed start, so that a failure comes again.
    private struct Fixed: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 32) | (state << 32)
        }
    }

    private func texts(_ marker: String) -> [String] {
        let run = "touch \(marker)"
        var all = [
            "`\(run)`", "\"`\(run)`\"", "'; system('\(run)'); '", "''; system('\(run)')#", "'\n!\(run)\n'", "'\r\nsystem '\(run)'\r",
            "$(\(run))", "@\(run)", "@GPVAL_TERM", "\\'; !\(run)", "\\", "'\\", "' . system('\(run)') . '", "{/=40 big}_a^b", "&{x}",
            "%n%s%d%%", "END_OF_DATA", "\u{0}\u{1}\u{1B}[31m\u{7F}\u{85}", "\u{2028}!\(run)\u{2029}!\(run)", "<b>&amp;</b>]]>",
            "\u{202E}right to left", "Å³ 钾 😀 e\u{301}", String(repeating: "long ", count: 5000), "#", "", " ", "^D\u{04}",
        ]
        let pieces = [
            "'", "''", "\"", "`", "\n", "\\", "$(", ")", "@", "#", ";", "!\(run)", "system('\(run)')", "{", "}", "%", "é", "\u{0}",
        ]
        var random = Fixed(state: 42)
        for _ in 0..<40 {
            all.append((0..<Int.random(in: 1...14, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
        }
        return all
    }

    /// A message about a name that cannot be printed shows what it holds.
    @Test(arguments: [
        ("a\u{1B}b.svg", "a\\u{1b}b.svg"), ("a\nb\u{200B}.svg", "a\\u{a}b\\u{200b}.svg"), ("é\u{E000}.svg", "é\\u{e000}.svg"),
    ])
    func namesThatCannotBePrintedAreSpelledOut(name: String, shown: String) throws {
        try expectFault("cannot-write", "expected a file name of printable characters, found `\(shown)`") { try checkFigureName(name) }
    }

    @Test func noTextIsACommand() throws {
        try withFolder { folder in
            let marker = folder.appendingPathComponent("hacked").path
            let texts = texts(marker)
            // Each text in each place where a text can stand; many figures to one run of gnuplot.
            var figures: [Figure] = []
            for text in texts {
                let points = [Point(1, 1), Point(2, 3)]
                figures.append(
                    .panel(
                        Panel(
                            title: text, note: text, x: Axis(text, unit: text), y: Axis(text, unit: text),
                            series: [Series(text, points, form: .markedLine)], marks: [Mark(x: 1.5, label: text)])))
                figures.append(
                    .gallery(
                        [Tile(text, try Sample.plane())], colours: ColourScale(text, unit: text), title: text, note: text))
                figures.append(
                    .heatmap(
                        try Sample.plane(cell: Sample.cell), colours: ColourScale(text), sites: [Site(text, first: 0, second: 0)],
                        title: text, note: text))
            }
            for start in stride(from: 0, to: figures.count, by: 40) {
                let grid = Figure.grid(figures: Array(figures[start..<min(figures.count, start + 40)]))
                let drawn = try draw(grid, for: "\(start).svg")
                #expect(drawn.complaints == [])
                // An SVG that parses has let no text out of its element.
                let svg = try #require(String(validating: drawn.bytes, as: UTF8.self))
                #expect(throws: Never.self) { try checkXML(svg) }
            }
            // The terminal for characters splits nothing either.
            for figure in figures.prefix(24) { _ = try renderText(figure, width: 60, height: 12) }
            #expect(!FileManager.default.fileExists(atPath: marker))
        }
    }

    /// The attack works on a script that quotes badly: without this the test above could not fail.
    @Test func aBadlyQuotedTextWouldBeACommand() throws {
        try withFolder { folder in
            let marker = folder.appendingPathComponent("hacked").path
            _ = try Gnuplot().run("set print '-'\nprint \"`touch \(marker)`\"\nprint 1\n")
            #expect(FileManager.default.fileExists(atPath: marker))
        }
    }

    private struct Malformed: Error {}

    /// Every tag is closed in order, and no control character stands in the text.
    private func checkXML(_ text: String) throws {
        var open: [Substring] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            rest = rest[start...]
            if rest.hasPrefix("<![CDATA["), let end = rest.range(of: "]]>") {
                rest = rest[end.upperBound...]
                continue
            }
            guard let end = rest.firstIndex(of: ">") else { throw Malformed() }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("?") || tag.hasPrefix("!") || tag.hasSuffix("/") { continue }
            let name = tag.drop { $0 == "/" }.prefix { !$0.isWhitespace }
            if tag.hasPrefix("/") {
                guard open.popLast() == name else { throw Malformed() }
            } else {
                open.append(name)
            }
        }
        guard open.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 32 && !"\n\r\t".unicodeScalars.contains($0) })
        else { throw Malformed() }
    }
}
