import Diagnostics
import Storage

/// A tokenizer: what makes ids of a text for an encoder, equal to those of Hugging Face's `tokenizers` for the same files.
public struct Tokenizer: Sendable {
    /// Which of two tokenizers of the same files.
    public enum Variant: String, Sendable, CaseIterable {
        /// That of `tokenizers`, which all of `transformers` 5 uses.
        case fast
        /// That of ALBERT in Python, as `transformers` 4 has it: SentencePiece itself, and a comma behind a digit is a piece of its own.
        case slow
    }

    enum Engine: Sendable {
        case pipeline(Pipeline)
        case slow(SlowAlbert)
    }

    let engine: Engine
    let frame: Frame
    /// Tokens beyond the vocabulary of the model.
    let further: [Int32: String]
    let rooms = Rooms()

    /// The variant that was asked for.
    public let variant: Variant
    /// The id of padding; nil where the files name no token for it.
    public let padID: Int?
    /// The architecture that the files name, such as `RoBERTa`; nil where they name none.
    public let architecture: String?
    /// The kind of the tokenizer with the number of its pieces, such as `byte-level BPE of 50265`.
    public let kind: String
    /// The number of ids: the highest one and 1.
    public let vocabularySize: Int
    /// A hash of the files that were read, the variant and the id of padding: equal ones give equal ids.
    public let fingerprint: Digest
    /// The files that were read.
    public let files: [String]

    /// The number of special tokens that stand before and behind every text.
    public var specialCount: Int { frame.count }

    /// The id of what is no piece; nil where the tokenizer has none.
    public var unknownID: Int? {
        switch engine {
        case .pipeline(let pipeline): pipeline.model.unknown.map { Int($0) }
        case .slow(let slow): Int(slow.pieces.unknown)
        }
    }

    /// The text of a piece as the vocabulary has it: a space is `Ġ` or `▁` there, and what goes on with a word of BERT begins with `##`.
    /// Nil for an id that is not there.
    public func piece(of id: Int) -> String? {
        guard let id = Int32(exactly: id) else { return nil }
        if let token = further[id] { return token }
        let vocabulary =
            switch engine {
            case .pipeline(let pipeline): pipeline.model.vocabulary
            case .slow(let slow): slow.pieces.vocabulary
            }
        return vocabulary.piece(id).map { String(utf8Bytes: $0) }
    }

    /// The ids of a text with the special tokens around them, without a limit.
    public func encode(_ text: String) throws -> [Int] {
        var ids: [Int32] = []
        try rooms.with { room in try encode(text, &room, to: &ids) }
        return (frame.before + ids + frame.behind).map { Int($0) }
    }

    /// Adds the ids of a text, without special tokens.
    func encode(_ text: String, _ room: inout Room, to ids: inout [Int32]) throws {
        try text.withBytes { bytes in
            switch engine {
            case .pipeline(let pipeline): try pipeline.encode(bytes, &room, to: &ids)
            case .slow(let slow): try slow.encode(bytes, to: &ids)
            }
        }
    }
}

/// The ids of a text, cut or filled up to a length.
public struct TokenizedText: Sendable, Equatable {
    /// The ids, as many as the length: special tokens and those of the text, then padding.
    public var ids: [Int32]
    /// The number of ids that are no padding, special tokens among them.
    public var count: Int
    /// The number of ids that the text has without a limit, special tokens among them.
    public var fullCount: Int

    /// Whether the text was too long, so that its last tokens were left out.
    public var wasCut: Bool { fullCount > count }
    /// 1 for each token, 0 for padding.
    public var mask: [Float] { (0..<ids.count).map { $0 < count ? 1 : 0 } }
}

extension Tokenizer {
    /// The ids of a text at a length: the first tokens of the text between the special ones, and padding behind them where it is shorter.
    /// Throws `out-of-range` for a length that the special tokens do not fit, and `bad-data` where padding has no token.
    public func encode(_ text: String, length: Int) throws -> TokenizedText {
        try rooms.with { try encode(text, length: length, &$0) }
    }

    /// The ids of many texts at a length, on several threads; what they are does not hang on how many. Throws as `encode(_:length:)`.
    public func encode(_ texts: [String], length: Int, threads: Int) throws -> [TokenizedText] {
        // Some texts at a time, so that threads seldom meet.
        let share = 32
        let shares = (texts.count + share - 1) / share
        var all: [TokenizedText] = []
        all.reserveCapacity(texts.count)
        try inOrder(shares, threads: threads, ahead: 4 * max(1, threads)) { number in
            try rooms.with { room in
                try texts[(number * share)..<min(texts.count, (number + 1) * share)].map { try encode($0, length: length, &room) }
            }
        } take: {
            all += $1
        }
        return all
    }

    private func encode(_ text: String, length: Int, _ room: inout Room) throws -> TokenizedText {
        guard length >= frame.count, length <= 1 << 24 else {
            throw Diagnostic("out-of-range", "expected a length from \(frame.count) to \(1 << 24) tokens, found \(length)")
        }
        var ids: [Int32] = []
        ids.reserveCapacity(length)
        ids.append(contentsOf: frame.before)
        try encode(text, &room, to: &ids)
        let full = ids.count + frame.behind.count
        if full > length { ids.removeSubrange((length - frame.behind.count)...) }
        ids.append(contentsOf: frame.behind)
        let count = ids.count
        if count < length {
            guard let padID else {
                throw Diagnostic(
                    "bad-data", "expected a tokenizer with a token for padding, found none", data: files.first.map { DataPlace(file: $0) },
                    hint: "name it as `pad_token` in tokenizer_config.json")
            }
            ids.append(contentsOf: repeatElement(Int32(truncatingIfNeeded: padID), count: length - count))
        }
        return TokenizedText(ids: ids, count: count, fullCount: full)
    }

    /// The pieces of the ids of a text, in order; those that the vocabulary does not have are empty.
    public func pieces(of ids: some Sequence<Int32>) -> [String] { ids.map { piece(of: Int($0)) ?? "" } }
}

/// What threads work with, kept for the next text.
final class Rooms: Sendable {
    private final class Free: @unchecked Sendable { var rooms: [Room] = [] }
    private let free = Free()
    private let monitor = Monitor()

    /// Calls `body` with a room that nobody else has.
    func with<R>(_ body: (inout Room) throws -> R) rethrows -> R {
        var room = monitor.locked { free.rooms.popLast() } ?? Room()
        defer { monitor.locked { free.rooms.append(room) } }
        return try body(&room)
    }
}
