import Builtins
import Language

/// The words of the language by group, for editors and other programs that colour and complete scripts.
public enum LanguageWords {
    /// The name and words of each group, both in a fixed order.
    public static let groups: [(name: String, words: [String])] = {
        let actions = Verb.allCases.map(\.rawValue)
        let constants = ["false", "none", "true"]
        // Words of their place only, beside the reserved ones.
        let keywords =
            Array(reservedWords.subtracting(actions + constants)) + Verb.clauseWords + ["by", "input"] + catalogue.grammar.innerKinds
        let builtins = Array(catalogue.builtins.keys)
        let words = catalogue.words.filter { !$0.contains(".") && !builtins.contains($0) && !constants.contains($0) }
        let groups: [(name: String, words: [String])] = [
            ("actions", actions), ("keywords", keywords), ("constants", constants), ("types", paramTypes),
            ("kinds", Array(catalogue.kinds.keys)),
            ("builtins", builtins), ("words", Array(words)),
        ]
        return groups.map { ($0.name, $0.words.sorted()) }
    }()

    /// The groups as text, a line each: its name, then its words.
    public static var text: String {
        groups.map { ([$0.name] + $0.words).joined(separator: " ") + "\n" }.joined()
    }
}
