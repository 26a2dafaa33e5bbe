import Builtins
import Language

/// The names that completion knows of a session, with their values as the last check found them.
struct SessionNames {
    /// The signature of a function of the session: its parameters, and the kind of its result where that can be read off.
    struct Signature {
        var parameters: [String]
        var gives: ValueType?
    }

    private(set) var values: [String: Value] = [:]
    /// The names of `values` in order, each with its type: sorted when something is declared, not at every Tab.
    private(set) var sorted: [(name: String, type: ValueType?)] = []
    var functions: [String: Signature] = [:]
    /// The names that the library in the language itself declares.
    var library: [String] = []
    /// The folder that relative paths start from.
    var folder = ""
    /// Looks up a member of something declared; nil where that is not known at once.
    var member: (Object, String) -> Value? = { _, _ in nil }
    /// The names of the columns of a table or a data set; none where they are not known at once.
    var columns: (Value) -> [String] = { _ in [] }
    /// The names declared in the input being typed, kinds with those that have one.
    var fresh: [(name: String, kind: String?)] = []

    let kinds = Set(catalogue.kinds.keys)

    init(values: [String: Value] = [:]) {
        self.values = values
        sorted = values.map { ($0.key, $0.value.knownType) }.sorted { $0.name < $1.name }
    }

    /// Learns the parameters of a function.
    mutating func add(_ statement: Statement) {
        guard case .function(let name, let parameters, let body) = statement.kind else { return }
        var gives: ValueType?
        if case .object(let kind, _) = body.kind { gives = .object(kind.text) }
        functions[name.text] = Signature(parameters: parameters.map(\.name.text), gives: gives)
    }

    /// The names declared in the session or in the input at hand.
    var declared: [String] { fresh.map(\.name) + sorted.map(\.name) }

    /// The names of the session whose values may stand where one of these types is expected.
    func names(fitting wanted: [ValueType]) -> [String] {
        sorted.filter { entry in wanted.contains { entry.type?.fits($0) ?? false } }.map(\.name)
    }
}

/// The value or type before a dot, as far as it is known without computing.
enum Subject {
    case value(Value)
    case type(ValueType)

    var type: ValueType? {
        switch self {
        case .type(let type): type
        case .value(let value): value.knownType
        }
    }
}

extension Value {
    /// The type of the value, roughly.
    var knownType: ValueType? {
        switch self {
        case .none: ValueType.none
        case .bool: .bool
        case .number: .number(.any)
        case .text: .text
        case .word(let word): .word(Choices([Choice(word, "")]))
        case .list(let items): .list(items.first?.value.knownType ?? .any, count: items.count)
        case .record: .map(.any)
        case .range: .range
        case .function: .function
        case .call(let call): call.type
        case .object(let object): .object(object.kind)
        case .signal: .signal
        case .layers: .sort(.layer)
        default: nil
        }
    }
}

extension SessionNames {
    /// The value or type that the tokens end in: a name with what follows it, `runs[0].holdout` or `net(3)`. nil where that
    /// is not known.
    func subject(of tokens: ArraySlice<Token>) -> Subject? {
        guard let last = tokens.last else { return nil }
        switch last.kind {
        case .symbol(let close) where close == "]" || close == ")":
            guard let open = opening(of: tokens.endIndex - 1, in: tokens) else { return nil }
            let before = tokens[..<open]
            guard before.last?.isValueEnd == true else {
                // `(a + b)`: what a bracket holds is not looked into, but for a lone name.
                return close == ")" && open + 2 == tokens.endIndex - 1 ? subject(of: tokens[(open + 1)..<(open + 2)]) : nil
            }
            if close == "]" {
                switch subject(of: before) {
                case .value(.list(let items)): return items.first.map { .value($0.value) }
                case .type(.list(let item, _)): return .type(item)
                case let other?: return other
                case nil: return nil
                }
            }
            guard case .name(let callee)? = before.last?.kind else { return nil }
            if let builtin = catalogue.builtins[callee] { return .type(builtin.result) }
            return functions[callee]?.gives.map { .type($0) }
        case .symbol("}"):
            guard let open = opening(of: tokens.endIndex - 1, in: tokens), case .name(let word)? = tokens[..<open].last?.kind else {
                return nil
            }
            if word == "with" { return subject(of: tokens[..<(open - 1)]) }
            return kinds.contains(word) ? .type(.object(word)) : nil
        case .name(let name):
            if tokens.count > 1, tokens[tokens.endIndex - 2].isSymbol(".") {
                return subject(of: tokens.dropLast(2)).flatMap { member(name, of: $0) }
            }
            if tokens.count > 1, tokens[tokens.endIndex - 2].isSymbol("|>") { return catalogue.builtins[name].map { .type($0.result) } }
            if let fresh = fresh.last(where: { $0.name == name }) { if let kind = fresh.kind { return .type(.object(kind)) } }
            return values[name].map { .value($0) }
        case .string: return .type(.text)
        default: return nil
        }
    }

    private func opening(of close: Int, in tokens: ArraySlice<Token>) -> Int? {
        var depth = 0
        for index in stride(from: close, through: tokens.startIndex, by: -1) {
            guard case .symbol(let text) = tokens[index].kind else { continue }
            if [")", "]", "}"].contains(text) { depth += 1 }
            if ["(", "[", "{"].contains(text) {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    private func member(_ name: String, of subject: Subject) -> Subject? {
        if case .value(.record(let fields)) = subject { return fields[name].map { .value($0.value) } }
        if case .value(.object(let object)) = subject {
            if let value = member(object, name) ?? object.fields[name]?.value { return .value(value) }
        }
        if case .object(let kind)? = subject.type { return catalogue.kinds[kind]?.fields.first { $0.name == name }.map { .type($0.type) } }
        return statistics(of: subject).contains(name) ? catalogue.builtins[name].map { .type($0.result) } : nil
    }

    /// The members that may follow the dot behind a subject.
    func members(of subject: Subject) -> [String] {
        switch subject {
        // The others stand in quotes and brackets.
        case .value(.record(let fields)): return fields.keys.filter(isPlainName).sorted()
        case .value(.object(let object)):
            let kind = catalogue.kinds[object.kind]
            return (kind?.memberNames ?? []) + (kind?.fields.map(\.name) ?? object.fields.keys.sorted())
        default:
            if case .object(let name)? = subject.type, let kind = catalogue.kinds[name] {
                return kind.memberNames + kind.fields.map(\.name)
            }
            return statistics(of: subject)
        }
    }

    /// The functions that a computed value lets stand behind a dot: those that take it and need nothing else.
    private func statistics(of subject: Subject) -> [String] {
        let isComputed = if case .value(let value) = subject { value.call != nil } else { true }
        guard isComputed, let type = subject.type else { return [] }
        let members = catalogue.valueMembers.filter { type.fits($0.type) }.flatMap { $0.members.map(\.name) }
        let words = catalogue.builtins.values.filter { builtin in
            guard let first = builtin.parameters.first, first.type != .any, !builtin.parameters.dropFirst().contains(where: \.isRequired)
            else { return false }
            return type.fits(first.type)
        }.map(\.name)
        return Set(members + words).sorted()
    }
}
