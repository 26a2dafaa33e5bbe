import Diagnostics

/// Where a value was written. Two values that differ only in this are the same value, and have the same key.
public struct Origin: Sendable, Hashable {
    public var span: SourceSpan?
    public init(_ span: SourceSpan? = nil) { self.span = span }
    public static func == (a: Origin, b: Origin) -> Bool { true }
    public func hash(into hasher: inout Hasher) {}
}

/// Text, and where in its literal parts row placeholders such as `{material_id}` stand.
public struct Text: Sendable, Hashable {
    public enum Piece: Sendable, Hashable {
        case plain(String)
        case placeholder(String)
    }
    public var pieces: [Piece]

    public init(_ string: String) { pieces = [.plain(string)] }
    public init(pieces: [Piece]) { self.pieces = pieces }

    /// The text as a string, placeholders in their braces.
    public var string: String {
        pieces.map { if case .plain(let text) = $0 { text } else if case .placeholder(let name) = $0 { "{\(name)}" } else { "" } }.joined()
    }

    /// The names in braces, in order.
    public var placeholders: [String] {
        pieces.compactMap { if case .placeholder(let name) = $0 { name } else { nil } }
    }
}

/// One item of a list, with the loop variables that made it. Labels are for selection and tables, not part of what it is.
public struct ListItem: Sendable, Hashable {
    public var value: Value
    public var labels: [String: Value]
    public init(_ value: Value, labels: [String: Value] = [:]) {
        self.value = value
        self.labels = labels
    }
    public static func == (a: ListItem, b: ListItem) -> Bool { a.value == b.value }
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

/// A value with the place it came from.
public struct Field: Sendable, Hashable {
    public var value: Value
    public var origin: Origin
    public init(_ value: Value, _ origin: Origin = Origin()) {
        self.value = value
        self.origin = origin
    }
}

/// A call of a builtin, checked and kept as data: what is computed when an action asks for it.
public struct Call: Sendable, Hashable {
    public var builtin: String
    /// By parameter name, in the order of the parameters; defaults filled in.
    public var arguments: Fields
    public var type: ValueType
    public var origin: Origin

    public init(_ builtin: String, _ arguments: Fields, type: ValueType, origin: Origin) {
        self.builtin = builtin
        self.arguments = arguments
        self.type = type
        self.origin = origin
    }

    /// True for what only says how something is done, `adam(rate: 0.01)`: nothing is computed, and its arguments are there to
    /// look at.
    public var isSetting: Bool {
        switch type {
        case .sort(let sort): ["stop", "keep", "optimizer", "split", "layer", "baseline", "rate", "group", "selector", "augmentation", "search"].contains(sort)
        case .space: true
        default: false
        }
    }

    public subscript(name: String) -> Value { arguments[name]?.value ?? .none }
    public func span(of name: String) -> SourceSpan? { arguments[name]?.origin.span ?? origin.span }
}

/// An input of a model.
public struct NetworkInput: Sendable, Hashable {
    public var name: String
    public var shape: Value
    public var origin: Origin
}

/// The inside of a model: what is applied to what. Signals are numbered: inputs first, then applications.
public struct Network: Sendable, Hashable {
    public struct Application: Sendable, Hashable {
        public var layer: Value
        public var inputs: [Int]
        public var origin: Origin
    }
    public var inputs: [NetworkInput] = []
    public var applications: [Application] = []
    /// The signal the model gives.
    public var output: Int?
}

/// Something declared: a data set, a model, an experiment.
public struct Object: Sendable, Hashable {
    public var kind: String
    /// The name it was declared under, for messages and tables; no part of what it is.
    public var label: String?
    /// What was written, by field.
    public var given: Fields
    /// What holds: `given` and the defaults.
    public var fields: Fields
    public var network: Network?
    public var origin: Origin
    /// True where an error in it has been reported: nothing further is said about it.
    public var isBroken: Bool

    public init(kind: String, name: String?, origin: Origin) {
        self.kind = kind
        self.label = name
        self.given = Fields()
        self.fields = Fields()
        self.origin = origin
        self.isBroken = false
    }

    public subscript(field: String) -> Value { fields[field]?.value ?? .none }
    public func span(of field: String) -> SourceSpan? { fields[field]?.origin.span ?? origin.span }

    public static func == (a: Object, b: Object) -> Bool {
        a.kind == b.kind && a.fields == b.fields && a.network == b.network
    }
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(fields)
        hasher.combine(network)
    }
}

/// A function of the script, with what it saw where it was written.
public final class Function: Sendable, Hashable {
    public let name: String
    let parameters: [DefParameter]
    let body: Expression
    /// It sees the names of the library, not those of a script.
    let isLibrary: Bool
    init(name: String, parameters: [DefParameter], body: Expression, isLibrary: Bool = false) {
        self.name = name
        self.parameters = parameters
        self.body = body
        self.isLibrary = isLibrary
    }
    public static func == (a: Function, b: Function) -> Bool { a === b }
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What an expression of the language gives.
public indirect enum Value: Sendable, Hashable {
    case none
    case bool(Bool)
    case number(Double)
    case text(Text)
    /// A choice from a fixed set, such as `relu` or `validation.loss`.
    case word(String)
    case list([ListItem])
    case record(Fields)
    case range(from: Double, to: Double, by: Double)
    case function(Function)
    case call(Call)
    case object(Object)
    /// A signal inside the model being declared.
    case signal(Int)
    /// Layers in a row that are not yet applied to anything.
    case layers([Field])
    /// What stands where an error was reported.
    case poison

    public var number: Double? { if case .number(let value) = self { value } else { nil } }
    public var integer: Int? { if case .number(let value) = self { Int(exactly: value) } else { nil } }
    public var string: String? { if case .text(let text) = self { text.string } else { nil } }
    public var word: String? { if case .word(let word) = self { word } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var items: [Value]? { if case .list(let items) = self { items.map(\.value) } else { nil } }
    public var record: Fields? { if case .record(let fields) = self { fields } else { nil } }
    public var call: Call? { if case .call(let call) = self { call } else { nil } }
    public var object: Object? { if case .object(let object) = self { object } else { nil } }
    public var isNone: Bool { if case .none = self { true } else { false } }
    public var isPoison: Bool { if case .poison = self { true } else { false } }
    /// A tensor or a density: numbers that are there once they are computed.
    public var isDeferredNumber: Bool {
        guard case .call(let call) = self else { return false }
        if case .tensor = call.type { return true }
        return call.type == .sort("density")
    }
    /// Integers of a list, if it is a list of integers.
    public var integers: [Int]? {
        guard let items else { return nil }
        let numbers = items.compactMap(\.integer)
        return numbers.count == items.count ? numbers : nil
    }

    /// The value as a phrase for messages: `a number`, `a model`.
    public var phrase: String {
        switch self {
        case .none: "`none`"
        case .bool: "a truth value"
        case .number: "a number"
        case .text: "text"
        case .word(let word): "the word `\(word)`"
        case .list: "a list"
        case .record: "a record"
        case .range: "a range"
        case .function: "a function"
        case .call(let call): call.type.phrase
        case .object(let object): object.kind.hasPrefix("e") ? "an \(object.kind)" : "a \(object.kind)"
        case .signal: "a signal of a model"
        case .layers: "layers"
        case .poison: "something wrong"
        }
    }
}

extension String {
    /// The text cut to what a message can hold.
    var shortened: String { utf8.count <= 80 ? self : prefix(60) + "..." }
}
