import Diagnostics
import Language
import Models
import Tensors
import Texts

private let encoderParameter = Parameter("encoder", .object("encoder"), "an encoder")
private let textType: ValueType = .either([.text, .sort(.texts)])
private let textParameter = Parameter("text", textType, "a text, or a column of texts")

/// What an encoder's hidden states of the tokens of a text become: one vector.
public enum TextPooling: String, CaseIterable, Sendable {
    /// The mean over the tokens of the text.
    case mean
    /// The mean over all positions, padding among them, as the network of Table 3 of arXiv:2401.09301 takes it.
    case all
    /// The first token, `<s>` or `[CLS]`.
    case first
}

/// A question for the vectors of texts.
public struct TextQuestion: Sendable {
    /// The encoder.
    public var encoder: FoundEncoder
    /// The object that declares it.
    public var object: Object
    /// How a text becomes one vector.
    public var pooling: TextPooling
    /// The layer whose hidden states are taken, 0 for the embeddings.
    public var layer: Int
}

private let poolings = Choices.each(of: TextPooling.self) {
    switch $0 {
    case .mean: "the mean over the tokens of the text"
    case .all: "the mean over all positions, padding among them, as in Table 3 of arXiv:2401.09301"
    case .first: "the first token"
    }
}

/// The words that read texts with an encoder.
let encoderWords = Vocabulary([
    Word(
        "tokens", family: "Texts", [encoderParameter, textParameter], gives: anyTensor,
        """
        The ids of the tokens of a text and the mask of those that are no padding, [2, length], as the encoder reads them; of a column \
        [rows, 2, length]. `show` says the pieces, and how many texts are cut.
        """,
        examples: [Example(Example.encoder + "show tokens(letters, \"Cu2MnAl\")")], role: .transform,
        check: { call, context in
            let encoder = try context.encoder(of: call)
            return call.typed(TensorType(shape: try context.rowsOfTexts(call) + [2, encoder.length], unit: nil))
        },
        keepsFinite: { _ in true }, remarks: { call, context in FileRemarks(others: try context.remarksOnTokens(call)) },
        takesRowsAlone: true,
        computes: { call, context in
            let encoder = try context.encoder(call)
            let found = try encoder.tokenizer.encode(context.textsToRead(call), length: encoder.length, threads: context.results.threads)
            context.tellOfCuts(found, encoder, call)
            let values = found.flatMap { text in text.ids.map { Double($0) } + text.mask.map { Double($0) } }
            let shape = (call["text"].string == nil ? [found.count] : []) + [2, encoder.length]
            return .array(try NumericArray(shape: Shape(shape), values: values, precision: .single), unit: nil)
        }),
    Word(
        "pieces", family: "Texts", [encoderParameter, textParameter], gives: .sort(.table),
        "The pieces that a tokenizer makes of each text, how many there are, and whether the text is cut at the encoder's length.",
        examples: [Example(Example.encoder + "show pieces(letters, \"Cu2MnAl\")")],
        check: { call, context in
            _ = try context.encoder(of: call)
            return .call(call)
        },
        computes: { call, context in
            let encoder = try context.encoder(call)
            let texts = try context.textsToRead(call)
            let found = try encoder.tokenizer.encode(texts, length: encoder.length, threads: context.results.threads)
            let columns: [ResultTable.Column] = [
                .init("text", isNumeric: false), .init("tokens", isNumeric: true), .init("cut", isNumeric: false),
                .init("pieces", isNumeric: false),
            ]
            let rows = zip(texts, found).map { text, tokens -> [ResultTable.Cell] in
                let pieces = encoder.tokenizer.pieces(of: tokens.ids.prefix(tokens.count)).joined(separator: " ")
                return [
                    .init(text), .init("\(tokens.fullCount)"), .init(tokens.wasCut ? "at \(encoder.length)" : "no"), .init(pieces),
                ]
            }
            return .table(ResultTable(columns: columns, rows: rows))
        }),
    Word(
        "embed", family: "Texts",
        [
            encoderParameter, textParameter,
            Parameter(
                "pool", .word(poolings), .fallback(.word(TextPooling.mean.rawValue)),
                "what is taken of the tokens"),
            Parameter(
                "layer", .optional(.number(.count(0))), .fallback(.none),
                "the layer whose hidden states are taken, 0 for the embeddings; the last one where not given"),
        ],
        gives: anyTensor,
        """
        The vector that an encoder gives for a text, or a row for each text of a column. A text is encoded once for an encoder, a \
        layer and a way of pooling, and kept.
        """,
        examples: [Example(Example.encoder + "show embed(letters, \"Cu2MnAl\")")], role: .transform,
        check: { call, context in
            let encoder = try context.encoder(of: call)
            if let layer = call["layer"].integer, layer > encoder.configuration.layers {
                throw Diagnostic(
                    "range", "`layer` expected at most the \(encoder.configuration.layers) layers of `\(encoder.label)`, found \(layer)",
                    at: call.span(of: "layer"))
            }
            return call.typed(TensorType(shape: try context.rowsOfTexts(call) + [encoder.configuration.hidden], unit: nil))
        },
        keepsFinite: { _ in true }, takesRowsAlone: true, encodes: { call, context in try context.question(call) },
        computes: { call, context in
            let (question, texts) = try context.question(call)
            let encoder = question.encoder
            let tokens = try encoder.tokenizer.encode(texts, length: encoder.length, threads: context.results.threads)
            context.tellOfCuts(tokens, encoder, call)
            let vectors = try located(call.origin.span) { try context.results.vectors(of: texts, question) }
            let width = vectors.shape.extents.last ?? 0
            let shape = call["text"].string == nil ? vectors.shape.extents : [width]
            return .array(
                try NumericArray(shape: Shape(shape), values: vectors.values.map { Double($0) }, precision: .single), unit: nil)
        }),
])

