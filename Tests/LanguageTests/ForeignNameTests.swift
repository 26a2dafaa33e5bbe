import Builtins
import Language
import TestSupport
import Testing

/// Names of other tools lead to names that are there.
@Suite(.timed) struct ForeignNameTests {
    private static let known: Set<String> = {
        var names = reservedWords.union(catalogue.builtins.keys).union(catalogue.kinds.keys).union(catalogue.words)
        func collect(_ parameters: [Parameter]) {
            for parameter in parameters {
                names.insert(parameter.name)
                if case .record(let fields) = parameter.type { collect(fields) }
            }
        }
        for builtin in catalogue.builtins.values { collect(builtin.parameters) }
        for kind in catalogue.kinds.values {
            collect(kind.fields)
            names.formUnion(kind.memberNames)
        }
        return names
    }()

    @Test func adviceNamesWhatThereIs() {
        for (name, advice) in catalogue.foreignNames {
            for match in advice.matches(of: /`([a-zA-Z0-9]+)`/) {
                let word = String(match.1)
                #expect(Self.known.contains(word) || word.first?.isNumber == true, "`\(name)`: there is no `\(word)`")
            }
            for match in advice.matches(of: /`([a-zA-Z]+)\(/) {
                #expect(catalogue.builtins[String(match.1)] != nil, "`\(name)`: \(advice)")
            }
            #expect(!Self.known.contains(name) || catalogue.builtins[name] == nil, "`\(name)` is a name of the language")
        }
    }
}
