import Diagnostics

/// The steps from a text to its ids: added tokens are found, what stands between them is normalized, split, and split by the model.
struct Pipeline: Sendable {
    var plainTokens = AddedTokens()
    var normalizedTokens = AddedTokens()
    var normalizers: [Normalizer] = []
    var preTokenizers: [PreTokenizer] = []
    var model: Model

    /// Adds the ids of a text, without those of its frame.
    func encode(_ text: UnsafeBufferPointer<UInt8>, _ room: inout Room, to ids: inout [Int32]) throws {
        if plainTokens.isEmpty { return try encodePart(text, isStart: true, &room, to: &ids) }
        for part in plainTokens.split(text) {
            switch part {
            case .token(let id, _): ids.append(id)
            case .text(let range):
                let bytes = UnsafeBufferPointer(rebasing: text[range])
                try encodePart(bytes, isStart: range.lowerBound == 0, &room, to: &ids)
            }
        }
    }

    private func encodePart(_ text: UnsafeBufferPointer<UInt8>, isStart: Bool, _ room: inout Room, to ids: inout [Int32]) throws {
        room.pieces.bytes.removeAll(keepingCapacity: true)
        if let first = normalizers.first {
            try first.apply(text, to: &room.pieces.bytes)
            for normalizer in normalizers.dropFirst() {
                room.other.bytes.removeAll(keepingCapacity: true)
                try room.pieces.bytes.withUnsafeBufferPointer { try normalizer.apply($0, to: &room.other.bytes) }
                swap(&room.pieces, &room.other)
            }
        } else {
            room.pieces.bytes.append(contentsOf: text)
        }
        if normalizedTokens.isEmpty { return split(isStart: isStart, &room, to: &ids) }
        let normalized = room.pieces.bytes
        for part in normalized.withUnsafeBufferPointer({ normalizedTokens.split($0) }) {
            switch part {
            case .token(let id, _): ids.append(id)
            case .text(let range):
                if range.count < normalized.count {
                    room.pieces.bytes.removeAll(keepingCapacity: true)
                    room.pieces.bytes.append(contentsOf: normalized[range])
                }
                split(isStart: isStart && range.lowerBound == 0, &room, to: &ids)
            }
        }
    }

    /// Splits the normalized text in `room` and adds the ids.
    private func split(isStart: Bool, _ room: inout Room, to ids: inout [Int32]) {
        room.pieces.ranges.removeAll(keepingCapacity: true)
        room.pieces.ranges.append(0..<room.pieces.bytes.count)
        for preTokenizer in preTokenizers {
            preTokenizer.apply(room.pieces, isStart: isStart, to: &room.other)
            swap(&room.pieces, &room.other)
        }
        let model = model
        room.pieces.bytes.withUnsafeBufferPointer { bytes in
            for range in room.pieces.ranges where !range.isEmpty {
                let word = UnsafeBufferPointer(rebasing: bytes[range])
                room.cache.encode(word, to: &ids) { model.encode(word, to: &$0) }
            }
        }
    }
}

/// What a thread works with while it tokenizes: pieces, and the words that it knows.
struct Room {
    var pieces = Pieces()
    var other = Pieces()
    var cache = WordCache()
}
