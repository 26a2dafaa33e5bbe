import Builtins
import Diagnostics
import Storage

/// A computed table as it is kept in the cache: columns, notes, and for each cell its text, with what stands in files where
/// that differs.
enum TableFile {
    /// The contents of the file.
    static func json(_ table: ResultTable) -> JSONValue {
        .object([
            "columns": .array(
                table.columns.map { column in
                    .object([
                        "header": .string(column.header), "unit": column.unit.map { .string($0) } ?? .null,
                        "isNumeric": .bool(column.isNumeric),
                        "place": .string(column.place.rawValue),
                    ])
                }),
            "notes": .array(table.notes.map { .string($0) }),
            "rows": .array(
                table.rows.map { row in
                    .array(row.map { $0.text == $0.exact ? .string($0.text) : .array([.string($0.text), .string($0.exact)]) })
                }),
        ])
    }

    /// The table in the contents of a file; nil where there is none.
    static func table(_ json: JSONValue) -> ResultTable? {
        guard let columns = json["columns"]?.arrayValue, let notes = json["notes"]?.arrayValue, let rows = json["rows"]?.arrayValue else {
            return nil
        }
        var table = ResultTable(columns: columns.compactMap(column), rows: [], notes: notes.compactMap(\.stringValue))
        table.rows.reserveCapacity(rows.count)
        for row in rows {
            let cells = (row.arrayValue ?? []).compactMap(cell)
            guard cells.count == row.arrayValue?.count else { return nil }
            table.rows.append(cells)
        }
        return table.columns.count == columns.count && table.notes.count == notes.count ? table : nil
    }

    private static func column(_ json: JSONValue) -> ResultTable.Column? {
        guard let header = json["header"]?.stringValue, let isNumeric = json["isNumeric"]?.boolValue,
            let place = json["place"]?.stringValue.flatMap(ResultTable.Column.Place.init(rawValue:))
        else { return nil }
        return ResultTable.Column(header, unit: json["unit"]?.stringValue, isNumeric: isNumeric, in: place)
    }

    private static func cell(_ json: JSONValue) -> ResultTable.Cell? {
        switch json {
        case .string(let text): return ResultTable.Cell(text)
        case .array(let both):
            guard both.count == 2, let text = both[0].stringValue, let exact = both[1].stringValue else { return nil }
            return ResultTable.Cell(text, exact: exact)
        default: return nil
        }
    }
}
