import Diagnostics

/// A parameter of a builtin or a field of a kind: described once, for checking, completion, help and the reference.
public struct Parameter: Sendable, Hashable {
    public enum Presence: Sendable, Hashable {
        case required
        /// Used where nothing is given.
        case fallback(Value)
    }
    public var name: String
    public var type: ValueType
    public var presence: Presence
    public var unit: String?
    public var summary: String

    public init(_ name: String, _ type: ValueType, _ presence: Presence, unit: String? = nil, _ summary: String) {
        self.name = name
        self.type = type
        self.presence = presence
        self.unit = unit
        self.summary = summary
    }

    /// A parameter that must be given.
    public init(_ name: String, _ type: ValueType, _ summary: String) { self.init(name, type, .required, summary) }

    public var isRequired: Bool { presence == .required }

    /// What is used where nothing is given.
    public var fallback: Value? { if case .fallback(let value) = presence { value } else { nil } }
}

/// Code that runs in the tests; what it prints is kept in Tests/Corpus/examples.
public struct Example: Sendable, Hashable {
    /// What it rests on: nothing, or the declarations that `crystals` gives.
    public enum Setting: Sendable, Hashable { case none, crystals }
    public var code: String
    public var setting: Setting
    public init(_ code: String, with setting: Setting = .none) {
        self.code = code
        self.setting = setting
    }
}

/// Something to look at in a declared thing: `crystals.count`.
public struct Member: Sendable, Hashable {
    public var name: String
    /// As a phrase: `a number`.
    public var type: String
    public var summary: String
    public init(_ name: String, _ type: String, _ summary: String) {
        self.name = name
        self.type = type
        self.summary = summary
    }
}

/// A function of the language as a described value.
public struct Builtin: Sendable {
    public var name: String
    /// The heading it stands under in the reference.
    public var family: String
    public var parameters: [Parameter]
    public var result: ValueType
    public var summary: String
    public var examples: [Example]
    /// Looks at a call whose arguments have the right types, and gives its value: usually the call itself with a sharper
    /// type. Throws a diagnostic where the arguments do not go together.
    public var check: (@Sendable (Call, CheckContext) throws -> Value)?
    /// What a checked call of it means to those who carry it out; nothing of the language looks into it.
    public var meaning: (any Sendable)?

    public init(
        _ name: String, family: String, _ parameters: [Parameter], gives result: ValueType, _ summary: String,
        examples: [Example] = [], check: (@Sendable (Call, CheckContext) throws -> Value)? = nil, meaning: (any Sendable)? = nil
    ) {
        self.name = name
        self.family = family
        self.parameters = parameters
        self.result = result
        self.summary = summary
        self.examples = examples
        self.check = check
        self.meaning = meaning
    }

    /// `conv(filters, kernel, strides: 1, ...)`
    public var signature: String {
        let list = parameters.map { parameter in
            switch parameter.presence {
            case .required: parameter.name
            case .fallback(let value): "\(parameter.name): \(source(of: value))"
            }
        }
        return "\(name)(\(list.joined(separator: ", ")))"
    }
}

/// A kind of thing that can be declared, as a described value.
public struct Kind: Sendable {
    public var name: String
    public var summary: String
    public var fields: [Parameter]
    /// True where the body may hold `input` members and ends in an expression: a model.
    public var hasNetwork: Bool
    /// The kind of the `stage NAME { ... }` members of its body, kept in order in the field `stages`: a schedule's.
    public var stageKind: String?
    /// Stands inside another kind's body alone.
    public var isInner: Bool
    public var examples: [Example]
    /// Looks at a whole object whose fields have the right types.
    public var check: (@Sendable (Object, CheckContext) throws -> Void)?
    /// The fields to look at, `crystals.train`: nil where there is none of that name.
    public var member: (@Sendable (Object, String, Origin, CheckContext) throws -> Value?)?
    public var members: [Member]
    public var memberNames: [String] { members.map(\.name) }
    /// Sets fields of an object by how it is run, before `check`.
    public var adjust: (@Sendable (inout Object, CheckContext) -> Void)?

