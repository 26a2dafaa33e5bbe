import Storage
import TestSupport
import Testing

@testable import Reports

/// Notebooks made of documents, and scripts made of these again.
@Suite(.timed) struct NotebookTests {
    private func cells(_ notebook: String) throws -> [JSONValue] { try #require(JSONValue(parsing: notebook)["cells"]?.arrayValue) }
    private func source(_ cell: JSONValue) -> String { cell["source"]?.arrayValue?.compactMap(\.stringValue).joined() ?? "" }
    private func back(_ notebook: String) throws -> String { try Notebook.script(Array(notebook.utf8), file: "a.ipynb") }

    @Test func cellsAndOutputs() throws {
        let text = try Notebook.text(ReportSamples.document())
        #expect(try Notebook.text(ReportSamples.document()) == text)
        let notebook = try JSONValue(parsing: text)
        #expect(notebook["nbformat"] == 4 && notebook["nbformat_minor"] == 5)
        #expect(notebook["metadata"]?["kernelspec"]?["name"] == "ecdx")
        #expect(notebook["metadata"]?["language_info"]?["file_extension"] == ".ecdx")
        let cells = try cells(text)
        #expect(cells.map { $0["cell_type"]?.stringValue } == ["markdown", "code", "code", "markdown"])
        let names = cells.compactMap { $0["id"]?.stringValue }
        #expect(Set(names).count == 4 && names.allSatisfy { $0.count == 16 })
        // HTML in a text is text, for those who look at the notebook elsewhere too.
        #expect(source(cells[0]) == "# Bulk modulus\n\nof *cubic* &lt;b&gt;crystals&lt;/b&gt;")
        #expect(source(cells[1]) == "# %% Data\nshow crystals")
        let outputs = try #require(cells[1]["outputs"]?.arrayValue)
        #expect(
            outputs.map { $0["output_type"]?.stringValue } == [
                "stream", "stream", "display_data", "display_data", "display_data", "stream",
            ])
        #expect(outputs.map { $0["name"]?.stringValue } == ["stdout", "stderr", nil, nil, nil, "stdout"])
        #expect(outputs[1]["text"] == ["warning: few rows <b>\n"])
        let table = try #require(outputs[2]["data"]?["text/html"]?.arrayValue).compactMap(\.stringValue).joined()
        #expect(
            table.contains("<th style=\"text-align: right\">RMSE (GPa)</th>")
                && table.contains("<td style=\"text-align: right\">-1.25</td>"))
        #expect(table.contains("&lt;script&gt;") && !table.contains("<script") && table.contains("[U+202E]rtl"))
        #expect(outputs[2]["data"]?["text/plain"]?.arrayValue?.first == "Errors\n")
        let figure = try #require(outputs[3]["data"]?["image/svg+xml"]?.arrayValue).compactMap(\.stringValue).joined()
        #expect(Array(figure.utf8) == ReportSamples.svg)
        #expect(outputs[3]["metadata"]?["image/svg+xml"]?["alt"] == "parity of _bulk_")
        #expect(outputs[4]["data"]?["image/png"] == "iVA=")
        #expect(
            source(cells[3]).hasPrefix("## How these results came about\n\n### Seeds\n\n1\\. seed 7\n\nsay `ecdx run a_b` &amp; wait\n"))
    }

    /// Pictures of points are shown at half their width, as they are drawn.
    @Test func widthsOfPictures() throws {
        let header: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 4, 0xB1, 0, 0, 0, 9, 8]
        let outputs = [header, Array(header.prefix(20))].map { bytes in
            ReportDocument.Output(.figure(.init(mediaType: "image/png", bytes: bytes, file: "a.png")))
        }
        let cells = try cells(Notebook.text(ReportSamples.document(of: "# %%\nplot a\n", outputs: outputs, line: 2)))
        #expect(cells[0]["outputs"]?.arrayValue?.map { $0["metadata"]?["image/png"]?["width"] } == [601, nil])
    }

    @Test func aScriptWithoutExactTextIsWrittenCanonically() throws {
        let script = try back(Notebook.text(ReportSamples.document()))
        #expect(
            script == """
                # %% [markdown]
                # # Bulk modulus
                # of *cubic* <b>crystals</b>

                # %% Data
                show crystals

                # %%
                show "```"

                """)
    }

    /// Scripts of chance come back to the byte, whatever stands in them.
    @Test func scriptsComeBack() throws {
        let lines = [
            "# %%", "# %% Data", "  # %% x ", "# %%Data", "# %% [markdown]", "# %% [markdown] Title", "# %%[markdown]", "# text", "#text",
            "#",
            "  # indented", "", " ", "\t", "show x", "let a = \"\"\"b", "#%% foo", "# e\u{301}", "\r", "x\r", "# a\r", "# %% a\r",
            "\u{2028}",
            "# \u{202E}", "`|\\$&%_{}<script>", "# # heading", "# a <script>x</script> $y$", "# - <b>i", "# ```", "\u{0}", "\u{FEFF}",
            "# %% [raw]", "# %%%", "# %%\u{B}", "\r\r", String(repeating: "# 0123456789", count: 1000),
        ]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var script = Bool.random(using: &generator) ? "" : "\u{FEFF}"
            for _ in 0..<Int.random(in: 0...9, using: &generator) { script += (lines.randomElement(using: &generator) ?? "") + "\n" }
            if script.hasSuffix("\n"), Bool.random(using: &generator) { script = String(Substring(script.utf8.dropLast())) }
            let outputs: [ReportDocument.Output] = Bool.random(using: &generator) ? [] : [.init(.lines(["x"]))]
            let document = ReportSamples.document(of: script, outputs: outputs, line: Int.random(in: 1...9, using: &generator))
            let found = try back(Notebook.text(document))
            let isSame = found.utf8.elementsEqual(script.utf8)
            #expect(isSame, "\(script.debugDescription.prefix(400)) came back as \(found.debugDescription.prefix(400))")
        }
    }

    @Test func textThatGoesOnInCodeIsTwoCells() throws {
        let script = "# %% [markdown]\n# text\n\nshow 1\n# more\n"
        let text = try Notebook.text(ReportSamples.document(of: script, outputs: [.init(.lines(["1"]))], line: 4))
        let cells = try cells(text)
        #expect(cells.map { $0["cell_type"]?.stringValue } == ["markdown", "code", "markdown"])
        #expect(source(cells[0]) == "text" && source(cells[1]) == "show 1\n# more" && cells[1]["outputs"]?.arrayValue?.count == 1)
        #expect(try back(text) == script)
    }

    /// What is edited in Jupyter counts, not what we remember of the cell; the other cells stay as they were.
    @Test func editedCells() throws {
        let script = "# %% [markdown]\n#text\n\n\n# %%  Data\nshow 1\n\n\n\n# %%\nshow 2\n"
        let notebook = try JSONValue(parsing: Notebook.text(ReportSamples.document(of: script)))
        var members = try #require(notebook.objectValue)
        var cells = try #require(members["cells"]?.arrayValue)
        var edited = try #require(cells[2].objectValue)
        edited["source"] = "show 3\r\nshow 4"
        cells[2] = .object(edited)
        cells.insert(["cell_type": "markdown", "metadata": [:], "source": ["new\n", "%% text"]], at: 1)
        cells.swapAt(0, 2)
        members["cells"] = .array(cells)
        // Somebody without a kernel of ours looked at it with another one.
        var metadata = try #require(members["metadata"]?.objectValue)
        metadata["kernelspec"] = ["name": "python3", "language": "python", "display_name": "Python 3"]
        metadata["language_info"] = ["name": "python"]
        members["metadata"] = .object(metadata)
        #expect(
            try back(JSONValue.object(members).canonical)
                == "# %%  Data\nshow 1\n\n\n\n# %% [markdown]\n# new\n#%% text\n\n# %% [markdown]\n#text\n\n\n# %%\nshow 3\nshow 4\n")
    }

    /// The text that we remember of a cell is taken only where it is what the cell shows.
    @Test func rememberedTextHidesNothing() throws {
        func script(_ type: String, _ source: String, _ remembered: String) throws -> String {
            let cell: JSONValue = [
                "cell_type": .string(type), "metadata": ["ecdx": ["script": .string(remembered)]], "source": .string(source),
            ]
            return try back(JSONValue.object(["cells": [cell], "metadata": [:], "nbformat": 4, "nbformat_minor": 4]).canonical)
        }
        #expect(try script("markdown", "text", "# %% [markdown]\n#text\n") == "# %% [markdown]\n#text\n")
        #expect(try script("markdown", "text", "# %% [markdown]\n# text\nexport x to \"y\"\n") == "# %% [markdown]\n# text\n")
        #expect(try script("code", "show 1", "# %%\nshow 1\n\n# %%\nexport x to \"y\"\n") == "# %%\nshow 1\n")
        #expect(try script("code", "show 1", "show 2\n") == "# %%\nshow 1\n")
        #expect(try script("code", "# text", "# %% [markdown]\n# text\n") == "# %%\n# text\n")
    }
}
