import Diagnostics
import Storage

/// The pieces of a model as a file lists them.
struct ListedPieces: Sendable {
    var texts: [[UInt8]] = []
    var ids: [Int32] = []
    /// The score of each piece of a unigram model; empty for other models.
    var scores: [Double] = []
    /// The pairs that byte pair encoding joins, in order.
    var merges: [(left: [UInt8], right: [UInt8])] = []

    /// The pieces by their bytes. Throws `bad-data` for a piece, or an id, that is there twice.
    func vocabulary(_ file: String) throws -> Vocabulary {
        var vocabulary = Vocabulary()
        for (text, id) in zip(texts, ids) {
            if vocabulary.piece(id) != nil { throw fault("every id once", "\(id) twice", file) }
            if !vocabulary.add(text, id: id) { throw fault("every piece once", "`\(String(utf8Bytes: text))` twice", file) }
        }
        guard vocabulary.count > 0 else { throw fault("a vocabulary with pieces", "none", file) }
        return vocabulary
    }

    private func fault(_ expected: String, _ found: String, _ file: String) -> Diagnostic {
        Diagnostic(
            "bad-data", "expected \(expected) in the vocabulary, found \(found)", data: DataPlace(file: file),
            hint: "fetch the files of the tokenizer again")
    }
}

/// The file `tokenizer.json`, as `tokenizers` writes it: all of it but the pieces as a tree, and the pieces.
struct TokenizerFile {
    var root: Field
    var pieces = ListedPieces()

    /// Reads the file. Throws `cannot-read`, and `bad-data` for what is no JSON or lists pieces otherwise than `tokenizers` does.
    init(path: String) throws {
        var members: [String: JSONValue] = [:]
        var pieces = ListedPieces()
        try JSONPull.read(path: path) { json in
            guard try json.kind() == .object else { throw json.fault("the object of a tokenizer") }
            try json.object { name in
                guard name == "model", try json.kind() == .object else {
                    members[name] = try json.tree()
                    return
                }
                var model: [String: JSONValue] = [:]
                try json.object { name in
                    switch name {
                    case "vocab": try readVocabulary(json, &pieces)
                    case "merges": try readMerges(json, &pieces)
                    default: model[name] = try json.tree()
                    }
                }
                members[name] = .object(model)
            }
        }
        root = Field(json: .object(members), place: "", file: path)
        self.pieces = pieces
    }
}

/// Reads a vocabulary: an object of pieces with their ids, or an array of pieces with their scores.
func readVocabulary(_ json: JSONPull, _ pieces: inout ListedPieces) throws {
    guard try json.kind() == .array else {
        try json.object { piece in
            let id = try json.number()
            guard let id = Int32(exactly: id), id >= 0 else { throw json.fault("the id of a piece, a whole number from 0 on") }
            pieces.texts.append(Array(piece.utf8))
            pieces.ids.append(id)
        }
        return
    }
    try json.array { index in
        var piece: [UInt8]?
        var score: Double?
        try json.array { place in
            switch place {
            case 0: piece = Array(try json.string().utf8)
            case 1: score = try json.number()
            default: throw json.fault("a piece and its score")
            }
        }
        guard let piece, let score else { throw json.fault("a piece and its score") }
        pieces.texts.append(piece)
        pieces.scores.append(score)
        pieces.ids.append(Int32(truncatingIfNeeded: index))
    }
}

/// Reads the pairs of byte pair encoding, each a text with a space between or an array of two.
private func readMerges(_ json: JSONPull, _ pieces: inout ListedPieces) throws {
    try json.array { _ in
        if try json.kind() == .string {
            guard let pair = mergedPair(Array(try json.string().utf8)) else { throw json.fault("two pieces with a space between") }
            pieces.merges.append(pair)
            return
        }
        var pair: [[UInt8]] = []
        try json.array { _ in pair.append(Array(try json.string().utf8)) }
        guard pair.count == 2 else { throw json.fault("two pieces") }
        pieces.merges.append((pair[0], pair[1]))
    }
}

/// The two pieces of a line such as `a b`; nil where there are not two.
func mergedPair(_ line: some Collection<UInt8>) -> (left: [UInt8], right: [UInt8])? {
    let parts = line.split(separator: 32, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    return (Array(parts[0]), Array(parts[1]))
}
