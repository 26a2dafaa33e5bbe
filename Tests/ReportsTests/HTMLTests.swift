import Foundation
import Storage
import Testing
import TestSupport

@testable import Reports

/// A document as HTML: nothing of scripts and data is markup, nothing is loaded, and the same document gives the same bytes.
@Suite(.timed) struct HTMLTests {
    private static func html(_ document: ReportDocument) throws -> String { String(decoding: try htmlReport(document), as: UTF8.self) }

    /// A document with a text wherever scripts and data have one.
    private static func document(saying text: String) -> ReportDocument {
        let grid = ReportDocument.ResultGrid(
            title: text, columns: [.init(text, unit: text, isNumeric: true), .init(text)], rows: [["1.2", text], [text]],
            exact: [[text, text], [text]], notes: [text], file: text)
        let picture = ReportDocument.Picture(mediaType: "image/svg+xml", bytes: Array(text.utf8), file: text, caption: text)
        let outputs: [ReportDocument.Output] = [
            .init(.lines([text]), line: 1), .init(.table(grid), line: 2), .init(.figure(picture), line: 3), .init(.file(text)),
            .init(.diagnostic(severity: "error", text: text), line: 4),
            .init(.figure(.init(mediaType: "\"><img onerror=x>", bytes: Array(text.utf8), caption: text))),
        ]
        return ReportDocument(
            title: text, script: text,
            cells: [
                .init(title: text, kind: .markdown, source: "# \(text)\n\(text)\n\n| \(text) |\n|--:|\n| \(text) |\n\n- \(text)", line: 1),
                .init(
                    title: text, kind: .code, source: text, line: 9, outputs: outputs,
                    highlights: [.init(.string, start: 1, end: 3), .init(.keyword, start: 5, end: 1000)]),
            ], provenance: [.init(text, lines: [text], table: grid)])
    }

