import Storage
import TestSupport
import Testing

/// `ecdx explain`, `ecdx check --json` and `--short`.
@Suite(.timed) struct ExplainTests {
    @Test func explains() throws {
        let project = try Project()
        let page = try project.ecdx("explain", "holdout-leak")
        #expect(page.status == 0 && page.err == "" && page.out.hasPrefix("holdout-leak: ") && page.out.contains("validation.loss"))
        #expect(try project.ecdx("explain", "error[holdout-leak]").out == page.out)
        let list = try project.ecdx("explain")
        #expect(list.status == 0 && list.out.contains("\n  holdout-leak ") && list.out.contains("\nData sets\n"))
        let wrong = try project.ecdx("explain", "holdout-lek")
        #expect(wrong.status == 2 && wrong.out == "" && wrong.err.contains("did you mean `holdout-leak`?"))
    }

    private func diagnostics(_ outcome: Command.Outcome) throws -> [JSONValue] {
        let document = try JSONValue(parsing: outcome.out)
        #expect(document["version"] == 1)
        return try #require(document["diagnostics"]?.arrayValue)
    }

    @Test func scriptsAsDocuments() throws {
        let project = try Project()
        let warned = try project.ecdx("check", "SCRIPT", "--json")
        #expect(warned.status == 0 && warned.err == "")
        #expect(try diagnostics(warned).map { $0["id"]?.stringValue } == ["raw-target", "small-holdout"])
        try project.write("small.ecdx", "# \u{1F600}\nlet \u{E9} = 1 + \"\u{1F600}\"; show nothing\n")
        let outcome = try project.ecdx("check", "SCRIPT", "--json")
        #expect(outcome.status == 3 && outcome.err == "")
        let found = try diagnostics(outcome)
        #expect(found.map { $0["id"]?.stringValue } == ["unknown-character", "type", "unknown-name"])
        let first = try #require(found.first)
        let place: JSONValue = ["offset": 26, "line": 2, "column": 16, "utf16Column": 17]
        #expect(first["start"] == place && first["file"]?.stringValue == project.file("small.ecdx") && first["severity"] == "error")
        #expect(first["hints"] == ["statements end at the end of the line"] && first["label"] == .null && first["data"] == .null)
        // The same, a line each, on standard error.
        let lines = try project.ecdx("check", "SCRIPT", "--short")
        #expect(lines.status == 3 && lines.out == "")
        #expect(
            lines.err.split(separator: "\n").first == "\(project.file("small.ecdx")):2:16: error[unknown-character]: `;` means nothing here"
        )
        #expect(lines.err.split(separator: "\n").count == 3)
    }

    @Test func dataAndOverrides() throws {
        let project = try Project()
        try project.write("table.csv", in: "data", project.read("data/table.csv").replacing("408.769", with: "hard"))
        let outcome = try project.ecdx("check", "SCRIPT", "--json")
        let first = try #require(try diagnostics(outcome).first { $0["severity"] == "error" })
        #expect(outcome.status == 3 && first["data"]?["file"]?.stringValue == "data/table.csv" && first["data"]?["line"] == 2)
        let other = try project.ecdx("check", "SCRIPT", "--json", "--set", "rounds=3")
        #expect(try diagnostics(other).contains { $0["id"] == "unknown-override" })
    }

    /// Mistakes of the command line itself come as a document too, with the exit status they have otherwise.
    @Test func commandLinesAsDocuments() throws {
        let project = try Project()
        for (arguments, id) in [
            (["check", "--json", project.file("missing.ecdx")], "cannot-read"),
            (["check", "SCRIPT", "--json", "--set", "epochs"], "bad-override"),
            (["check", "SCRIPT", "--json", "--set", "bulk...epochs=3"], "bad-override"),
            (["check", "--json"], "usage"), (["check", "--json", "SCRIPT", "--frobnicate"], "usage"),
        ] {
            let outcome = try project.start(arguments).wait()
            #expect(outcome.status == 2 && outcome.err == "", "\(arguments): \(outcome.err)")
            let found = try diagnostics(outcome)
            #expect(
                found.map { $0["id"]?.stringValue } == [id] && found.first?["message"]?.stringValue?.isEmpty == false,
                "\(arguments): \(outcome.out)")
        }
        // The same mistakes without `--json` are text.
        #expect(try project.ecdx("check").out == "")
    }
}
