import Datasets
import Diagnostics
import Language

/// The column that a new script predicts, and why.
struct TargetChoice {
    var column: Column
    /// Why it was chosen, and how to choose another.
    var reason: String
    /// Whether the logarithm is learned: all are above 0, and the largest is more than ten times the least.
    var isLogarithmic: Bool
    /// Whether some row has none.
    var hasMissing: Bool

    /// The least share of rows that must have a number.
    private static let leastShare = 0.5

    /// Chooses the column that was asked for; else the last one of numbers in a unit, else the last one of numbers with fractions, else
    /// the last of numbers that differ. Throws `new-script`, `unknown-column`.
    init(in table: Table, asked: String?) throws {
        if let asked {
            column = try table.column(asked)
            guard Self.isUsable(column) else {
                throw Diagnostic(
                    "new-script", "expected numbers that differ in the column `\(asked)`, found text, empty cells or one number",
                    data: DataPlace(file: table.file), hint: "name a column of numbers with `--target`")
            }
            reason = "`\(asked)`, as asked"
        } else {
            let usable = table.columns.filter { Self.isUsable($0) && $0.name.isPlainName && !$0.isNamedAsID }
            let named = usable.last(where: \.isNamedAsTarget)
            let withUnit = named == nil ? usable.last { $0.unit != nil } : nil
            guard let found = named ?? withUnit ?? usable.last(where: \.looksMeasured) ?? usable.last else {
                throw Diagnostic(
                    "new-script", "expected a column of numbers to predict, found none in which most rows have a number and two differ",
                    data: DataPlace(file: table.file), hint: "add one to the table")
            }
            column = found
            let why = withUnit != nil ? "of numbers in a unit" : "of numbers with fractions"
            reason =
                named != nil
                ? "`\(found.name)`, by its name"
                : "`\(found.name)`, the last column \(found.looksMeasured || withUnit != nil ? why : "of numbers")"
            reason += "; `--target COLUMN` names another"
        }
        let numbers = (column.numbers ?? []).filter(\.isFinite)
        hasMissing = numbers.count < table.count
        let (least, most) = (numbers.min() ?? 0, numbers.max() ?? 0)
        isLogarithmic = least > 0 && most > 10 * least
        if isLogarithmic { reason += "; its logarithm is learned, since the largest is over ten times the least" }
    }

    private static func isUsable(_ column: Column) -> Bool {
        guard let numbers = column.numbers else { return false }
        let finite = numbers.filter(\.isFinite)
        return Double(finite.count) >= leastShare * Double(numbers.count) && Set(finite).count > 1
    }
}

/// The input of a new script: how it is written, and the network that takes it.
struct NewInput {
    /// The name of the input.
    var name: String
    /// The expression behind the name.
    var expression: String
    /// The shape of an item.
    var shape: [Int]
    /// Columns of the table that it uses.
    var columns: [String] = []
    /// Files a row of which is not there; 0 where each row has one.
    var absent = 0
    /// The word of `ridge` for what it sees.
    var features: String
    /// What was chosen and why.
    var remarks: [String]
}

/// The columns of numbers that a new script takes as inputs.
struct ColumnChoice {
    var input: NewInput

    /// The most columns that are taken.
    private static let most = 12

    /// Chooses the columns of finite numbers that differ. Throws `new-script`.
    init(in table: Table, besides others: [String]) throws {
        let usable = table.columns.filter { column in
            guard !others.contains(column.name), !column.isNamedAsID, !column.name.isEmpty, let numbers = column.numbers else {
                return false
            }
            return numbers.allSatisfy(\.isFinite) && Set(numbers).count > 1
        }
        guard !usable.isEmpty else {
            throw Diagnostic(
                "new-script", "expected a column of numbers to predict from beside the target, found none without empty cells",
                data: DataPlace(file: table.file), hint: "name a folder of files that belong to the rows with `--files`")
        }
        let taken = usable.prefix(Self.most)
        let rows = taken.map { "row[\(quoted($0.name))]" }.joined(separator: ", ")
        let left = usable.count - taken.count
        input = NewInput(
            name: "columns", expression: "columnStack([\(rows)]) |> standardize", shape: [taken.count], columns: taken.map(\.name),
            features: "inputs",
            remarks: [
                "input: \(taken.count == 1 ? "the column" : "the \(taken.count) columns") of numbers without empty cells"
                    + (left > 0 ? ", the first \(Self.most) of \(usable.count)" : "")
            ])
    }
}
