import Diagnostics
import Language
import Tensors

extension CheckContext {
    /// The type of a column of a table of results, whose rows are known only once it is computed. Throws `unknown-column` and `type`
    /// where the columns are known and this is none of them, or holds no numbers.
    func resultColumn(_ call: Call) throws -> TensorType {
        let name = call["name"].string ?? ""
        guard let table = call["x"].call, let columns = try library.computed(table)?.columns?(table, self) else {
            return TensorType(shape: nil, unit: nil)
        }
        return TensorType(shape: nil, unit: try located(call.span(of: "name")) { try columns[find(name, among: columns)].unit })
    }

    /// The names of the columns of a table of results, where they are known before it is computed; none for other values.
    public func resultColumnNames(of value: Value) -> [String] {
        guard let table = value.call else { return [] }
        return (try? library.computed(table)?.columns?(table, self))?.map(\.header) ?? []
    }
}

extension ComputeContext {
    /// The numbers of a column of a table of results, with their unit; NaN where a cell is empty.
    func resultColumn(_ call: Call) throws -> Computed {
        guard case .table(let table) = try compute(call["x"]) else {
            throw Diagnostic("type", "expected a table, found \(call["x"].phrase)", at: call.span(of: "x"))
        }
        let index = try located(call.span(of: "name")) { try find(call["name"].string ?? "", among: table.columns) }
        let values = table.rows.map { $0.indices.contains(index) ? Double($0[index].exact) ?? .nan : .nan }
        return .array(try NumericArray(shape: [values.count], values: values, precision: .double), unit: table.columns[index].unit)
    }
}

/// The position of the column of numbers of that name. Throws `unknown-column` and `type`.
private func find(_ name: String, among columns: [ResultTable.Column]) throws -> Int {
    // An interval is one column for people, and two of numbers for programs.
    guard let index = columns.firstIndex(where: { $0.header == name && $0.place != .screen }) else {
        let known = columns.filter { $0.place != .screen && $0.isNumeric }.map(\.header)
        let near = nearMiss(name, among: known).map { "did you mean `\($0)`?" }
        throw Diagnostic(
            "unknown-column", "this table has no column `\(name)`", label: near,
            hint: near == nil ? "its columns of numbers are \(known.map { "`\($0)`" }.joined(separator: ", "))" : nil)
    }
    guard columns[index].isNumeric else { throw Diagnostic("type", "the column `\(name)` holds no numbers") }
    return index
}
