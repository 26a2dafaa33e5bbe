import Diagnostics

/// A parameter of a builtin or a field of a kind: described once, for checking, completion, help and the reference.
public struct Parameter: Sendable, Hashable {
    /// The presence of an argument or a field in a script.
    public enum Presence: Sendable, Hashable {
        /// The argument or field must be given.
        case required
        /// The argument or field may be left out; this value is used then.
        case fallback(Value)
    }
    /// Name of the argument or the field.
    public var name: String
    /// Type that values must have.
    public var type: ValueType
    /// Presence: required, or with a default.
    public var presence: Presence
    /// Unit of the values, such as `epochs`; nil where they have none.
    public var unit: String?
    /// Description in a line, for help and the reference.
    public var summary: String
    /// What to write where numbers or a record are given that are of another type; nil where there is nothing to say.
    public var advice: String?

    /// Creates a parameter.
    public init(
        _ name: String, _ type: ValueType, _ presence: Presence, unit: String? = nil, _ summary: String, advice: String? = nil
    ) {
        self.advice = advice
        self.name = name
        self.type = type
        self.presence = presence
        self.unit = unit
        self.summary = summary
    }

    /// A parameter that must be given.
    public init(_ name: String, _ type: ValueType, _ summary: String, advice: String? = nil) {
        self.init(name, type, .required, summary, advice: advice)
    }

    /// Whether the parameter must be given.
    public var isRequired: Bool { presence == .required }

    /// The value that is used where nothing is given; nil for a parameter that must be given.
    public var fallback: Value? { if case .fallback(let value) = presence { value } else { nil } }
}

/// An example in the language that runs in the tests; its output is kept in Tests/Corpus/examples.
public struct Example: Sendable, Hashable {
    /// The declarations that an example rests on.
    public struct Setting: Sendable, Hashable {
        /// Source text of the declarations.
        public var code: String
        /// Creates a setting of declarations.
        public init(_ code: String) { self.code = code }
        /// The setting of an example that stands by itself.
        public static let none = Setting("")
    }
    /// Source text of the example.
    public var code: String
    /// Declarations that the example rests on.
    public var setting: Setting
    /// Creates an example.
    public init(_ code: String, with setting: Setting = .none) {
        self.code = code
        self.setting = setting
    }
}

/// A member of a declared object that a script can look at, such as `crystals.count`.
public struct Member: Sendable, Hashable {
    /// Name after the dot.
    public var name: String
    /// Type as a phrase, such as `a number`.
    public var type: String
    /// Description in a line, for help and the reference.
    public var summary: String
    /// What stands behind a further dot; empty where nothing does.
    public var members: [Member]
    /// Creates the description of a member.
    public init(_ name: String, _ type: String, _ summary: String, members: [Member] = []) {
        self.name = name
        self.type = type
        self.summary = summary
        self.members = members
    }
}

/// The description of a function of the language.
public struct Builtin: Sendable {
    /// Name of the function in scripts.
    public var name: String
    /// Heading of the function in the reference.
    public var family: String
    /// Parameters in the order of arguments without names.
    public var parameters: [Parameter]
    /// Type of a call before `check` sharpens it.
    public var result: ValueType
    /// Description in a line, for help and the reference.
    public var summary: String
    /// Examples for help, the reference and the tests.
    public var examples: [Example]
    /// Checks a call whose arguments have the right types, and gives its value: usually the call itself with a sharper type.
    /// Throws a diagnostic where the arguments do not go together.
    public var check: (@Sendable (Call, CheckContext) throws -> Value)?
    /// Name of the parameter, a table, that the name `row` stands for in the arguments behind it; nil for a function that has no rows.
    public var row: String?
    /// Meaning of a checked call for those who carry it out; nothing of the language looks into it.
    public var meaning: (any Sendable)?

    /// Creates the description of a function.
    public init(
        _ name: String, family: String, _ parameters: [Parameter], gives result: ValueType, _ summary: String,
        examples: [Example] = [], check: (@Sendable (Call, CheckContext) throws -> Value)? = nil, row: String? = nil,
        meaning: (any Sendable)? = nil
    ) {
        self.name = name
        self.family = family
        self.parameters = parameters
        self.result = result
        self.summary = summary
        self.examples = examples
        self.check = check
        self.row = row
        self.meaning = meaning
    }

