@testable import Reports

/// Documents and texts of the tests of reports.
enum ReportSamples {
    /// A text with all that means something to Markdown, HTML, LaTeX or a terminal.
    static let hostile =
        "a\"\"\"b `c` ``d`` | \\ $x$ & # % _ {} <script>alert(1)</script> ~^ [l](javascript:x) *e* \u{2028} \u{202E}rtl\u{202C} \u{1} -- "
        + "<< ,, ?` 'q' \u{4F60} e\u{301} 1\u{305} \u{C5} \u{B2} \u{3B1} \u{2013} \u{2264} \u{1F600}"
    static let svg = Array("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><text>\u{3B1}</text></svg>".utf8)

    static let grid = ReportDocument.ResultGrid(
        title: "Errors",
        columns: [.init("model"), .init("RMSE", unit: "GPa", isNumeric: true), .init("E_f", unit: "eV/\u{C5}^3", isNumeric: true)],
        rows: [["bulk", "-1.25", "1e-5"], [hostile, "12"]], notes: ["- 2 rows of 101"])

    /// A document of a text and two cells of code with outputs of every sort.
    static func document() -> ReportDocument {
        let outputs: [ReportDocument.Output] = [
            .init(.lines(["144 rows", hostile])), .init(.diagnostic(severity: "warning", text: "few rows <b>")), .init(.table(grid)),
            .init(.figure(.init(mediaType: "image/svg+xml", bytes: svg, file: "out/parity & 50%.svg", caption: "parity of _bulk_"))),
            .init(.figure(.init(mediaType: "image/png", bytes: [0x89, 0x50], file: "out/a.png"))), .init(.file("out/m_1.csv")),
        ]
        return ReportDocument(
            title: "Bulk modulus", script: "quick.ecdx",
            cells: [
                .init(title: "", kind: .markdown, source: "# Bulk modulus\nof *cubic* <b>crystals</b>", line: 2),
                .init(title: "Data", kind: .code, source: "show crystals", line: 5, outputs: outputs),
                .init(title: "", kind: .code, source: "show \"```\"", line: 8),
            ], provenance: [.init("Seeds", lines: ["1. seed 7", "say `ecdx run a_b` & wait", "an odd ` quote"], table: grid)])
    }

    /// The document of a script with outputs at some line.
    static func document(of script: String, outputs: [ReportDocument.Output] = [], line: Int = 1) -> ReportDocument {
        ReportDocument(
            title: "t", script: "t.ecdx", cells: [.init(title: "", kind: .code, source: "", line: line, outputs: outputs)],
            provenance: [.init("Seeds", lines: ["7"])], text: script)
    }
}
