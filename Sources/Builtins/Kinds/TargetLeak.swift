import Datasets
import Diagnostics
import Language

extension CheckContext {
    /// Refuses inputs whose files are named by the target, or by a column that holds the same numbers: which file it is tells
    /// what is to be predicted. Throws `target-leak`. Warns of columns, and of ids, whose numbers are computed from the target.
    func checkPaths(_ sources: [String: [Call]], of table: Table, target column: Column, rows: [Int], id: String) throws {
        for (input, calls) in sources.sorted(by: { $0.key < $1.key }) {
            for call in calls {
                guard let path = library.path(of: call) else { continue }
                // The `*` of a pattern stands for the id, unless files and rows meet by position.
                let byID = path.string.contains("*") && call["pair"].word != "position"
                for name in path.placeholders + (byID ? [id] : []) {
                    func leak(_ what: String, severity: Severity = .error, hint: String) -> Diagnostic {
                        Diagnostic(
                            "target-leak",
                            "the path of the input `\(input)` names \(what) `\(column.name)`: the file tells what is to be predicted",
                            severity: severity, at: library.pathSpan(of: call), hint: hint)
                    }
                    let hint = "name the files by another column, which says nothing of the target"
                    // A column may be named with its unit or without.
                    guard let other = try? table.column(name) else { continue }
                    if other.name == column.name { throw leak("the target", hint: hint) }
                    // Ids may well be numbers that the target happens to have: they are there to name files.
                    if name != id, same(other, column, rows) {
                        throw leak("`\(name)`, which holds the numbers of the target", hint: hint)
                    }
                    guard let copy = nearCopy(other, of: column, rows) else { continue }
                    let found = leak(
                        "`\(name)`, which in all \(rows.count) rows \(copy.phrase) the target", severity: .warning,
                        hint: name == id ? "give the rows ids that say nothing of the target, and name the files by them" : hint)
                    // Another data set like this one has the same path.
                    if isFirst(found) { reported.append(found) }
                }
            }
        }
    }

    /// Refuses inputs that are made of the column of the target, or of one that holds the same numbers. Throws `target-leak`. Warns of
    /// columns whose numbers are computed from the target.
    func checkColumns(_ inputs: Fields, of table: Table, target column: Column, rows: [Int]) throws {
        for (input, field) in inputs.byName {
            for call in library.columnsOfRow(field.value) {
                let name = call["name"].string ?? ""
                func leak(_ what: String, severity: Severity = .error) -> Diagnostic {
                    Diagnostic(
                        "target-leak", "the input `\(input)` is made of \(what) `\(column.name)`: it tells what is to be predicted",
                        severity: severity, at: call.origin.span ?? field.origin.span,
                        hint: "take columns that are known before the target is")
                }
                guard let other = try? table.column(name) else { continue }
                if other.name == column.name { throw leak("the target") }
                if same(other, column, rows) { throw leak("`\(name)`, which holds the numbers of the target") }
                guard let copy = nearCopy(other, of: column, rows) else { continue }
                let found = leak("`\(name)`, which in all \(rows.count) rows \(copy.phrase) the target", severity: .warning)
                if isFirst(found) { reported.append(found) }
            }
        }
    }

    /// How the numbers of a column are computed from those of the target in these rows; nil where they are not.
    private func nearCopy(_ other: Column, of target: Column, _ rows: [Int]) -> NearCopy? {
        guard let copy = other.numbers, let numbers = target.numbers else { return nil }
        let places = rows.filter { copy.indices.contains($0) && numbers.indices.contains($0) }
        return NearCopy(places.map { copy[$0] }, of: places.map { numbers[$0] })
    }

    /// Whether two columns hold the same numbers in these rows, not all of them one.
    private func same(_ a: Column, _ b: Column, _ rows: [Int]) -> Bool {
        guard let a = a.numbers, let b = b.numbers else { return false }
        let values = rows.map { b.indices.contains($0) ? b[$0] : .nan }
        return Set(values).count > 1 && zip(rows, values).allSatisfy { a.indices.contains($0) && a[$0] == $1 }
    }
}
