/// A word that a parameter takes without quotes, with what it means.
public struct Choice: Sendable, Hashable {
    /// The word.
    public var name: String
    /// Description in a phrase, for help, the reference and completion.
    public var summary: String

    /// Creates a word with its description.
    public init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }
}

/// The words of which a parameter takes one, each with what it means: written `["log": "its natural logarithm"]`.
public struct Choices: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// The words in the order in which they are offered.
    public var all: [Choice]

    /// Creates the choice among some words.
    public init(_ all: [Choice]) { self.all = all }

    /// Creates the choice among words, in the order in which they are written.
    public init(dictionaryLiteral elements: (String, String)...) { all = elements.map { Choice($0.0, $0.1) } }

    /// The words alone.
    public var names: [String] { all.map(\.name) }

    /// The choice among the cases of an enumeration whose raw values are the words, each described by `summary`.
    public static func each<Word: CaseIterable & RawRepresentable<String>>(of type: Word.Type, _ summary: (Word) -> String) -> Choices {
        Choices(type.allCases.map { Choice($0.rawValue, summary($0)) })
    }

    /// The choice among these words and those of another.
    public static func + (one: Choices, other: Choices) -> Choices { Choices(one.all + other.all) }
}

extension ValueType {
    /// The words that this type takes without quotes, each with what it means.
    public var choices: [Choice] {
        alternatives.flatMap { type -> [Choice] in
            switch type {
            case .word(let choices): choices.all
            case .dotted(let known): known.choices.all
            default: []
            }
        }
    }

    /// The words that this type takes without quotes.
    public var words: [String] { choices.map(\.name) }
}

extension Library {
    /// The most choices that a message lists.
    private static let mostListed = 24

    /// What may be written where a type of few choices is expected: its words, and the calls that give a setting of its sort, such as
    /// `last` and `best(on:)`. Empty where it takes other things too, or no choice is left.
    func choices(of type: ValueType) -> [String] {
        var found: [String] = []
        for one in type.alternatives {
            switch one {
            case .none: found.append("none")
            case .word, .dotted: found += one.words
            case .sort(let sort) where sort.isSetting && !sort.isApplied:
                found += builtins.values.filter { $0.result == one }.map(\.outline).sorted()
            default: return []
            }
        }
        return found.allSatisfy { $0 == "none" } ? [] : found
    }

    /// The advice to write one of the choices of a type; nil where there are not several, or a great many `beside` the one that was
    /// perhaps meant.
    func advice(toChooseOf type: ValueType?, beside near: String? = nil) -> String? {
        guard let type else { return nil }
        let choices = choices(of: type)
        guard choices.count > 1, near == nil || choices.count <= Self.mostListed / 2 else { return nil }
        let listed = choices.prefix(Self.mostListed).map { "`\($0)`" } + (choices.count > Self.mostListed ? ["..."] : [])
        return "write one of \(listed.joined(separator: ", "))"
    }

    /// The advice to write one of the choices of a type beside its phrase, which lists words by itself; nil where it takes words alone.
    func advice(besidePhraseOf type: ValueType) -> String? {
        type.alternatives.contains { if case .sort = $0 { true } else { false } } ? advice(toChooseOf: type) : nil
    }
}

extension Builtin {
    /// The name with the arguments that must be given, such as `best(on:)`.
    public var outline: String {
        let required = parameters.filter(\.isRequired)
        return name + (required.isEmpty ? "" : "(\(required.map { $0.name + ":" }.joined(separator: ", ")))")
    }
}
