import Builtins
import TestSupport
import Testing

@testable import Language

/// What a prompt must know of every beginning of a script: whether more has to come.
@Suite(.timed) struct UnfinishedTests {
    @Test func everyBeginningOfTheQuickstart() throws {
        let script = try #require(try ProjectScript.canonical().first { $0.name == "quickstart.ecdx" })
        let bytes = Array(script.text.utf8)
        let tree = catalogue.parse(script.text, file: "t")
        // Brackets that are open before each byte, counted by the tokens.
        var open = [Int](repeating: 0, count: bytes.count + 1)
        for token in Lexer.lex(script.text, file: "t").tokens {
            guard case .symbol(let text) = token.kind, "([{}])".contains(text) else { continue }
            let step = "([{".contains(text) ? 1 : -1
            for place in token.span.end...bytes.count { open[place] += step }
        }
        let ends = Set(tree.statements.map(\.span.end))
        #expect(ends.count > 10)
        var (finished, unfinished) = (0, 0)
        for end in 0...bytes.count {
            let isUnfinished = catalogue.parse(String(decoding: bytes[..<end], as: UTF8.self), file: "t").isUnfinished
            if ends.contains(end) {
                #expect(!isUnfinished, "a statement ends at \(end)")
                finished += 1
            } else if open[end] > 0 {
                #expect(isUnfinished, "a bracket is open at \(end)")
                unfinished += 1
            } else if end == 0 || bytes[end - 1] == 0x0A {
                #expect(!isUnfinished, "nothing is open at \(end)")
            }
        }
        #expect(finished == ends.count && unfinished > 500)
    }

    @Test(arguments: [
        ("let x", false), ("let x =", true), ("let x = # c", true), ("let x = 1 +", true), ("show a >>\n", true), ("show a,", true),
        ("for x in", true),
        ("experiment e like", true), ("show r.like", false), ("show f(\"", true), ("show \"(", false), ("show a # (", false),
        ("if a {\n}", false), ("if a {\n} else {", true),
        ("show {\n a: 1\n", true), ("show )", false), ("show not", true), ("show a and", true),
    ])
    func lines(_ text: String, isUnfinished: Bool) { #expect(catalogue.parse(text, file: "t").isUnfinished == isUnfinished) }
}
