/// How the pieces of a text are split into those of the vocabulary.
enum Model: Sendable {
    case pairs(PairMerging)
    case unigram(UnigramModel)
    case wordPiece(WordPiece)

    /// The pieces and their ids.
    var vocabulary: Vocabulary {
        switch self {
        case .pairs(let model): model.vocabulary
        case .unigram(let model): model.vocabulary
        case .wordPiece(let model): model.vocabulary
        }
    }

    /// The id of what is no piece; nil where such text is left out.
    var unknown: Int32? {
        switch self {
        case .pairs(let model): model.unknown
        case .unigram(let model): model.best.unknown
        case .wordPiece(let model): model.unknown
        }
    }

    /// Adds the ids of a word.
    func encode(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) {
        switch self {
        case .pairs(let model): model.encode(word, to: &ids)
        case .unigram(let model): model.best.split(word) { ids.append($0.id) }
        case .wordPiece(let model): model.encode(word, to: &ids)
        }
    }
}

/// A unigram model with its vocabulary.
struct UnigramModel: Sendable {
    let vocabulary: Vocabulary
    let best: Unigram
}
