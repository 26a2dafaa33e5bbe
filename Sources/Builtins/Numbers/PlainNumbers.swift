import Diagnostics
import Language
import Tensors

extension Value {
    /// The numbers of a value that is a number or a list of numbers written in the script; nil for others. What is made of them is
    /// known to the check, and is a plain number again.
    var plainNumbers: NumericArray? {
        if let number { return NumericArray(scalar: number) }
        guard let items, items.allSatisfy({ $0.number != nil }) else { return nil }
        return try? NumericArray(shape: [items.count], values: items.compactMap(\.number), precision: .double)
    }
}

/// The value of a call that was worked out of plain numbers: a number, or a list of them. Throws `not-a-number` where one of them is
/// infinite or none.
func plainResult(_ array: NumericArray, of call: Call) throws -> Value {
    guard array.values.allSatisfy(\.isFinite) else {
        throw Diagnostic("not-a-number", "`\(call.builtin)` of this is not a number", at: call.origin.span)
    }
    guard array.shape.rank > 0 else { return .number(array.values.first ?? 0) }
    return .list(array.values.map { ListItem(.number($0)) })
}
