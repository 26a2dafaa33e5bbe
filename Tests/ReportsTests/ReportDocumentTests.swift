import Foundation
import Testing

@testable import Reports

/// Documents come back from JSON as they were.
@Suite struct ReportDocumentTests {
    @Test func documentsComeBack() throws {
        let grid = ReportDocument.ResultGrid(columns: [.init("RMSE", unit: "GPa", isNumeric: true)], rows: [["1.2"]], exact: [["1.2345"]])
        let picture = ReportDocument.Picture(mediaType: "image/svg+xml", bytes: Array("<svg/>".utf8), file: "a.svg", caption: "a")
        let outputs: [ReportDocument.Output] = [
            .init(.lines(["a", "b"]), line: 3), .init(.table(grid)), .init(.figure(picture)), .init(.file("b.csv")),
            .init(.diagnostic(severity: "warning", text: "few rows")),
        ]
        let document = ReportDocument(
            title: "T", script: "t.ecdx", cells: [.init(title: "c", kind: .code, source: "show 1", line: 2, outputs: outputs)],
            provenance: [.init("Seeds", lines: ["1"], table: grid)])
        #expect(try JSONDecoder().decode(ReportDocument.self, from: JSONEncoder().encode(document)) == document)
    }
}
