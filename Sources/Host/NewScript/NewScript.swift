import Builtins
import Datasets
import Diagnostics
import Language
import Storage

/// A first script for a table, and a folder of files beside it: what it says, and what was chosen and why.
public struct NewScript: Sendable {
    /// The script, in canonical layout.
    public var text: String
    /// What was chosen, why, and how to choose otherwise; what was left out. A line each.
    public var remarks: [String]

    /// The least number of rows that can be divided into three parts with something to tell of each.
    private static let leastRows = 8

    /// Writes a script for a table. `folder`: the folder of files that belong to its rows; nil where its columns are the inputs.
    /// `target`: the column to predict; nil to choose one. `place`: the folder of the script, from which its paths start. Throws
    /// `new-script`, and what reading the table throws.
    public init(name: String, table path: String, folder: String?, target: String?, place: String) throws {
        let table = try readCSV(path: path)
        guard table.count >= Self.leastRows else {
            throw Diagnostic(
                "new-script", "expected at least \(Self.leastRows) rows to divide into three parts, found \(table.count)",
                data: DataPlace(file: path), hint: "give a longer table")
        }
        let chosen = try TargetChoice(in: table, asked: target)
        let files = try folder.map { try FileChoice(in: $0, of: table) }
        let id = try files?.column ?? Self.id(of: table)
        let input = try files?.input(place: place) ?? ColumnChoice(in: table, besides: [chosen.column.name, id]).input
        remarks = [
            files == nil
                ? "id: `\(id)`, a column in which every cell is another"
                : "id: `\(id)`, the column whose cells stand in the names of the files",
            "target: " + chosen.reason,
        ]
        remarks += input.remarks
        remarks.append("left out: \(Self.leftOut(of: table, [id, chosen.column.name] + input.columns))")
        text = Self.layout(
            Self.source(name: name, table: relativePath(path, to: place), rows: table.count, id: id, chosen, input, remarks))
    }

    /// The script that needs no data: numbers of its own, and what to declare next as a comment.
    public init() {
        text = Self.layout(Self.template)
        remarks = ["the script draws numbers of its own; give a table with `--from TABLE.csv`, and a folder with `--files FOLDER`"]
    }

    private static func layout(_ text: String) -> String {
        ScriptFormatter.format(text, file: "new", grammar: catalogue.grammar).text ?? text
    }

    /// The first column that tells every row from the others. Throws `new-script`.
    private static func id(of table: Table) throws -> String {
        let unique = table.columns.filter { table.isUnique($0) && !$0.looksMeasured }
        let named = unique.filter(\.name.isPlainName)
        // By its name, then texts before numbers, which may be counts.
        if let found = named.first(where: \.isNamedAsID) ?? named.first(where: { $0.numbers == nil }) ?? named.first { return found.name }
        guard unique.isEmpty else {
            throw Diagnostic(
                "new-script", "expected a name in the header of the column that names each row, found none",
                data: DataPlace(file: table.file, line: 1), hint: "write `id` there; pandas does so by `index_label=\"id\"`")
        }
        throw Diagnostic(
            
            "new-script",
            "expected a column that names each row, found that every column repeats a cell, has an empty one or holds measured numbers",
            data: DataPlace(file: table.file), hint: "add a column with another name in each row")
    }

    private static func leftOut(of table: Table, _ used: [String]) -> String {
        let names = table.columnNames.filter { !used.contains($0) }
        guard !names.isEmpty else { return "no column" }
        return names.prefix(12).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : "")
    }
}

extension Table {
    /// Whether a column has another cell in every row, and none that is empty.
    func isUnique(_ column: Column) -> Bool {
        var seen: Set<String> = []
        return (0..<count).allSatisfy { row in
            let cell = column.text(row)
            return !isMissing(cell) && seen.insert(cell).inserted
        }
    }
}

extension Column {
    /// Whether the name says that the cells name the rows.
    var isNamedAsID: Bool {
        let name = name.lowercased()
        return ["id", "ids", "identifier", "name", "index"].contains(name) || name.hasSuffix("_id") || name.hasSuffix(" id")
    }

    /// Whether the name says that this is what is to be predicted.
    var isNamedAsTarget: Bool { ["target", "y", "label"].contains(name.lowercased()) }

    /// Whether the numbers are measured ones and no names: some has a fraction.
    var looksMeasured: Bool { numbers?.contains { $0.isFinite && $0 != $0.rounded() } ?? false }
}

extension String {
    /// Whether a column of this name can stand between the braces of a path.
    var isPlainName: Bool { !isEmpty && !contains { "{}\"\\".contains($0) || $0.isNewline } }
}

/// The path of a file as it is written in a script in `folder`: relative, by `..` where it lies elsewhere.
func relativePath(_ path: String, to folder: String) -> String {
    func parts(_ path: String) -> [Substring] { path.split(separator: "/").filter { $0 != "." } }
    guard let full = try? resolvedPath(path), let base = try? resolvedPath(folder) else { return path }
    let (there, here) = (parts(full), parts(base))
    let shared = zip(there, here).prefix { $0 == $1 }.count
    return (here.dropFirst(shared).map { _ in ".." } + there.dropFirst(shared)).joined(separator: "/")
}
