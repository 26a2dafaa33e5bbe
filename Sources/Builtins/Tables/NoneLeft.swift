import Datasets
import Diagnostics
import Language

/// What a condition asks of each row of a table.
enum Question {
    case all([Value])
    case any([Value])
    case not(Value)
    /// Two sides and the operator between them.
    case comparison(Value, String, Value)
    case isOneOf(Value, [Value])
    /// A column of text, and the part that its texts are to hold.
    case holds(Value, Value)
    case isMissing(Value)
}

/// Why a condition holds in no row.
private struct Reason {
    var text: String
    /// The row that comes nearest to it; nil where none does.
    var row: Int?
    var hint: String?
}

extension CheckContext {
    /// The error of a condition that no row of a table meets: which part of it decides, what there is instead, and the row that comes
    /// nearest.
    func noneLeft(_ condition: Value, of table: Table, at span: SourceSpan?) -> Diagnostic {
        let reason = try? reason(condition, table)
        return Diagnostic(
            "bad-data", "expected rows that meet the condition, found none of \(table.count)" + (reason.map { ": \($0.text)" } ?? ""),
            at: span, data: reason?.row.map(table.place) ?? DataPlace(file: table.file), hint: reason?.hint)
    }

    private var source: ComputeContext { ComputeContext(source: TablesAlone(self)) }

    /// The condition row by row: 1, 0, or NaN where it is not known.
    private func mask(_ condition: Value) throws -> [Double] { try source.array(condition).array.values }

    private func reason(_ condition: Value, _ table: Table) throws -> Reason? {
        switch condition.call.flatMap({ self.library.computed($0)?.asks?($0) }) {
        case .all(let sides): return try reason(ofParts: sides.flatMap(parts), table)
        case .any(let sides):
            let reasons = try sides.compactMap { try reason($0, table) }
            guard let first = reasons.first else { return nil }
            return Reason(text: reasons.map(\.text).joined(separator: "; "), row: first.row, hint: first.hint)
        case .not(let inner):
            if case .isMissing(let column)? = inner.call.flatMap({ self.library.computed($0)?.asks?($0) }) {
                return Reason(text: "no row has a value in \(name(column))", hint: "leave the condition out")
            }
            let known = try mask(inner)
            guard known.contains(where: { !$0.isNaN }) else { return Reason(text: "what stands behind `not` is known in no row") }
            let rows = known.contains(where: \.isNaN) ? "every row where it is known" : "every row"
            return Reason(text: "what stands behind `not` holds in \(rows)" + unknown(known))
        case .isMissing(let column): return try reasonOfMissing(column)
        case .isOneOf(let column, let items):
            if column.isColumn { return try reason(ofTexts: column, items.compactMap(\.string)) }
            return try reason(ofNumbers: column, "==", items.compactMap(\.number))
        case .holds(let column, let text): return try reason(ofTexts: column, [text.string ?? ""], isPart: true)
        case .comparison(let a, let operation, let b): return try reason(of: a, operation, b)
        case nil: return nil
        }
    }

    /// The parts that `and` joins.
    private func parts(_ condition: Value) -> [Value] {
        guard case .all(let sides)? = condition.call.flatMap({ self.library.computed($0)?.asks?($0) }) else { return [condition] }
        return sides.flatMap(parts)
    }

    private func reason(ofParts parts: [Value], _ table: Table) throws -> Reason? {
        let masks = try parts.map(mask)
        if let alone = masks.firstIndex(where: { !$0.contains(1) }) { return try reason(parts[alone], table) }
        let met = (0..<table.count).map { row in masks.count { $0.indices.contains(row) && $0[row] == 1 } }
        let most = met.max() ?? 0
        let counts = masks.map { mask in "\(mask.count { $0 == 1 })" }
        return Reason(
            text: "its parts hold in \(joinedByAnd(counts)) rows, and no row meets more than \(most) of \(parts.count)",
            row: met.firstIndex(of: most), hint: "leave out a part, or join them by `or`")
    }

    private func reasonOfMissing(_ column: Value) throws -> Reason {
        let name = name(column)
        let word = column.isColumn ? try source.texts(column).enumerated().first { isMissing($0.element) } : nil
        return Reason(
            text: "every row has a value in \(name)", row: word?.offset,
            hint: word.map { "in a column of text `\($0.element)` is a text: write `\(row(column)) == \(quoted($0.element))`" }
                ?? "leave the condition out: there is nothing to look for")
    }

