import Datasets
import Diagnostics
import Language
import Tensors

private let side: ValueType = .either([.number(.any), .text, anyTensor, .sort(.texts)])

/// The operators that compare columns of tables row by row, and those that join such conditions. Their names cannot be written, so a
/// script reaches them through the operators alone.
let conditionOperators = Vocabulary([
    comparison("=="), comparison("!="), comparison("<"), comparison("<="), comparison(">"), comparison(">="),
    // What is not known stays so where the other side does not decide.
    junction("and", asks: { .all([$0["a"], $0["b"]]) }) { $0 == 0 || $1 == 0 ? 0 : $0.isNaN || $1.isNaN ? .nan : 1 },
    junction("or", asks: { .any([$0["a"], $0["b"]]) }) { $0 == 1 || $1 == 1 ? 1 : $0.isNaN || $1.isNaN ? .nan : 0 },
    Word(
        "not", family: "Operators", [Parameter("a", .sort(.condition), "a condition")], gives: .sort(.condition),
        "Whether a condition does not hold, row by row; not known where the condition is not.",
        asks: { .not($0["a"]) },
        computes: { call, context in
            let mask = try context.mask(call["a"])
            return .array(mask.map { 1 - $0 }, unit: nil)
        }),
])

/// The words that say something of each row of a table.
let conditionWords = Vocabulary([
    Word(
        "oneOf", family: "Tables",
        [
            Parameter("column", .either([anyTensor, .sort(.texts)]), "a column of a table"),
            Parameter("values", .list(.either([.number(.any), .text]), count: nil), "numbers or texts"),
        ],
        gives: .sort(.condition), "Whether a column has one of several values, row by row.",
        examples: [Example(table + "show t |> where(oneOf(row[\"element\"], [\"Al\", \"Cu\"]))")],
        check: { call, context in
            try context.checkRows(call)
            let isText = call["column"].isColumn
            guard let wrong = call["values"].items?.first(where: { ($0.string != nil) != isText }) else { return .call(call) }
            let fault = isText ? call["column"].call.flatMap(context.textForNumber) : nil
            throw Diagnostic(
                "type",
                "expected \(isText ? "texts" : "numbers"), as the column has, found \(wrong.phrase)"
                    + (fault.map { "; \($0.reason)" } ?? ""),
                at: call.span(of: "values"), data: fault?.place, hint: fault?.hint)
        },
        asks: { .isOneOf($0["column"], $0["values"].items ?? []) },
        computes: { call, context in
            if call["column"].isColumn {
                let wanted = Set(call["values"].items?.compactMap(\.string) ?? [])
                return try .condition(context.texts(call["column"]).map { isBlank($0) ? nil : wanted.contains($0) })
            }
            let wanted = Set(call["values"].items?.compactMap(\.number) ?? [])
            return try .condition(context.array(call["column"]).array.values.map { $0.isNaN ? nil : wanted.contains($0) })
        }),
    Word(
        "contains", family: "Tables",
        [Parameter("column", .sort(.texts), "a column of text"), Parameter("text", .text, "a part of it, as it is written")],
        gives: .sort(.condition), "Whether a text holds another, row by row.",
        examples: [Example(table + "show t |> where(contains(row[\"element\"], \"C\"))")],
        check: { call, context in
            try context.checkRows(call)
            return .call(call)
        },
        asks: { .holds($0["column"], $0["text"]) },
        computes: { call, context in
            let part = try context.arguments(of: call).text("text")
            return try .condition(context.texts(call["column"]).map { isBlank($0) ? nil : part.isEmpty || $0.contains(part) })
        }),
    Word(
        "missing", family: "Tables", [Parameter("column", .either([anyTensor, .sort(.texts)]), "a column of a table")],
        gives: .sort(.condition), "Whether a row has no value in a column.",
        examples: [Example(table + "show t |> where(not missing(row[\"phase\"])) |> first(2)")],
        check: { call, context in
            try context.checkRows(call)
            return .call(call)
        },
        asks: { .isMissing($0["column"]) },
        computes: { call, context in
            call["column"].isColumn
                ? try .condition(context.texts(call["column"]).map { isBlank($0) })
                : try .condition(context.array(call["column"]).array.values.map(\.isNaN))
        }),
])

private let table = "let t = csv(\"data/fcc-dft/elements.csv\")\n"

/// A comparison. Of a row without a value it is not known.
private func comparison(_ name: String) -> Word<ComputedWord> {
    let isEquality = ["==", "!="].contains(name)
    return Word(
        name, family: "Operators", [Parameter("a", side, "left"), Parameter("b", side, "right")], gives: .sort(.condition),
        "Whether a comparison holds, row by row.",
        check: { call, context in
            try context.checkRows(call)
            try context.checkSides(call, isEquality: isEquality)
            return .call(call)
        },
        asks: { .comparison($0["a"], name, $0["b"]) },
        computes: { call, context in
            if [call["a"], call["b"]].contains(where: { $0.isColumn }) {
                let (a, b) = (try context.texts(call["a"]), try context.texts(call["b"]))
                let count = max(a.count, b.count)
                guard [1, count].contains(a.count), [1, count].contains(b.count) else { throw unlikeRows(a.count, b.count) }
                return try .condition(
                    (0..<count).map { row in
                        let (x, y) = (a[a.count == 1 ? 0 : row], b[b.count == 1 ? 0 : row])
                        return isBlank(x) || isBlank(y) ? nil : (x == y) == (name == "==")
                    })
            }
            let (a, b) = (try context.array(call["a"]).array, try context.array(call["b"]).array)
            let count = max(a.count, b.count)
            guard [1, count].contains(a.count), [1, count].contains(b.count) else { throw unlikeRows(a.count, b.count) }
            let holds = holding(name)
            let (x, y) = (a.values, b.values)
            return try .condition(
                (0..<count).map { row in
                    let (p, q) = (x[x.count == 1 ? 0 : row], y[y.count == 1 ? 0 : row])
                    return p.isNaN || q.isNaN ? nil : holds(p, q)
                })
        })
}

