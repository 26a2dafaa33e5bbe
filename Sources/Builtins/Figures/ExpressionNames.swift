import Diagnostics
import Language

/// What numbers are called that are made of columns by operators and functions, as they are written: `log(bulk modulus)`, `K * 2`. Nil
/// where no column is in them, where something else is, and where it would be too long for an axis.
func quantityName(of value: Value, _ library: Library) -> String? {
    guard let found = ColumnExpression(value, library), found.hasColumn, found.text.count <= 60 else { return nil }
    return found.text
}

/// How tightly operators bind, and what their sides need at least to stand without parentheses.
private let strengths: [String: (operator: Int, left: Int, right: Int)] = [
    "+": (1, 1, 1), "-": (1, 1, 2), "*": (2, 2, 2), "/": (2, 2, 3), "^": (3, 4, 4),
]

/// The text of what is made of columns.
private struct ColumnExpression {
    var text: String
    var hasColumn: Bool
    /// How tightly its operator binds: 4 for what needs no parentheses.
    var strength = 4

    init?(_ value: Value, _ library: Library) {
        if let number = value.number {
            (text, hasColumn, strength) = (written(number), false, number < 0 ? 0 : 4)
            return
        }
        guard let call = value.call else { return nil }
        if let label = library.computed(call)?.label?(call) {
            var unit: String?
            if case .tensor(let type) = call.type { unit = type.unit }
            (text, hasColumn) = (quantityName(label, unit: unit), true)
            return
        }
        if let a = call.arguments["a"]?.value, let b = call.arguments["b"]?.value {
            guard let own = strengths[call.builtin], let left = ColumnExpression(a, library), let right = ColumnExpression(b, library)
            else { return nil }
            hasColumn = left.hasColumn || right.hasColumn
            strength = own.operator
            let first = a.number == nil ? left.inside(own.left) : left.text
            text = "\(first) \(call.builtin) \(right.inside(own.right))"
            return
        }
        // A function of one argument, with nothing else said.
        guard call.builtin.first?.isLetter == true, let inner = call.arguments["x"]?.value, let known = library.builtins[call.builtin],
            call.arguments.allSatisfy({ name, field in name == "x" || known.parameters.first { $0.name == name }?.fallback == field.value }
            ),
            let found = ColumnExpression(inner, library)
        else { return nil }
        (text, hasColumn) = ("\(call.builtin)(\(found.text))", found.hasColumn)
    }

    /// The text inside an operator that needs at least this strength.
    private func inside(_ least: Int) -> String { strength < least ? "(\(text))" : text }
}
