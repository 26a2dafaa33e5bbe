import Diagnostics

extension Table {
    /// The table of some rows, in the order given, each with the line and the cells that it has here. No cell is copied. A column of
    /// numbers stays one. Throws `shape` for a row that is not there.
    public func selecting(rows: [Int]) throws -> Table {
        if let wrong = rows.first(where: { $0 < 0 || $0 >= count }) {
            throw Diagnostic("shape", "expected a row below \(count), found \(wrong)", data: DataPlace(file: file))
        }
        return try showing(rows, lines: rows.map { lines[$0] })
    }

    /// The rows for which `isWanted` is true, in their order; see `selecting(rows:)`.
    public func selecting(where isWanted: (Int) throws -> Bool) throws -> Table {
        try selecting(rows: (0..<count).filter(isWanted))
    }

    /// The table with further columns behind its own; one that has the name of another stands in its place. Throws `shape` for a column
    /// with more or fewer cells than there are rows.
    public func adding(_ added: [Column]) throws -> Table {
        var all = columns
        for column in added {
            if let place = all.firstIndex(where: { $0.name == column.name }) { all[place] = column } else { all.append(column) }
        }
        return try Table(file: file, columns: all, lines: lines, separator: separator)
    }

    /// The table of these columns alone, in the order of their names here; a name that is said twice counts once. Throws
    /// `unknown-column`.
    public func keeping(columns names: [String]) throws -> Table {
        var kept: [Column] = []
        for name in names {
            let column = try column(name)
            if !kept.contains(where: { $0.name == column.name }) { kept.append(column) }
        }
        return try Table(file: file, columns: kept, lines: lines, separator: separator)
    }

    /// The table whose rows are these of this one; where a row is negative all cells are missing.
    func showing(_ rows: [Int], lines: [Int]) throws -> Table {
        try Table(file: file, columns: shown(columns, rows), lines: lines, separator: separator)
    }
}

/// Columns that show these rows of others, negative ones as missing. What shows rows of a third column already is looked through, so that
/// many selections one behind the other cost no more than one.
func shown(_ columns: [Column], _ rows: [Int]) -> [Column] {
    let map = RowMap(rows)
    var through: [ObjectIdentifier: RowMap] = [:]
    return columns.map { column in
        var source = ShownCells(base: column.store, map: map)
        if let inner = column.store.source as? ShownCells {
            let known = through[ObjectIdentifier(inner.map)]
            let both = known ?? RowMap(rows.map { $0 < 0 ? -1 : inner.map.rows[$0] })
            through[ObjectIdentifier(inner.map)] = both
            source = ShownCells(base: inner.base, map: both)
        }
        return Column(name: column.name, unit: column.unit, header: column.header, store: ColumnStore(source))
    }
}
