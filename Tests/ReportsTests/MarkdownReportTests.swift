import TestSupport
import Testing

@testable import Reports

/// Reports as Markdown.
@Suite(.timed) struct MarkdownReportTests {
    @Test func aReport() {
        let (text, files) = MarkdownReport.write(ReportSamples.document(), folder: "quick-figures")
        #expect(files.map(\.name) == ["quick-figures/parity---50-.svg", "quick-figures/a.png"])
        #expect(files.map(\.bytes) == [ReportSamples.svg, [0x89, 0x50]])
        #expect(text.hasPrefix("# Bulk modulus\n\nof *cubic* &lt;b&gt;crystals&lt;/b&gt;\n\n## Data\n\n```ecdx\nshow crystals\n```\n\n"))
        #expect(text.contains("\n> ```text\n> warning: few rows <b>\n> ```\n"))
        #expect(
            text.contains("**Errors**\n\n| model | RMSE (GPa) | E\\_f (eV/\u{C5}^3) |\n| :--- | ---: | ---: |\n| bulk | -1.25 | 1e-5 |\n"))
        #expect(text.contains("\n\n\\- 2 rows of 101\n"))
        #expect(text.contains("![parity of \\_bulk\\_](<quick-figures/parity---50-.svg>)"))
        #expect(text.contains("Written: `out/m_1.csv`"))
        // A fence is longer than what stands inside.
        #expect(text.contains("\n````ecdx\nshow \"```\"\n````\n"))
        #expect(
            text.contains(
                "\n## How these results came about\n\n### Seeds\n\n1\\. seed 7\n\nsay `ecdx run a_b` &amp; wait\n\nan odd \\` quote\n"))
    }

    @Test func cellsOfTablesStandForThemselves() {
        let table = MarkdownReport.table(ReportSamples.grid)
        let row = table.split(separator: "\n").first { $0.contains("script") } ?? ""
        let bars = zip(row, row.dropFirst()).count { $0 != "\\" && $1 == "|" }
        // The first bar has nothing before it.
        #expect(bars == 3 && !row.contains("<") && row.contains("\\`c\\`") && row.contains("U+202E\\]rtl") && row.hasSuffix("| 12 |   |"))
    }

    @Test func equalFiguresAreOneFileAndNamesDiffer() {
        var figures = FigureFiles(folder: "f")
        let a = ReportDocument.Picture(mediaType: "image/png", bytes: [1], file: "x/a.png")
        let b = ReportDocument.Picture(mediaType: "image/png", bytes: [2], file: "y/A.png")
        let names = [a, b, a, .init(mediaType: "image/png", bytes: [3]), .init(mediaType: "text/plain", bytes: [4])].map {
            figures.name(of: $0)
        }
        #expect(names == ["f/a.png", "f/A-2.png", "f/a.png", "f/figure-3.png", nil])
        #expect(figures.files.count == 3)
    }

    /// What a text in Markdown means is the same after it was written anew.
    @Test(arguments: [
        "# A *b*\n\ntext `a|b` **c _d_** [e](https://x.org/?a=1&copy=2)\n\n- one\n  - two\n\n    three\n- four\n",
        "3. a\n4. b\n\n> q\n> r\n\n---\n",
        "| a | b |\n|---|--:|\n| `x\\|y` | 2 |\n\n```python\nprint('```')\n```\n\n~~~\n````\n~~~\n",
        "1\\. no list\n\\- none\n\\+ none\n\\# none\n=== \\*x\\* \\_y\\_ &amp;amp; a  \nb\n", "* a\n\n\n1. b\n\n\n1) c\n",
        "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://x.org/a.png) <b>\n",
    ]) func markdownWrittenAnewMeansTheSame(text: String) {
        let blocks = markdownBlocks(text)
        let anew = MarkdownText.blocks(blocks)
        #expect(MarkdownText.blocks(markdownBlocks(anew)) == anew, "\(anew)")
        if !text.contains("![") { #expect(markdownBlocks(anew) == blocks, "\(anew)") }
        #expect(!anew.contains("<b") && !anew.contains("<s"))
    }
}
