/// Where the cells of some rows of a text lie that follow one another.
///
/// A cell costs two bytes: where it ends, counted from the beginning of its row. It begins behind the separator before it.
struct CellPiece {
    /// The place in the text from which the rows are counted.
    let start: Int
    /// Where each row begins.
    private(set) var rows: [UInt32] = []
    /// The place behind the separator or the end of line of each cell, row by row; in `wide` where a row is longer than 64 kB.
    private var narrow: [UInt16] = []
    private var wide: [UInt32] = []
    private var isWide = false

    init(start: Int) { self.start = start }

    /// The number of cells of all rows.
    var cells: Int { isWide ? wide.count : narrow.count }

    mutating func reserve(rows count: Int, width: Int) {
        rows.reserveCapacity(count)
        narrow.reserveCapacity(count * width)
    }

    /// Begins a row; false where it lies too far behind the first for this piece.
    mutating func begin(_ place: Int) -> Bool {
        guard let offset = UInt32(exactly: place - start) else { return false }
        rows.append(offset)
        return true
    }

    /// Adds the end of a cell; false where it is more than 4 GB behind the beginning of its row.
    @inline(__always)
    mutating func add(_ offset: Int) -> Bool {
        if !isWide {
            if offset <= 0xFFFF {
                narrow.append(UInt16(truncatingIfNeeded: offset))
                return true
            }
            wide = narrow.map { UInt32($0) }
            narrow = []
            isWide = true
        }
        guard let offset = UInt32(exactly: offset) else { return false }
        wide.append(offset)
        return true
    }

    /// Gives back the room that was reserved and not used.
    mutating func trim() {
        if rows.capacity > rows.count + rows.count / 8 { rows = rows.map { $0 } }
        if narrow.capacity > narrow.count + narrow.count / 8 { narrow = narrow.map { $0 } }
        if wide.capacity > wide.count + wide.count / 8 { wide = wide.map { $0 } }
    }

    /// The beginning and the end of a cell in the text, quotes included.
    @inline(__always)
    func bounds(_ row: Int, _ column: Int, width: Int) -> (Int, Int) {
        let begin = start + Int(rows[row])
        let cell = row * width + column
        let first = column == 0 ? 0 : offset(cell - 1)
        return (begin + first, begin + offset(cell) - 1)
    }

    @inline(__always)
    private func offset(_ cell: Int) -> Int { isWide ? Int(wide[cell]) : Int(narrow[cell]) }
}
