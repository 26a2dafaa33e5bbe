import Testing
import TestSupport

@testable import Reports

/// Texts in Markdown become the blocks that CommonMark has for them; what is hostile stays text.
@Suite(.timed) struct MarkdownTests {
    @Test func blocksAreFound() {
        let text = """
            # A *title*
            Words over
            two lines.  
            A third.

                code as it is

            ```swift
            let x = 1
            ```
            > quoted
            lazily

            ***
            Below
            ===
            """
        #expect(
            markdownBlocks(text) == [
                .heading(level: 1, [.text("A "), .emphasis([.text("title")])]),
                .paragraph([.text("Words over"), .softBreak, .text("two lines."), .lineBreak, .text("A third.")]),
                .code("code as it is", language: ""), .code("let x = 1", language: "swift"),
                .quote([.paragraph([.text("quoted"), .softBreak, .text("lazily")])]), .rule, .heading(level: 1, [.text("Below")]),
            ])
    }

    @Test func listsNest() {
        let text = "- one\n- two\n  1. inner\n  2. next\n\n7) seven\n\n   more"
        #expect(
            markdownBlocks(text) == [
                .list(
                    start: nil, isTight: true,
                    items: [
                        [.paragraph([.text("one")])],
                        [
                            .paragraph([.text("two")]),
                            .list(start: 1, isTight: true, items: [[.paragraph([.text("inner")])], [.paragraph([.text("next")])]]),
                        ],
                    ]),
                .list(start: 7, isTight: false, items: [[.paragraph([.text("seven")]), .paragraph([.text("more")])]]),
            ])
    }

    @Test func tablesHaveColumns() {
        let text = "| a | b |\n|:--|--:|\n| 1 | x \\| y |\n| 2 |\n"
        #expect(
            markdownBlocks(text) == [
                .table(
                    header: [[.text("a")], [.text("b")]], alignments: [.left, .right],
                    rows: [[[.text("1")], [.text("x | y")]], [[.text("2")], []]])
            ])
        #expect(markdownBlocks("a | b\nc | d") == [.paragraph([.text("a | b"), .softBreak, .text("c | d")])])
    }

    @Test(arguments: [
        ("**strong *both* end**", [MarkdownInline.strong([.text("strong "), .emphasis([.text("both")]), .text(" end")])]),
        ("snake_case_name 2 * 3 * 4", [.text("snake_case_name 2 * 3 * 4")]),
        ("*a **b*", [.text("*a *"), .emphasis([.text("b")])]),
        ("`` a ` b `` and `open", [.code("a ` b"), .text(" and `open")]),
        ("\\*no\\* \\q &lt;b&gt;", [.text("*no* \\q <b>")]),
        ("![a *plane*](plane.png)", [.picture("a plane")]),
    ])
    func inlinesAreFound(text: String, inlines: [MarkdownInline]) { #expect(markdownInlines(text) == inlines) }

    @Test func linksLeadToTheWebAlone() {
        #expect(markdownInlines("[a](https://x.org/(b) \"t\")") == [.link([.text("a")], address: "https://x.org/(b)")])
        #expect(markdownInlines("[a](#part) <http://x.org>") == [
            .link([.text("a")], address: "#part"), .text(" "), .link([.text("http://x.org")], address: "http://x.org"),
        ])
        for address in [
            "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.org", "vbscript:x", "a.html",
            "https:x", "https://x.org/\u{202E}", "java\u{00}script:x",
        ] {
            #expect(markdownInlines("[a](\(address))") == [.text("[a](\(address))")], "\(address)")
        }
        #expect(markdownInlines("<javascript:alert(1)>") == [.text("<javascript:alert(1)>")])
        #expect(markdownInlines("<b onclick=x>") == [.text("<b onclick=x>")])
    }

    /// Marks without end, alone and in each other, take no longer than others and use up no stack.
    @Test(arguments: [
        "*", "**a ", "_a", "[", "![", "](", "`", "> ", "- ", "1. ", "[a](", "*a _b ", "<http://", "|", "\\", "#", "~~~\n", "* * ",
    ])
    func hostileTextsEnd(mark: String) {
        let text = String(repeating: mark, count: 10_000)
        let blocks = markdownBlocks(text)
        #expect(!blocks.isEmpty)
        let document = ReportDocument(title: "t", script: "t.ecdx", cells: [.init(title: "", kind: .markdown, source: text, line: 1)])
        #expect(throws: Never.self) { try htmlReport(document) }
    }
}
