import Diagnostics

/// SentencePiece as its own library splits a text: its character map with the longest match, its handling of spaces, its sums in single
/// precision, pieces of the user that always count.
struct SentencePiece: Sendable {
    let vocabulary: Vocabulary
    private let best: Unigram
    private let map: CharacterMap?
    private let addsDummyPrefix: Bool
    private let removesExtraSpaces: Bool
    /// The pieces of the user by their first bytes, which the character map leaves alone.
    private var userPieces: [UInt8: [[UInt8]]] = [:]

    var unknown: Int32 { best.unknown }
    static let sign = Array("\u{2581}".utf8)

    init(_ file: SentencePieceFile) throws {
        vocabulary = try file.listed.vocabulary(file.file)
        map = file.map.isEmpty ? nil : try CharacterMap(file.map, file: file.file)
        addsDummyPrefix = file.addsDummyPrefix
        removesExtraSpaces = file.removesExtraSpaces
        var trie = PieceTrie()
        // Pieces of the user score 0, so that they win over all others: as in version 0.2.3; version 0.1.97 gives them a tenth less.
        var scores = file.pieces.map { Double($0.score) }
        var least = Float.greatestFiniteMagnitude
        for (index, piece) in file.pieces.enumerated() {
            let id = Int32(truncatingIfNeeded: index)
            switch piece.sort {
            case .normal:
                trie.add(piece.text, id: id)
                least = min(least, piece.score)
            case .userDefined:
                trie.add(piece.text, id: id)
                scores[index] = 0
                if let first = piece.text.first { userPieces[first, default: []].append(piece.text) }
            case .unknown, .control, .unused, .byte: continue
            }
        }
        for first in userPieces.keys { userPieces[first]?.sort { $0.count > $1.count } }
        best = Unigram(trie: trie, scores: scores, unknownScore: Double(least - 10), unknown: try file.unknown(), isSingle: true)
    }

    /// The pieces of a text: their ids and bytes.
    func split(_ text: [UInt8]) -> [(id: Int32, piece: [UInt8])] {
        let normalized = normalize(text)
        var pieces: [(id: Int32, piece: [UInt8])] = []
        normalized.withUnsafeBufferPointer { bytes in
            best.split(bytes) { pieces.append(($0.id, Array(bytes[$0.range]))) }
        }
        return pieces
    }

    private func normalize(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        text.withUnsafeBufferPointer { text in
            var place = 0
            var first: [UInt8] = []
            if removesExtraSpaces {
                // What becomes a space at the beginning goes.
                while place < text.count {
                    first.removeAll(keepingCapacity: true)
                    let length = next(text, place, to: &first)
                    if first != [32] { break }
                    place += length
                }
            }
            guard place < text.count else { return }
            if addsDummyPrefix { out.append(contentsOf: Self.sign) }
            var isBehindSpace = removesExtraSpaces
            var part: [UInt8] = []
            while place < text.count {
                part.removeAll(keepingCapacity: true)
                place += next(text, place, to: &part)
                var rest = part[...]
                while isBehindSpace, rest.first == 32 { rest = rest.dropFirst() }
                guard let last = rest.last else { continue }
                for byte in rest {
                    if byte == 32 { out.append(contentsOf: Self.sign) } else { out.append(byte) }
                }
                isBehindSpace = removesExtraSpaces && last == 32
            }
            while removesExtraSpaces, out.suffix(Self.sign.count) == Self.sign[...] { out.removeLast(Self.sign.count) }
        }
        return out
    }

    /// Adds what the next characters become; gives how many bytes they take.
    private func next(_ text: UnsafeBufferPointer<UInt8>, _ place: Int, to out: inout [UInt8]) -> Int {
        let rest = UnsafeBufferPointer(rebasing: text[place...])
        for piece in userPieces[text[place]] ?? [] where rest.starts(with: piece) {
            out.append(contentsOf: piece)
            return piece.count
        }
        if let length = map?.replaceLongest(rest, to: &out) { return length }
        let length = min(scalarLength(text[place]), rest.count)
        out.append(contentsOf: rest[..<length])
        return length
    }
}
