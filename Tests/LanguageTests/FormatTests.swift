import Builtins
import SessionTestSupport
import Storage
import Tensors
import TestSupport
import Testing

@testable import Language

@Suite(.timed) struct FormatTests {
    @Test func everyScript() throws {
        var laidOut = 0
        for script in try ProjectScript.all() {
            let (faults, parses) = try onLargeStack {
                (layoutFaults(script.text), catalogue.parse(script.text, file: "t").diagnostics.isEmpty)
            }
            #expect(faults == [], "\(script.name)")
            if parses { laidOut += 1 }
        }
        #expect(laidOut > 100)
    }

    /// The scripts of the documents are in canonical layout too.
    @Test func theDocuments() throws {
        var count = 0
        for document in ["README.md", "LANGUAGE.md", "REPL.md"] {
            let fences = try readText("\(Place.project)/\(document)").split(separator: "```", omittingEmptySubsequences: false)
            for (place, block) in fences.enumerated() where place % 2 == 1 {
                let script = String(block.drop { $0 != "\n" }.dropFirst())
                #expect(layoutFaults(script) == [])
                guard let layout = ScriptFormatter.format(script, file: document, grammar: catalogue.grammar).text else { continue }
                #expect(layout == script, "`ecdx fmt` lays a script of \(document) out otherwise")
                count += 1
            }
        }
        #expect(count > 10)
    }

    /// `ecdx fmt --check experiments/*.ecdx stdlib/*.ecdx` has nothing to say.
    @Test func theRepositoryIsCanonical() throws {
        for script in try ProjectScript.canonical() {
            let formatted = ScriptFormatter.format(script.text, file: script.name, grammar: catalogue.grammar)
            #expect(formatted.text == script.text, "run `ecdx fmt` on \(script.name)")
        }
    }

    /// Scripts with white space, comments, commas and long lines put in where they may stand and where they may not.
    @Test func tameMutants() throws {
        let sources = try ProjectScript.all().filter { $0.text.utf8.count < 3_000 }.map { Mutant.tokens(of: $0.text) }
        let (found, accepted) = try onLargeStack {
            var found: [String] = []
            var accepted = 0
            for number in 0..<(isAsked("ECDX_SOAK") ? 20_000 : 2_000) {
                var random = Philox(RandomKey(seed: 23, purpose: .sampling, item: UInt32(number)))
                let text = Mutant.tame(sources[number % sources.count], &random)
                if catalogue.parse(text, file: "t").diagnostics.isEmpty { accepted += 1 }
                found += layoutFaults(text)
            }
            return (found, accepted)
        }
        #expect(found == [])
        #expect(accepted > 300)
    }

    @Test func mistakesAreNotLaidOut() {
        let formatted = ScriptFormatter.format("let a  =  [1\nlet b = 2\n", file: "t", grammar: catalogue.grammar)
        #expect(formatted.text == nil)
        #expect(formatted.diagnostics.map(\.id) == ["unclosed-bracket"])
    }

    @Test func outlines() {
        let text = """
            table f(a, b: -1 ^ 2) |> g to "x"
            let r = for k in 1..9 by 2, j in [1] { let s = k, { a: s[1:], b: t[k: 2] } }
            model m like n { a.b: 1, input x: [1], stage s { }, not x }
            """
        #expect(
            catalogue.parse(text, file: "t").outline == """
                (table (|> g (call f a b: (- (^ 1.0 2.0)))) to (text "x"))
                (let r (for k in (.. 1.0 9.0 by 2.0) j in (list 1.0) (let s k) (record a: (index s (slice 1.0 _)) b: (index t k: 2.0))))
                (declare model m like n (field a.b 1.0) (input x (list 1.0)) (stage s) (not x))

                """)
    }
}
