import Diagnostics
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Language

@Suite(.timed) struct LexerTests {
    private func kinds(_ text: String) -> [Token.Kind] { Lexer.lex(text, file: "t").tokens.map(\.kind) }

    /// Bytes of a text that no token, comment, diagnostic or white space accounts for, and those that two tokens claim.
    private func strays(_ text: String) -> [Int] {
        let lexed = Lexer.lex(text, file: "t")
        let bytes = Array(text.utf8)
        var owners = [Int](repeating: 0, count: bytes.count)
        for span in lexed.tokens.map(\.span) + lexed.comments { for place in span.start..<span.end { owners[place] += 1 } }
        for diagnostic in lexed.diagnostics where ["unknown-character", "bad-number"].contains(diagnostic.id) {
            if let span = diagnostic.span { for place in span.start..<span.end where owners[place] == 0 { owners[place] = 1 } }
        }
        return bytes.indices.filter { owners[$0] == 0 && ![0x20, 0x09, 0x0A, 0x0D].contains(bytes[$0]) || owners[$0] > 1 }
    }

    @Test func everyByteBelongsSomewhere() throws {
        var texts = try CorpusFile.all().filter { $0.script.utf8.count < 20_000 }.map(\.script)
        texts += [
            "", "\n", "# only a comment", "a\r\nb", "\"é\\u{e9}\\(1 + \"\\(x)\")\" >> y", "größe = 1", "1e5e 12px 3.x ..4 1..2",
            "'; § € \u{1F600}",
        ]
        for text in texts { #expect(strays(text) == [], "\(text.prefix(60))") }
    }

    @Test func numbers() {
        #expect(
            kinds("12 0.5 1e-4 70% 1E3") == [
                .number(12, percent: false), .number(0.5, percent: false), .number(1e-4, percent: false), .number(0.7, percent: true),
                .number(1000, percent: false), .end,
            ])
        #expect(kinds("1..9") == [.number(1, percent: false), .symbol(".."), .number(9, percent: false), .end])
        #expect(kinds("4..12 by 2").dropFirst(2) == [.number(12, percent: false), .name("by"), .number(2, percent: false), .end])
        #expect(kinds("runs.1") == [.name("runs"), .symbol("."), .number(1, percent: false), .end])
        #expect(kinds("2e") == [.number(2, percent: false), .end])
        #expect(Lexer.lex("2e", file: "t").diagnostics.map(\.id) == ["bad-number"])
        #expect(Lexer.lex("1e999", file: "t").diagnostics.map(\.id) == ["number-too-large"])
        #expect(kinds("1e-999") == [.number(0, percent: false), .end])
    }

    @Test func strings() {
        #expect(kinds(#""a\n\t\"\\\u{e9}""#) == [.string([.literal("a\n\t\"\\é")]), .end])
        #expect(kinds(#""\{id\}""#) == [.string([.escaped("{"), .literal("id"), .escaped("}")]), .end])
        #expect(kinds(#""""#) == [.string([]), .end])
        guard case .string(let pieces) = kinds(#""a\(f(x, ")"))b""#)[0], pieces.count == 3, case .code(let tokens) = pieces[1] else {
            Issue.record("expected text, code and text")
            return
        }
        #expect(tokens.map(\.kind) == [.name("f"), .symbol("("), .name("x"), .symbol(","), .string([.literal(")")]), .symbol(")"), .end])
        #expect(pieces[2] == .literal("b"))
    }

    @Test func spansOfCodeInStringsPointIntoTheScript() {
        let text = #"let t = "a\(wrong)""#
        guard case .string(let pieces) = kinds(text)[3], case .code(let tokens) = pieces[1] else {
            Issue.record("expected code in the string")
            return
        }
        let bytes = Array(text.utf8)
        #expect(String(decoding: bytes[tokens[0].span.start..<tokens[0].span.end], as: UTF8.self) == "wrong")
    }

    @Test(arguments: [
        ("a\nb", true), ("(a\nb)", false), ("[a\nb]", false), ("{a\nb}", true), ("({a\nb})", true), ("{(a\nb)}", false),
        ("a +\nb", false), ("a,\nb", false), ("a =\nb", false), ("a:\nb", false), ("for x in\ny", false), ("d like\ne", false),
        ("not\na", false),
        ("a\n>> b", false), ("a\n\n  |> b", false), ("}\nelse {}", false), ("a\n# comment\n>> b", false), ("a # comment\nb", true),
        ("a\n+ b", true), ("a\n(b)", true), ("a\n[b]", true),
    ])
    func endsOfLine(_ text: String, separates: Bool) {
        #expect(kinds(text).contains(.newline) == separates)
    }

    @Test(arguments: [
        ("dataset d {", true), ("let x = ", true), ("let x = [1,", true), ("f(", true), ("a >>", true), ("not", true),
        ("let x = 1", false), ("dataset d { }", false), ("# {", false), ("\"{\"", false), ("a)", false), ("", false), ("\"\\(", false),
    ])
    func unfinished(_ text: String, _ expected: Bool) {
        #expect(Lexer.lex(text, file: "t").isUnfinished == expected)
    }

    @Test func cells() {
        let lexed = Lexer.lex("# %% [markdown]\n# # Title\n\n# %% Data\nlet x = 1  # %% not a cell\n  # %% Indented\n", file: "t")
        #expect(lexed.cells.map(\.title) == ["", "Data", "Indented"])
        #expect(lexed.cells.map(\.isMarkdown) == [true, false, false])
        #expect(lexed.comments.count == 5)
    }

    @Test func bytesThatAreNoTextDoNotTrap() {
        var random = Philox(RandomKey(seed: 1, purpose: .sampling))
        for _ in 0..<200 {
            let text = String(decoding: (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }, as: UTF8.self)
            #expect(strays(text) == [], "\(text.debugDescription)")
        }
    }
}
