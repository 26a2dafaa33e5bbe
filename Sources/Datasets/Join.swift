import Diagnostics

extension Table {
    /// The rows in natural order of an identifying column: the order every data set has before it is split, so that
    /// shuffling the lines of a file changes nothing.
    ///
    /// Throws `unknown-column`, `duplicate-id`, and `bad-data` for an empty identifier, with the line.
    public func rowsInOrder(ofID name: String) throws -> [Int] {
        let cells = try column(name).cells
        var first: [String: Int] = [:]
        first.reserveCapacity(cells.count)
        for (row, cell) in cells.enumerated() {
            guard !isBlankCell(cell) else {
                throw Diagnostic("bad-data", "expected an identifier in column `\(name)`, found an empty cell", data: place(ofRow: row))
            }
            if let other = first.updateValue(row, forKey: cell) {
                throw Diagnostic(
                    "duplicate-id",
                    """
                    expected each identifier in column `\(name)` once, found `\(cell.prefix(60))` again; it is on line \(lines[other]) too
                    """,
                    data: place(ofRow: row), hint: "remove one of the rows")
            }
        }
        return cells.indices.sorted { naturalLess(cells[$0], cells[$1]) }
    }

    /// Joins files to rows by key: for each row in natural order of the identifiers, the file whose key is that identifier.
    ///
    /// Throws as `rowsInOrder(ofID:)`, and `no-partner` for a row without a file. Files without a row are left out.
    public func join(_ files: [GlobMatch], id name: String) throws -> [(row: Int, path: String)] {
        let rows = try rowsInOrder(ofID: name)
        let ids = try column(name)
        let paths = Dictionary(files.map { ($0.key, $0.path) }, uniquingKeysWith: { first, _ in first })
        return try rows.map { row in
            let id = ids.text(row)
            guard let path = paths[id] else {
                let hint = nearMiss(id, among: paths.keys.sorted(by: naturalLess)).map { "did you mean `\($0)`?" }
                throw Diagnostic(
                    "no-partner", "expected a file whose `*` stands for `\(id.prefix(60))`, found none", data: place(ofRow: row),
                    hint: hint)
            }
            return (row, path)
        }
    }

    /// The files whose key is the identifier of a row, with the row; rows without a file and files without a row are left out. Throws
    /// `unknown-column`.
    public func partners(of files: [GlobMatch], id name: String) throws -> [(row: Int, path: String)] {
        let paths = Dictionary(files.map { ($0.key, $0.path) }, uniquingKeysWith: { first, _ in first })
        return try column(name).cells.enumerated().compactMap { row, cell in paths[cell].map { (row, $0) } }
    }

    /// Pairs files with rows by position: the files in natural order of their paths, the rows as they stand in the file. To
    /// be asked for by name only: a shuffled table gives other pairs.
    ///
    /// Throws `count-mismatch` unless there are as many files as rows.
    public func pairByPosition(_ paths: [String]) throws -> [(row: Int, path: String)] {
        guard paths.count == count else {
            throw Diagnostic(
                "count-mismatch", "expected a file for each of \(count) rows to pair them by position, found \(paths.count) files",
                data: DataPlace(file: file), hint: "join by a key column instead")
        }
        return paths.sorted(by: naturalLess).enumerated().map { ($0.offset, $0.element) }
    }
}
