import Datasets
import Diagnostics
import Language

/// Units a column may have. A unit that is not one of these is a slip more often than a new unit.
let knownUnits: Set<String> = [
    "GPa", "MPa", "kbar", "eV", "meV", "eV/atom", "meV/atom", "eV/A", "A", "nm", "A^3", "A^3/atom", "g/cm^3", "e/A^3", "mu_B", "mu_B/A^3", "mu_B/f.u.",
    "mJ/m^2", "J/m^2", "K", "1", "%",
]

@Sendable func checkDataset(_ data: Object, _ context: CheckContext) throws {
    if let target = data["target"].record, let unit = target["unit"] { try checkUnit(unit) }
    for (name, field) in (data["inputs"].record ?? [:]).byName {
        if let foreign = misplacedCall(field.value) {
            throw Diagnostic(
                "type", "the input `\(name)` is made from the files of a row; \(foreign.builtin == "[name]" ? "a column" : "`\(foreign.builtin)`") takes its numbers elsewhere", at: foreign.origin.span ?? field.origin.span,
                hint: "export them, and read the file with `tensor(...)`")
        }
        if let inner = misplacedStandardize(field.value, outermost: true) {
            throw Diagnostic("misplaced-standardize", "`standardize` is fitted on the training part, so it comes last in the input `\(name)`", at: inner.origin.span)
        }
    }
    let plan = try context.plan(of: data)
    for (name, field) in plan.inputs {
        guard let files = plan.files[name] else { continue }
        // Headers of the first files: a folder of something else shows at once, and a network disk is not read twice over.
        for (row, paths) in files.paths.prefix(24).enumerated() {
            for (source, path) in zip(files.sources, paths) { try located(source.pathSpan) { try context.checkHeader(source, path) } }
            guard let wanted = plan.types[name]?.shape, let found = try context.itemType(field.value, files, row: row)?.shape, found != wanted else { continue }
            throw Diagnostic(
                "shape", "expected items of one shape in the input `\(name)`, found \(wanted.asShape) in the first row and \(found.asShape) in another",
                at: field.origin.span, data: paths.first.map { DataPlace(file: $0) })
        }
    }
}

private func misplacedStandardize(_ value: Value, outermost: Bool) -> Call? {
    guard case .call(let call) = value else { return nil }
    if call.builtin == "standardize", !outermost { return call }
    for field in call.arguments.values {
        if let found = misplacedStandardize(field.value, outermost: false) { return found }
    }
    return nil
}

/// What an input of a data set may be computed with: functions of the files of a row, and of nothing else.
private let pipelineBuiltins: Set<String> = [
    "chgcar", "tensor", "picture", "plane", "resize", "rescale", "log", "exp", "sqrt", "abs", "standardize", "min", "max", "mean", "std", "sum", "norm", "electrons", "+", "-", "*", "/", "^", "[]",
]

private func misplacedCall(_ value: Value) -> Call? {
    switch value {
    case .call(let call):
        if !pipelineBuiltins.contains(call.builtin) { return call }
        return call.arguments.byName.lazy.compactMap { misplacedCall($0.value.value) }.first
    case .list(let items): return items.lazy.compactMap { misplacedCall($0.value) }.first
    default: return nil
    }
}

extension CheckContext {
    /// Reads a file's header.
    func checkHeader(_ source: Call, _ path: String) throws {
        switch source.builtin {
        case "tensor": _ = try tensorHeader(source, path: path)
        case "picture": _ = try pictureType(source, path: path)
        default: _ = try densityHeader(path)
        }
    }
}

/// Checks that what is drawn is there: columns of numbers of the data set `of`, or tensors of as many elements.
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
                    throw Diagnostic("missing-argument", "a column needs the data set it is of", at: call.span(of: name), hint: "write `\(call.builtin)(crystals, ...)`, or give tensors")
                }
                if let shape = try context.facts(of: call[name])?.shape { counts.append(shape.reduce(1, *)) }
            }
            if let first = counts.first, let other = counts.first(where: { $0 != first }) {
                throw Diagnostic("shape", "`\(call.builtin)` expected tensors of as many elements, found \(first) and \(other)", at: call.origin.span)
            }
            return .call(call)
        }
        let table = try context.plan(of: data).table
        for name in names {
            guard let wanted = call[name].string else {
                throw Diagnostic("type", "`\(name)` expected a column of `\(data.label ?? "the data set")` in quotes, found \(call[name].phrase)", at: call.span(of: name) ?? call.origin.span)
            }
            let column = try located(call.span(of: name)) { try table.column(wanted) }
            guard column.isNumeric else {
                throw Diagnostic("type", "`\(name)` expected a column of numbers, found text in `\(column.name)`", at: call.span(of: name))
            }
        }
        return .call(call)
    }
}
