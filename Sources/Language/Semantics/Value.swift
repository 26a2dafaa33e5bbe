import Diagnostics

/// The place where a value was written. Two values that differ only in this are the same value, and have the same key.
public struct Origin: Sendable, Hashable {
    /// Place in the source text; nil for what was not written, such as a default.
    public var span: SourceSpan?
    /// Creates the origin of a value.
    public init(_ span: SourceSpan? = nil) { self.span = span }
    /// Always true: where a value was written makes no difference.
    public static func == (a: Origin, b: Origin) -> Bool { true }
    public func hash(into hasher: inout Hasher) {}
}

/// A text, perhaps with placeholders for columns of a row, such as `{material_id}`, in its literal parts.
public struct Text: Sendable, Hashable {
    /// The pieces of a text: plain text, or the name of a column in braces.
    public enum Piece: Sendable, Hashable {
        /// Text as it stands.
        case plain(String)
        /// The name of a column, written in braces.
        case placeholder(String)
    }
    /// Pieces in order.
    public var pieces: [Piece]
    /// Where the text was written, where scripts of several folders are read; nil elsewhere. It makes no other text of it.
    var start: PathStart?

    /// Creates a text without placeholders.
    public init(_ string: String) { pieces = [.plain(string)] }
    /// Creates a text from its pieces.
    public init(pieces: [Piece]) { self.pieces = pieces }

    public static func == (a: Text, b: Text) -> Bool { a.pieces == b.pieces }
    public func hash(into hasher: inout Hasher) { hasher.combine(pieces) }

    /// The text as a string, placeholders in their braces.
    public var string: String {
        pieces.map { if case .plain(let text) = $0 { text } else if case .placeholder(let name) = $0 { "{\(name)}" } else { "" } }.joined()
    }

    /// The names in braces, in order.
    public var placeholders: [String] {
        pieces.compactMap { if case .placeholder(let name) = $0 { name } else { nil } }
    }
}

/// An item of a list, with the loop variables that made it. Labels are for selection and tables, not part of what it is.
public struct ListItem: Sendable, Hashable {
    /// Value of the item.
    public var value: Value
    /// Values of the loop variables that made the item, by name.
    public var labels: [String: Value]
    /// Creates an item, by default without labels.
    public init(_ value: Value, labels: [String: Value] = [:]) {
        self.value = value
        self.labels = labels
    }
    /// Whether two items have the same value, whatever their labels.
    public static func == (a: ListItem, b: ListItem) -> Bool { a.value == b.value }
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

/// A value with the place it came from.
public struct Field: Sendable, Hashable {
    /// Value of the field.
    public var value: Value
    /// Place where the value was written.
    public var origin: Origin
    /// Creates a field, by default of a value that was not written.
    public init(_ value: Value, _ origin: Origin = Origin()) {
        self.value = value
        self.origin = origin
    }
}

/// A call of a builtin, checked and kept as data: it is computed when an action asks for it.
public struct Call: Sendable, Hashable {
    /// Name of the builtin.
    public var builtin: String
    /// Arguments by parameter name, in the order of the parameters; defaults filled in.
    public var arguments: Fields
    /// Type of the result.
    public var type: ValueType
    /// Place of the call in the script.
    public var origin: Origin

    /// Creates a call from arguments that are checked already.
    public init(_ builtin: String, _ arguments: Fields, type: ValueType, origin: Origin) {
        self.builtin = builtin
        self.arguments = arguments
        self.type = type
        self.origin = origin
    }

    /// Whether the call only says how something is done, as `adam(rate: 0.01)` does: nothing is computed, and its arguments are
    /// there to look at.
    public var isSetting: Bool {
        switch type {
        case .sort(let sort): sort.isSetting
        case .space: true
        default: false
        }
    }

    /// The value of an argument; `none` where there is none of that name.
    public subscript(name: String) -> Value { arguments[name]?.value ?? .none }
    /// The place of an argument; that of the call where the argument was not written.
    public func span(of name: String) -> SourceSpan? { arguments[name]?.origin.span ?? origin.span }
}

/// An input of a model.
public struct NetworkInput: Sendable, Hashable {
    /// Name of the input.
    public var name: String
    /// Shape of one item: a list of whole numbers.
    public var shape: Value
    /// Place of the shape in the script.
    public var origin: Origin
}

/// The network inside a model: which layer is applied to which signals. Signals are numbered: inputs first, then applications.
public struct Network: Sendable, Hashable {
    /// A layer applied to signals.
    public struct Application: Sendable, Hashable {
        /// Layer: a call such as `conv(...)`, or an object such as a backbone.
        public var layer: Value
        /// Numbers of the signals that the layer is applied to.
        public var inputs: [Int]
        /// Place of the layer in the script.
        public var origin: Origin
    }
    /// Inputs in order.
    public var inputs: [NetworkInput] = []
    /// Applications in order; each reads only signals before its own.
    public var applications: [Application] = []
    /// Number of the signal that the model gives; nil where it has none.
    public var output: Int?
}

/// A declared object: a data set, a model, an experiment.
public struct Object: Sendable, Hashable {
    /// Name of the object's kind, such as `dataset`.
    public var kind: String
    /// Name under which the object was declared, for messages and tables; no part of what the object is.
    public var label: String?
    /// Fields that were written.
    public var given: Fields
    /// Fields that hold: those that were written, and the defaults.
    public var fields: Fields
    /// Network of a model; nil for other kinds.
    public var network: Network?
    /// Place of the declaration in the script.
    public var origin: Origin
    /// Whether an error in the object has been reported: nothing further is said about it.
    public var isBroken: Bool

