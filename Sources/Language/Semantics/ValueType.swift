import Diagnostics

/// The rule for the numbers that a parameter takes.
public struct NumberRule: Sendable, Hashable {
    /// Whether only whole numbers are allowed.
    public var integer = false
    /// Lower bound, itself allowed; nil where there is none.
    public var least: Double?
    /// Upper bound, itself allowed; nil where there is none.
    public var most: Double?
    /// Lower bound that is not itself allowed; nil where there is none.
    public var above: Double?
    /// Upper bound that is not itself allowed; nil where there is none.
    public var below: Double?
    /// Creates the rule that allows any number.
    public init() {}

    /// The rule that allows any number.
    public static let any = NumberRule()
    /// The rule for whole numbers from `least` on.
    public static func count(_ least: Double = 1) -> NumberRule {
        var rule = NumberRule()
        rule.integer = true
        rule.least = least
        return rule
    }
    /// The rule for whole numbers between two bounds, both included.
    public static func whole(_ least: Double, _ most: Double) -> NumberRule {
        var rule = NumberRule.within(least, most)
        rule.integer = true
        return rule
    }
    /// The rule for numbers above 0.
    public static var positive: NumberRule {
        var rule = NumberRule()
        rule.above = 0
        return rule
    }
    /// The rule for numbers between two bounds, both included.
    public static func within(_ least: Double, _ most: Double) -> NumberRule {
        var rule = NumberRule()
        rule.least = least
        rule.most = most
        return rule
    }
    /// The rule for numbers from 0 on.
    public static var nonNegative: NumberRule {
        var rule = NumberRule()
        rule.least = 0
        return rule
    }
    /// The rule for numbers from 0 on, below 1.
    public static var share: NumberRule {
        var rule = NumberRule()
        rule.least = 0
        rule.below = 1
        return rule
    }

    /// The largest whole number: beyond some 9e15 a double does not tell one from the next.
    private static let mostWhole = 9e15

    /// Whether a number keeps the rule.
    func accepts(_ value: Double) -> Bool {
        if integer, value.rounded() != value || abs(value) > Self.mostWhole { return false }
        if let least, value < least { return false }
        if let most, value > most { return false }
        if let above, value <= above { return false }
        if let below, value >= below { return false }
        return true
    }

    /// The rule as a phrase for a message about a number that does not keep it: with the bounds of all whole numbers where it is these
    /// that the number breaks.
    func phrase(for value: Double) -> String {
        guard integer, abs(value) > Self.mostWhole else { return phrase }
        var bounded = self
        if value > 0 {
            bounded.most = min(most ?? Self.mostWhole, Self.mostWhole)
        } else {
            bounded.least = max(least ?? -Self.mostWhole, -Self.mostWhole)
        }
        return bounded.phrase
    }

    /// The rule as a phrase for messages, such as `a number above 0`.
    public var phrase: String {
        var parts: [String] = []
        if let least, let most { return (integer ? "a whole number" : "a number") + " from \(written(least)) to \(written(most))" }
        if let least { parts.append("of at least \(written(least))") }
        if let above { parts.append("above \(written(above))") }
        if let most { parts.append("of at most \(written(most))") }
        if let below { parts.append("below \(written(below))") }
        return (integer ? "a whole number" : "a number") + (parts.isEmpty ? "" : " " + parts.joined(separator: " and "))
    }
}

