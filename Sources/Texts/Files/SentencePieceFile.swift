import Diagnostics
import Storage

/// A model of SentencePiece (`spiece.model`): pieces with scores, and how texts are normalized for it.
///
/// Source: sentencepiece_model.proto, in the encoding of protocol buffers.
struct SentencePieceFile {
    /// What a piece is.
    enum Sort: UInt64 {
        case normal = 1
        case unknown, control, userDefined, unused, byte
    }

    struct Piece {
        var text: [UInt8] = []
        var score: Float = 0
        var sort = Sort.normal
    }

    var pieces: [Piece] = []
    var map: [UInt8] = []
    var addsDummyPrefix = true
    var removesExtraSpaces = true
    let file: String

    /// Reads a model. Throws `cannot-read`, and `bad-data` for what is no unigram model, or one with options that are not done here.
    init(path: String) throws {
        file = path
        let bytes = try readFile(path, limit: 1 << 28)
        do {
            try read(bytes)
        } catch is ProtocolBuffer.Damage {
            throw fault("a model of SentencePiece", "a damaged one")
        }
        guard !pieces.isEmpty else { throw fault("a model of SentencePiece with pieces", "none") }
    }

    private func fault(_ expected: String, _ found: String) -> Diagnostic {
        Diagnostic(
            "bad-data", "expected \(expected), found \(found)", data: DataPlace(file: file), hint: "fetch the files of the tokenizer again")
    }

    private mutating func read(_ bytes: [UInt8]) throws {
        var trainer = ProtocolBuffer.Fields()
        var normalizer = ProtocolBuffer.Fields()
        for (number, value) in try ProtocolBuffer.fields(bytes[...]) {
            switch (number, value) {
            case (1, .bytes(let piece)): pieces.append(try self.piece(piece))
            case (2, .bytes(let spec)): trainer += try ProtocolBuffer.fields(spec)
            case (3, .bytes(let spec)): normalizer += try ProtocolBuffer.fields(spec)
            case (1...3, _): throw ProtocolBuffer.Damage()
            default: continue
            }
        }
        for case (let number, .number(let value)) in trainer {
            switch number {
            case 3 where value != 1: throw fault("a unigram model of SentencePiece", "one of another kind")
            case 24 where value != 0: throw fault("a model that sets the sign for a space before words", "one that sets it behind")
            case 35 where value != 0: throw fault("a model without bytes as pieces", "one with `byte_fallback`")
            default: continue
            }
        }
        for (number, value) in normalizer {
            switch (number, value) {
            case (2, .bytes(let bytes)): map = Array(bytes)
            case (3, .number(let value)): addsDummyPrefix = value != 0
            case (4, .number(let value)): removesExtraSpaces = value != 0
            case (5, .number(0)): throw fault("a model with a sign for spaces", "one without")
            default: continue
            }
        }
    }

    private func piece(_ bytes: ArraySlice<UInt8>) throws -> Piece {
        var piece = Piece()
        for (number, value) in try ProtocolBuffer.fields(bytes) {
            switch (number, value) {
            case (1, .bytes(let text)):
                guard String(validating: text, as: UTF8.self) != nil else { throw ProtocolBuffer.Damage() }
                piece.text = Array(text)
            case (2, .four(let bits)): piece.score = Float(bitPattern: bits)
            case (3, .number(let value)):
                guard let sort = Sort(rawValue: value) else { throw ProtocolBuffer.Damage() }
                piece.sort = sort
            case (1...3, _): throw ProtocolBuffer.Damage()
            default: continue
            }
        }
        guard piece.score.isFinite, !piece.text.isEmpty else { throw ProtocolBuffer.Damage() }
        return piece
    }

    /// The pieces as a tokenizer file lists them.
    var listed: ListedPieces {
        ListedPieces(texts: pieces.map(\.text), ids: pieces.indices.map { Int32($0) }, scores: pieces.map { Double($0.score) })
    }

    /// The id of the unknown piece. Throws `bad-data` where there is none.
    func unknown() throws -> Int32 {
        guard let index = pieces.firstIndex(where: { $0.sort == .unknown }) else { throw fault("a model with an unknown piece", "none") }
        return Int32(index)
    }
}

/// Fields of protocol buffers.
enum ProtocolBuffer {
    enum Value {
        case number(UInt64)
        case four(UInt32)
        case eight(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    typealias Fields = [(number: UInt64, value: Value)]

    /// Says that bytes are none, or are cut off.
    struct Damage: Error {}

    /// The fields of a message in order.
    static func fields(_ bytes: ArraySlice<UInt8>) throws -> Fields {
        var rest = bytes
        var fields: Fields = []
        while !rest.isEmpty {
            let key = try number(&rest)
            let value: Value =
                switch key & 7 {
                case 0: .number(try number(&rest))
                case 1: .eight(try fixed(&rest, 8))
                case 2: .bytes(try take(&rest, number(&rest)))
                case 5: .four(UInt32(truncatingIfNeeded: try fixed(&rest, 4)))
                default: throw Damage()
                }
            fields.append((key >> 3, value))
        }
        return fields
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Damage() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Damage()
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, _ count: UInt64) throws -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw Damage() }
        let taken = rest.prefix(Int(count))
        rest = rest.dropFirst(Int(count))
        return taken
    }

    private static func fixed(_ rest: inout ArraySlice<UInt8>, _ count: Int) throws -> UInt64 {
        try take(&rest, UInt64(count)).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
