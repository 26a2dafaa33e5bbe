import Datasets
import Diagnostics
import Language

/// The split a call describes. Throws where its shares do not fit.
func splitRule(_ value: Value) throws -> SplitRule {
    guard case .call(let call) = value, let seed = call["seed"].integer else { throw Diagnostic("type", "expected a split, found \(value.phrase)") }
    func share(_ name: String) -> Double { call[name].number ?? 0 }
    switch call.builtin {
    case "trainTestSplit":
        return .trainTestSplit(rest: share("rest"), holdoutOfRest: share("holdoutOfRest"), seed: UInt64(seed))
    default:
        return .random(train: share("train"), validation: share("validation"), holdout: share("holdout"), seed: UInt64(seed))
    }
}

@Sendable func checkSplit(_ call: Call) throws {
    let rule = try splitRule(.call(call))
    do {
        try rule.check()
    } catch var diagnostic as Diagnostic {
        if let hint = diagnostic.hints.first {
            diagnostic.label = hint
            diagnostic.hints = []
        }
        throw diagnostic.at(call.origin.span)
    }
}

/// Units a column may have. A unit that is not one of these is a slip more often than a new unit.
let knownUnits: Set<String> = [
    "GPa", "MPa", "kbar", "eV", "meV", "eV/atom", "meV/atom", "eV/A", "A", "nm", "A^3", "A^3/atom", "g/cm^3", "e/A^3", "mu_B", "mu_B/A^3", "mu_B/f.u.",
    "mJ/m^2", "J/m^2", "K", "1", "%",
]

@Sendable func checkDataset(_ data: Object, _ context: CheckContext) throws {
    if let target = data["target"].record, let unit = target["unit"], let text = unit.value.string, !knownUnits.contains(text) {
        let near = nearMiss(text, among: knownUnits.sorted())
        throw Diagnostic(
            "unknown-unit", "`\(text)` is no known unit", at: unit.origin.span, label: near.map { "did you mean `\($0)`?" },
            hint: near == nil ? "known are \(knownUnits.sorted().joined(separator: ", "))" : nil)
    }
    for (name, field) in data["inputs"].record ?? [:] {
        if let inner = misplacedStandardize(field.value, outermost: true) {
            throw Diagnostic("misplaced-standardize", "`standardize` is fitted on the training part, so it comes last in the input `\(name)`", at: inner.origin.span)
        }
    }
    let plan = try context.plan(of: data)
    for (name, field) in plan.inputs {
        guard let paths = plan.files[name], let source = fileSource(of: field.value) else { continue }
        // Headers of the first files: a folder of something else shows at once, and a network disk is not read twice over.
        for path in paths.prefix(24) {
            try located(source.span(of: "path")) { _ = try context.densityHeader(path) }
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

/// The shape one item of an input has: known from its pipeline, or from the first file's header for a whole density.
func inputShape(_ value: Value, of data: Object, _ context: CheckContext) throws -> [Int]? {
    guard case .call(let call) = value else { return nil }
    if case .tensor(let type) = call.type { return type.shape }
    return nil
}

/// Checks that columns named in arguments are there and hold numbers.
func checkColumns(_ names: [String]) -> @Sendable (Call, CheckContext) throws -> Value {
    { call, context in
        guard let data = call["of"].object else { return .call(call) }
        let table = try context.plan(of: data).table
        for name in names {
            let column = try located(call.span(of: name)) { try table.column(call[name].string ?? "") }
            guard column.isNumeric else {
                throw Diagnostic("type", "`\(name)` expected a column of numbers, found text in `\(column.name)`", at: call.span(of: name))
            }
        }
        return .call(call)
    }
}
