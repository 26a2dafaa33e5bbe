import Testing

@testable import Builtins
@testable import Language

/// The form of each verb is what the parser reads: clauses that must stand, may stand, and have no place.
@Suite struct ActionFormTests {
    private func faults(_ text: String) -> [String] { catalogue.parse(text, file: "script").diagnostics.map(\.id) }

    @Test(arguments: Verb.allCases) func clausesStandAsTheFormSays(_ verb: Verb) {
        let form = verb.form
        let start = verb.rawValue + " x"
        let on = form.on == nil ? "" : " on y"
        #expect(faults(start + on).isEmpty == (form.to != .required))
        #expect(faults(start + on + " to \"out\"").isEmpty == (form.to != .absent))
        #expect(faults(start + " on y to \"out\"").isEmpty == (form.on != nil && form.to != .absent))
        if form.on != nil { #expect(!faults(start + " to \"out\"").isEmpty) }
        #expect(faults(start + on + " as given to \"out\"").isEmpty == form.mayBeAsGiven)
    }

    @Test(arguments: Verb.allCases) func examplesAreOfTheirVerb(_ verb: Verb) {
        for example in [verb.form.example, verb.form.exampleAsGiven].compactMap({ $0 }) {
            let tree = catalogue.parse(example, file: "script")
            #expect(tree.diagnostics.isEmpty && tree.statements.count == 1)
            guard case .action(verb, _, _, _, _)? = tree.statements.first?.kind else {
                Issue.record("no `\(verb.rawValue)`: \(example)")
                continue
            }
        }
    }

    @Test(arguments: Verb.allCases) func wordsOfActionsAreReservedAndEndWhatWasNotClosed(_ verb: Verb) {
        #expect(faults("let \(verb.rawValue) = 1") == ["reserved"])
        #expect(faults("let a = [1, 2\n\(verb.rawValue) x").contains("unclosed-bracket"))
        #expect(statementWords.isSubset(of: reservedWords))
    }
}
