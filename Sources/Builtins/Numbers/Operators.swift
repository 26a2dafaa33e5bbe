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
            if let first = a.tensor.cell, let second = b.tensor.cell {
                try checkSameCell(a.tensor, b.tensor)
                try checkSamePlace(first, second)
                context.warnOfOtherCell(a.tensor, b.tensor, call)
            }
            var type = try type(of: operation, a, b, exponent: call["b"].number)
            type.cut = cut(of: operation, (call["a"], a), (call["b"], b))
            return call.typed(type)
        },
        keepsFinite: { call in
            switch operation {
            case .add, .subtract, .multiply: true
            case .divide: call["b"].number.map { $0 != 0 } ?? false
            case .power: false
            }
        }, takesRowsAlone: true,
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
                let densities = [left, right].compactMap { if case .density(let density, _) = $0 { density } else { nil } }
                if let density = densities.first {
                    return .density(try density.replacing(result.values, charges: densities.count == 1), unit: unit)
                }
            }
            if case .tensor(let type) = call.type, type.cut != nil {
                switch (left, right) {
                case (.cut(_, _, let plane), .cut(_, _, let other)) where plane.isSamePlace(as: other): fallthrough
                case (.cut(_, _, let plane), .array): return .cut(result, unit: unit, plane: plane)
                case (.array, .cut(_, _, let plane)): return .cut(result, unit: unit, plane: plane)
                default: break
                }
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

/// The cell of an operator's result: that of its sides, where both are on the grid of one cell, or one is a single number; nil for others.
/// What is still a density is called so; a quotient is a field. A product of two and a power are tensors, one layer of the grid after
/// the other, as they were when networks first learned from them.
private func cell(of operation: ArrayOperator, _ a: ArrayFacts, _ b: ArrayFacts) -> PeriodicCell? {
    if operation == .power || operation == .multiply && a.tensor.cell != nil && b.tensor.cell != nil { return nil }
    if operation == .divide, a.tensor.cell == nil { return nil }
    return combined(operation, (a, a.tensor.cell), (b, b.tensor.cell))
}

/// The cell that an operator's result lies in or is a plane through, by those of its sides.
private func combined(
    _ operation: ArrayOperator, _ a: (facts: ArrayFacts, cell: PeriodicCell?), _ b: (facts: ArrayFacts, cell: PeriodicCell?)
) -> PeriodicCell? {
    switch (a.cell, b.cell) {
    case (let first?, let second?):
        let cell = first.joined(with: second)
        return operation == .add || operation == .subtract ? cell : cell.asField
    case (let cell?, nil):
        guard b.facts.isPlain || b.facts.shape == [] else { return nil }
        return operation == .power || operation != .add && operation != .subtract && b.facts.unit != nil ? cell.asField : cell
    case (nil, let cell?):
        guard a.facts.isPlain || a.facts.shape == [] else { return nil }
        return operation == .power || operation == .divide || operation == .multiply && a.facts.unit != nil ? cell.asField : cell
    case (nil, nil): return nil
    }
}

/// The cell that an operator's result is a plane through: of two cuts made alike of one cell, or of one and a single number; nil for
/// others.
private func cut(
    of operation: ArrayOperator, _ a: (value: Value, facts: ArrayFacts), _ b: (value: Value, facts: ArrayFacts)
) -> PeriodicCell? {
    if let first = a.facts.tensor.cut, let second = b.facts.tensor.cut {
        guard first.isAlike(second), let one = cutting(a.value), one == cutting(b.value) else { return nil }
    }
    return combined(operation, (a.facts, a.facts.tensor.cut), (b.facts, b.facts.tensor.cut))
}

/// The call that cut a density, without the density itself; nil where a value is no plane. Of operators that of a side.
private func cutting(_ value: Value) -> Call? {
    guard var call = value.call, value.cut != nil else { return nil }
    guard call.arguments["density"] != nil else { return value.children.lazy.compactMap(cutting).first }
    call.arguments["density"] = nil
    call.origin = Origin()
    return call
}
