import CSupport
import Glibc
import Storage
import Synchronization

/// The text of a table as it was read, with the places of its cells. Nothing in it changes once it is made.
final class TextCells: @unchecked Sendable {
    /// Holds the bytes that `base` points to.
    private let file: FileBytes
    private let base: UnsafePointer<UInt8>
    private let width: Int
    private let pieces: [CellPiece]
    /// The number of the first row of each piece, and the number of all rows.
    private let firstRows: [Int]

    init(_ file: FileBytes, base: UnsafePointer<UInt8>, width: Int, pieces: [CellPiece]) {
        self.file = file
        self.base = base
        self.width = width
        self.pieces = pieces
        firstRows = pieces.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.rows.count) }
    }

    /// The number of rows.
    var count: Int { firstRows.last ?? 0 }

    /// The number of the piece in which a row lies.
    private func piece(of row: Int) -> Int {
        var low = 0
        var high = pieces.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if firstRows[middle] <= row { low = middle } else { high = middle }
        }
        return low
    }

    /// The text of a cell, quotes undone. The row is one of this table.
    func text(_ row: Int, _ column: Int) -> String {
        let place = piece(of: row)
        return text(pieces[place].bounds(row - firstRows[place], column, width: width))
    }

    /// The number of a cell: NaN where it is missing, nil for text. The row is one of this table.
    func number(_ row: Int, _ column: Int) -> Double? {
        let place = piece(of: row)
        return number(pieces[place].bounds(row - firstRows[place], column, width: width))
    }

    /// All cells of a column.
    func texts(_ column: Int) -> [String] {
        var texts: [String] = []
        texts.reserveCapacity(count)
        for piece in pieces {
            for row in piece.rows.indices { texts.append(text(piece.bounds(row, column, width: width))) }
        }
        return texts
    }

    /// The numbers of a column, read on all processors; nil where a cell is text or all are blank.
    func numbers(_ column: Int) -> [Double]? {
        let isText = Atomic<Bool>(false)
        let hasNumber = Atomic<Bool>(false)
        // The first cell of each piece tells most columns of text, before there is room for numbers.
        for piece in pieces where !piece.rows.isEmpty {
            guard number(piece.bounds(0, column, width: width)) != nil else { return nil }
        }
        let numbers = [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            guard let start = buffer.baseAddress else { return }
            nonisolated(unsafe) let out = start
            concurrently(pieces.count, threads: tableThreads(pieces.count)) { place in
                let piece = self.pieces[place]
                let first = out + self.firstRows[place]
                var isMissing = true
                for row in piece.rows.indices {
                    let number = self.number(piece.bounds(row, column, width: self.width))
                    if number == nil { isText.store(true, ordering: .relaxed) }
                    // Also cells behind one that is text get a value: the array says that all have one.
                    (first + row).initialize(to: number ?? .nan)
                    isMissing = isMissing && (number?.isNaN ?? true)
                    if row & 1023 == 0, isText.load(ordering: .relaxed) {
                        (first + row).update(repeating: .nan, count: piece.rows.count - row)
                        return
                    }
                }
                if !isMissing { hasNumber.store(true, ordering: .relaxed) }
            }
            filled = count
        }
        guard !isText.load(ordering: .relaxed) else { return nil }
        if hasNumber.load(ordering: .relaxed) { return numbers }
        return (0..<count).contains { !isBlankCell(text($0, column)) } ? numbers : nil
    }

    /// Whether a column has numbers, read on all processors: `numbers` would be there. None are kept.
    func isOfNumbers(_ column: Int) -> Bool {
        let isText = Atomic<Bool>(false)
        let hasNumber = Atomic<Bool>(false)
        for piece in pieces where !piece.rows.isEmpty {
            guard number(piece.bounds(0, column, width: width)) != nil else { return false }
        }
        concurrently(pieces.count, threads: tableThreads(pieces.count)) { place in
            let piece = self.pieces[place]
            var isMissing = true
            for row in piece.rows.indices {
                guard let number = self.number(piece.bounds(row, column, width: self.width)) else {
                    isText.store(true, ordering: .relaxed)
                    return
                }
                isMissing = isMissing && number.isNaN
                if row & 1023 == 0, isText.load(ordering: .relaxed) { return }
            }
            if !isMissing { hasNumber.store(true, ordering: .relaxed) }
        }
        guard !isText.load(ordering: .relaxed) else { return false }
        return hasNumber.load(ordering: .relaxed) || (0..<count).contains { !isBlankCell(text($0, column)) }
    }

    /// Calls `body` with the bytes of a cell, quotes undone. The row is one of this table.
    func withBytes(_ row: Int, _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let place = piece(of: row)
        let (first, last) = pieces[place].bounds(row - firstRows[place], column, width: width)
        guard first < last, base[first] == UInt8(ascii: "\"") else {
            return body(UnsafeBufferPointer(start: base + first, count: last - first))
        }
        var cell = text((first, last))
        cell.withUTF8(body)
    }

    private func number(_ bounds: (Int, Int)) -> Double? {
        var (first, last) = bounds
        if first < last, base[first] == UInt8(ascii: "\"") {
            first += 1
            last -= 1
        }
        return cellNumber(base + first, base + last)
    }

    private func text(_ bounds: (Int, Int)) -> String {
        let (first, last) = bounds
        guard first < last, base[first] == UInt8(ascii: "\"") else {
            return String(decoding: UnsafeBufferPointer(start: base + first, count: last - first), as: UTF8.self)
        }
        let inner = UnsafeBufferPointer(start: base + first + 1, count: max(0, last - first - 2))
        guard inner.contains(UInt8(ascii: "\"")) else { return String(decoding: inner, as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(inner.count)
        var isSecond = false
        for byte in inner {
            isSecond = byte == UInt8(ascii: "\"") && !isSecond
            if !isSecond { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The threads that read a table of so many pieces.
func tableThreads(_ pieces: Int) -> Int { min(8, pieces, Int(ecdx_processors())) }
