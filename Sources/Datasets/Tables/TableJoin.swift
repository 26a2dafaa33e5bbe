import Diagnostics

extension Table {
    /// The rows of this table with the columns of another beside them, each with the row there that has the same key.
    ///
    /// Rows keep their order, their lines and this table's file; a key may stand in several rows here, but once in `right`. Keys are the
    /// same where their texts are, letter for letter: `1` is not `01`. A blank key has no partner. Columns that are keys stand once, under
    /// their name here. Another column whose name this table has already is left out where its cells are the same in every row matched
    /// (`JoinReport.same`); where they are not it gets `suffix` behind its name, and without a suffix it is refused. The time is linear in
    /// the rows, and no cell is copied.
    ///
    /// Throws `unknown-column`; `duplicate-id` for a key that stands twice in `right`, with both lines; `no-partner` where no row has a
    /// partner, with an id of each table and, where some differ in spelling alone, in what; `twice` for a column of a name that is taken,
    /// with the first row in which it differs.
    public func joined(
        with right: Table, on keys: [JoinKey], how: JoinKind = .inner, suffix: String? = nil
    ) throws -> (table: Table, report: JoinReport) {
        guard !keys.isEmpty else {
            throw Diagnostic("missing-argument", "a join expected a column that both tables have, found none", data: DataPlace(file: file))
        }
        let leftKeys = KeyColumns(try keys.map { try column($0.left) })
        let rightKeys = KeyColumns(try keys.map { try right.column($0.right) })
        let places = try right.places(of: rightKeys)
        var report = JoinReport()
        var rows: [Int] = []
        var partners: [Int] = []
        rows.reserveCapacity(count)
        partners.reserveCapacity(count)
        var isUsed = [Bool](repeating: false, count: right.count)
        var alone: [Int] = []
        for row in 0..<count {
            if let partner = leftKeys.key(row).flatMap({ places[$0] }) {
                isUsed[partner] = true
                report.matched += 1
                rows.append(row)
                partners.append(partner)
            } else {
                report.onlyLeft.add(leftKeys.name(row))
                alone.append(row)
                if how == .left {
                    rows.append(row)
                    partners.append(-1)
                }
            }
        }
        for row in isUsed.indices where !isUsed[row] { report.onlyRight.add(rightKeys.name(row)) }
        guard report.matched > 0 else { throw nothingMatched(leftKeys, right, rightKeys) }
        if !alone.isEmpty {
            let unused = isUsed.indices.filter { !isUsed[$0] }
            report.spelling = spelledApart(leftKeys, alone, right, rightKeys, unused)?.difference
        }

        let whole = how == .left || rows.count == count
        let kept = whole ? self : try selecting(rows: rows)
        let isKey = Set(rightKeys.columns.map(\.name))
        var added: [Column] = []
        var names = Set(columnNames)
        for column in right.columns where !isKey.contains(column.name) {
            guard names.contains(column.name) else {
                names.insert(column.name)
                added.append(column)
                continue
            }
            let own = columns.first { $0.name == column.name }
            let other = zip(rows, partners).first { $1 >= 0 && !isSame(own, $0, column, $1) }
            guard let other else {
                report.same.append(column.name)
                continue
            }
            let name = column.name + (suffix ?? "")
            guard names.insert(name).inserted else {
                // Where the units alone differ the numbers say nothing.
                let says = own.map { !sameUnit($0.unit, column.unit) && ($0.unit ?? column.unit) != nil } ?? false
                throw Diagnostic(
                    "twice",
                    """
                    both tables have a column `\(name)`, which is `\((own?.text(other.0) ?? "").prefix(40))`\
                    \(says ? unitSaid(own?.unit) : "") here and `\(column.text(other.1).prefix(40))`\(says ? unitSaid(column.unit) : "") \
                    on line \(right.lines[other.1]) of `\(right.file)`
                    """, data: place(ofRow: other.0),
                    hint: "give a suffix for the columns of the second table, as in `suffix: \"_2\"`, or `pick` those that are wanted")
            }
            added.append(column.renamed(name))
        }
        return (try Table(file: file, columns: kept.columns + shown(added, partners), lines: kept.lines, separator: separator), report)
    }

