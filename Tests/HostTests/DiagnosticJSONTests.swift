import Diagnostics
import Host
import TestSupport
import Testing

@Suite(.timed) struct DiagnosticJSONTests {
    /// Columns are counted in what tools count in: the first character takes 4 bytes and 2 UTF-16 units.
    @Test func placesAndEverythingElse() {
        var sources = SourceMap()
        sources.add("a.ecdx", text: "# x\n\u{1F600}é bad\n", isScript: true)
        var first = Diagnostic(
            "bad-thing", "expected \"good\", found `bad`", at: SourceSpan(file: "a.ecdx", start: 11, end: 14), label: "here",
            data: DataPlace(file: "d.csv", line: 3), notes: ["a note"], hint: "an action")
        first.hints.append("another")
        let second = Diagnostic("said", "nothing more", severity: .warning, data: DataPlace(file: "e.csv"))
        #expect(
            jsonDocument(of: [first, second], script: "a.ecdx", sources: sources) == """
                {
                  "diagnostics": [
                    {
                      "data": {
                        "file": "d.csv",
                        "line": 3
                      },
                      "end": {
                        "column": 7,
                        "line": 2,
                        "offset": 14,
                        "utf16Column": 8
                      },
                      "file": "a.ecdx",
                      "hints": [
                        "an action",
                        "another"
                      ],
                      "id": "bad-thing",
                      "label": "here",
                      "message": "expected \\"good\\", found `bad`",
                      "notes": [
                        "a note"
                      ],
                      "severity": "error",
                      "start": {
                        "column": 4,
                        "line": 2,
                        "offset": 11,
                        "utf16Column": 5
                      }
                    },
                    {
                      "data": {
                        "file": "e.csv",
                        "line": null
                      },
                      "end": null,
                      "file": null,
                      "hints": [],
                      "id": "said",
                      "label": null,
                      "message": "nothing more",
                      "notes": [],
                      "severity": "warning",
                      "start": null
                    }
                  ],
                  "script": "a.ecdx",
                  "version": 1
                }

                """)
    }

    @Test func placesThatAreNowhere() {
        var sources = SourceMap()
        sources.add("a.ecdx", text: "show 1", isScript: true)
        for span in [SourceSpan(file: "b.ecdx", start: 0, end: 1), SourceSpan(file: "a.ecdx", start: 7, end: 90)] {
            let text = jsonDocument(of: [Diagnostic("bad-thing", "m", at: span)], script: nil, sources: sources)
            #expect(text.contains("\"start\": null") && text.contains("\"end\": null") && text.contains("\"script\": null"))
        }
        #expect(jsonDocument(of: [], script: "a.ecdx").contains("\"diagnostics\": []"))
    }
}
