import Diagnostics

/// How a column's numbers come from those of another: the way in which the names of files tell a target.
///
/// What a network reads is the contents of files, not their names. A name matters where files were made, or are chosen, by the
/// target, and numbers that are computed from the target show that: the same, rounded, or shifted and scaled ones. An order that
/// agrees does not show it. A table that was sorted by its target has serial numbers in the order of the target, whatever the files
/// hold, and a new row gets one before its target is known. So rank correlation is not looked at, and columns that may be serial
/// numbers (all different, evenly spaced) are never copies: beside an evenly spaced target they would be scaled ones by nature.
enum NearCopy: Hashable {
    case equal, rounded, scaled, logarithm

    /// The least number of rows, and of different numbers in them, that chance is not believed in.
    private static let (rows, different) = (8, 3)

    /// Compares the numbers of a column with those of a target, row by row. nil where they are not computed from them.
    init?(_ copy: [Double], of target: [Double]) {
        let values = Set(copy).sorted()
        guard copy.count == target.count, copy.count >= Self.rows, values.count >= Self.different,
            (copy + target).allSatisfy({ $0.magnitude < 1e300 }), !Self.isSerial(values, of: copy.count)
        else { return nil }
        if copy == target {
            self = .equal
        } else if Self.isRounded(copy, target) {
            self = .rounded
        } else if Self.isScaled(copy, target) {
            self = .scaled
        } else if target.allSatisfy({ $0 > 0 }), Self.isScaled(copy, target.map { naturalLogarithm($0) }) {
            self = .logarithm
        } else {
            return nil
        }
    }

    /// What the column is, before the name of the target.
    var phrase: String {
        switch self {
        case .equal: "holds the numbers of"
        case .rounded: "holds the rounded numbers of"
        case .scaled: "holds the numbers, shifted and scaled, of"
        case .logarithm: "holds the logarithms of"
        }
    }

    /// Whether different numbers in rising order may be serial ones of so many rows.
    private static func isSerial(_ values: [Double], of rows: Int) -> Bool {
        guard values.count == rows, let first = values.first, let last = values.last else { return false }
        let step = (last - first) / Double(rows - 1)
        return zip(values, values.dropFirst()).allSatisfy { abs($1 - $0 - step) <= 1e-6 * step }
    }

    /// Whether the numbers lie on a decimal grid, each within a step of the target, and all on the same side of it or about it.
    private static func isRounded(_ copy: [Double], _ target: [Double]) -> Bool {
        // The coarsest grid that holds all of them is the one they were rounded to.
        let step = (-12...12).lazy.map { exactPower($0) }.first { step in
            copy.allSatisfy { abs(($0 / step).rounded() * step - $0) <= 1e-9 * abs($0) }
        }
        guard let step else { return false }
        let apart = zip(copy, target).map { $1 - $0 }
        guard let least = apart.min(), let most = apart.max() else { return false }
        return max(abs(least), abs(most)) <= step * (1 + 1e-6) && most - least <= step * (1 + 1e-6)
    }

    /// 10 to the power of minus `digits`.
    private static func exactPower(_ digits: Int) -> Double {
        let power = (0..<abs(digits)).reduce(1.0) { product, _ in product * 10 }
        return digits < 0 ? power : 1 / power
    }

    /// Whether the numbers lie on a straight line over the target, to a thousandth of their range.
    private static func isScaled(_ copy: [Double], _ target: [Double]) -> Bool {
        guard let low = target.indices.min(by: { target[$0] < target[$1] }), let high = target.indices.max(by: { target[$0] < target[$1] }),
            target[high] > target[low]
        else { return false }
        let slope = (copy[high] - copy[low]) / (target[high] - target[low])
        guard slope.isFinite, slope != 0 else { return false }
        let tolerance = 1e-3 * abs(copy[high] - copy[low])
        return zip(copy, target).allSatisfy { abs(copy[low] + slope * ($1 - target[low]) - $0) <= tolerance }
    }
}
