import Storage
import TestSupport
import Testing

/// `ecdx notebook`, and reports in other forms than HTML.
@Suite(.timed) struct NotebookCommandTests {
    private let script =
        "# %% [markdown]\n#  # A sum\n# and <b>no more</b>\n\n\n# %%  Sum\nlet a = 1\nshow a + 1   # two\n\n\n# %%\nshow [1, 2]\n"

    @Test func aScriptComesBackFromItsNotebook() throws {
        let project = try Project()
        try project.write("sum.ecdx", script)
        let report = try project.ecdx("report", project.file("sum.ecdx"), "--format", "ipynb")
        #expect(report.status == 0 && report.err.contains("report: sum.ipynb"), "\(report.err)")
        let notebook = try JSONValue(parsing: project.read("sum.ipynb"))
        let outputs = notebook["cells"]?.arrayValue?.compactMap { $0["outputs"]?.arrayValue } ?? []
        #expect(outputs.map { $0.map { $0["text"] } } == [[["2\n"]], [["[1, 2]\n"]]])

        let same = try project.ecdx("notebook", project.file("sum.ipynb"))
        #expect(same.status == 0 && same.err == "unchanged: \(project.file("sum.ecdx"))\n", "\(same.err)")
        let other = try project.ecdx("notebook", project.file("sum.ipynb"), "--to", project.file("other.ecdx"))
        #expect(other.status == 0 && other.err == "wrote: \(project.file("other.ecdx"))\n", "\(other.err)")
        #expect(try project.read("other.ecdx") == script)
        #expect(try project.ecdx("notebook", project.file("sum.ipynb"), "--to", "-").out == script)
    }

    @Test func nothingIsOverwrittenUnasked() throws {
        let project = try Project()
        try project.write("a.ipynb", #"{"nbformat": 4, "cells": [{"cell_type": "code", "source": "show 1"}]}"#)
        try project.write("a.ecdx", "show 2\n")
        let refused = try project.ecdx("notebook", project.file("a.ipynb"))
        #expect(refused.status == 1 && refused.err.contains("error[would-overwrite]") && refused.err.contains("--force"), "\(refused.err)")
        #expect(try project.read("a.ecdx") == "show 2\n")
        let forced = try project.ecdx("notebook", project.file("a.ipynb"), "--force")
        #expect(forced.status == 0)
        #expect(try project.read("a.ecdx") == "# %%\nshow 1\n")
    }

    @Test func whatCannotBeRead() throws {
        let project = try Project()
        try project.write("a.ipynb", #"{"nbformat": 3, "worksheets": []}"#)
        let old = try project.ecdx("notebook", project.file("a.ipynb"))
        #expect(old.status == 3 && old.err.contains("error[bad-notebook]") && old.err.contains("jupyter nbconvert"), "\(old.err)")
        #expect(try project.ecdx("notebook", project.file("b.ipynb")).status == 2)
        for command in ["run", "check", "plan"] {
            let given = try project.ecdx(command, project.file("a.ipynb"))
            #expect(
                given.status == 3 && given.err.contains("error[notebook-given]") && given.err.contains("`ecdx notebook "), "\(given.err)")
        }
    }

    @Test func reportsOfOtherForms() throws {
        let project = try Project()
        try project.write("sum.ecdx", script)
        #expect(try project.ecdx("report", project.file("sum.ecdx"), "--format", "md").status == 0)
        #expect(try project.read("sum.md").contains("# A sum\n\nand &lt;b&gt;no more&lt;/b&gt;\n\n## Sum\n\n```ecdx\nlet a = 1\n"))
        #expect(try project.ecdx("report", project.file("sum.ecdx"), "--format", "tex", "--to", "out/sum.tex").status == 0)
        #expect(try project.read("out/sum.tex").contains("\\title{A sum}"))
        #expect(try project.ecdx("report", project.file("sum.ecdx"), "--format", "docx").status == 2)
    }
}
