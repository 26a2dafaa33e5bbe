import Storage
import TestSupport
import Testing

/// `ecdx report`: a script and what it gave as one file of HTML.
@Suite(.timed) struct ReportTests {
    private static let script = """
        # before any mark
        let rows = csv("data/table.csv")

        # %% [markdown]
        # # Crystals <b>and</b> moduli
        # Some *words*, and [a page](https://x.org).
        param scale: Number = 2
        # %% Results <i>
        show scale
        table rows to "out/rows.csv"
        plot scatter(x: rows["k_vrh"], y: rows["k_vrh"]) to "out/a.svg"
        plot scatter(x: rows["k_vrh"], y: rows["k_vrh"], title: "again") to "out/a.png"
        plot scatter(x: rows["k_vrh"], y: rows["k_vrh"], title: "shown")

        """

    @Test func oneFileHoldsAll() throws {
        let project = try Project(script: Self.script)
        let outcome = try project.ecdx("report", "SCRIPT", "--set", "scale=3")
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out == "" && outcome.err.contains("report: small.html"), "\(outcome.err)")
        let html = try project.read("small.html")
        #expect(html.contains("<title>Crystals &lt;b&gt;and&lt;/b&gt; moduli</title>"))
        #expect(html.contains("Some <em>words</em>, and <a href=\"https://x.org\" rel=\"noreferrer\">a page</a>."))
        #expect(html.contains(">Results &lt;i&gt;</h2>"))
        #expect(html.contains("<span class=\"l\" id=\"L7\" data-n=\"7\"><span class=\"k\">param</span> <span class=\"f\">scale</span>"))
        #expect(html.contains("<a class=\"place\" href=\"#L9\">line 9</a><pre class=\"lines wrapped\" tabindex=\"0\">3\n</pre>"))
        #expect(html.contains("<td>Cu-fcc</td>"))
        #expect(html.contains("<code class=\"file\">out/rows.csv</code><a class=\"place\" href=\"#L10\">line 10</a>"))
        #expect(html.components(separatedBy: "<img src=\"data:image/svg+xml;base64,").count == 3)
        #expect(html.components(separatedBy: "<img src=\"data:image/png;base64,").count == 2)
        let column = "rows[&quot;k_vrh&quot;]"
        #expect(html.contains("<figcaption>scatter(x: \(column), y: \(column)) <code class=\"file\">out/a.svg</code>"))
        #expect(html.contains("<figcaption>again <code class=\"file\">out/a.png</code>"))
        #expect(html.contains("<figcaption>shown<a class=\"place\" href=\"#L13\">line 13</a>"))
        #expect(html.contains("ecdx run small.ecdx --set scale=3"))
        #expect(html.contains(try sha256(ofFile: project.file("data/table.csv")).hex))
        #expect(html.contains(try sha256(Self.script).hex))
        #expect(!html.contains(project.folder))
        let bytes = try readFile(project.file("small.html"))
        #expect(try project.ecdx("report", "SCRIPT", "--set", "scale=3").status == 0)
        #expect(try readFile(project.file("small.html")) == bytes)
    }

    @Test func trainingsSayWhereTheyCameFrom() throws {
        let project = try Project(script: Project.script(epochs: 2))
        #expect(try project.ecdx("report", "SCRIPT", "--to", "out/first.html").status == 0)
        let run = try project.theRun().id
        let first = try project.read("out/first.html")
        #expect(first.contains("1 trained for this report, 0 taken from the store."))
        #expect(first.contains("<td>bulk</td><td>\(run)</td><td class=\"n\">1</td><td class=\"n\">2</td>"))
        #expect(first.contains("crystals: 14 rows, 14 files of inputs."))
        #expect(first.contains("<td>data/table.csv</td><td class=\"long\">\(try sha256(ofFile: project.file("data/table.csv")).hex)</td>"))
        #expect(try project.ecdx("report", "SCRIPT", "--to", "out/second.html").status == 0)
        let second = try project.read("out/second.html")
        #expect(second.contains("0 trained for this report, 1 taken from the store."))
        #expect(try project.ecdx("report", "SCRIPT", "--to", "out/third.html").status == 0)
        #expect(try project.read("out/third.html") == second)
    }

    /// What fails stands at its place, and what was there before it too.
    @Test func failuresAreInTheReport() throws {
        let script = """
            show 1
            # %% Broken
            table csv("data/late.csv") to "out/a.csv"
            # %% After
            show 2

            """
        let project = try Project(script: script)
        try project.write("late.csv", in: "data", "a\n1\n")
        try createFolder(project.file("out"))
        try project.write("a.csv", in: "out", "mine\n")
        let refused = try project.ecdx("report", "SCRIPT")
        #expect(refused.status == 3, "\(refused.err)")
        #expect(fileStatus(project.file("small.html")) == nil)
        let late = """
            show 1
            # %% Broken
            plot scatter(x: csv("data/table.csv")["k_vrh"], y: csv("data/table.csv")["k_vrh"])
            # %% After
            show 2

            """
        try project.write("small.ecdx", late)
        let failed = try project.ecdx("report", "SCRIPT", environment: ["PATH": project.folder])
        #expect(failed.status == 1, "\(failed.err)")
        let html = try project.read("small.html")
        #expect(html.contains("<div class=\"diagnostic error\"><a class=\"place\" href=\"#L3\">line 3</a>"))
        #expect(html.contains("What stands below was not carried out."))
        #expect(html.contains("  3 | plot scatter(x: csv(") && !html.contains(project.folder))
        #expect(html.contains("href=\"#L1\">line 1</a>") && !html.contains("href=\"#L5\">line 5</a>"))
    }

    @Test func filesOfOthersStay() throws {
        let project = try Project(script: "show 1\n")
        try project.write("small.html", "mine\n")
        let refused = try project.ecdx("report", "SCRIPT")
        #expect(refused.status == 1 && refused.err.contains("would-overwrite"), "\(refused.err)")
        #expect(try project.read("small.html") == "mine\n")
        #expect(try project.ecdx("report", "SCRIPT", "--force").status == 0)
        #expect(try project.read("small.html").hasPrefix("<!doctype html>"))
        #expect(try project.ecdx("report", "SCRIPT", "--to", "../a.html").status == 1)
        // What the script writes, and the script itself, are never written over.
        try project.write("t.csv", "id,a\nx,1\n")
        try project.write("small.ecdx", "table csv(\"t.csv\") to \"out/t.csv\"\n")
        let own = try project.ecdx("report", "SCRIPT", "--to", "out/t.csv")
        #expect(own.err.contains("error[written-twice]: `t.csv` is written by the script itself"), "\(own.err)")
        #expect(try project.ecdx("report", "SCRIPT", "--to", "small.ecdx", "--force").err.contains("is the script itself"))
        #expect(fileStatus(project.file("out/t.csv")) == nil, "nothing was computed")
        // The form is that of the ending.
        #expect(try project.ecdx("report", "SCRIPT", "--to", "out/r.md").status == 0)
        #expect(try project.read("out/r.md").contains("# small.ecdx"))
        #expect(try project.ecdx("report", "SCRIPT", "--format", "tex", "--to", "out/r.md").status == 2)
        let unknown = try project.ecdx("report", "SCRIPT", "--format", "docx")
        #expect(unknown.status == 2 && unknown.err.contains("`--format` expected one of html"), "\(unknown.err)")
    }
}
