import CSupport
import Diagnostics

/// Whole words of a text, taken out of it so that a thread has them for itself while others read on.
package final class TextChunk {
    /// The first byte.
    package fileprivate(set) var start: UnsafePointer<UInt8>
    /// The place behind the last byte, followed by 32 bytes that may be read.
    package fileprivate(set) var end: UnsafePointer<UInt8>
    /// The memory that the words lie in; none where the text has it.
    fileprivate var piece = ecdx_piece()

    /// Makes an empty chunk, whose memory serves again whenever it is filled.
    package init() {
        start = TextPieces.nothing
        end = start
    }

    deinit { ecdx_piece_free(&piece) }
}

extension TextPieces {
    /// The bytes before the place that text is put back from which stay in memory: room for some words.
    private static let keptBehind = 256

    /// Moves the words from `place` on into a chunk, those that are in memory or come next, about as many bytes as are read at once, and
    /// `place` behind them. Returns false where there are no more. Throws as `read`.
    package func take(into chunk: TextChunk) throws -> Bool {
        if let whole {
            let all = start + whole.count
            guard place < all else { return false }
            chunk.start = place
            chunk.end = place + min(size, all - place)
            while chunk.end > chunk.start, chunk.end < all, !isBlank((chunk.end - 1).pointee) { chunk.end -= 1 }
            // A word without an end is not looked for twice.
            if chunk.end == chunk.start { chunk.end = all }
            place = chunk.end
            return true
        }
        while true {
            let stop = endOfWords
            if stop > place {
                try carve(upTo: stop, into: chunk)
                return true
            }
            guard !isLast else { return false }
            place = try more(from: place)
        }
    }

    /// Gives the memory of the piece to a chunk, and takes that of the chunk for what follows `stop`.
    private func carve(upTo stop: UnsafePointer<UInt8>, into chunk: TextChunk) throws {
        guard let bytes = piece.bytes, stop > start else { return }
        // The byte before the text that is left stays with it.
        let cut = stop - start - 1
        var next = chunk.piece
        try reserve(&next, piece.count - cut + size)
        guard let into = next.bytes else { return }
        into.update(from: bytes + cut, count: piece.count - cut + Int(ECDX_BYTES_PADDING))
        next.count = piece.count - cut
        next.before = piece.before + cut
        next.lines = piece.lines + ecdx_count_lines(bytes, cut)
        next.last = piece.last
        chunk.start = place
        chunk.end = stop
        chunk.piece = piece
        piece = next
        place = start + 1
    }

    private func reserve(_ piece: inout ecdx_piece, _ count: Int) throws {
        var message = [CChar](repeating: 0, count: 256)
        guard ecdx_piece_reserve(&piece, count, &message, message.count) == 0 else {
            throw Diagnostic("cannot-read", String(cBuffer: message), data: DataPlace(file: path))
        }
    }

    /// Moves `place` back to a place in the first of some chunks, which were taken one after the other and nothing after them. Throws
    /// `cannot-read` where there is not enough memory.
    package func putBack(_ chunks: [TextChunk], from place: UnsafePointer<UInt8>) throws {
        guard let first = chunks.first else { return }
        guard whole == nil else {
            self.place = place
            return
        }
        guard let firstBytes = first.piece.bytes else { return }
        let place = min(place, first.end)
        // What was read last stays, too: whether the end of the file cuts it is told by the words before.
        let from = max(0, place - UnsafePointer(firstBytes) - 1 - Self.keptBehind)
        var parts = [UnsafeBufferPointer(start: firstBytes + from, count: first.end - UnsafePointer(firstBytes) - from)]
        for chunk in chunks.dropFirst() { parts.append(UnsafeBufferPointer(start: chunk.start, count: chunk.end - chunk.start)) }
        parts.append(UnsafeBufferPointer(start: self.place, count: max(0, end - self.place)))
        var joined = ecdx_piece()
        do { try reserve(&joined, parts.reduce(0) { $0 + $1.count }) } catch {
            ecdx_piece_free(&joined)
            throw error
        }
        guard let bytes = joined.bytes else { return }
        for part in parts {
            guard let start = part.baseAddress else { continue }
            (bytes + joined.count).update(from: start, count: part.count)
            joined.count += part.count
        }
        (bytes + joined.count).update(repeating: 0, count: Int(ECDX_BYTES_PADDING))
        joined.before = first.piece.before + from
        joined.lines = first.piece.lines + ecdx_count_lines(firstBytes, from)
        joined.last = piece.last
        let distance = place - UnsafePointer(firstBytes) - from
        ecdx_piece_free(&piece)
        piece = joined
        self.place = start + distance
    }
}