/// Refuses a column with an empty text. Throws `bad-data`.
private func checkNotBlank(_ texts: [String], at span: SourceSpan?) throws {
    guard let empty = texts.firstIndex(where: isBlank) else { return }
    let count = texts.count(where: isBlank)
    throw Diagnostic(
        "bad-data",
        "expected a text in each of \(texts.count) rows, found \(count == 1 ? "an empty one" : "\(count) empty ones"), "
            + "the first in row \(empty)",
        at: span, hint: "leave such rows out with `where(not missing(row[...]))`, or `missing: drop` in a data set")
}

extension CheckContext {
    fileprivate func encoder(of call: Call) throws -> FoundEncoder {
        guard let object = call["encoder"].object else { throw Diagnostic("type", "expected an encoder", at: call.span(of: "encoder")) }
        return try encoder(object)
    }

    /// The first axis of what is made of a column of texts, one for each; none for one text.
    fileprivate func rowsOfTexts(_ call: Call) throws -> [Int] {
        if call["text"].string != nil { return [] }
        let texts = try located(call.span(of: "text")) { try ComputeContext(source: TablesAlone(self)).texts(call["text"]) }
        // Of a data set's rows some may be left out, which is for its own check to say.
        if library.columnsOfRow(call["text"]).isEmpty { try checkNotBlank(texts, at: call.span(of: "text")) }
        return [texts.count]
    }
}

extension ComputeContext {
    /// What encoders are asked for in a value, and of which texts. Throws what is wrong with their files, and `bad-data` for an empty
    /// text.
    public func textQuestions(in value: Value) throws -> [(question: TextQuestion, texts: [String])] {
        try value.collect { value in
            guard let call = value.call, let encodes = library.computed(call)?.encodes else { return nil }
            return try encodes(call, self)
        }
    }

    fileprivate func question(_ call: Call) throws -> (question: TextQuestion, texts: [String]) {
        let encoder = try encoder(call)
        guard let object = call["encoder"].object else { throw Diagnostic("type", "expected an encoder") }
        let question = TextQuestion(
            encoder: encoder, object: object, pooling: try arguments(of: call).choice("pool"),
            layer: call["layer"].integer ?? encoder.configuration.layers)
        return (question, try textsToRead(call))
    }

    fileprivate func encoder(_ call: Call) throws -> FoundEncoder { try results.encoder(object(call, "encoder")) }

    /// The texts of a call. Throws `bad-data` for one that is empty: nothing stands in it that could be read.
    fileprivate func textsToRead(_ call: Call) throws -> [String] {
        if let text = call["text"].string { return [text] }
        let texts = try texts(call["text"])
        try checkNotBlank(texts, at: call.span(of: "text"))
        return texts
    }

    /// Says how many texts are longer than the encoder reads.
    fileprivate func tellOfCuts(_ tokens: [TokenizedText], _ encoder: FoundEncoder, _ call: Call) {
        let cut = tokens.count(where: \.wasCut)
        guard cut > 0, let most = tokens.map(\.fullCount).max() else { return }
        let longest = encoder.configuration.longest
        results.warn(
            Diagnostic(
                "cut-texts",
                "\(cut) of \(tokens.count) texts are cut at the \(encoder.length) tokens of `\(encoder.label)`; the longest has \(most)",
                severity: .note, at: call.span(of: "text"),
                hint: encoder.length < longest ? "`length: \(min(most, longest))` in the encoder reads more of them" : nil))
    }

    /// What `show` says of tokens: the pieces of one text; of many how long they are and how many are cut.
    fileprivate func remarksOnTokens(_ call: Call) throws -> [String] {
        let encoder = try encoder(call)
        let found = try encoder.tokenizer.encode(textsToRead(call), length: encoder.length, threads: results.threads)
        let cut = found.count(where: \.wasCut)
        if found.count == 1, let text = found.first {
            let pieces = encoder.tokenizer.pieces(of: text.ids.prefix(text.count)).joined(separator: " ")
            return [
                "\(text.fullCount) tokens" + (cut == 0 ? "" : ", cut at \(encoder.length)") + ": "
                    + (pieces.count > 400 ? pieces.prefix(397) + "..." : pieces)
            ]
        }
        let counts = found.map(\.fullCount).sorted()
        guard let least = counts.first, let most = counts.last else { return [] }
        return [
            "\(least) to \(most) tokens, half of the texts up to \(counts[(counts.count - 1) / 2]); "
                + (cut == 0 ? "none is cut" : "\(cut) of \(counts.count) are cut at \(encoder.length)")
        ]
    }
}
