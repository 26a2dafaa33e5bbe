import Diagnostics
import Language
import Tensors

private let number: ValueType = .tensor(TensorType(shape: [], unit: nil))
private let axis = Parameter(
    "axis", .optional(.number(.count(0))), .fallback(.none), "the axis that is taken away, counted from 0; all elements where not given")

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// Statistics over all elements, or along an axis.
let statistics = Vocabulary([
    statistic("min", .min, "The smallest element."),
    statistic("max", .max, "The largest element."),
    statistic("mean", .mean, "The mean of the elements."),
    statistic("std", .std, "The population standard deviation of the elements."),
    statistic("sum", .sum, "The sum of the elements."),
    Word(
        "norm", family: "Tensors",
        [
            Parameter("x", anyNumbers, "a list of numbers, a tensor or a density"),
            Parameter("order", .number(.within(1, 1e6)), .fallback(.number(2)), "p: 2 is the Euclidean norm, 1 the sum of absolute values"),
        ],
        gives: number, "The p-norm over all elements.", examples: example("show norm(plane(al, [1, 1, 1]) - plane(al, [1, 1, 0]))"),
        role: .transform,
        check: { call, context in
            if let plain = call["x"].plainNumbers { return try plainResult(.init(scalar: plain.norm(call["order"].number ?? 2)), of: call) }
            return call.typed(TensorType(shape: [], unit: try context.facts(of: call["x"])?.unit))
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            let (array, unit) = try context.array(call["x"])
            return .quantity(try array.norm(context.arguments(of: call).number("order")), unit: unit)
        }),
])

private func statistic(_ name: String, _ reduction: Reduction, _ summary: String) -> Word<ComputedWord> {
    Word(
        name, family: "Tensors", [Parameter("x", anyNumbers, "a list of numbers, a tensor or a density"), axis], gives: number, summary,
        examples: example("show \(name)(al)\nshow \(name)(plane(al, [1, 1, 1], size: [4, 6]), axis: 0)\nshow \(name)([1, 2, 4])"),
        role: .transform,
        check: { call, context in
            if let plain = call["x"].plainNumbers {
                guard plain.count > 0 else { throw Diagnostic("type", "`\(name)` expected at least one element", at: call.span(of: "x")) }
                return try located(call.span(of: "axis")) {
                    try plainResult(plain.reduced(reduction, axis: call["axis"].integer), of: call)
                }
            }
            guard let facts = try context.facts(of: call["x"]) else { return .call(call) }
            var shape: [Int]? = []
            if let axis = call["axis"].integer {
                shape = try located(call.span(of: "axis")) {
                    try facts.shape.map { try NumericArray.reducedShape(Shape($0), axis: axis).extents }
                }
            }
            // The least of logarithms is that of the least, their mean that of the geometric mean; their deviation is none, and no
            // deviation is a brightness.
            if reduction == .std { return call.typed(TensorType(shape: shape, unit: facts.unit)) }
            return call.typed(facts.with(shape: shape, unit: facts.unit))
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let axis = try arguments.optional("axis", arguments.integer)
            let computed = try context.compute(call["x"])
            // The values of a picture are bytes: as numbers they would take eight times the memory.
            if axis == nil, case .picture(let picture) = computed {
                return .array(try NumericArray.reduced(picture.pixels, reduction), unit: nil)
            }
            let (array, unit) = try computed.numbers()
            guard array.count > 0 else { throw Diagnostic("type", "`\(name)` expected at least one element") }
            return .array(try context.known(array, call).reduced(reduction, axis: axis), unit: unit)
        })
}

extension ComputeContext {
    /// The elements of an array that is made of columns of a table without those of rows where one of these holds no value, with a
    /// warning that counts them. What the arithmetic itself made no number of stays, so that the result is none either.
    fileprivate func known(_ array: NumericArray, _ call: Call) throws -> NumericArray {
        guard array.shape.extents.count == 1, array.values.contains(where: \.isNaN) else { return array }
        let columns = try library.columns(in: call["x"]).map { try self.array($0).array.values }.filter { $0.count == array.count }
        let left = array.values.indices.filter { row in !columns.contains { $0[row].isNaN } }
        let count = array.count - left.count
        guard count > 0 else { return array }
        results.warn(
            Diagnostic(
                "no-value",
                "\(left.isEmpty ? "none" : "\(left.count)") of \(array.count) rows \(left.count < 2 ? "has" : "have") a value: "
                    + (left.isEmpty
                        ? "there is no `\(call.builtin)` of them"
                        : "`\(call.builtin)` is that of these, and passes over the other\(count == 1 ? "" : " \(count)")"),
                severity: .warning, at: call.origin.span, hint: "without this warning: `where(not missing(row[\"name\"]))` first"))
        guard !left.isEmpty else { return array }
        return try NumericArray(shape: [left.count], values: left.map { array.values[$0] }, precision: array.precision)
    }
}

extension Library {
    /// The columns of tables that arithmetic is made of; none of what is made of something else.
    fileprivate func columns(in value: Value) -> [Value] {
        var found: [Value] = []
        value.descend { part in
            guard let call = part.call else { return .past }
            if call["x"].call.map(givesRows) ?? false {
                found.append(part)
                return .past
            }
            if case .transform = role(of: call) { return .inside }
            return .past
        }
        return found
    }
}
