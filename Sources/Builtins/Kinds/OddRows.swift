import Datasets
import Diagnostics
import Language
import Tensors

/// The warnings about rows whose target no crystal can have, or that lie far from all others, and about ids that are spelt in two ways:
/// said before anything is trained, with the rows and what to do about them.
func oddRows(_ plan: DatasetPlan, _ data: Object) throws -> [Diagnostic] {
    let span = data.span(of: "target")
    var found: [Diagnostic] = []
    let bounds = PhysicalBounds(column: plan.column, unit: plan.unit)
    if let bounds {
        let odd = plan.targets.indices.filter { !bounds.contains(plan.targets[$0]) }
        if !odd.isEmpty {
            found.append(
                Diagnostic(
                    "odd-rows",
                    "`\(plan.column)` is \(bounds.complaint) in \(odd.count) of \(plan.count) rows, \(bounds.reason): \(plan.named(odd))",
                    severity: .warning, at: span, hint: "correct them, or leave them out: `where(\(bounds.condition(plan.column)))`"))
        }
    }
    let isPossible = plan.targets.map { bounds?.contains($0) ?? true }
    if let far = farRows(plan.targets, among: isPossible, unit: plan.unit), !far.rows.isEmpty {
        found.append(
            Diagnostic(
                "odd-rows", "`\(plan.column)` \(far.complaint) \(far.rows.count) of \(plan.count) rows: \(plan.named(far.rows))",
                severity: .warning, at: span,
                hint: far.rows.count > max(1, plan.count / 20)
                    ? "so many are hardly slips: is a unit another, are they two kinds of crystals? a squared error is mostly theirs"
                    : "see whether they are right: a squared error is mostly theirs"))
    }
    if let odd = try reussAboveVoigt(plan), !odd.rows.isEmpty {
        found.append(
            Diagnostic(
                "odd-rows",
                """
                `\(odd.reuss)` is above `\(odd.voigt)` in \(odd.rows.count) of \(plan.count) rows, and Reuss's average is the lower bound: \
                \(plan.ids(odd.rows))
                """,
                severity: .warning, at: span,
                hint: """
                    leave them out, and keep what rounding parts: \
                    `where(row[\(quoted(odd.reuss))] <= row[\(quoted(odd.voigt))] + 0.000001 * abs(row[\(quoted(odd.voigt))]))`
                    """))
    }
    if let id = data[field: "id"].string {
        let pairs = try plan.table.idsSpeltTwice(ofID: id)
        if let first = pairs.first {
            let column = try plan.table.column(id)
            let named = pairs.prefix(5).map { "`\(column.text($0.row).prefix(40))` and `\(column.text($0.other).prefix(40))`" }
            found.append(
                Diagnostic(
                    "odd-rows",
                    "\(pairs.count == 1 ? "two rows have" : "\(pairs.count) pairs of rows have") one id in two spellings: "
                        + named.joined(separator: ", ") + (pairs.count > 5 ? " and \(pairs.count - 5) more" : ""),
                    severity: .warning, at: data.span(of: "id"), data: plan.table.place(ofRow: first.other),
                    hint: "a crystal that stands in two parts makes a score look better than it is"))
        }
    }
    return found
}

/// How many robust deviations from the median make a row one that lies far from all others.
private let farFactor = 15.0

/// The rows whose values lie far from the others.
private struct FarRows {
    var rows: [Int]
    /// What is said of them behind the name of the column.
    var complaint: String
}

/// The rows that lie far from the median of those that are possible, by the robust deviation (1.4826 times the median distance from it);
/// where more than half of the values are the median, by that of the others. Nil for so few rows that it says nothing.
private func farRows(_ values: [Double], among isPossible: [Bool], unit: String?) -> FarRows? {
    let known = values.indices.filter { isPossible[$0] }
    guard known.count >= 8 else { return nil }
    let center = median(known.map { values[$0] })
    let suffix = unit.flatMap { isSameUnit($0, nil) ? nil : " \($0)" } ?? ""
    var deviation = 1.4826 * median(known.map { abs(values[$0] - center) })
    var whose = ""
    if deviation == 0 {
        let others = known.filter { values[$0] != center }
        guard others.count >= 8 else {
            guard others.count * 20 <= known.count else { return nil }
            return FarRows(rows: others, complaint: "is \(threeDigits(center))\(suffix) in all but")
        }
        deviation = 1.4826 * median(others.map { abs(values[$0] - center) })
        whose = " of those that are not \(threeDigits(center))"
    }
    let rows = known.filter { abs(values[$0] - center) > farFactor * deviation }
    return FarRows(
        rows: rows,
        complaint: "lies more than \(Int(farFactor)) robust deviations (\(threeDigits(deviation))\(suffix)\(whose)) from the median in")
}

private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted.count % 2 == 1 ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
}

/// The rows in which the Reuss average of the target's modulus is above the Voigt average; nil where the table has not both.
private func reussAboveVoigt(_ plan: DatasetPlan) throws -> (reuss: String, voigt: String, rows: [Int])? {
    let family = plan.column.prefix { $0 != "_" && $0 != " " }.lowercased()
    for column in plan.table.columns {
        let name = column.name.lowercased()
        guard name.contains("reuss"), name.hasPrefix(family) || plan.column.lowercased() == name.replacing("reuss", with: "voigt") else {
            continue
        }
        let wanted = name.replacing("reuss", with: "voigt")
        guard let voigt = plan.table.columns.first(where: { $0.name.lowercased() == wanted }), isSameUnit(column.unit, voigt.unit),
            let lower = column.numbers, let upper = voigt.numbers
        else { continue }
        // The two are one in a crystal that is the same in all directions, but for rounding.
        let rows = plan.rows.indices.filter { lower[plan.rows[$0]] > upper[plan.rows[$0]] + 1e-6 * abs(upper[plan.rows[$0]]) }
        return (column.name, voigt.name, rows)
    }
    return nil
}

extension DatasetPlan {
    /// The ids of rows with their targets, the first five of them.
    fileprivate func named(_ rows: [Int]) -> String {
        rows.prefix(5).map { "`\(ids[$0])` (\(threeDigits(targets[$0])))" }.joined(separator: ", ") + more(rows)
    }

    /// The ids of rows, the first five of them.
    fileprivate func ids(_ rows: [Int]) -> String {
        rows.prefix(5).map { "`\(ids[$0])`" }.joined(separator: ", ") + more(rows)
    }

    private func more(_ rows: [Int]) -> String { rows.count > 5 ? " and \(rows.count - 5) more" : "" }
}