    /// The name with parameters and defaults, such as `conv(filters, kernel, strides: 1, ...)`.
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

/// The description of a kind of object that can be declared.
public struct Kind: Sendable {
    /// Keyword of the declaration, such as `dataset`.
    public var name: String
    /// Description in a line, for help and the reference.
    public var summary: String
    /// Fields of the body.
    public var fields: [Parameter]
    /// Words for the network of a kind whose body may hold `input` members and ends in an expression; nil for other kinds.
    public var network: NetworkWords?
    /// Whether the body may hold `input` members and ends in an expression.
    public var hasNetwork: Bool { network != nil }
    /// Objects that are members of the body, `kind name { ... }`; nil where none may be.
    public var inner: InnerObjects?
    /// Whether objects of the kind are applied to the signals of a network, in a chain of `>>`.
    public var isApplied: Bool
    /// Whether a name in brackets behind an object gives a column of numbers.
    public var hasColumns: Bool
    /// Name of the field, a table, that the name `row` stands for in the other fields; nil for a kind that has no rows.
    public var row: String?
    /// Whether search spaces vary within an object of the kind.
    public var isSearched: Bool
    /// Advice where a result of a sort is expected and an object of the kind was written: what makes the one of the other.
    public var advice: [Sort: String]
    /// Whether objects of the kind stand inside another kind's body alone.
    public var isInner: Bool
    /// Examples for help, the reference and the tests.
    public var examples: [Example]
    /// Checks a whole object whose fields have the right types. Throws a diagnostic where they do not go together.
    public var check: (@Sendable (Object, CheckContext) throws -> Void)?
    /// Gives the value of a member, such as `crystals.train`; nil where there is none of that name.
    public var member: (@Sendable (Object, String, Origin, CheckContext) throws -> Value?)?
    /// Descriptions of the members, besides the fields.
    public var members: [Member]
    /// The kind as a phrase for messages, with its article.
    public var phrase: String { withArticle(name) }
    /// Names of the members.
    public var memberNames: [String] { members.map(\.name) }
    /// Sets fields of an object by how the script is run, before `check`.
    public var adjust: (@Sendable (inout Object, CheckContext) -> Void)?

    /// Creates the description of a kind.
    public init(
        _ name: String, _ summary: String, fields: [Parameter], network: NetworkWords? = nil, inner: InnerObjects? = nil,
        isInner: Bool = false,
        isApplied: Bool = false, hasColumns: Bool = false, row: String? = nil, isSearched: Bool = false, advice: [Sort: String] = [:],
        examples: [Example] = [], members: [Member] = [],
        adjust: (@Sendable (inout Object, CheckContext) -> Void)? = nil, check: (@Sendable (Object, CheckContext) throws -> Void)? = nil,
        member: (@Sendable (Object, String, Origin, CheckContext) throws -> Value?)? = nil
    ) {
        self.name = name
        self.summary = summary
        self.fields = fields
        self.network = network
        self.inner = inner
        self.isInner = isInner
        self.isApplied = isApplied
        self.hasColumns = hasColumns
        self.row = row
        self.isSearched = isSearched
        self.advice = advice
        self.examples = examples
        self.members = members
        self.adjust = adjust
        self.check = check
        self.member = member
    }
}

/// The library of a language: all builtins and kinds, and the names users of other tools will try.
public struct Library: Sendable {
    /// Builtins that a script can write, by name.
    public private(set) var builtins: [String: Builtin] = [:]
    /// Kinds of objects, by name.
    public private(set) var kinds: [String: Kind] = [:]
    /// Operators and brackets on values that are computed later, by name: `+`, `-`, `*`, `/`, `^`, `[]` (positions and slices)
    /// `[name]` (a column) and `[row]` (the table whose row is at hand).
    public private(set) var operators: [String: Builtin] = [:]
    /// Members of values that are computed later.
    public var valueMembers: [ValueMembers] = []
    /// Words that some parameter or field takes without quotes.
    public private(set) var words: Set<String> = []
    /// Advice by a name that a user of Keras would write: what to write here.
    public var foreignNames: [String: String] = [:]
    /// What is said of a table, or of a column of text, where numbers were asked for; nil of other values.
    public var columnRemark: (@Sendable (Value, CheckContext) -> ColumnRemark?)?
    /// Types of what is written in an action, by its verb.
    public var actions: [Verb: ActionTypes] = [:]
    /// Names of what is published, which may stand where a path may and are none.
    public var publishedNames: Set<String> = []
    /// The words that the library adds to the grammar: its kinds.
    public let grammar: Grammar
    /// The kind whose objects have a network; nil where none has.
    public let networkKind: Kind?
    /// The kind whose objects may hold search spaces, within which their fields vary; nil where none may.
    public let searchedKind: Kind?
    /// The sort of what is applied to the signals of a network; nil where nothing is.
    public let appliedSort: Sort?

