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
    if let far = farRows(plan.targets, among: isPossible), !far.rows.isEmpty {
        found.append(
            Diagnostic(
                "odd-rows",
                """
                `\(plan.column)` lies more than \(Int(farFactor)) robust deviations (\(threeDigits(far.deviation))\
                \(plan.unit.map { " \($0)" } ?? "")) from the median in \(far.rows.count) of \(plan.count) rows: \(plan.named(far.rows))
                """,
                severity: .warning, at: span, hint: "see whether they are right: a squared error is mostly theirs"))
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
                hint: "leave them out: `where(row[\"\(odd.reuss)\"] <= row[\"\(odd.voigt)\"])`"))
    }
    if let id = data[field: "id"].string {
        let pairs = try plan.table.idsSpeltTwice(ofID: id)
        if let (first, other) = pairs.first {
            let column = try plan.table.column(id)
            found.append(
                Diagnostic(
                    "odd-rows",
                    """
                    \(pairs.count == 1 ? "two rows have" : "\(pairs.count) pairs of rows have") one id in two spellings: \
                    `\(column.text(first))` and `\(column.text(other))`
                    """,
                    severity: .warning, at: data.span(of: "id"), data: plan.table.place(ofRow: other),
                    hint: "a crystal that stands in two parts makes a score look better than it is"))
        }
    }
    return found
}

/// How many robust deviations from the median make a row one that lies far from all others.
private let farFactor = 15.0

/// The values that a property of a crystal can have, by the name of its column and its unit.
private struct PhysicalBounds {
    var least: Double
    var most: Double
    var unit: String
    var reason: String

    /// Nil for a property of which nothing is known.
    init?(column: String, unit: String?) {
        let name = column.lowercased()
        let words = Set(name.split { !$0.isLetter && !$0.isNumber }.map(String.init))
        func has(_ parts: String...) -> Bool { parts.contains { name.contains($0) } }
        let isModulus = has("modul", "vrh", "voigt", "reuss", "hardness", "bulk", "shear", "young") || !words.isDisjoint(with: ["k", "g"])
        if isSameUnit(unit, "GPa"), isModulus {
            // The stiffest, diamond, has a Young's modulus of 1143 GPa.
            (least, most, reason) = (0, 1500, "which no stable crystal has")
        } else if isSameUnit(unit, "A^3"), has("volume") {
            (least, most, reason) = (0, .infinity, "which no cell has")
        } else if isSameUnit(unit, "g/cm^3") {
            // Osmium has 22.6 g/cm^3.
            (least, most, reason) = (0, 25, "which no crystal has")
        } else if isSameUnit(unit, "eV"), has("gap") {
            (least, most, reason) = (0, 30, "which no crystal has")
        } else if has("poisson") {
            (least, most, reason) = (-1, 0.5, "which no stable solid has that is the same in all directions")
        } else if has("above_hull") || isSameUnit(unit, "K") {
            (least, most, reason) = (0, .infinity, "which cannot be")
        } else {
            return nil
        }
        self.unit = unit.map { " \($0)" } ?? ""
    }

    func contains(_ value: Double) -> Bool { value >= least && value <= most }

    var complaint: String {
        most == .infinity ? "below \(written(least))\(unit)" : "below \(written(least)) or above \(written(most))\(unit)"
    }

    func condition(_ column: String) -> String {
        "row[\"\(column)\"] >= \(written(least))" + (most == .infinity ? "" : " and row[\"\(column)\"] <= \(written(most))")
    }
}

/// The rows that lie far from the median of those that are possible, with the robust deviation (1.4826 times the median distance from the
/// median); nil where that is 0, or where so many lie far that the deviation says nothing.
private func farRows(_ values: [Double], among isPossible: [Bool]) -> (rows: [Int], deviation: Double)? {
    let known = values.indices.filter { isPossible[$0] }.map { values[$0] }
    guard known.count >= 8 else { return nil }
    let center = median(known)
    let deviation = 1.4826 * median(known.map { abs($0 - center) })
    guard deviation > 0 else { return nil }
    let rows = values.indices.filter { isPossible[$0] && abs(values[$0] - center) > farFactor * deviation }
    return rows.count <= max(1, values.count / 20) ? (rows, deviation) : nil
}

private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted.count % 2 == 1 ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
}

/// The rows in which the Reuss average of the target's modulus is above the Voigt average; nil where the table has not both.
private func reussAboveVoigt(_ plan: DatasetPlan) throws -> (reuss: String, voigt: String, rows: [Int])? {
    let family = plan.column.prefix { $0 != "_" }
    for column in plan.table.columns where column.name.contains("reuss") && column.name.hasPrefix(family) {
        let voigt = column.name.replacing("reuss", with: "voigt")
        guard plan.table.columnNames.contains(voigt), let lower = column.numbers, let upper = try plan.table.column(voigt).numbers else {
            continue
        }
        let rows = plan.rows.indices.filter { lower[plan.rows[$0]] > upper[plan.rows[$0]] + 1e-6 * abs(upper[plan.rows[$0]]) }
        return (column.name, voigt, rows)
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
