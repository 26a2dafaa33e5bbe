import Datasets
import Diagnostics
import Language

extension CheckContext {
    /// Refuses inputs whose files are named by the target, or by a column that holds the same numbers: which file it is tells
    /// what is to be predicted. Throws `target-leak`.
    func checkPaths(_ sources: [String: [Call]], of table: Table, target column: Column, rows: [Int], id: String) throws {
        for (input, calls) in sources.sorted(by: { $0.key < $1.key }) {
            for call in calls {
                guard let path = library.path(of: call) else { continue }
                // The `*` of a pattern stands for the id, unless files and rows meet by position.
                let byID = path.string.contains("*") && call["pair"].word != "position"
                for name in path.placeholders + (byID ? [id] : []) {
                    let isTarget = name == column.name
                    // Ids may well be numbers that the target happens to have: they are there to name files.
                    let other = name == id ? nil : table.columns.first { $0.name == name }
                    guard isTarget || other.map({ same($0, column, rows) }) == true else { continue }
                    let what = isTarget ? "the target" : "`\(name)`, which holds the numbers of the target"
                    throw Diagnostic(
                        "target-leak",
                        """
                        the path of the input `\(input)` names \(what) `\(column.name)`: the file tells what is to be predicted
                        """,
                        at: library.pathSpan(of: call), hint: "name the files by another column, which says nothing of the target")
                }
            }
        }
    }

    /// Whether two columns hold the same numbers in these rows, not all of them one.
    private func same(_ a: Column, _ b: Column, _ rows: [Int]) -> Bool {
        guard let a = a.numbers, let b = b.numbers else { return false }
        let values = rows.map { b.indices.contains($0) ? b[$0] : .nan }
        return Set(values).count > 1 && zip(rows, values).allSatisfy { a.indices.contains($0) && a[$0] == $1 }
    }
}