/// The type of what a parameter, a field or an expression may be.
public indirect enum ValueType: Sendable, Hashable {
    /// Any value, `none`, a truth value, text in quotes, or a path.
    case any, none, bool, text, path
    /// A path whose literal parts may name columns, as in `"images/{id}.png"`.
    case template
    /// A number that keeps a rule.
    case number(NumberRule)
    /// One of these words, without quotes.
    case word(Choices)
    /// A list of items of this type, of any length where `count` is nil.
    case list(ValueType, count: Int?)
    /// A record with these fields and no others.
    case record([Parameter])
    /// A record of any names, each a value of this type.
    case map(ValueType)
    /// A range of numbers.
    case range
    /// A function of the script.
    case function
    /// A result of builtins that is no numbers, by its sort.
    case sort(Sort)
    /// A declared object of this kind.
    case object(String)
    /// A tensor of these extents, of any where they are nil, and on the grid of a cell where there is one.
    case tensor(TensorType)
    /// One of these words with a dot in them, such as `validation.loss`.
    case dotted(DottedWords)
    /// A signal inside a model.
    case signal
    /// A search space; nil is any.
    case space(SearchSpace?)
    /// A value of this type, or a search space of such values: what may vary within an experiment.
    case varying(ValueType)
    /// A value of one of these types.
    case either([ValueType])

    /// The type of `none`, or of a value of this type.
    public static func optional(_ type: ValueType) -> ValueType { .either([.none, type]) }

    /// The types of which a value may be one: those of an `either`, and what may vary as what it is. Never empty.
    public var alternatives: [ValueType] {
        switch self {
        case .either(let types): types.flatMap(\.alternatives)
        case .varying(let type): type.alternatives
        default: [self]
        }
    }

    /// The types that stand directly inside this one: alternatives, items, fields.
    public var parts: [ValueType] {
        switch self {
        case .record(let fields): fields.map(\.type)
        case .map(let inner), .list(let inner, _), .varying(let inner): [inner]
        case .either(let types): types
        default: []
        }
    }

    /// Whether a text at the command line is of this type though it has no quotes: a path, but not a word that the type has.
    func takesBareText(_ text: String) -> Bool {
        guard !text.hasPrefix("\"") else { return false }
        return takesText
            && !alternatives.contains { type in
                switch type {
                case .none: text == "none"
                case .word(let choices): choices.names.contains(text)
                default: false
                }
            }
    }

    /// The type as a phrase for messages.
    public var phrase: String {
        switch self {
        case .any: "a value"
        case .none: "`none`"
        case .bool: "`true` or `false`"
        case .text: "text in quotes"
        case .path, .template: "a path in quotes"
        case .number(let rule): rule.phrase
        case .word(let choices):
            (choices.all.count == 1 ? "" : "one of ") + choices.names.map { "`\($0)`" }.joined(separator: ", ")
        case .list(.any, nil): "a list"
        case .list(.number(.any), nil): "a list of numbers"
        case .list(.text, nil): "a list of texts"
        case .list(let item, let count): "a list of " + (count.map { "\($0): " } ?? "") + item.phrase
        case .record, .map: "a record `{ name: value }`"
        case .range: "a range"
        case .function: "a function"
        case .sort(let sort): sort.phrase
        case .object(let kind): withArticle(kind)
        case .tensor(let type): type.phrase
        case .dotted(let known): known.phrase
        case .signal: "a signal of a model"
        case .space(let space): space?.phrase ?? "a search space"
        case .varying(let type): type.phrase
        case .either(let types): types.map(\.phrase).joined(separator: " or ")
        }
    }

    /// The part of the type that describes items of a list, if it takes one.
    public var item: ValueType? { alternatives.lazy.compactMap { if case .list(let item, _) = $0 { item } else { nil } }.first }

    /// The type of a record's field of that name, if this type takes records that have one.
    public func field(_ name: String) -> ValueType? {
        alternatives.lazy.compactMap { type -> ValueType? in
            switch type {
            case .record(let fields): fields.first { $0.name == name }?.type
            case .map(let type): type
            default: nil
            }
        }.first
    }

    /// Whether text in quotes may stand where this type is expected.
    var takesText: Bool { alternatives.contains { [.text, .path, .template].contains($0) } }

    /// The words with a dot in them, such as `validation.loss`, that may stand where this type is expected; nil where none may.
    var dottedWords: DottedWords? { alternatives.lazy.compactMap { if case .dotted(let known) = $0 { known } else { nil } }.first }

    /// Whether a search space may stand in place of a value of this type.
    public var mayVary: Bool {
        switch self {
        case .varying: true
        case .either(let types): types.contains(where: \.mayVary)
        default: false
        }
    }

    /// Whether a search space itself may stand where this type is expected.
    var takesSpace: Bool { alternatives.contains { if case .space = $0 { true } else { false } } }

    /// Whether a record may stand where this type is expected.
    var takesRecord: Bool {
        alternatives.contains { (type: ValueType) -> Bool in
            switch type {
            case .record, .map, .any: true
            default: false
            }
        }
    }

    /// The names of the fields of the record that this type takes; none where it takes no such record.
    var fieldNames: [String] {
        alternatives.flatMap { type -> [String] in if case .record(let fields) = type { fields.map(\.name) } else { [] } }
    }
}