private func holding(_ name: String) -> (Double, Double) -> Bool {
    switch name {
    case "==": { $0 == $1 }
    case "!=": { $0 != $1 }
    case "<": { $0 < $1 }
    case "<=": { $0 <= $1 }
    case ">": { $0 > $1 }
    default: { $0 >= $1 }
    }
}

private func junction(
    _ name: String, asks: @escaping @Sendable (Call) -> Question, _ joined: @escaping @Sendable (Double, Double) -> Double
) -> Word<ComputedWord> {
    Word(
        name, family: "Operators", [Parameter("a", .sort(.condition), "left"), Parameter("b", .sort(.condition), "right")],
        gives: .sort(.condition), "Two conditions together, row by row.", asks: asks,
        computes: { call, context in
            let (a, b) = (try context.mask(call["a"]), try context.mask(call["b"]))
            guard a.count == b.count else { throw unlikeRows(a.count, b.count) }
            return .array(
                try NumericArray(shape: [a.count], values: zip(a.values, b.values).map(joined), precision: .double), unit: nil)
        })
}

/// Whether a cell of a column of text holds nothing: words such as `None` and `NA` are texts there.
func isBlank(_ cell: String) -> Bool { cell.allSatisfy(\.isWhitespace) }

private func unlikeRows(_ a: Int, _ b: Int) -> Diagnostic {
    Diagnostic("shape", "expected columns of one table, found \(a) rows and \(b)")
}

extension Computed {
    /// A condition: 1 in the rows where it holds, 0 where it does not, NaN where a value is missing, so that it is not known.
    fileprivate static func condition(_ holds: [Bool?]) throws -> Computed {
        .array(
            try NumericArray(shape: [holds.count], values: holds.map { $0.map { $0 ? 1 : 0 } ?? .nan }, precision: .double), unit: nil)
    }
}

extension ComputeContext {
    /// The rows in which a condition holds, as 1 and 0.
    func mask(_ value: Value) throws -> NumericArray { try array(value).array }

    /// The texts of a column, or one text. Throws `type` for another value.
    func texts(_ value: Value) throws -> [String] {
        if let text = value.string { return [text] }
        guard let call = value.call, let texts = library.computed(call)?.texts else {
            throw Diagnostic("type", "expected a column of text, found \(value.phrase)")
        }
        return try texts(call, self)
    }

    /// The table of a column of text, as it is shown.
    func tableOfTexts(_ call: Call) throws -> ResultTable {
        ResultTable(columns: [.init(call["name"].string ?? "text", isNumeric: false)], rows: try texts(.call(call)).map { [.init($0)] })
    }
}

extension CheckContext {
    /// Checks that what stands in a condition is known before anything is computed: columns of tables, and numbers and texts of the
    /// script. Throws `deferred`.
    fileprivate func checkRows(_ call: Call) throws {
        let inner = Value.record(call.arguments)
        let later = inner.collect { value -> Call? in
            guard let call = value.call else { return nil }
            switch library.role(of: call) {
            case .transform, .fitted, .rows, .derived, .atHand: return nil
            case .source: return call
            case .result, nil: return call.type == .sort(.condition) || library.computed(call)?.known != nil ? nil : call
            }
        }
        guard let first = later.first else { return }
        throw Diagnostic(
            "deferred", "a comparison cannot rest on something that has yet to be computed", at: first.origin.span ?? call.origin.span,
            hint: "decide with a `param`")
    }

    /// Checks that two sides can be compared. Throws `type`, `unit`, `shape`.
    fileprivate func checkSides(_ call: Call, isEquality: Bool) throws {
        let sides = [call["a"], call["b"]]
        let isText = sides.map { $0.isColumn || $0.string != nil }
        guard isText[0] == isText[1] else {
            throw textFault("`\(call.builtin)` expected two numbers or two texts", sides, at: call.origin.span)
        }
        if isText[0] {
            guard isEquality else {
                throw textFault("`\(call.builtin)` expected two numbers", sides, at: call.origin.span)
            }
            return
        }
        guard let a = try facts(of: sides[0]), let b = try facts(of: sides[1]) else { return }
        do {
            _ = try resultUnit(of: .subtract, a, b, exponent: nil)
        } catch var fault as Diagnostic {
            fault.message = "cannot compare a value \(unitPhrase(a.unit)) with one \(unitPhrase(b.unit))"
            throw fault.at(call.origin.span)
        }
        guard let first = a.shape, let second = b.shape, first.count <= 1, second.count <= 1 else {
            throw Diagnostic("shape", "expected columns or single numbers to compare, found \(sides[0].phrase) and \(sides[1].phrase)")
        }
        if first.count == 1, second.count == 1, first != second { throw unlikeRows(first[0], second[0]).at(call.origin.span) }
    }

    /// The error of two sides of a comparison, with what keeps a column of text among them from being numbers.
    private func textFault(_ expected: String, _ sides: [Value], at span: SourceSpan?) -> Diagnostic {
        let fault = sides.lazy.compactMap(\.call).compactMap { self.textForNumber(in: $0) }.first
        return Diagnostic(
            "type", "\(expected), found \(sides[0].phrase) and \(sides[1].phrase)" + (fault.map { "; \($0.reason)" } ?? ""), at: span,
            data: fault?.place, hint: fault?.hint)
    }
}