    public init(
        _ name: String, _ summary: String, fields: [Parameter], hasNetwork: Bool = false, stageKind: String? = nil, isInner: Bool = false, examples: [Example] = [], members: [Member] = [],
        adjust: (@Sendable (inout Object, CheckContext) -> Void)? = nil, check: (@Sendable (Object, CheckContext) throws -> Void)? = nil,
        member: (@Sendable (Object, String, Origin, CheckContext) throws -> Value?)? = nil
    ) {
        self.name = name
        self.summary = summary
        self.fields = fields
        self.hasNetwork = hasNetwork
        self.stageKind = stageKind
        self.isInner = isInner
        self.examples = examples
        self.members = members
        self.adjust = adjust
        self.check = check
        self.member = member
    }
}

/// All builtins and kinds, and the names users of other tools will try.
public struct Library: Sendable {
    public private(set) var builtins: [String: Builtin] = [:]
    public private(set) var kinds: [String: Kind] = [:]
    /// What operators and brackets do with values that are computed later: `+`, `-`, `*`, `/`, `^`, `[]` (positions and
    /// slices) and `[name]` (a column).
    public private(set) var operators: [String: Builtin] = [:]
    public private(set) var words: Set<String> = []
    /// What a user of Keras would write, and what to write here.
    public var foreignNames: [String: String] = [:]

    public init(builtins: [Builtin], kinds: [Kind], operators: [Builtin] = [], foreignNames: [String: String] = [:]) {
        for builtin in builtins { self.builtins[builtin.name] = builtin }
        for builtin in operators { self.operators[builtin.name] = builtin }
        for kind in kinds { self.kinds[kind.name] = kind }
        self.foreignNames = foreignNames
        for parameter in builtins.flatMap(\.parameters) + kinds.flatMap(\.fields) { collect(parameter.type) }
    }

    private mutating func collect(_ type: ValueType) {
        words.formUnion(type.words)
        for inner in type.parts { collect(inner) }
    }

    /// This library with more words; one of a name that is there takes its place.
    public func adding(_ more: [Builtin]) -> Library {
        var result = self
        for builtin in more {
            result.builtins[builtin.name] = builtin
            for parameter in builtin.parameters { result.collect(parameter.type) }
        }
        return result
    }

    /// The description of a word that a script can write, or of an operator.
    public func builtin(_ name: String) -> Builtin? { builtins[name] ?? operators[name] }
}

/// A value as the language writes it.
public func source(of value: Value) -> String {
    switch value {
    case .none: return "none"
    case .bool(let value): return value ? "true" : "false"
    case .number(let value): return written(value)
    case .text(let text): return quoted(text.string)
    case .word(let word): return word
    case .list(let items): return "[" + items.map { source(of: $0.value) }.joined(separator: ", ") + "]"
    case .record(let fields):
        return "{ " + fields.byName.map { "\($0.key): \(source(of: $0.value.value))" }.joined(separator: ", ") + " }"
    case .range(let from, let to, let by): return "\(written(from))..\(written(to))" + (by == 1 ? "" : " by \(written(by))")
    case .function(let function): return function.name
    case .call(let call) where sourceOfOperator(call) != nil: return sourceOfOperator(call) ?? ""
    case .call where value.searchSpace != nil: return value.searchSpace?.source ?? ""
    case .call(let call):
        let list = call.arguments.byName.map { "\($0.key): \(source(of: $0.value.value))" }
        return "\(call.builtin)(\(list.joined(separator: ", ")))"
    case .object(let object): return object.label ?? object.kind
    case .signal(let index): return "signal \(index)"
    case .layers(let layers): return layers.map { source(of: $0.value) }.joined(separator: " >> ")
    case .poison: return "?"
    }
}

/// An operator's call as it is written: `(a - b)`, `x[0, 1:3]`; nil for the call of a function.
private func sourceOfOperator(_ call: Call) -> String? {
    switch call.builtin {
    case "+", "-", "*", "/", "^": return "(\(source(of: call["a"])) \(call.builtin) \(source(of: call["b"])))"
    case "[]":
        let places = (call["at"].items ?? []).map { place in
            guard let ends = place.items, ends.count == 2 else { return source(of: place) }
            return ends.map { $0.isNone ? "" : source(of: $0) }.joined(separator: ":")
        }
        return "\(source(of: call["x"]))[\(places.joined(separator: ", "))]"
    case "[name]": return "\(source(of: call["x"]))[\(source(of: call["name"]))]"
    default: return nil
    }
}

func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