    /// The row of each key. Throws `duplicate-id`.
    private func places(of keys: KeyColumns) throws -> [String: Int] {
        var places: [String: Int] = [:]
        places.reserveCapacity(count)
        for row in 0..<count {
            guard let key = keys.key(row) else { continue }
            guard let other = places.updateValue(row, forKey: key) else { continue }
            throw Diagnostic(
                "duplicate-id",
                """
                expected each key of a join once in \(keys.title), found `\(keys.name(row).prefix(60))` again; it is on line \
                \(lines[other]) too
                """,
                data: place(ofRow: row), hint: "remove one of the rows, or join the other way round")
        }
        return places
    }

    private func nothingMatched(_ own: KeyColumns, _ right: Table, _ others: KeyColumns) -> Diagnostic {
        let message = "no row of `\(file)` has a partner in `\(right.file)`"
        let examples =
            "\(own.title) has `\(own.example.prefix(60))` here, \(others.title) has `\(others.example.prefix(60))` there"
        if let (row, difference) = spelledApart(own, 0..<count, right, others, 0..<right.count) {
            return Diagnostic(
                "no-partner", "\(message): \(examples); \(difference)", data: place(ofRow: row),
                hint: "spell the ids of both tables in one way")
        }
        return Diagnostic(
            "no-partner", "\(message): \(examples)", data: DataPlace(file: file), hint: "join by columns that hold the same ids")
    }

    /// The first of some rows whose key differs from one of some rows of another table in spelling alone, and what the difference is.
    private func spelledApart(
        _ own: KeyColumns, _ rows: some Sequence<Int>, _ right: Table, _ others: KeyColumns, _ otherRows: some Collection<Int>
    ) -> (row: Int, difference: String)? {
        var spelt: [String: Int] = [:]
        for row in otherRows where others.key(row) != nil {
            let spelling = others.loose(row)
            if spelt[spelling] == nil { spelt[spelling] = row }
        }
        guard !spelt.isEmpty else { return nil }
        for row in rows where own.key(row) != nil {
            guard let other = spelt[own.loose(row)] else { continue }
            let pair = zip(own.columns, others.columns).lazy.map { ($0.text(row), $1.text(other)) }.first { $0 != $1 }
            guard let pair, let difference = differenceInSpelling(pair.0, pair.1) else { continue }
            return (row, "`\(pair.0.prefix(60))` and `\(pair.1.prefix(60))` differ only in \(difference)")
        }
        return nil
    }
}

/// A unit as it stands behind a number in a message.
private func unitSaid(_ unit: String?) -> String { unit.map { " \($0)" } ?? " without a unit" }

/// Whether two cells hold the same: the same text, or the same number however it is written, or nothing.
private func isSame(_ a: Column?, _ row: Int, _ b: Column, _ other: Int) -> Bool {
    guard let a else { return false }
    let (x, y) = (a.text(row), b.text(other))
    if x == y { return sameUnit(a.unit, b.unit) || a.unit == nil || b.unit == nil }
    guard let x = numberOrMissing(x), let y = numberOrMissing(y) else { return false }
    return (x == y || x.isNaN && y.isNaN) && (sameUnit(a.unit, b.unit) || a.unit == nil || b.unit == nil)
}

/// The columns whose cells together are the key of a row.
private struct KeyColumns {
    let columns: [Column]

    init(_ columns: [Column]) { self.columns = columns }

    /// The columns as a message names them.
    var title: String {
        columns.count == 1 ? "column `\(columns[0].name)`" : "columns " + columns.map { "`\($0.name)`" }.joined(separator: ", ")
    }

    /// The key of a row; nil where a cell of it is blank.
    func key(_ row: Int) -> String? {
        if columns.count == 1 {
            let text = columns[0].text(row)
            return isBlankCell(text) ? nil : text
        }
        var key = ""
        for column in columns {
            let text = column.text(row)
            if isBlankCell(text) { return nil }
            // The length before each part keeps `a`, `b c` and `a b`, `c` apart.
            key += "\(text.utf8.count) \(text)"
        }
        return key
    }

    /// The key of a row for people.
    func name(_ row: Int) -> String { columns.map { $0.text(row) }.joined(separator: " ") }

    /// The first key there is.
    var example: String { (0..<(columns.first?.count ?? 0)).first { key($0) != nil }.map(name) ?? "" }

    /// The key of a row in a spelling that other spellings share.
    func loose(_ row: Int) -> String { columns.map { looseSpelling($0.text(row)) }.joined(separator: "\u{1F}") }
}
