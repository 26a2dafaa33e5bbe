import Diagnostics
import Glibc
import Plotting
import SessionTestSupport
import Storage
import TestSupport
import Testing

@testable import Experiments

/// What becomes of a figure whose gnuplot complains, or fails.
@Suite(.timed) struct FigureFileTests {
    private static let script = "let t = csv(\"t.csv\")\nplot scatter(x: t[\"x\"], y: t[\"y\"]) to \"out/xy.svg\"\n"

    /// A folder with a table, and with a gnuplot that is a script of the shell.
    private func folder(gnuplot: String) throws -> Scratch {
        let scratch = try Scratch()
        try writeWhole("x,y\n1,2\n3,4\n", to: scratch.file("t.csv"))
        try createFolder(scratch.file("bin"))
        try writeWhole("#!/bin/sh\n\(gnuplot)\n", to: scratch.file("bin/gnuplot"))
        #expect(chmod(scratch.file("bin/gnuplot"), 0o755) == 0)
        return scratch
    }

    private func perform(in scratch: Scratch, _ text: String = script) throws -> LineReporter {
        var options = SessionOptions()
        options.standardLibrary = Place.library
        options.store = scratch.file(".ecdx")
        options.gnuplot = Gnuplot(searchPath: scratch.file("bin") + ":/usr/bin:/bin")
        let reporter = LineReporter()
        let session = try Session(base: scratch.path + "/", options: options, reporter: reporter)
        let checked = session.check(text, file: "script.ecdx")
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        try session.perform(checked)
        return reporter
    }

    @Test func warningsComeAgainFromTheCache() throws {
        let scratch = try folder(gnuplot: "cat > /dev/null; echo careful >&2; echo '<svg/>'")
        let first = try perform(in: scratch)
        #expect(first.warnings.map(\.id) == ["plot-warning"] && first.warnings.first?.notes == ["gnuplot: careful"])
        // A gnuplot that would fail is not asked.
        try writeWhole("#!/bin/sh\nexit 3\n", to: scratch.file("bin/gnuplot"))
        let second = try perform(in: scratch)
        #expect(second.warnings == first.warnings)
        #expect(second.lines == ["wrote out/xy.svg"])
    }

    @Test func theScriptThatFailedIsKeptAndNamed() throws {
        let scratch = try folder(gnuplot: "cat > /dev/null; echo broken >&2; exit 3")
        let found = try #require(#expect(throws: Diagnostic.self) { _ = try perform(in: scratch) })
        #expect(found.id == "plot-failed" && found.notes == ["gnuplot: broken"])
        #expect(found.hints == ["its script is kept: run gnuplot on `.ecdx/failed/xy.svg.gp`"])
        let kept = try readText(scratch.file(".ecdx/failed/xy.svg.gp"), limit: 1 << 20)
        #expect(kept.contains("set output './xy.svg'") && kept.contains("1 2\n3 4\n"))
        #expect(fileStatus(scratch.file("out/xy.svg")) == nil)

        // One that is shown has a script too.
        let shown = #expect(throws: Diagnostic.self) { _ = try perform(in: scratch, "show histogram(of: tensor([1, 2]))") }
        #expect(shown?.hints == ["its script is kept: run gnuplot on `.ecdx/failed/figure.gp`"])
        #expect(try readText(scratch.file(".ecdx/failed/figure.gp"), limit: 1 << 20).contains("set terminal dumb"))
    }
}