    /// Creates a library, and collects the words of its parameters and fields.
    public init(
        builtins: [Builtin], kinds: [Kind], operators: [Builtin] = [], valueMembers: [ValueMembers] = [],
        foreignNames: [String: String] = [:], columnRemark: (@Sendable (Value, CheckContext) -> ColumnRemark?)? = nil,
        actions: [Verb: ActionTypes] = [:], publishedNames: Set<String> = []
    ) {
        self.publishedNames = publishedNames
        grammar = Grammar(kinds: Set(kinds.filter { !$0.isInner }.map(\.name)), innerKinds: Set(kinds.compactMap { $0.inner?.kind }))
        networkKind = kinds.first(where: \.hasNetwork)
        searchedKind = kinds.first(where: \.isSearched)
        appliedSort = builtins.lazy.compactMap { if case .sort(let sort) = $0.result, sort.isApplied { sort } else { nil } }.first
        for builtin in builtins { self.builtins[builtin.name] = builtin }
        for builtin in operators { self.operators[builtin.name] = builtin }
        for kind in kinds { self.kinds[kind.name] = kind }
        self.valueMembers = valueMembers
        self.foreignNames = foreignNames
        self.columnRemark = columnRemark
        self.actions = actions
        for parameter in builtins.flatMap(\.parameters) + kinds.flatMap(\.fields) { collect(parameter.type) }
    }

    private mutating func collect(_ type: ValueType) {
        words.formUnion(type.words)
        for inner in type.parts { collect(inner) }
    }

    /// The library with more builtins; one of a name that is there takes its place.
    public func adding(_ more: [Builtin]) -> Library {
        var result = self
        for builtin in more {
            result.builtins[builtin.name] = builtin
            for parameter in builtin.parameters { result.collect(parameter.type) }
        }
        return result
    }

    /// Parses the text of a script in the grammar of the library; `file` is its name in spans and diagnostics. Never fails.
    public func parse(_ text: String, file: String) -> SyntaxTree { Parser.parse(text, file: file, grammar: grammar) }

    /// The kind in whose bodies objects of another stand; nil where they stand in none.
    func outerKind(of inner: String) -> Kind? { kinds.values.first { $0.inner?.kind == inner } }

    /// The description of a word that a script can write, or of an operator.
    public func builtin(_ name: String) -> Builtin? { builtins[name] ?? operators[name] }
}

/// A value as the language writes it. Of a call that is too large to be read its name alone: `join(...)`.
public func source(of value: Value) -> String {
    switch value {
    case .none: return "none"
    case .bool(let value): return value ? "true" : "false"
    case .number(let value): return written(value)
    case .text(let text): return quoted(text.string)
    case .word(let word): return word
    case .list(let items): return "[" + items.map { source(of: $0.value) }.joined(separator: ", ") + "]"
    case .record(let fields):
        return "{ " + fields.byName.map { "\(fieldName($0.key)): \(source(of: $0.value.value))" }.joined(separator: ", ") + " }"
    case .range(let from, let to, let by): return "\(written(from))..\(written(to))" + (by == 1 ? "" : " by \(written(by))")
    case .function(let function): return function.name
    case .call(let call) where value.extent.size > Extent.mostWritten:
        return call.builtin.first?.isLetter == true ? "\(call.builtin)(...)" : "(...)"
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
    // Names of functions begin with a letter. Operators stand between two sides, brackets behind what they look into.
    guard call.builtin.first?.isLetter != true else { return nil }
    // The table whose row is at hand is not named where a column of it is.
    if call.arguments["rows"] != nil { return "row" }
    if let sides = call.arguments["a"].flatMap({ a in call.arguments["b"].map { (a.value, $0.value) } }) {
        return "(\(source(of: sides.0)) \(call.builtin) \(source(of: sides.1)))"
    }
    // A member, whose name begins with the dot.
    if call.builtin.hasPrefix("."), let subject = call.arguments["of"] { return source(of: subject.value) + call.builtin }
    guard let name = call.arguments["name"] else {
        let places = (call["at"].items ?? []).map { place in
            guard let ends = place.items, ends.count == 2 else { return source(of: place) }
            return ends.map { $0.isNone ? "" : source(of: $0) }.joined(separator: ":")
        }
        return "\(source(of: call["x"]))[\(places.joined(separator: ", "))]"
    }
    return "\(source(of: call["x"]))[\(source(of: name.value))]"
}

/// The text in quotes, with escapes.
public func quoted(_ text: String) -> String {
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
