import Diagnostics
import Language
import Tensors

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// The functions of every element: `log`, `exp`, `sqrt`, `abs` and `standardize`.
let functions = Vocabulary([
    elementwise(
        "log", "The natural logarithm of every element, which has to be positive.", givesLogarithm: true, unit: { $0.map { "log(\($0))" } }
    ) { array, least, _ in
        guard least > 0 else {
            throw outOfDomain("log", "positive", least, hint: "take the logarithm of a density that is positive everywhere")
        }
        // Of single precision numbers the function of single precision is taken.
        let isSingle = array.precision == .single
        return array.map { isSingle ? Double(naturalLogarithm(Float($0))) : naturalLogarithm($0) }
    },
    elementwise(
        "exp", "The exponential of every element.", example: "show exp(log(plane(al, [1, 1, 1], size: [6, 6])))", keepsFinite: false,
        unit: unitOfExponential
    ) { array, _, _ in
        let isSingle = array.precision == .single
        return array.map { isSingle ? Double(exponential(Float($0))) : exponential($0) }
    },
    elementwise("sqrt", "The square root of every element, none of which may be negative.", unit: unitOfRoot) { array, least, _ in
        guard least >= 0 else { throw outOfDomain("sqrt", "non-negative", least) }
        return array.map { $0.squareRoot() }
    },
    elementwise("abs", "The absolute value of every element.", unit: { $0 }) { array, _, _ in array.map(abs) },
    Word(
        "standardize", family: "Tensors", [Parameter("x", anyTensor, "a tensor, channels last")], gives: anyTensor,
        """
        Each channel shifted and scaled to mean 0 and deviation 1 over the training part. Only as the last step of an input of a data set.
        """,
        examples: [
            Example(
                """
                dataset scaled like crystals {
                    inputs.plane: chgcar("data/fcc-dft/densities/{material_id}.CHGCAR.gz")
                        |> plane([1, 1, 1], size: [12, 12], cell: file) |> log |> standardize
                }
                show scaled
                """,
                with: .crystals)
        ],
        role: .fitted,
        check: { call, context in
            guard let facts = try context.facts(of: call["x"]) else { return .call(call) }
            return call.typed(facts.with(shape: facts.shape, unit: nil))
        },
        keepsFinite: { _ in true }, takesRowsAlone: true,
        computes: { call, context in
            // Fitted over the training part by whoever assembles the data set; a single item passes as it is.
            try context.compute(call["x"])
        }),
])

/// The builtin `shape`, which its check works out.
let extents: [Builtin] = [
    Builtin(
        "shape", family: "Tensors", [Parameter("x", anyField, "a tensor or a density")], gives: anyTensor,
        "The extents of a tensor or of a density's grid, as a list of numbers.", examples: example("show shape(al)\nshow al.shape[0]"),
        check: { call, context in
            guard let shape = try context.facts(of: call["x"])?.shape else {
                throw Diagnostic("deferred", "the shape is not known before the file of a row is", at: call.span(of: "x"))
            }
            return .list(shape.map { ListItem(.number(Double($0))) })
        })
]

/// A word for a function of every element. `keepsFinite`: whether it gives a finite number of each finite one, or throws. `apply`
/// is given the numbers and the least of those that are numbers.
func elementwise(
    _ name: String, _ summary: String, _ further: [Parameter] = [], example code: String? = nil, givesLogarithm: Bool = false,
    keepsFinite: Bool = true, unit: @escaping @Sendable (String?) throws -> String?,
    apply: @escaping @Sendable (NumericArray, _ least: Double, Arguments) throws -> NumericArray
) -> Word<ComputedWord> {
    Word(
        name, family: "Tensors", [Parameter("x", anyNumbers, "a number, a list of numbers, a tensor or a density")] + further,
        gives: anyTensor,
        summary, examples: example(code ?? "show \(name)(plane(al, [1, 1, 1], size: [6, 6]))"), role: .transform,
        check: { call, context in
            if let plain = call["x"].plainNumbers {
                let arguments = Arguments(call, library: context.library)
                return try located(call.span(of: "x")) {
                    try plainResult(apply(plain, plain.values.min() ?? 1, arguments), of: call)
                }
            }
            guard let facts = try context.facts(of: call["x"]) else { return .call(call) }
            let unit = try located(call.span(of: "x")) { try unit(facts.unit) }
            return call.typed(
                TensorType(shape: facts.shape, unit: unit, isLogarithm: givesLogarithm, pixels: facts.tensor.pixels?.withoutRange))
        },
        keepsFinite: { _ in keepsFinite }, takesRowsAlone: true,
        computes: { call, context in
            let (array, found) = try context.array(call["x"])
            // What is no number stays none, and hides no other.
            // Of a column the first row that does not fit is told, of other numbers the least.
            let isOfRows = context.isMadeOfColumns(call["x"])
            let wrong = isOfRows ? array.values.first { name == "log" ? $0 <= 0 : $0 < 0 } : nil
            let least = wrong ?? array.values.lazy.filter { !$0.isNaN }.min() ?? 1
            do {
                return .array(try apply(array, least, context.arguments(of: call)), unit: try unit(found))
            } catch var diagnostic as Diagnostic {
                if diagnostic.data == nil, context.files.count == 1 {
                    diagnostic.data = context.files.values.first.map { DataPlace(file: $0) }
                }
                if diagnostic.id == "log-domain", let row = array.values.firstIndex(where: { name == "log" ? $0 <= 0 : $0 < 0 }) {
                    throw context.inColumn(diagnostic, call["x"], count: array.count, row: row, bound: name == "log" ? "> 0" : ">= 0")
                }
                throw diagnostic
            }
        })
}

extension ComputeContext {
    /// Whether a call names a column of a table of rows, or of a data set.
    private func isColumn(_ call: Call) -> Bool {
        call["name"].string != nil && (call["x"].object != nil || call["x"].call.map(library.givesRows) ?? false)
    }

    /// Whether a value is made of columns of tables.
    fileprivate func isMadeOfColumns(_ value: Value) -> Bool { value.contains(where: { $0.call.map(isColumn) ?? false }) }

    /// The error of a number that a function does not take, with the row and the column where it is one of a table.
    fileprivate func inColumn(_ error: Diagnostic, _ value: Value, count: Int, row: Int, bound: String) -> Diagnostic {
        let columns = value.collect { $0.call.flatMap { isColumn($0) ? $0 : nil } }
        guard let column = columns.first, let name = column["name"].string else { return error }
        var error = error
        if let call = column["x"].call, let table = try? results.table(call), (rows?.count ?? table.count) == count {
            // Of the rows of a data set some may be at hand alone, in another order.
            error.data = table.place(ofRow: rows.map { $0[row] } ?? row)
        } else if let data = column["x"].object, let plan = try? results.plan(of: data), plan.count == count {
            error.data = plan.table.place(ofRow: plan.rows[row])
        } else {
            return error
        }
        if value.call.map(isColumn) ?? false {
            error.message += " in column `\(name)`"
            error.hints = ["leave such rows out: `where(row[\(quoted(name))] \(bound))`"]
        } else {
            error.message += " in what is made of column `\(name)`"
            error.hints = ["leave such rows out with `where` first"]
        }
        return error
    }
}

private func outOfDomain(_ name: String, _ expected: String, _ least: Double, hint: String? = nil) -> Diagnostic {
    Diagnostic("log-domain", "`\(name)` needs \(expected) values, found \(written(least))", hint: hint)
}
