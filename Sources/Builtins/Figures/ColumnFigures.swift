import Datasets
import Diagnostics
import Language
import Plotting
import Tensors

private let values: ValueType = .either([.text, anyTensor])
private let source = Parameter(
    "of", .optional(.object("dataset")), .fallback(.none), "the data set whose columns are named; leave it out to draw tensors",
    advice: "name what is drawn, as in `x: p.position, y: p.value`; `lines({ name: p })` draws a whole profile p")
private let x = Parameter("x", values, "a column of numbers, or a tensor")
private let y = Parameter(
    "y", .either([.text, anyTensor, .list(values, count: nil)]),
    "a column of numbers, or a tensor of as many elements; a list of them is drawn as several series")
private let xlabel = Parameter(
    "xlabel", .optional(.text), .fallback(.none), "what the horizontal axis is called; its unit is put behind it")
private let ylabel = Parameter("ylabel", .optional(.text), .fallback(.none), "what the vertical axis is called")
private let errors = [
    Parameter("xerror", .optional(values), .fallback(.none), "how far the error bar of each point goes either way along x"),
    Parameter(
        "yerror", .either([.none, .text, anyTensor, .list(values, count: nil)]), .fallback(.none),
        "how far that along y goes; a list has one for each series"),
]
private let withoutErrors: [String: Value] = ["xerror": .none, "yerror": .none]

/// The figures `scatter` and `line`: one column of numbers against another.
let columnFigures = Vocabulary([
    figureWord(
        "scatter",
        [
            source, x, y,
            Parameter("xscale", .word(axisScales), .fallback(.word("linear")), "of the horizontal axis"),
            Parameter("yscale", .word(axisScales), .fallback(.word("linear")), "of the vertical axis"),
            xlabel, ylabel,
            Parameter(
                "by", .either([.none, .text, anyTensor, .sort(.texts)]), .fallback(.none),
                "what the points are told apart by in colour: a column of the data set, or one of as many rows; numbers in five ranges"),
        ] + errors, options: .panel, "One column of a data set against another, or one tensor against another.",
        examples: [Example("plot scatter(crystals, x: \"volume\", y: \"k_vrh\", yscale: log) to \"out/volumes.svg\"", with: .crystals)],
        later: withoutErrors.merging(["by": .none]) { $1 }, check: checkScatter,
        draws: { call, context in try context.columns(call, isLine: false) }),
    figureWord(
        "line", [source, x, y, xlabel, ylabel] + errors, options: .panel,
        "One column of a data set, or one tensor, against another, joined in the order of the first.",
        examples: [Example("plot line(crystals, x: \"volume\", y: \"density\") to \"out/densities.svg\"", with: .crystals)],
        later: withoutErrors, check: checkSeries, draws: { call, context in try context.columns(call, isLine: true) }),
])

/// Checks what `scatter` draws; see `checkSeries`. Throws `type` for several series that are to be told apart in colour too.
@Sendable private func checkScatter(_ call: Call, _ context: CheckContext) throws -> Value {
    if !call["by"].isNone {
        guard call["y"].items == nil, call["xerror"].isNone, call["yerror"].isNone else {
            throw Diagnostic("type", "`by` tells the points of one series without error bars apart", at: call.span(of: "by"))
        }
        try checkGroups(call, context)
    }
    return try checkSeries(call, context)
}

/// Checks what `scatter` and `line` draw: see `checkColumns`; series that share an axis have one unit. Throws `type`, `shape`, `unit`,
/// `unknown-column`.
@Sendable private func checkSeries(_ call: Call, _ context: CheckContext) throws -> Value {
    let counts = ["y", "yerror"].map { call[$0].items?.count }
    if let none = counts.firstIndex(of: 0) {
        throw Diagnostic("type", "expected at least one series, found an empty list", at: call.span(of: none == 0 ? "y" : "yerror"))
    }
    if !call["yerror"].isNone, counts[1] ?? 1 != counts[0] ?? 1 {
        throw Diagnostic(
            "shape", "`yerror` expected as many as there are series, \(counts[0] ?? 1), found \(counts[1] ?? 1)",
            at: call.span(of: "yerror"))
    }
    for (name, axis) in [("xerror", "x"), ("yerror", "y"), ("y", "y")] where !call[name].isNone {
        let units = try (call.parts(name) + call.parts(axis)).compactMap { try context.unit(of: $0, in: call) }
        if let first = units.first, let other = units.first(where: { !isSameUnit($0, first) }) {
            throw Diagnostic(
                "unit", "what is drawn along one axis expected one unit, found \(first) and \(other)", at: call.span(of: name))
        }
    }
    return try checkColumns(["x", "y", "xerror", "yerror"].filter { !call[$0].isNone })(call, context)
}