    /// The tags of a text with their attributes, without the contents of style and script.
    private static func tags(_ html: String) -> [String] {
        var rest = html[...]
        var tags: [String] = []
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            let tag = String(rest[start...end])
            tags.append(tag)
            rest = rest[rest.index(after: end)...]
            for name in ["style", "script"] where tag == "<\(name)>" {
                guard let close = rest.range(of: "</\(name)>") else { continue }
                rest = rest[close.lowerBound...]
            }
        }
        return tags
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "</style><script>alert(1)</script>", "</title></head><body onload=x>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)", "]]><svg onload=x>", "<!--", "[x](javascript:alert(1))", "<https://x.org/\"onclick=x>",
        "&lt;script&gt;",
        "javascript:alert(1)", "<a href=\"https://x.org\">", "\u{202E}gnp.exe", "a\u{2028}b\u{2029}c", "\u{0}\u{1B}[31m",
        "\u{FEFF}\u{200B}",
        "`</code></pre><script>`", "x\r\n<b>", "<iframe srcdoc=\"<script>\">", "</script><script>",
    ])
    func hostileTextsAreText(text: String) throws {
        let html = try Self.html(Self.document(saying: text))
        let allowed: Set = [
            "!doctype", "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "h4", "p", "code", "nav", "ol", "ul",
            "li", "a", "main", "section", "div", "table", "thead", "tbody", "tr", "th", "td", "span", "pre", "figure", "figcaption", "img",
            "script", "em", "strong", "br",
        ]
        for tag in Self.tags(html) {
            let words = tag.dropFirst().dropLast().drop { $0 == "/" }
            #expect(allowed.contains(String(words.prefix { $0 != " " })), "\(tag)")
            // Outside of values between quotation marks there is no word but those of ours.
            let pieces = tag.split(separator: "\"", omittingEmptySubsequences: false)
            for name in pieces.indices.filter({ $0 % 2 == 0 }).map({ pieces[$0] }) {
                #expect(!name.contains(#/ on[a-z]+=| style=| srcdoc=|'/#), "\(tag)")
            }
        }
        #expect(html.components(separatedBy: "<script>").count == 2)
        #expect(html.components(separatedBy: "</style>").count == 2)
        #expect(!html.unicodeScalars.contains { isUnseen($0) })
        let addresses = Self.tags(html).compactMap { $0.firstMatch(of: #/(?:href|src)="([^"]*)"/#)?.1 }
        #expect(addresses.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("https://") || $0.hasPrefix("data:image/svg+xml;base64,") })
    }

    @Test func longTextsStay() throws {
        let text = String(repeating: "wörd", count: 2500)
        let html = try Self.html(Self.document(saying: text))
        #expect(html.contains("<h1>\(text)</h1>"))
        #expect(htmlStyle.contains("overflow-wrap: anywhere"))
    }

    @Test func sameDocumentSameBytes() throws {
        let document = Self.document(saying: "a <b> & c")
        let copy = try JSONDecoder().decode(ReportDocument.self, from: JSONEncoder().encode(document))
        #expect(try htmlReport(document) == htmlReport(copy))
    }

    /// The policy allows the style and the script that are there, and no other.
    @Test func policyHasTheHashes() throws {
        let html = try Self.html(Self.document(saying: "a"))
        for name in ["style", "script"] {
            let start = try #require(html.range(of: "<\(name)>")).upperBound
            let end = try #require(html.range(of: "</\(name)>")).lowerBound
            let hex = try sha256(String(html[start..<end])).hex
            let bytes = stride(from: 0, to: 64, by: 2).compactMap { place -> UInt8? in
                let from = hex.index(hex.startIndex, offsetBy: place)
                return UInt8(hex[from..<hex.index(from, offsetBy: 2)], radix: 16)
            }
            #expect(html.contains("\(name)-src 'sha256-\(Data(bytes).base64EncodedString())'"))
        }
        #expect(html.contains("content=\"default-src 'none'; "))
        #expect(!html.contains("unsafe-inline"))
    }

    @Test func base64IsThatOfFoundation() {
        for count in 0..<10 {
            let bytes = (0..<count).map { UInt8($0 * 83 & 255) }
            #expect(String(decoding: base64(bytes), as: UTF8.self) == Data(bytes).base64EncodedString())
        }
    }

    @Test func codeHasLinesAndColours() throws {
        let cell = ReportDocument.Cell(
            title: "", kind: .code, source: "\nlet a = \"x\ny\"\n# ü\n\n", line: 3,
            highlights: [
                .init(.keyword, start: 1, end: 4), .init(.string, start: 9, end: 14), .init(.comment, start: 15, end: 19),
            ])
        let html = try Self.html(ReportDocument(title: "t", script: "t.ecdx", cells: [cell]))
        #expect(html.contains("""
            <pre class="code" tabindex="0"><code><span class="l" id="L4" data-n="4"><span class="k">let</span> a = \
            <span class="s">&quot;x</span></span>
            <span class="l" id="L5" data-n="5"><span class="s">y&quot;</span></span>
            <span class="l" id="L6" data-n="6"><span class="r"># ü</span></span>
            </code></pre>
            """))
    }

    @Test func tablesSayUnitsAndEveryDigit() throws {
        let grid = ReportDocument.ResultGrid(
            columns: [.init("name"), .init("RMSE", unit: "GPa", isNumeric: true)], rows: [["a", "1.2"], ["b", ""]],
            exact: [["a", "1.2345"], ["b", ""]], notes: ["n"], file: "out/m.csv")
        let cell = ReportDocument.Cell(title: "", kind: .code, source: "table m", line: 1, outputs: [.init(.table(grid), line: 1)])
        let html = try Self.html(ReportDocument(title: "t", script: "t.ecdx", cells: [cell]))
        #expect(html.contains("<th scope=\"col\" class=\"n\">RMSE <span class=\"unit\">GPa</span></th>"))
        #expect(html.contains("<td>a</td><td class=\"n\" data-v=\"1.2345\">1.2</td>"))
        #expect(html.contains("<td>b</td><td class=\"n\"></td>"))
        #expect(html.contains("<code class=\"file\">out/m.csv</code><a class=\"place\" href=\"#L1\">line 1</a>"))
    }

    @Test func headingsHavePlacesOfTheirOwn() throws {
        let text = "# Bulk modulus\n## Data\n## Data\n[there](#data-1)"
        let document = ReportDocument(
            title: "Bulk modulus", script: "t.ecdx",
            cells: [.init(title: "", kind: .markdown, source: text, line: 1), .init(title: "Data", kind: .code, source: "1", line: 9)])
        let html = try Self.html(document)
        #expect(html.components(separatedBy: "Bulk modulus</h").count == 2)
        #expect(html.contains("<h3 id=\"data\">Data</h3>"))
        #expect(html.contains("<h3 id=\"data-1\">Data</h3>"))
        #expect(html.contains("<h2 id=\"data-2\">Data</h2>"))
        #expect(html.contains("<a href=\"#data-1\" rel=\"noreferrer\">there</a>"))
        #expect(html.contains("<nav aria-label=\"Contents\">"))
    }
}
