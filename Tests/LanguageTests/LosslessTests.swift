import Builtins
import Diagnostics
import SessionTestSupport
import Tensors
import TestSupport
import Testing

@testable import Language

/// A text falls into pieces that give it back, whatever it is.
@Suite(.timed) struct LosslessTests {
    /// What is wrong with the pieces of a text.
    private func faults(_ text: String) -> [String] {
        let tree = catalogue.parse(text, file: "t")
        let pieces = tree.pieces
        var faults: [String] = []
        if !pieces.flatMap(\.bytes).elementsEqual(text.utf8) || !tree.printed.utf8.elementsEqual(text.utf8) {
            faults.append("the pieces are not the text")
        }
        var at = 0
        for piece in pieces {
            if piece.span.start != at || piece.span.end - piece.span.start != piece.bytes.count || piece.bytes.isEmpty {
                faults.append("a piece is out of place at \(at)")
            }
            at = piece.span.end
        }
        let lexed = Lexer.lex(text, file: "t")
        let tokens = lexed.tokens.filter { $0.kind != .newline && $0.kind != .end }.count
        if pieces.count(where: { $0.kind == .token }) != tokens { faults.append("a token is no piece") }
        if pieces.count(where: { $0.kind == .comment || $0.kind == .cell }) != lexed.comments.count {
            faults.append("a comment is no piece")
        }
        if tree.diagnostics.isEmpty, pieces.contains(where: { $0.kind == .other }) {
            faults.append("a piece is of no kind in a text without mistakes")
        }
        return faults.map { "\($0): \(text.prefix(200).debugDescription)" }
    }

    @Test func everyScript() throws {
        let scripts = try ProjectScript.all()
        #expect(scripts.count > 200)
        for script in scripts { #expect(try onLargeStack { faults(script.text) } == [], "\(script.name)") }
    }

    @Test(arguments: [
        "", "\n", "\r", "\r\n", "\u{FEFF}", "\u{FEFF}let a = 1\r\n", "a\u{FEFF}b", "\u{0}", "a\u{0}b", "let a = 1\rlet b = 2", "(", ")",
        "}{", "[(])", "\"", "\"\\", "\"\\(", "\"\\(\"",
        "'a", "12px", "1e999", "# %%", "\t# %% a\r\n# b\r\n", "#", "a # b", "\"\\(a\") # c", "\"a\r\"", "é = ü", "\u{1F600}", "\u{202E}",
        ";;", "a;b",
    ])
    func oddTexts(_ text: String) { #expect(faults(text) == []) }

    @Test func mutants() throws {
        let sources = try ProjectScript.all().filter { $0.text.utf8.count < 8_000 }.map { Mutant.tokens(of: $0.text) }
        let found = try onLargeStack {
            var found: [String] = []
            for number in 0..<(isAsked("ECDX_SOAK") ? 20_000 : 2_000) {
                var random = Philox(RandomKey(seed: 22, purpose: .sampling, item: UInt32(number)))
                found += faults(Mutant.wild(sources[number % sources.count], &random))
            }
            return found
        }
        #expect(found == [])
    }

    @Test func kinds() {
        let pieces = catalogue.parse("\u{FEFF}let a = \"b\" # c\r\n\t# %% d\n§", file: "t").pieces
        #expect(
            pieces.map(\.kind) == [
                .space, .token, .space, .token, .space, .token, .space, .token, .space, .comment, .endOfLine, .space, .cell, .endOfLine,
                .token,
            ])
        #expect(catalogue.parse("12px", file: "t").pieces.map(\.kind) == [.token, .other])
    }

    /// A byte order mark before a script, and carriage returns in it, change nothing.
    @Test func byteOrderMarksAndCarriageReturns() {
        let plain = catalogue.parse("# %% Data\nlet a = [1,\n2]\nshow a # b\n", file: "t")
        let other = catalogue.parse("\u{FEFF}# %% Data\r\nlet a = [1,\r\n2]\r\nshow a # b\r\n", file: "t")
        #expect(plain.diagnostics == [] && other.diagnostics == [])
        #expect(other.outline == plain.outline && !plain.outline.isEmpty)
        #expect(other.cells.map(\.title) == ["Data"] && other.remarks == plain.remarks)
    }

    /// Words of the language that are fields do not carry a line on.
    @Test func wordsAsFields() {
        for (text, count) in [
            ("show r.in\nshow 2", 2), ("show r.not\nshow 2", 2), ("let r = {\n a: 1\n else: 2\n}", 1), ("model m {\n a: x.or\n b: 1\n}", 1),
        ] {
            let tree = catalogue.parse(text, file: "t")
            #expect(tree.diagnostics == [] && tree.statements.count == count, "\(text)")
        }
        #expect(catalogue.parse("show r.in", file: "t").isUnfinished == false)
    }
}