extension Call {
    /// The columns or tensors in an argument: the items of a list, else the one there is.
    func parts(_ name: String) -> [Value] { self[name].items ?? [self[name]] }
}

extension CheckContext {
    /// The unit of a column of the data set `of`, or of a tensor; nil where it has none.
    fileprivate func unit(of value: Value, in call: Call) throws -> String? {
        guard let wanted = value.string else { return try facts(of: value)?.unit }
        guard let data = call["of"].object else { return nil }
        let plan = try plan(of: data)
        return wanted == plan.column ? plan.unit : try? plan.table.column(wanted).unit
    }
}

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
                for part in call.parts(name) {
                    guard part.string == nil else {
                        throw Diagnostic(
                            "missing-argument", "a column needs the data set it is of", at: call.span(of: name),
                            hint: "write `\(call.builtin)(crystals, ...)`, or give tensors")
                    }
                    if let shape = try context.facts(of: part)?.shape { counts.append(shape.reduce(1, *)) }
                }
            }
            if let first = counts.first, let other = counts.first(where: { $0 != first }) {
                throw Diagnostic(
                    "shape", "`\(call.builtin)` expected tensors of as many elements, found \(first) and \(other)", at: call.origin.span)
            }
            return .call(call)
        }
        let table = try context.plan(of: data).table
        for name in names {
            for part in call.parts(name) {
                guard let wanted = part.string else {
                    throw Diagnostic(
                        "type", "`\(name)` expected a column of `\(data.label ?? "the data set")` in quotes, found \(part.phrase)",
                        at: call.span(of: name) ?? call.origin.span)
                }
                let column = try located(call.span(of: name)) { try table.column(wanted) }
                guard column.isNumeric else { throw table.notNumbers("`\(name)`", column, at: call.span(of: name)) }
            }
        }
        return .call(call)
    }
}

extension ComputeContext {
    /// The figure of a `scatter` or `line` call.
    fileprivate func columns(_ call: Call, isLine: Bool) throws -> Figure {
        let (x, xs) = try values(call, "x")
        let parts = call.parts("y")
        let drawn = try parts.map { try values($0, of: call, "y", isAlone: parts.count == 1) }
        let xErrors = call["xerror"].isNone ? nil : try values(call, "xerror").1
        let yErrors = call["yerror"].isNone ? [] : try call.parts("yerror").map { try values($0, of: call, "yerror").1 }
        // The names of several series stand in the legend, and the axis has their unit; what all of them are, it says too.
        let labels = drawn.map(\.0.label)
        let shared = Set(labels).count == 1 && labels[0] != "y" ? labels[0] : ""
        let y = drawn.count == 1 ? drawn[0].0 : Axis(shared, unit: drawn.first?.0.unit)
        let names = drawn.count == 1 ? [""] : legend(labels, of: call.parts("y"))
        let series = drawn.enumerated().map { index, column in
            Series(
                names[index], zip(xs, column.1).map { Point($0, $1) },
                xErrors: xErrors, yErrors: yErrors.indices.contains(index) ? yErrors[index] : nil)
        }
        if !isLine, !call["by"].isNone, let points = series.first?.points { return .scatter(try grouped(points, call), x: x, y: y) }
        if isLine { return .line(series.map(\.sorted), x: x, y: y) }
        return .scatter(series, x: x, y: y)
    }

