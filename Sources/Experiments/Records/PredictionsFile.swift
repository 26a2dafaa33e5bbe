import Builtins
import Diagnostics
import Storage

/// The table `predictions.csv` beside a result, which says the same for people.
enum PredictionsFile {
    /// Checks that the table in a file says what a result says, row by row. Throws `bad-data` with the first line that does not.
    static func check(_ path: String, against result: RunResult) throws {
        let lines = try readText(path, limit: 1 << 26).split(separator: "\n", omittingEmptySubsequences: false)
        var line = 1
        func bad(_ message: String) -> Diagnostic { Diagnostic("bad-data", message, data: DataPlace(file: path, line: line)) }
        for part in partNames {
            guard let items = result.parts[part] else { continue }
            for (index, id) in items.ids.enumerated() {
                // An id may have line breaks in it.
                let count = id.utf8.count { $0 == UInt8(ascii: "\n") } + 1
                line += 1
                guard lines.indices.contains(line + count - 2) else { throw bad("expected row `\(id)` of the result, found the end") }
                let text = lines[(line - 1)..<(line + count - 1)].joined(separator: "\n")
                // The numbers stand last, whatever an id is made of.
                let cells = text.split(separator: ",", omittingEmptySubsequences: false)
                guard cells.count >= 4, cells[cells.count - 3] == part, isOf(id, cells.dropLast(3).joined(separator: ",")) else {
                    throw bad("expected row `\(id)` of part `\(part)`, as the result has, found `\(text.prefix(60))`")
                }
                guard let truth = Double(cells[cells.count - 2]), truth == items.truth[index] else {
                    throw bad("expected the target \(items.truth[index]) of `\(id)`, as the result has, found `\(cells[cells.count - 2])`")
                }
                let last = cells[cells.count - 1]
                guard let predicted = Double(last), predicted == items.predicted[index] else {
                    throw bad("expected the prediction \(items.predicted[index]) for `\(id)`, as the result has, found `\(last)`")
                }
                line += count - 1
            }
        }
        line += 1
        guard lines.dropFirst(line - 1).allSatisfy(\.isEmpty) else { throw bad("expected the end of the predictions, found more rows") }
    }

    /// Whether a cell holds an id: as it is, in quotes, or behind the apostrophe that keeps a spreadsheet from computing it.
    private static func isOf(_ id: String, _ cell: String) -> Bool {
        [id, "'" + id].contains { $0 == cell || "\"" + $0.replacing("\"", with: "\"\"") + "\"" == cell }
    }
}
