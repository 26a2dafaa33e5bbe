import Diagnostics
import Language
import Tensors

private let operand: ValueType = .either([.number(.any), .sort("density"), anyTensor])

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
            var result = call
            result.type = try facts(of: operation, a, b, exponent: call["b"].number).type
            if a.isDensity, b.isDensity { try context.checkSameCell(call["a"], call["b"]) }
            return .call(result)
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
            if case .sort("density") = call.type {
                for case .density(let density) in [left, right] { return .density(try density.replacing(result.values)) }
            }
            let facts = [(a, call["a"]), (b, call["b"])].map { side, value in
                ArrayFacts(tensor: TensorType(shape: side.array.shape.extents, unit: side.unit), isPlain: value.number != nil)
            }
            return .array(result, unit: try resultUnit(of: operation, facts[0], facts[1], exponent: call["b"].number))
        })
}

/// The facts known of an operator's result. Throws `unit` and `shape` where the sides do not go together.
private func facts(of operation: ArrayOperator, _ a: ArrayFacts, _ b: ArrayFacts, exponent: Double?) throws -> ArrayFacts {
    var facts = ArrayFacts(tensor: TensorType(shape: nil, unit: try resultUnit(of: operation, a, b, exponent: exponent)))
    if let first = a.shape, let second = b.shape {
        facts.tensor.shape = try NumericArray.broadcast(Shape(first), Shape(second)).extents
    }
    // What is still a density can be cut along lattice planes and integrated; a product of two cannot. What is still a
    // logarithm was shifted or scaled.
    switch operation {
    case .add, .subtract:
        facts.isDensity = a.isDensity && (b.isDensity || b.isPlain) || a.isPlain && b.isDensity
        facts.tensor.isLogarithm = a.tensor.isLogarithm && (b.tensor.isLogarithm || b.isScalar) || a.isScalar && b.tensor.isLogarithm
    case .multiply:
        facts.isDensity = a.isDensity && b.isPlain || a.isPlain && b.isDensity
        facts.tensor.isLogarithm = a.tensor.isLogarithm && b.isScalar || a.isScalar && b.tensor.isLogarithm
    case .divide:
        facts.isDensity = a.isDensity && b.isPlain
        facts.tensor.isLogarithm = a.tensor.isLogarithm && b.isScalar
    case .power: break
    }
    // One number, such as the mean of another picture, has no colours to give.
    facts.tensor.pixels = [a, b].lazy.filter { $0.shape != [] }.compactMap(\.tensor.pixels).first?.withoutRange
    return facts
}
