import Diagnostics

/// What numbers a parameter takes.
public struct NumberRule: Sendable, Hashable {
    public var integer = false
    public var least: Double?
    public var most: Double?
    /// The bound itself is not allowed.
    public var above: Double?
    public var below: Double?
    public init() {}

    public static let any = NumberRule()
    /// Whole numbers from `least` on.
    public static func count(_ least: Double = 1) -> NumberRule {
        var rule = NumberRule()
        rule.integer = true
        rule.least = least
        return rule
    }
    public static var positive: NumberRule {
        var rule = NumberRule()
        rule.above = 0
        return rule
    }
    public static func within(_ least: Double, _ most: Double) -> NumberRule {
        var rule = NumberRule()
        rule.least = least
        rule.most = most
        return rule
    }
    /// From 0 on.
    public static var nonNegative: NumberRule {
        var rule = NumberRule()
        rule.least = 0
        return rule
    }
    /// From 0 on, 1 left out.
    public static var share: NumberRule {
        var rule = NumberRule()
        rule.least = 0
        rule.below = 1
        return rule
    }

    func accepts(_ value: Double) -> Bool {
        if integer, value.rounded() != value || abs(value) > 9e15 { return false }
        if let least, value < least { return false }
        if let most, value > most { return false }
        if let above, value <= above { return false }
        if let below, value >= below { return false }
        return true
    }

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

/// Extents and unit of a tensor, as far as they are known before anything is computed.
public struct TensorType: Sendable, Hashable {
    public var shape: [Int]?
    public var unit: String?
    /// True for logarithms, shifted or scaled ones too: their exponentials are the quantity itself, or a power of it.
    public var isLogarithm: Bool
    /// How the numbers of a picture mean brightness; nil for what is no picture.
    public var pixels: PixelScale?

    public init(shape: [Int]?, unit: String?, isLogarithm: Bool = false, pixels: PixelScale? = nil) {
        self.shape = shape
        self.unit = unit
        self.isLogarithm = isLogarithm
        self.pixels = pixels
    }
}

/// The numbers of black and of full brightness in a picture, and the order of its colours.
public struct PixelScale: Sendable, Hashable {
    public var black: Double
    public var white: Double
    /// Blue comes first, as in OpenCV.
    public var isBGR: Bool

    public init(black: Double = 0, white: Double = 255, isBGR: Bool = false) {
        self.black = black
        self.white = white
        self.isBGR = isBGR
    }

    /// The scale after a change of all numbers.
    public func mapped(_ change: (Double) -> Double) -> PixelScale {
        PixelScale(black: change(black), white: change(white), isBGR: isBGR)
    }
}

/// What a parameter, a field or an expression may be.
public indirect enum ValueType: Sendable, Hashable {
    case any, none, bool, text, path
    /// A path whose literal parts may name columns, as in `"images/{id}.png"`.
    case template
    case number(NumberRule)
    case word([String])
    case list(ValueType, count: Int?)
    /// A record with these fields and no others.
    case record([Parameter])
    /// A record of any names, each a value of this type.
    case map(ValueType)
    case range
    case function
    /// What a builtin makes: `layer`, `optimizer`, `table`, `figure`, ...
    case sort(String)
    /// A declared thing of this kind.
    case object(String)
    case tensor(TensorType)
    /// A quantity of a training run such as `validation.loss`.
    case monitor
    case signal
    /// A search space; nil is any.
    case space(SearchSpace?)
    /// A value of this type, or a search space of such values: what may vary within an experiment.
    case varying(ValueType)
    case either([ValueType])

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

    /// Whether something at the command line is text of this type though it has no quotes: a path, but not a word that the type has.
    func takesBareText(_ text: String) -> Bool {
        guard !text.hasPrefix("\"") else { return false }
        return takesText && !alternatives.contains { type in
            switch type {
            case .none: text == "none"
            case .word(let words): words.contains(text)
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
        case .word(let words): words.count == 1 ? "`\(words[0])`" : "one of " + words.map { "`\($0)`" }.joined(separator: ", ")
        case .list(.any, nil): "a list"
        case .list(let item, let count): "a list of " + (count.map { "\($0): " } ?? "") + item.phrase
        case .record, .map: "a record `{ name: value }`"
        case .range: "a range"
        case .function: "a function"
        case .sort(let name): name.first.map { "aeio".contains($0) } == true ? "an \(name)" : "a \(name)"
        case .object(let kind): kind.hasPrefix("e") ? "an \(kind)" : "a \(kind)"
        case .tensor(let type) where type.shape == []: "a number that is computed later"
        case .tensor(let type): "a tensor" + (type.shape.map { " of shape " + $0.map(String.init).joined(separator: "x") } ?? "")
        case .monitor: "a quantity such as `validation.loss`"
        case .signal: "a signal of a model"
        case .space(let space): space?.phrase ?? "a search space"
        case .varying(let type): type.phrase
        case .either(let types): types.map(\.phrase).joined(separator: " or ")
        }
    }

    /// Words this type takes without quotes.
    public var words: [String] {
        alternatives.flatMap { type -> [String] in
            switch type {
            case .word(let words): words
            case .monitor: monitors
            default: []
            }
        }
    }

    /// The part of the type that describes items of a list, if it takes one.
    public var item: ValueType? { alternatives.lazy.compactMap { if case .list(let item, _) = $0 { item } else { nil } }.first }

    /// The type of a record's field of that name, if this type takes records that have one.
    func field(_ name: String) -> ValueType? {
        alternatives.lazy.compactMap { type -> ValueType? in
            switch type {
            case .record(let fields): fields.first { $0.name == name }?.type
            case .map(let type): type
            default: nil
            }
        }.first
    }

    /// Whether text in quotes may stand here.
    var takesText: Bool { alternatives.contains { [.text, .path, .template].contains($0) } }

    var takesMonitor: Bool { alternatives.contains(.monitor) }

    /// Whether a search space may stand here in place of a value.
    public var mayVary: Bool {
        switch self {
        case .varying: true
        case .either(let types): types.contains(where: \.mayVary)
        default: false
        }
    }

    var takesSpace: Bool { alternatives.contains { if case .space = $0 { true } else { false } } }

    /// Whether a record may stand here.
    var takesRecord: Bool {
        alternatives.contains { (type: ValueType) -> Bool in
            switch type {
            case .record, .map, .any: true
            default: false
            }
        }
    }

    /// The fields of the record that may stand here.
    var fieldNames: [String] {
        alternatives.flatMap { type -> [String] in if case .record(let fields) = type { fields.map(\.name) } else { [] } }
    }
}

/// The quantities of a run that can be watched. `loss` lives in the space of training, the others in the target's unit.
public let monitors: [String] = ["train", "validation", "holdout"].flatMap { part in
    ["loss", "mse", "rmse", "mae", "r2"].map { "\(part).\($0)" }
}
