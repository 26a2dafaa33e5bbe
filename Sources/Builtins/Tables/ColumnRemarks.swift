import Datasets
import Diagnostics
import Language

/// What is said of a table, or of a column of text, where numbers were asked for: which cell is no number and how it is written so that
/// it is one, or how a column of the table is named.
@Sendable func columnRemark(on value: Value, _ context: CheckContext) -> ColumnRemark? {
    guard let call = value.call else { return nil }
    switch call.type {
    case .sort(.table):
        let table = context.library.givesRows(call) ? try? context.table(call) : nil
        let name = table?.columns.first { $0.isNumeric }?.name ?? "name"
        return ColumnRemark(hint: "take a column of it by its name in brackets, as in `t[\(quoted(name))]`")
    case .sort(.texts):
        guard let fault = context.textForNumber(in: call) else { return nil }
        return ColumnRemark(reason: fault.reason, place: fault.place, hint: fault.hint)
    default: return nil
    }
}

extension CheckContext {
    /// What keeps the column of a `[name]` call from being one of numbers; nil for another call, and where nothing does.
    func textForNumber(in call: Call) -> TextForNumber? {
        guard let (column, table) = try? columnAndTable(call) else { return nil }
        return table.textForNumber(in: column)
    }

    /// The column that a `[name]` call names, with the table it is of. Throws `type` for another call.
    func columnAndTable(_ call: Call) throws -> (column: Column, table: Table) {
        let table = try call["x"].object.map { try self.plan(of: $0).table } ?? rows(call["x"])
        return (try table.column(call["name"].string ?? ""), table)
    }
}

extension Table {
    /// The error of a column that is one of text where numbers were asked for.
    func notNumbers(_ subject: String, _ column: Column, at span: SourceSpan?) -> Diagnostic {
        let fault = textForNumber(in: column)
        return Diagnostic(
            "type", "\(subject) expected a column of numbers, found text in `\(column.name)`" + (fault.map { "; \($0.reason)" } ?? ""),
            at: span, data: fault?.place, hint: fault?.hint)
    }
}