    private func reason(of left: Value, _ comparison: String, _ right: Value) throws -> Reason? {
        var (a, b, operation) = (left, right, comparison)
        if [a, b].contains(where: \.isColumn) {
            if a.string != nil { (a, b) = (b, a) }
            guard let text = b.string else {
                return Reason(text: "the two are \(operation == "==" ? "the same in no" : "the same in every") row")
            }
            if operation == "==" { return try reason(ofTexts: a, [text]) }
            let known = try source.texts(a).filter { !isBlank($0) }
            return Reason(text: known.isEmpty ? "no row has a value in \(name(a))" : "every \(name(a)) is `\(text)`")
        }
        let mirrored = ["<": ">", "<=": ">=", ">": "<", ">=": "<="]
        let isNumberLeft = try facts(of: a)?.shape == []
        if isNumberLeft { (a, b, operation) = (b, a, mirrored[operation] ?? operation) }
        let (x, y) = (try source.array(a).array.values, try source.array(b).array.values)
        if y.count == 1 { return try reason(ofNumbers: a, operation, y) }
        guard x.count == y.count else { return nil }
        let known = x.indices.filter { !x[$0].isNaN && !y[$0].isNaN }
        guard let nearest = known.min(by: { abs(x[$0] - y[$0]) < abs(x[$1] - y[$1]) }) else {
            return Reason(
                text: "no row has a value on both sides of `\(operation)`", hint: "`missing(...)` is true of rows without a value")
        }
        let rest = known.count < x.count ? ", of \(known.count) that have both" : ""
        return Reason(
            text: "the nearest, \(plain(x[nearest])) and \(plain(y[nearest])), are in this row\(rest)", row: nearest,
            hint: "see whether both sides are meant as they are")
    }

    /// Why no number of a column is as it should be to some others.
    private func reason(ofNumbers column: Value, _ operation: String, _ others: [Double]) throws -> Reason {
        let (array, unit) = try source.array(column)
        let values = array.values
        let name = name(column)
        guard let other = others.first, !other.isNaN else { return Reason(text: "what \(name) is compared with is not known") }
        let known = values.indices.filter { !values[$0].isNaN }
        guard let least = known.map({ values[$0] }).min(), let greatest = known.map({ values[$0] }).max() else {
            return Reason(text: "no row has a value in \(name)", hint: "`missing(\(row(column)))` is true of rows without a value")
        }
        func distance(_ row: Int) -> Double { others.map { abs(values[row] - $0) }.min() ?? 0 }
        let nearest = known.min { distance($0) < distance($1) }
        let suffix = unit.map { " \($0)" } ?? ""
        let range =
            least == greatest
            ? "\(name) is \(plain(least))\(suffix) in all of them"
            : "\(name) is between \(plain(least)) and \(plain(greatest))\(suffix)"
        var text = range + unknown(values)
        var hint = "choose a number that lies between"
        switch operation {
        case "==":
            text += nearest.map { ", and the nearest is \(plain(values[$0]))" } ?? ""
            hint = "give a lower and an upper bound: `\(row(column)) > ... and \(row(column)) < ...`"
        case "!=": hint = "leave the condition out"
        default: if least == greatest { hint = "see whether the number is in the unit of the column" }
        }
        return Reason(text: text, row: nearest, hint: hint)
    }

    /// Why no text of a column is one of some others, or holds the first of them.
    private func reason(ofTexts column: Value, _ wanted: [String], isPart: Bool = false) throws -> Reason {
        let (texts, name) = (try source.texts(column), name(column))
        if !isPart, let blank = wanted.first, isBlank(blank), wanted.count == 1 {
            return Reason(
                text: "no text is the same as an empty one", row: texts.firstIndex(where: isBlank),
                hint: "write `missing(\(row(column)))` for the rows without a value")
        }
        var known: [String] = []
        var seen: Set<String> = []
        for text in texts where !isBlank(text) && seen.insert(text).inserted { known.append(text) }
        guard !known.isEmpty else { return Reason(text: "no row has a value in \(name)") }
        let said = joinedByAnd(wanted.prefix(3).map { "`\($0.prefix(40))`" })
        let text =
            "no \(name) \(isPart ? "holds" : wanted.count == 1 ? "is" : "is one of") \(said)"
            + unknown(texts.map { isBlank($0) ? .nan : 0 })
        let near = wanted.prefix(20).lazy.compactMap { wanted -> String? in
            let lower = wanted.lowercased().filter { !$0.isWhitespace }
            return known.first { text in
                let other = text.lowercased().filter { !$0.isWhitespace }
                return isPart ? other.contains(lower) : other == lower
            } ?? (isPart ? nil : nearMiss(wanted, among: Array(known.prefix(2000))))
        }.first
        let values = joinedByAnd(known.prefix(5).map { "`\($0.prefix(40))`" } + (known.count > 5 ? ["\(known.count - 5) others"] : []))
        return Reason(
            text: text, row: near.flatMap { texts.firstIndex(of: $0) },
            hint: near.map { isPart ? "`\($0.prefix(60))` does but for case and blanks" : "did you mean `\($0.prefix(60))`?" }
                ?? "\(name) has \(values)")
    }

    /// A number as it is written, where it is short.
    private func plain(_ value: Double) -> String { written(value).utf8.count <= 8 ? written(value) : fourDigits(value) }

    /// How many rows are without a value, as the end of a sentence.
    private func unknown(_ values: [Double]) -> String {
        let count = values.count(where: \.isNaN)
        return count == 0 ? "" : " (\(count) of \(values.count) rows \(count == 1 ? "has" : "have") no value)"
    }

    /// A column as messages name it.
    private func name(_ value: Value) -> String { label(value).map { "`\($0)`" } ?? "the side with columns" }

    /// A column as a condition names it.
    private func row(_ value: Value) -> String { "row[\(label(value).map(quoted) ?? "...")]" }

    private func label(_ value: Value) -> String? { value.call.flatMap { self.library.computed($0)?.label?($0) } }
}
