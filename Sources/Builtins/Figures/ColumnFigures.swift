import Datasets
import Diagnostics
import Language
import Plotting
import Tensors

private let values: ValueType = .either([.text, anyTensor])
private let source = Parameter(
    "of", .optional(.object("dataset")), .fallback(.none), "the data set whose columns are named; leave it out to draw tensors")
private let xlabel = Parameter(
    "xlabel", .optional(.text), .fallback(.none), "what the horizontal axis is called; its unit is put behind it")
private let ylabel = Parameter("ylabel", .optional(.text), .fallback(.none), "what the vertical axis is called")

/// The figures `scatter` and `line`: one column of numbers against another.
let columnFigures = Vocabulary([
    Word(
        "scatter", family: "Figures",
        [
            source, Parameter("x", values, "a column of numbers, or a tensor"),
            Parameter("y", values, "a column of numbers, or a tensor of as many elements"),
            Parameter("xscale", .word(["linear", "log"]), .fallback(.word("linear")), "of the horizontal axis"),
            Parameter("yscale", .word(["linear", "log"]), .fallback(.word("linear")), "of the vertical axis"),
            xlabel, ylabel,
        ],
        gives: .sort(.figure), "One column of a data set against another, or one tensor against another.",
        examples: [Example("plot scatter(crystals, x: \"volume\", y: \"k_vrh\", yscale: log) to \"out/volumes.svg\"", with: .crystals)],
        check: checkColumns(["x", "y"]), computes: { call, context in .figure(try context.columns(call, isLine: false)) }),
    Word(
        "line", family: "Figures",
        [
            source, Parameter("x", values, "a column of numbers, or a tensor"),
            Parameter("y", values, "a column of numbers, or a tensor of as many elements"),
            xlabel, ylabel,
        ],
        gives: .sort(.figure), "One column of a data set, or one tensor, against another, joined in the order of the first.",
        examples: [Example("plot line(crystals, x: \"volume\", y: \"density\") to \"out/densities.svg\"", with: .crystals)],
        check: checkColumns(["x", "y"]), computes: { call, context in .figure(try context.columns(call, isLine: true)) }),
])

/// A check that what is drawn is there: columns of numbers of the data set `of`, or tensors of as many elements.
func checkColumns(_ names: [String]) -> @Sendable (Call, CheckContext) throws -> Value {
    { call, context in
        guard let data = call["of"].object else {
            if names == ["column"] {
                guard call["column"].isNone else {
                    throw Diagnostic("type", "`column` belongs to a data set, found \(call["of"].phrase)", at: call.span(of: "column"))
                }
                return .call(call)
            }
            var counts: [Int] = []
            for name in names {
                guard call[name].string == nil else {
                    throw Diagnostic(
                        "missing-argument", "a column needs the data set it is of", at: call.span(of: name),
                        hint: "write `\(call.builtin)(crystals, ...)`, or give tensors")
                }
                if let shape = try context.facts(of: call[name])?.shape { counts.append(shape.reduce(1, *)) }
            }
            if let first = counts.first, let other = counts.first(where: { $0 != first }) {
                throw Diagnostic(
                    "shape", "`\(call.builtin)` expected tensors of as many elements, found \(first) and \(other)", at: call.origin.span)
            }
            return .call(call)
        }
        let table = try context.plan(of: data).table
        for name in names {
            guard let wanted = call[name].string else {
                throw Diagnostic(
                    "type", "`\(name)` expected a column of `\(data.label ?? "the data set")` in quotes, found \(call[name].phrase)",
                    at: call.span(of: name) ?? call.origin.span)
            }
            let column = try located(call.span(of: name)) { try table.column(wanted) }
            guard column.isNumeric else {
                throw Diagnostic("type", "`\(name)` expected a column of numbers, found text in `\(column.name)`", at: call.span(of: name))
            }
        }
        return .call(call)
    }
}

extension ComputeContext {
    /// The figure of a `scatter` or `line` call.
    fileprivate func columns(_ call: Call, isLine: Bool) throws -> Figure {
        var (x, xs) = try values(call, "x")
        var (y, ys) = try values(call, "y")
        if call["xscale"].word == "log" { x.scale = .logarithmic }
        if call["yscale"].word == "log" { y.scale = .logarithmic }
        if let label = call["xlabel"].string { x.label = label }
        if let label = call["ylabel"].string { y.label = label }
        let points = zip(xs, ys).map { Point($0, $1) }
        if isLine { return .line([Series("", points.sorted { $0.x < $1.x })], x: x, y: y) }
        return .scatter([Series("", points)], x: x, y: y)
    }

    /// The numbers to draw, with their axis: a column of the data set `of`, or the elements of a tensor.
    func values(_ call: Call, _ name: String) throws -> (Axis, [Double]) {
        guard let wanted = call[name].string, let data = call["of"].object else {
            let value = call[name]
            let (array, unit) = try array(value)
            // A column of a table has a name to show.
            let column = value.call.flatMap { library.computed($0)?.label?($0) }
            return (Axis(column.map { quantityName($0, unit: unit) } ?? (name == "of" ? "value" : name), unit: unit), array.values)
        }
        let plan = try results.plan(of: data)
        let column = try located(call.span(of: name)) { try plan.table.column(wanted) }
        guard let numbers = column.numbers else {
            throw Diagnostic("type", "`\(name)` expected a column of numbers", at: call.span(of: name))
        }
        let unit = column.name == plan.column ? plan.unit : column.unit
        return (Axis(quantityName(column.name, unit: unit), unit: unit), plan.rows.map { numbers[$0] })
    }
}
