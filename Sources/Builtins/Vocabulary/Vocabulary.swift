import Diagnostics
import Language

/// A word of the language: its description, and beside it the meaning of a checked call.
struct Word<Meaning: Sendable>: Sendable {
    /// Description of the word, with its meaning.
    let builtin: Builtin

    /// Creates a word whose meaning is read from the arguments of a call.
    init(
        _ name: String, family: String, _ parameters: [Parameter], gives result: ValueType, _ summary: String, examples: [Example] = [],
        check: (@Sendable (Call, CheckContext) throws -> Value)? = nil, means meaning: @escaping @Sendable (Arguments) throws -> Meaning
    ) {
        builtin = Builtin(
            name, family: family, parameters, gives: result, summary, examples: examples, check: check, meaning: Reading(read: meaning))
    }
}

/// The words of one sort, all with a meaning of one type. There is no word without a meaning and no default: a call of another
/// sort is an error of ours that a test finds, not another word.
struct Vocabulary<Meaning: Sendable>: Sendable {
    /// Descriptions of the words, each with its meaning, for the catalogue.
    let builtins: [Builtin]

    init(_ words: [Word<Meaning>]) { builtins = words.map(\.builtin) }

    /// A call of one of the words, with the defaults of what is not given; `none` for another word.
    func call(_ name: String, _ given: Fields = [:]) -> Value {
        guard let builtin = builtins.first(where: { $0.name == name }) else { return .none }
        let arguments = builtin.parameters.compactMap { parameter in
            (given[parameter.name] ?? parameter.fallback.map { Field($0) }).map { (parameter.name, $0) }
        }
        return .call(Call(name, Fields(arguments), type: builtin.result, origin: Origin()))
    }
}

/// The reading of a value of a lower target, such as an optimizer, from the arguments of a call.
private struct Reading<Meaning: Sendable>: Sendable {
    let read: @Sendable (Arguments) throws -> Meaning
}

extension Library {
    /// The meaning of a checked call. Throws `internal` where its word has no meaning of that type, and what reading its
    /// arguments throws.
    func meaning<Meaning: Sendable>(of call: Call, as type: Meaning.Type = Meaning.self) throws -> Meaning {
        guard let reading = builtin(call.builtin)?.meaning as? Reading<Meaning> else {
            throw Diagnostic("internal", "`\(call.builtin)` is no \(Meaning.self)", at: call.origin.span)
        }
        return try reading.read(Arguments(call, library: self))
    }

    /// Whether the word of a call has a meaning of that type.
    func means<Meaning: Sendable>(_ call: Call, _ type: Meaning.Type) -> Bool { builtin(call.builtin)?.meaning is Reading<Meaning> }
}
