import CSupport
import Diagnostics

/// A text file, plain or packed by gzip, bzip2, xz or zstd, of which a piece at a time is in memory: what was read makes room for what
/// comes next.
///
/// The file is read, not mapped: one that is cut off by another program while it is mapped ends this one with a signal. A gzip file
/// of moderate size is unpacked whole instead, by libdeflate, which is three times as fast and cannot stop half way.
package final class TextPieces {
    /// The bytes that are read at once, where nothing else is asked for: what the caches of a processor hold.
    package static let usualSize = 1 << 18
    /// The most bytes of a gzip file, and of the text that it says it holds, that are unpacked whole.
    package static let packedWhole = 1 << 26, textWhole = 1 << 28

    /// The path of the file, for messages.
    package let path: String
    /// The number of bytes on the disk.
    package let stored: Int
    let size: Int
    /// The most bytes that the text has.
    private let most: Int
    /// Whether the text has so many bytes: it is plain, or unpacked whole.
    package let isExact: Bool
    let whole: FileBytes?
    private let stream: OpaquePointer?
    var piece = ecdx_piece()
    /// The place from which the text is read on, counted from `start`.
    private var offset = 0
    /// The number of the line last read by a cursor, from 1.
    private var line = 0

    /// Opens a file and reads its first piece, of `size` bytes. Throws `cannot-read`, and `bad-data` for packed data that are damaged
    /// or unpack to far too much. `whole`: the most bytes of a gzip file that is unpacked whole.
    private init(path: String, size: Int, whole packed: Int) throws {
        try FileBytes.checkPath(path)
        self.path = path
        self.size = max(1, size)
        var opened: OpaquePointer?
        var facts = ecdx_stream_facts()
        var message = [CChar](repeating: 0, count: 256)
        let status = ecdx_stream_open(path, FileBytes.slack, FileBytes.ratio, &opened, &facts, &message, message.count)
        guard status == 0 else {
            ecdx_stream_close(opened)
            throw Diagnostic("cannot-read", String(cBuffer: message), data: DataPlace(file: path))
        }
        stored = facts.stored
        if facts.compressed != 0, facts.stored <= packed, facts.told <= min(Self.textWhole, facts.most) {
            defer { ecdx_stream_close(opened) }
            let bytes = try opened.map { try FileBytes.read($0, path: path) } ?? FileBytes.read(path: path)
            (whole, stream, most, isExact) = (bytes, nil, bytes.count, true)
        } else {
            (whole, stream, most, isExact) = (nil, opened, facts.most, facts.compressed == 0)
            try more(dropping: 0, wanted: self.size)
        }
    }

    deinit {
        ecdx_stream_close(stream)
        ecdx_piece_free(&piece)
    }

    /// Opens a file and lets `body` read it. `size`: the bytes that are read at once; `whole`: the most bytes of a gzip file that is
    /// unpacked whole. Throws `cannot-read`, `bad-data` for packed data that are cut off, damaged or unpack to far too much, and
    /// what `body` throws; where both are wrong, the packed data.
    package static func read<R>(
        path: String, size: Int = usualSize, whole: Int = packedWhole, _ body: (TextPieces) throws -> R
    ) throws -> R {
        let text = try TextPieces(path: path, size: size, whole: whole)
        let result = Result {
            try checkIsText(UnsafeBufferPointer(start: text.start, count: text.end - text.start), path)
            return try body(text)
        }
        // Only the end of packed data tells whether all of it is sound.
        try text.finish()
        return try result.get()
    }

    /// The first byte that is in memory; where something was dropped before it, the last byte of that.
    package var start: UnsafePointer<UInt8> { whole?.base ?? piece.bytes.map { UnsafePointer($0) } ?? Self.nothing }
    /// The place behind the last byte that is in memory, followed by 32 zero bytes.
    package var end: UnsafePointer<UInt8> { start + (whole?.count ?? piece.count) }
    /// Whether the text ends with what is in memory.
    package var isLast: Bool { whole != nil || piece.last != 0 }
    /// Whether there is no text at all.
    package var isEmpty: Bool { isLast && start == end && piece.before == 0 }
    /// The place from which the text is read on.
    package var place: UnsafePointer<UInt8> {
        get { start + offset }
        set { offset = newValue - start }
    }
    /// The line feeds before `start`.
    package var linesBefore: Int { piece.lines }
    /// The bytes of the text before `place`.
    package var placeInText: Int { piece.before + offset }

    /// The place behind the last blank that is in memory, or behind the last byte of the text: every word before it is whole.
    package var endOfWords: UnsafePointer<UInt8> {
        var p = end
        if isLast { return p }
        let start = start
        while p > start, !isBlank((p - 1).pointee) { p -= 1 }
        return p
    }

    /// The bytes of the text from `place` on, or the most that there may be.
    package var mostLeft: Int { max(0, (isLast ? piece.before + (end - start) : most) - placeInText) }
    /// Whether there are as many bytes as `mostLeft` says, unless the file is changed meanwhile.
    package var knowsLength: Bool { isLast || isExact }

    /// The bytes of the text by counting them, which takes reading the file once more. Throws as `read`.
    package func countedLength() throws -> Int {
        let other = try TextPieces(path: path, size: max(size, Self.usualSize), whole: 0)
        try other.finish()
        return other.piece.before + other.piece.count
    }

    /// A cursor at `place` over what is in memory. Valid until more is read.
    package var cursor: TextCursor { TextCursor(self, line: line) }

    /// Lets `body` read from `place` on; again from there with more of the text in memory, where it ran out of it. Moves `place` to
    /// where `body` left its cursor. Throws as `read`.
    package func parse<R>(_ body: (inout TextCursor) throws -> R) throws -> R {
        while true {
            var cursor = cursor
            let result = Result { try body(&cursor) }
            guard cursor.ranOut, !isLast else {
                place = cursor.place
                line = cursor.line
                return try result.get()
            }
            try passEmptyLines()
            place = try more(from: place)
        }
    }

    /// Moves `place` behind the empty lines that are in memory but for the last of them, where they are many and nothing else is there.
    /// Throws `bad-data` where a line, or empty ones behind others, are too long to be what they should be.
    private func passEmptyLines() throws {
        guard end - place > TextCursor.longestLine else { return }
        var p = place
        while p < end, isBlank(p.pointee) { p += 1 }
        var last = end - 1
        while last > place, (last - 1).pointee != UInt8(ascii: "\n") { last -= 1 }
        guard p == end, last > place else { return try cursor.checkLines() }
        line += (place..<last).reduce(0) { $0 + ($1.pointee == UInt8(ascii: "\n") ? 1 : 0) }
        place = last
    }

    /// Reads more of the text and gives the new place of the byte at `place`, before which all but one byte is dropped: that one
    /// tells whether the text ends with a line feed. Throws as `read`.
    package func more(from place: UnsafePointer<UInt8>) throws -> UnsafePointer<UInt8> {
        guard !isLast else { return place }
        let drop = max(0, place - start - 1)
        let kept = (end - start) - drop
        try checkWord(from: place)
        let distance = (place - start) - drop
        // A word without an end is not copied for every piece of it.
        try more(dropping: drop, wanted: max(size, kept))
        return start + distance
    }

    /// Checks that the text in memory does not end with a word of more than a mebibyte. Throws `bad-data`.
    private func checkWord(from place: UnsafePointer<UInt8>) throws {
        guard end - place > TextCursor.longestLine else { return }
        var first = end
        while first > place, !isBlank((first - 1).pointee) {
            first -= 1
            guard end - first <= TextCursor.longestLine else {
                throw cursor.fault("expected words of at most 1 MiB, found a longer one", line: cursor.lineNumber(at: end))
            }
        }
    }

    private func more(dropping drop: Int, wanted: Int) throws {
        guard let stream else { return }
        var message = [CChar](repeating: 0, count: 256)
        let status = ecdx_stream_more(stream, drop, wanted, &piece, &message, message.count)
        guard status == 0 else {
            throw Diagnostic(status == 2 ? "bad-data" : "cannot-read", String(cBuffer: message), data: DataPlace(file: path))
        }
    }

    /// Reads packed data to their end. Throws as `read`.
    private func finish() throws {
        guard !isExact else { return }
        while !isLast { try more(dropping: piece.count, wanted: size) }
    }

    /// Where there is no text: zero bytes, as behind every other.
    nonisolated(unsafe) package static let nothing: UnsafePointer<UInt8> = {
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: Int(ECDX_BYTES_PADDING))
        bytes.initialize(repeating: 0, count: Int(ECDX_BYTES_PADDING))
        return UnsafePointer(bytes)
    }()
}
