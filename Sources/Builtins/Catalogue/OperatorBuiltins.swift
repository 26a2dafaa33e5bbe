import Diagnostics
import Language
import Tensors

private let operand: ValueType = .either([.number(.any), .sort("density"), .tensor(TensorType(shape: nil, unit: nil))])
private let field: ValueType = .either([.sort("density"), .tensor(TensorType(shape: nil, unit: nil))])
private let numbers: ValueType = .tensor(TensorType(shape: nil, unit: nil))

/// What operators and brackets mean for numbers that are computed later. Their names cannot be written, so a script
/// reaches them through the operators alone.
let operatorBuiltins: [Builtin] = ["+", "-", "*", "/", "^"].map { name in
    Builtin(
        name, family: "Operators", [Parameter("a", operand, "left"), Parameter("b", operand, "right")], gives: numbers,
        "Element by element, with numpy's rules for shapes.", check: checkOperator)
} + [
    Builtin(
        "[]", family: "Operators", [Parameter("x", field, "a tensor"), Parameter("at", .list(.any, count: nil), "positions and slices")], gives: numbers,
        "A part of a tensor.", check: checkSlice),
    Builtin(
        "[name]", family: "Operators",
        [Parameter("x", .either([.sort("table"), .object("dataset")]), "a table or a data set"), Parameter("name", .text, "a column of numbers")], gives: numbers,
        "A column of a table, or of the rows of a data set in its order.", check: checkColumn),
]

@Sendable private func checkOperator(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let a = try context.facts(of: call["a"]), let b = try context.facts(of: call["b"]) else { return .call(call) }
    var facts = ArrayFacts()
    facts.unit = try resultUnit(of: call.builtin, a, b, exponent: call["b"].number)
    if let first = a.shape, let second = b.shape {
        facts.shape = try NumericArray.broadcast(Shape(first), Shape(second)).extents
    }
    if a.isDensity, b.isDensity { try context.checkSameCell(call["a"], call["b"]) }
    // What is still a density can be cut along lattice planes and integrated; a product of two cannot.
    switch call.builtin {
    case "+", "-": facts.isDensity = a.isDensity && (b.isDensity || b.isPlain) || a.isPlain && b.isDensity
    case "*": facts.isDensity = a.isDensity && b.isPlain || a.isPlain && b.isDensity
    case "/": facts.isDensity = a.isDensity && b.isPlain
    default: break
    }
    switch call.builtin {
    case "+", "-": facts.isLogarithm = a.isLogarithm && (b.isLogarithm || b.isScalar) || a.isScalar && b.isLogarithm
    case "*": facts.isLogarithm = a.isLogarithm && b.isScalar || a.isScalar && b.isLogarithm
    case "/": facts.isLogarithm = a.isLogarithm && b.isScalar
    default: break
    }
    var result = call
    result.type = facts.type
    return .call(result)
}

/// The slices of a `[]` call on a tensor of that shape.
func axisSlices(_ places: Value, shape: [Int]) throws -> [AxisSlice] {
    let items = places.items ?? []
    guard items.count <= shape.count else {
        throw Diagnostic("out-of-range", "a tensor of shape \(shape.asShape) takes at most \(shape.count) positions, found \(items.count)")
    }
    return try zip(items, shape).map { item, extent in
        if let position = item.integer { return .at(position) }
        guard let ends = item.items, ends.count == 2 else { throw Diagnostic("type", "expected a position or a slice, found \(item.phrase)") }
        return .range(ends[0].integer ?? 0, ends[1].integer ?? extent)
    }
}

@Sendable private func checkSlice(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let facts = try context.facts(of: call["x"]) else { return .call(call) }
    var shape: [Int]?
    if let known = facts.shape {
        shape = try located(call.span(of: "at")) { try NumericArray.slicedShape(Shape(known), axisSlices(call["at"], shape: known)).extents }
    }
    var result = call
    result.type = .tensor(TensorType(shape: shape, unit: facts.unit, isLogarithm: facts.isLogarithm))
    return .call(result)
}

@Sendable private func checkColumn(_ call: Call, _ context: CheckContext) throws -> Value {
    let column = try context.column(call)
    var result = call
    result.type = .tensor(TensorType(shape: [column.values.count], unit: column.unit))
    return .call(result)
}

extension CheckContext {
    /// The numbers of a `[name]` call and their unit; NaN where a cell is empty.
    public func column(_ call: Call) throws -> (values: [Double], unit: String?) {
        let name = call["name"].string ?? ""
        let plan = try call["x"].object.map { try self.plan(of: $0) }
        let table = try plan?.table ?? call["x"].call.map { try self.table($0) }
        guard let table else { throw Diagnostic("type", "expected a table, found \(call["x"].phrase)", at: call.span(of: "x")) }
        let column = try located(call.span(of: "name")) { try table.column(name) }
        guard let numbers = column.numbers else {
            throw Diagnostic("type", "expected a column of numbers, found text in `\(name)`", at: call.span(of: "name"))
        }
        guard let plan else { return (numbers, column.unit) }
        return (plan.rows.map { numbers[$0] }, name == plan.column ? plan.unit : column.unit)
    }
}