    /// Creates an object without fields.
    public init(kind: String, name: String?, origin: Origin) {
        self.kind = kind
        self.label = name
        self.given = Fields()
        self.fields = Fields()
        self.origin = origin
        self.isBroken = false
    }

    /// The value of a field; `none` where there is none of that name.
    public subscript(field name: String) -> Value { fields[name]?.value ?? .none }
    /// The place of a field; that of the object where the field was not written.
    public func span(of field: String) -> SourceSpan? { fields[field]?.origin.span ?? origin.span }

    /// Whether two objects have the same kind, fields and network, whatever their names.
    public static func == (a: Object, b: Object) -> Bool {
        a.kind == b.kind && a.fields == b.fields && a.network == b.network
    }
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(fields)
        hasher.combine(network)
    }
}

/// A function declared in a script or in the library.
public final class Function: Sendable, Hashable {
    /// Name of the function.
    public let name: String
    let parameters: [DefParameter]
    let body: Expression
    /// Whether the function sees the names of the library, not those of a script.
    let isLibrary: Bool
    init(name: String, parameters: [DefParameter], body: Expression, isLibrary: Bool = false) {
        self.name = name
        self.parameters = parameters
        self.body = body
        self.isLibrary = isLibrary
    }
    /// Whether two functions are one and the same declaration.
    public static func == (a: Function, b: Function) -> Bool { a === b }
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A value of the language: what an expression gives.
public indirect enum Value: Sendable, Hashable {
    /// The absence of a value, `none`.
    case none
    /// A truth value.
    case bool(Bool)
    /// A number.
    case number(Double)
    /// A text in quotes.
    case text(Text)
    /// A choice from a fixed set, such as `relu` or `validation.loss`.
    case word(String)
    /// A list.
    case list([ListItem])
    /// A record: values by name.
    case record(Fields)
    /// A range of numbers, both ends included.
    case range(from: Double, to: Double, by: Double)
    /// A function of the script or of the library.
    case function(Function)
    /// A call of a builtin that is computed later, or a setting.
    case call(Call)
    /// A declared object.
    case object(Object)
    /// A signal inside the model being declared, by its number.
    case signal(Int)
    /// Layers in a row that are not yet applied to anything.
    case layers([Field])
    /// The stand-in for a value whose error was reported.
    case poison

    /// The number; nil for another value.
    public var number: Double? { if case .number(let value) = self { value } else { nil } }
    /// The whole number; nil for another value or a fraction.
    public var integer: Int? { if case .number(let value) = self { Int(exactly: value) } else { nil } }
    /// The text, placeholders in their braces; nil for another value.
    public var string: String? { if case .text(let text) = self { text.string } else { nil } }
    /// The word; nil for another value.
    public var word: String? { if case .word(let word) = self { word } else { nil } }
    /// The truth value; nil for another value.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The items of a list without their labels; nil for another value.
    public var items: [Value]? { if case .list(let items) = self { items.map(\.value) } else { nil } }
    /// The fields of a record; nil for another value.
    public var record: Fields? { if case .record(let fields) = self { fields } else { nil } }
    /// The call; nil for another value.
    public var call: Call? { if case .call(let call) = self { call } else { nil } }
    /// The declared object; nil for another value.
    public var object: Object? { if case .object(let object) = self { object } else { nil } }
    /// Whether the value is `none`.
    public var isNone: Bool { if case .none = self { true } else { false } }
    /// Whether the value stands for an error that was reported.
    public var isPoison: Bool { if case .poison = self { true } else { false } }
    /// Whether the value is a tensor, whose numbers are there once they are computed.
    public var isDeferredNumber: Bool { if case .tensor = call?.type { true } else { false } }
    /// Whether the value is a column of a table that holds no numbers, such as one of text.
    public var isColumn: Bool { if case .sort(let sort) = call?.type { sort.isColumn } else { false } }
    /// Whether the value says for each row of a table whether something holds.
    public var isCondition: Bool { if case .sort(let sort) = call?.type { sort.isCondition } else { false } }
    /// Whether the value, or an item of it where it is a list or a record, is there only once it is computed: a tensor, a result of
    /// a sort that says so.
    public var isDeferred: Bool {
        switch self {
        case .call(let call):
            switch call.type {
            case .tensor: true
            case .sort(let sort): sort.isDeferred
            default: false
            }
        case .list(let items): items.contains { $0.value.isDeferred }
        case .record(let fields): fields.values.contains { $0.value.isDeferred }
        default: false
        }
    }
    /// The whole numbers of a list; nil for another value.
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
        case .object(let object): withArticle(object.kind)
        case .signal: "a signal of a model"
        case .layers: "layers"
        case .poison: "something wrong"
        }
    }
}

extension String {
    /// The text cut to what a message can hold.
    public var shortened: String { utf8.count <= 80 ? self : prefix(60) + "..." }
}
