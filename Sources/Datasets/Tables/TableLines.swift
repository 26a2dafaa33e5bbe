import Diagnostics
import Storage
import Synchronization

extension Table {
    /// The rows that one thread makes ready at a time.
    private static let linesAtATime = 8_192

    /// Writes all rows as lines of cells with commas between them, some thousand rows at a time on all processors, so that no more than
    /// these are in memory. Throws what the sink and `between` throw, which is called again and again.
    ///
    /// `quoted`: what stands for a cell that holds more than plain ASCII, or begins as a formula may, told whether its column has
    /// numbers.
    public func writeLines(
        to sink: some ByteSink, between: () throws -> Void = {}, quoted: @escaping @Sendable (_ cell: String, _ isOfNumbers: Bool) -> String
    ) throws {
        let isOfNumbers = columns.map(\.isOfNumbers)
        let pieces = (count + Self.linesAtATime - 1) / Self.linesAtATime
        let threads = tableThreads(pieces)
        for first in stride(from: 0, to: pieces, by: max(1, threads)) {
            try between()
            let made = Mutex<[Int: [UInt8]]>([:])
            let turn = min(threads, pieces - first)
            concurrently(turn, threads: threads) { piece in
                let lines = self.lines(ofPiece: first + piece, isOfNumbers, quoted)
                made.withLock { $0[piece] = lines }
            }
            let lines = made.withLock { $0 }
            for piece in 0..<turn { try sink.write(lines[piece] ?? []) }
        }
    }

    private func lines(ofPiece piece: Int, _ isOfNumbers: [Bool], _ quoted: (String, Bool) -> String) -> [UInt8] {
        let first = piece * Self.linesAtATime
        var text: [UInt8] = []
        text.reserveCapacity(Self.linesAtATime * columns.count * 12)
        for row in first..<min(count, first + Self.linesAtATime) {
            for (index, column) in columns.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                column.store.source.withBytes(row) { cell in
                    if isPlainInLine(cell) {
                        text.append(contentsOf: cell)
                    } else {
                        text.append(contentsOf: quoted(String(decoding: cell, as: UTF8.self), isOfNumbers[index]).utf8)
                    }
                }
            }
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }
}

/// Whether a cell stands in a line as it is: it is ASCII without commas, quotes and ends of line, and begins as no formula does.
private func isPlainInLine(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = cell.first else { return true }
    if first == UInt8(ascii: "=") || first == UInt8(ascii: "@") || first == UInt8(ascii: "\t") { return false }
    for byte in cell where byte >= 0x80 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || (0x0A...0x0D).contains(byte) {
        return false
    }
    return true
}
