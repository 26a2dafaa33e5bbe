import Diagnostics

/// What is said of a table, or of a column of text, where numbers were asked for.
public struct ColumnRemark: Sendable {
    /// Why the column is none of numbers; nil where the type says enough.
    public var reason: String?
    /// The first cell that is at fault.
    public var place: DataPlace?
    /// What to do about it.
    public var hint: String?

    /// Creates a remark.
    public init(reason: String? = nil, place: DataPlace? = nil, hint: String? = nil) {
        self.reason = reason
        self.place = place
        self.hint = hint
    }
}

extension Evaluator {
    /// A complaint about values that are no numbers, with what the library remarks on the first that is a table or a column of text.
    func remarked(_ complaint: Diagnostic, on values: [Value]) -> Diagnostic {
        guard let remark = values.lazy.compactMap({ self.library.columnRemark?($0, self.context) }).first else { return complaint }
        var result = complaint
        if let reason = remark.reason { result.message += "; \(reason)" }
        result.data = result.data ?? remark.place
        if let hint = remark.hint { result.hints.append(hint) }
        return result
    }

    /// Whether a type takes columns of numbers, or a declared object that has such.
    func takesColumns(_ type: ValueType) -> Bool {
        switch type {
        case .tensor, .number: true
        case .object(let kind): library.kinds[kind]?.hasColumns == true
        case .either, .varying: type.alternatives.contains(where: takesColumns)
        default: false
        }
    }
}
