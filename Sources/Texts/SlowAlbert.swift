/// The tokenizer of ALBERT that `transformers` 4 calls slow: written in Python around the library of SentencePiece, with the rule of BERT
/// that a comma behind a digit is a piece of its own.
struct SlowAlbert: Sendable {
    let pieces: SentencePiece
    var tokens = AddedTokens()
    var lowercases = true
    var keepsAccents = false
    var removesSpaces = true
    /// The ids of added tokens by what they read, which count before those of pieces.
    var tokenIDs: [[UInt8]: Int32] = [:]

    /// The version of Unicode of Python 3.11.
    private static let age = 14

    /// Adds the ids of a text, without those of its frame.
    func encode(_ text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) throws {
        for part in tokens.split(text) {
            switch part {
            case .token(let id, _): ids.append(id)
            case .text(let range): try encodePart(UnsafeBufferPointer(rebasing: text[range]), to: &ids)
            }
        }
    }

    private func encodePart(_ text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) throws {
        for (id, piece) in pieces.split(try prepared(text)) {
            guard isNumberWithComma(piece) else {
                add(id, piece, to: &ids)
                continue
            }
            let isInner = !piece.starts(with: SentencePiece.sign)
            var number = pieces.split(removingSigns(piece.dropLast()))
            if isInner, let first = number.first, first.piece.starts(with: SentencePiece.sign) {
                let rest = Array(first.piece.dropFirst(SentencePiece.sign.count))
                if rest.isEmpty {
                    number.removeFirst()
                } else {
                    number[0] = (pieces.vocabulary.id(of: rest) ?? pieces.unknown, rest)
                }
            }
            for (id, piece) in number { add(id, piece, to: &ids) }
            let comma = [UInt8(ascii: ",")]
            add(pieces.vocabulary.id(of: comma) ?? pieces.unknown, comma, to: &ids)
        }
    }

    private func add(_ id: Int32, _ piece: [UInt8], to ids: inout [Int32]) { ids.append(tokenIDs[piece] ?? id) }

    private func removingSigns(_ piece: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var rest = piece
        while let first = rest.first {
            if rest.starts(with: SentencePiece.sign) {
                rest = rest.dropFirst(SentencePiece.sign.count)
            } else {
                out.append(first)
                rest = rest.dropFirst()
            }
        }
        return out
    }

    private func isNumberWithComma(_ piece: [UInt8]) -> Bool {
        guard piece.last == UInt8(ascii: ","), let scalar = String(utf8Bytes: piece.dropLast()).unicodeScalars.last else { return false }
        let type = scalar.properties.numericType
        return (type == .decimal || type == .digit) && ScalarClass.isKnown(scalar.properties, since: Self.age)
    }

    /// The text as it comes to SentencePiece.
    private func prepared(_ text: UnsafeBufferPointer<UInt8>) throws -> [UInt8] {
        // Letters are made small one by one first, and once more together behind the normal form.
        var current: [UInt8] = []
        if lowercases { lowercase(text, to: &current) } else { current.append(contentsOf: text) }
        if removesSpaces { current = joinedWords(current) }
        for quotes in ["``", "''"] {
            current = try changed(current) { try Normalizer.replace(Array(quotes.utf8), with: [UInt8(ascii: "\"")]).apply($0, to: &$1) }
        }
        if !keepsAccents {
            current = try changed(current) { try NormalForm.nfkd.normalize($0, age: Self.age, to: &$1) }
            current = changed(current) { removeScalars($0, to: &$1, where: Self.isCombining) }
        }
        return lowercases ? loweredTogether(current) : current
    }

    private func changed(_ text: [UInt8], _ body: (UnsafeBufferPointer<UInt8>, inout [UInt8]) throws -> Void) rethrows -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        try text.withUnsafeBufferPointer { try body($0, &out) }
        return out
    }

    private static func isCombining(_ value: UInt32) -> Bool {
        guard value >= 0x300, let properties = Unicode.Scalar(value)?.properties else { return false }
        return properties.canonicalCombiningClass.rawValue != 0 && ScalarClass.isKnown(properties, since: age)
    }

    /// The words of a text, as Python splits them, with a space between.
    private func joinedWords(_ text: [UInt8]) -> [UInt8] {
        changed(text) { text, out in
            var isBetween = false
            var place = 0
            while place < text.count {
                let (value, length) = scalar(in: text, at: place)
                // Python counts the separators of records among white space.
                if ScalarClass.isSpace(value) || (0x1C...0x1F).contains(value) {
                    isBetween = true
                } else {
                    if isBetween, !out.isEmpty { out.append(32) }
                    isBetween = false
                    out.append(contentsOf: text[place..<(place + length)])
                }
                place += length
            }
        }
    }

    /// The lower case of a text as Python makes it of a whole text: a sigma at the end of a word is another one.
    private func loweredTogether(_ text: [UInt8]) -> [UInt8] {
        let scalars = Array(String(utf8Bytes: text).unicodeScalars)
        guard scalars.contains("\u{3A3}") else { return changed(text) { lowercase($0, to: &$1) } }
        func isCased(_ others: some Sequence<Unicode.Scalar>) -> Bool {
            for scalar in others where !scalar.properties.isCaseIgnorable { return scalar.properties.isCased }
            return false
        }
        var out: [UInt8] = []
        for (index, scalar) in scalars.enumerated() {
            guard scalar == "\u{3A3}" else {
                out.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
                continue
            }
            let isLast = isCased(scalars[..<index].reversed()) && !isCased(scalars[(index + 1)...])
            append(isLast ? 0x3C2 : 0x3C3, to: &out)
        }
        return out
    }
}
