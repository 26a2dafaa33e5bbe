import Diagnostics
import Language
import Tensors

private let operand: ValueType = .either([.number(.any), anyDensity, anyTensor])

/// The arithmetic operators on numbers that are computed later. Their names cannot be written, so a script reaches them through
/// the operators alone.
let operators = Vocabulary([
    arithmetic("+", .add), arithmetic("-", .subtract), arithmetic("*", .multiply), arithmetic("/", .divide), arithmetic("^", .power),
])

private func arithmetic(_ name: String, _ operation: ArrayOperator) -> Word<ComputedWord> {
    Word(
        name, family: "Operators", [Parameter("a", operand, "left"), Parameter("b", operand, "right")], gives: anyTensor,
        "Element by element, with numpy's rules for shapes.", role: .transform,
        check: { call, context in
            guard let a = try context.facts(of: call["a"]), let b = try context.facts(of: call["b"]) else { return .call(call) }
            let type = try type(of: operation, a, b, exponent: call["b"].number)
            if a.tensor.cell != nil, b.tensor.cell != nil { try checkSameCell(a.tensor, b.tensor) }
            return call.typed(type)
        },
        keepsFinite: { call in
            switch operation {
            case .add, .subtract, .multiply: true
            case .divide: call["b"].number.map { $0 != 0 } ?? false
            case .power: false
            }
        },
        computes: { call, context in
            let left = try context.compute(call["a"])
            let right = try context.compute(call["b"])
            let (a, b) = (try left.numbers(), try right.numbers())
            let result = try NumericArray.combine(operation, a.array, b.array)
            let facts = [(a, call["a"]), (b, call["b"])].map { side, value in
                ArrayFacts(tensor: TensorType(shape: side.array.shape.extents, unit: side.unit), isPlain: value.number != nil)
            }
            let unit = try resultUnit(of: operation, facts[0], facts[1], exponent: call["b"].number)
            if case .tensor(let type) = call.type, type.cell != nil {
                for case .density(let density, _) in [left, right] { return .density(try density.replacing(result.values), unit: unit) }
            }
            return .array(result, unit: unit)
        })
}

/// The type of an operator's result. Throws `unit` and `shape` where the sides do not go together.
private func type(of operation: ArrayOperator, _ a: ArrayFacts, _ b: ArrayFacts, exponent: Double?) throws -> TensorType {
    var type = TensorType(shape: nil, unit: try resultUnit(of: operation, a, b, exponent: exponent))
    if let first = a.shape, let second = b.shape { type.shape = try NumericArray.broadcast(Shape(first), Shape(second)).extents }
    type.cell = cell(of: operation, a, b)
    // Two on the grid of one cell have one shape.
    if type.cell != nil, a.tensor.cell != nil, b.tensor.cell != nil { type.shape = type.shape ?? a.shape ?? b.shape }
    // What is still a logarithm was shifted or scaled.
    switch operation {
    case .add, .subtract:
        type.isLogarithm = a.tensor.isLogarithm && (b.tensor.isLogarithm || b.isScalar) || a.isScalar && b.tensor.isLogarithm
    case .multiply: type.isLogarithm = a.tensor.isLogarithm && b.isScalar || a.isScalar && b.tensor.isLogarithm
    case .divide: type.isLogarithm = a.tensor.isLogarithm && b.isScalar
    case .power: break
    }
    // One number, such as the mean of another picture, has no colours to give.
    type.pixels = [a, b].lazy.filter { $0.shape != [] }.compactMap(\.tensor.pixels).first?.withoutRange
    return type
}

/// The cell of an operator's result; nil where it is no density. What is still a density can be cut along lattice planes and
/// integrated; a quotient of two can be cut. A product of two is a tensor.
private func cell(of operation: ArrayOperator, _ a: ArrayFacts, _ b: ArrayFacts) -> PeriodicCell? {
    if let first = a.tensor.cell, let second = b.tensor.cell {
        switch operation {
        case .add, .subtract: return first.joined(with: second)
        case .divide:
            var cell = first.joined(with: second)
            cell.noun = FieldMeaning.other(nil).noun
            return cell
        case .multiply, .power: return nil
        }
    }
    switch operation {
    case .add, .subtract, .multiply: return b.isPlain ? a.tensor.cell : a.isPlain ? b.tensor.cell : nil
    case .divide: return b.isPlain ? a.tensor.cell : nil
    case .power: return nil
    }
}
