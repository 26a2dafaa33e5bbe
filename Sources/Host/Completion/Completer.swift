import Language

/// The answer of a completer for the place at the cursor.
enum CompletionAnswer {
    /// No candidates: the place is not one of this completer.
    case pass
    /// Candidates that may stand here, beside those of the next completers.
    case also([Completions.Candidate])
    /// Candidates that may stand here, and nothing else.
    case only([Completions.Candidate])
}

/// A source of completion candidates of one kind. Completers are asked in order; what they add is put together until one
/// says that nothing else fits.
protocol Completer: Sendable {
    func answer(_ question: CompletionQuestion) -> CompletionAnswer
    /// Whether the completer is asked only where something was typed or the others found nothing.
    var isLastResort: Bool { get }
}

extension Completer {
    var isLastResort: Bool { false }
}

/// The place at the cursor and what is known there.
struct CompletionQuestion {
    let text: String
    let offset: Int
    let place: CursorPlace
    let names: SessionNames
    let frames: [CursorFrame]

    init(_ text: String, at offset: Int, names: SessionNames) {
        self.text = text
        self.offset = offset
        place = CursorPlace(text, at: offset)
        var names = names
        names.fresh = CursorPlace.declared(in: text, before: offset)
        self.names = names
        frames = CursorFrame.frames(of: place.tokens, knowing: names)
    }

    /// The innermost open bracket.
    var frame: CursorFrame { frames.last ?? CursorFrame(kind: .script) }

    func follows(_ symbol: String) -> Bool { place.tokens.last?.isSymbol(symbol) == true }

    /// The type expected right at the cursor; nil where it is not known, or where an operator stands between.
    var expected: ValueType? {
        let frame = frame
        switch frame.kind {
        case .script, .block: return frame.slot(names)
        default: return frame.item.isEmpty ? frame.slot(names) : nil
        }
    }

    /// Whether a candidate begins with what was typed.
    func matches(_ name: String) -> Bool { place.word.isEmpty || name.hasPrefix(place.word) }
}

/// The completers of the language, in the order in which they are asked.
struct CompleterChain: Sendable {
    static let language = CompleterChain(completers: [
        NowhereCompleter(), DottedFieldCompleter(), MemberCompleter(), FieldCompleter(), NewNameCompleter(),
        FunctionCompleter(), ArgumentCompleter(), WordCompleter(), FittingCompleter(), NameCompleter(),
    ])

    let completers: [any Completer]

    /// The completions at a UTF-8 offset of `text`.
    func completions(of text: String, at offset: Int, names: SessionNames) -> Completions {
        let question = CompletionQuestion(text, at: offset, names: names)
        if case .string(let start) = question.place.spot {
            return ColumnCompleter().completions(question, from: start) ?? PathCompleter().completions(question, from: start)
        }
        var candidates: [Completions.Candidate] = []
        search: for completer in completers where !(completer.isLastResort && question.place.word.isEmpty && !candidates.isEmpty) {
            switch completer.answer(question) {
            case .pass: continue
            case .also(let more): candidates += more
            case .only(let rest):
                candidates += rest
                break search
            }
        }
        return .matching(candidates, in: text, from: question.place.wordStart, to: offset)
    }
}

/// Ends completion in comments, numbers and the inside of `\( )` of a string, where nothing is offered.
struct NowhereCompleter: Completer {
    func answer(_ question: CompletionQuestion) -> CompletionAnswer {
        question.place.spot == .code ? .pass : .only([])
    }
}