    /// Points as a series for each value of what they are told apart by; of numbers of many values for each fifth of the points.
    private func grouped(_ points: [Point], _ call: Call) throws -> [Series] {
        let names = try groups(call)
        guard names.count == points.count else {
            throw Diagnostic(
                "shape", "`by` expected something of each of \(points.count) points, found \(names.count)", at: call.span(of: "by"))
        }
        var known = Set(names).sorted(by: naturalLess)
        var group = names
        // A point without a number is in none of the ranges.
        let numbers: [Double?] = names.map { isMissing($0) ? Double.nan : Double($0) }
        let sorted = numbers.compactMap { $0 }.filter { !$0.isNaN }.sorted()
        if known.count > mostGroups, sorted.count >= 5, !numbers.contains(where: { $0 == nil }) {
            let ends = (1...5).map { sorted[$0 * sorted.count / 5 - 1] }
            let ranges = (0..<5).map { place in
                "\(threeDigits(place == 0 ? sorted[0] : ends[place - 1])) to \(threeDigits(ends[place]))"
            }
            group = numbers.map { number in ends.firstIndex { (number ?? .nan) <= $0 }.map { ranges[$0] } ?? "" }
            known = (ranges + [""]).enumerated().filter { index, name in
                ranges.firstIndex(of: name) ?? index == index && group.contains(name)
            }.map(\.element)
        }
        guard known.count <= mostGroups else {
            throw Diagnostic(
                "shape", "`by` expected at most \(mostGroups) different values to tell apart in colour, found \(known.count)",
                at: call.span(of: "by"))
        }
        return known.map { name in Series(name, zip(points, group).filter { $0.1 == name }.map(\.0)) }
    }

    /// The names of several series in a legend. Those of one quantity are told apart by their crystals, else by what differs between them,
    /// else by numbers.
    private func legend(_ labels: [String], of values: [Value]) -> [String] {
        var names = labels.enumerated().map { $1 == "y" ? "y \($0 + 1)" : $1 }
        for places in Dictionary(grouping: names.indices, by: { names[$0] }).values where places.count > 1 {
            let formulas = places.map { values[$0].formula }
            guard Set(formulas).count > 1, !formulas.contains(nil) else { continue }
            for (index, formula) in zip(places, formulas) { names[index] += " (\(formula ?? ""))" }
        }
        return namesApart(names, of: values)
    }

    /// The numbers of an argument to draw, with their axis; see `values(_:of:_:)`.
    func values(_ call: Call, _ name: String) throws -> (Axis, [Double]) { try values(call[name], of: call, name) }

    /// The numbers to draw, with their axis: a column of the data set `of`, or the elements of a tensor in the argument `name`. Where
    /// they are alone on it, the unit may come from the name of the column.
    private func values(_ value: Value, of call: Call, _ name: String, isAlone: Bool = true) throws -> (Axis, [Double]) {
        func axis(_ column: String, _ unit: String?) -> Axis {
            let unit = isAlone ? labelUnit(column, unit) : unit
            return Axis(quantityName(column, unit: unit), unit: unit)
        }
        guard let wanted = value.string, let data = call["of"].object else {
            let (array, unit) = try array(value)
            // A column of a table has a name to show, and what is made of columns is called by theirs.
            let column = value.call.flatMap { library.computed($0)?.label?($0) }
            let made = column == nil ? quantityName(of: value, library) : nil
            return (
                column.map { axis($0, unit) } ?? made.map { Axis($0, unit: unit) } ?? Axis(name == "of" ? "value" : name, unit: unit),
                array.values
            )
        }
        let plan = try results.plan(of: data)
        let column = try located(call.span(of: name)) { try plan.table.column(wanted) }
        guard let numbers = column.numbers else { throw plan.table.notNumbers("`\(name)`", column, at: call.span(of: name)) }
        let unit = column.name == plan.column ? plan.unit : column.unit
        return (axis(column.name, unit), plan.rows.map { numbers[$0] })
    }
}

extension Value {
    /// The formula of the crystal that numbers come of; nil where it is not known, or there are several.
    fileprivate var formula: String? {
        let found = Set(
            collect { value -> String? in
                guard case .tensor(let type)? = value.call?.type else { return nil }
                return type.cell?.formula ?? type.cut?.formula
            })
        return found.count == 1 ? found.first : nil
    }
}
