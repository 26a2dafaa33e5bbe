import Diagnostics

/// A template of a path with places for cells of a row: `densities/{material_id}.CHGCAR.gz`.
public struct RowTemplate: Sendable, Hashable, Codable {
    /// A piece of a template.
    public enum Part: Sendable, Hashable, Codable {
        /// Characters that stand as they are.
        case text(String)
        /// The name of the column whose cell stands here.
        case column(String)
    }

    /// The pieces in order.
    public var parts: [Part]

    /// Makes a template of its pieces.
    public init(parts: [Part]) { self.parts = parts }

    /// The names of the columns that the template uses, in order.
    public var columns: [String] {
        parts.compactMap { if case .column(let name) = $0 { name } else { nil } }
    }

    /// Checks that a table has all columns of the template. Throws `unknown-column` for the first that it does not have.
    public func check(_ table: Table) throws {
        for name in columns { _ = try table.column(name) }
    }

    /// The path for one row of a table.
    ///
    /// Throws `unknown-column`, and `bad-data` with the line for a cell that is missing or would lead out of the folder (a
    /// slash at its beginning, two dots in a row, a zero byte); it may lead to a folder below.
    public func expand(_ table: Table, row: Int) throws -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .column(let name):
                let column = try table.column(name)
                guard row >= 0, row < column.count else {
                    throw Diagnostic("shape", "expected a row below \(table.count), found \(row)", data: DataPlace(file: table.file))
                }
                let cell = column.text(row)
                guard !isBlankCell(cell) else {
                    throw Diagnostic(
                        "bad-data", "expected part of a file name in column `\(name)`, found an empty cell", data: table.place(ofRow: row),
                        hint: "leave such rows out: `where(not missing(row[\"\(name)\"]))`")
                }
                guard !leadsElsewhere(cell) else {
                    throw Diagnostic(
                        "bad-data", "expected part of a file name in column `\(name)`, found `\(cell.prefix(60))`, which leads elsewhere",
                        data: table.place(ofRow: row))
                }
                text += cell
            }
        }
        return text
    }
}

/// Whether a cell would lead out of the folder, judged by bytes as the file system sees them: for Swift a slash with a
/// combining mark is no slash.
private func leadsElsewhere(_ cell: String) -> Bool {
    var previous: UInt8 = 0
    for byte in cell.utf8 {
        if byte == 0 || (byte == UInt8(ascii: ".") && previous == byte) { return true }
        previous = byte
    }
    return cell.utf8.first == UInt8(ascii: "/")
}
