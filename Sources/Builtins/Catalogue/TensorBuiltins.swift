import Densities
import Diagnostics
import Language
import Tensors

private let field: ValueType = .either([.sort("density"), .tensor(TensorType(shape: nil, unit: nil))])
private let tensor: ValueType = .tensor(TensorType(shape: nil, unit: nil))
private let number: ValueType = .tensor(TensorType(shape: [], unit: nil))
private let axis = Parameter("axis", .optional(.number(.count(0))), .fallback(.none), "the axis that is taken away, counted from 0; all elements where not given")

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// A function of every element.
private func elementwise(_ name: String, _ summary: String, example code: String? = nil) -> Builtin {
    Builtin(
        name, family: "Tensors", [Parameter("x", field, "a tensor or a density")], gives: tensor, summary,
        examples: example(code ?? "show \(name)(plane(al, [1, 1, 1], size: [6, 6]))"),
        check: { call, context in
            guard let facts = try context.facts(of: call["x"]) else { return .call(call) }
            var result = call
            let unit = try located(call.span(of: "x")) { try resultUnit(ofFunction: name, facts.unit) }
            result.type = .tensor(TensorType(shape: facts.shape, unit: unit, isLogarithm: name == "log"))
            return .call(result)
        })
}

/// A statistic over all elements, or along an axis.
private func statistic(_ name: String, _ summary: String) -> Builtin {
    Builtin(
        name, family: "Tensors", [Parameter("x", field, "a tensor or a density"), axis], gives: number, summary,
        examples: example("show \(name)(al)\nshow \(name)(plane(al, [1, 1, 1], size: [4, 6]), axis: 0)"),
        check: { call, context in
            guard let facts = try context.facts(of: call["x"]) else { return .call(call) }
            var result = call
            var shape: [Int]? = []
            if let axis = call["axis"].integer {
                shape = try located(call.span(of: "axis")) { try facts.shape.map { try NumericArray.reducedShape(Shape($0), axis: axis).extents } }
            }
            // The least of logarithms is that of the least, their mean that of the geometric mean; their deviation is none.
            result.type = .tensor(TensorType(shape: shape, unit: facts.unit, isLogarithm: facts.isLogarithm && name != "std"))
            return .call(result)
        })
}

/// Builtins on densities and tensors.
let tensorBuiltins: [Builtin] = [
    Builtin(
        "plane", family: "Tensors",
        [
            Parameter("density", .sort("density"), "the charge density to cut"),
            Parameter("miller", millerType, "Miller indices of the plane in the cell of the file"),
            Parameter("size", .list(.number(.count()), count: 2), .fallback(.list([ListItem(.number(60)), ListItem(.number(60))])), "rows and columns of the picture"),
        ],
        gives: tensor,
        "The lattice plane through the first atom, one cell of it, by periodic trilinear sampling (e/A^3).",
        examples: example("show plane(al, [1, 1, 1], size: [12, 12])"),
        check: { call, _ in
            guard let miller = call["miller"].integers, let size = call["size"].integers else { return .call(call) }
            do { try checkMiller(miller) } catch let diagnostic as Diagnostic { throw diagnostic.at(call.span(of: "miller")) }
            do { try checkPlaneSize(size) } catch let diagnostic as Diagnostic { throw diagnostic.at(call.span(of: "size")) }
            var result = call
            result.type = .tensor(TensorType(shape: size + [1], unit: densityUnit))
            return .call(result)
        }),
    elementwise("log", "The natural logarithm of every element, which has to be positive."),
    elementwise("exp", "The exponential of every element.", example: "show exp(log(plane(al, [1, 1, 1], size: [6, 6])))"),
    elementwise("sqrt", "The square root of every element, none of which may be negative."),
    elementwise("abs", "The absolute value of every element."),
    Builtin(
        "standardize", family: "Tensors", [Parameter("x", tensor, "a tensor, channels last")], gives: tensor,
        "Each channel shifted and scaled to mean 0 and deviation 1 over the training part. Only as the last step of an input of a data set.",
        examples: [Example("dataset scaled like crystals {\n    inputs.plane: chgcar(\"data/fcc-dft/densities/{material_id}.CHGCAR.gz\")\n        |> plane([1, 1, 1], size: [12, 12]) |> log |> standardize\n}\nshow scaled", with: .crystals)],
        check: { call, context in
            var result = call
            let facts = try context.facts(of: call["x"])
            result.type = .tensor(TensorType(shape: facts?.shape, unit: nil, isLogarithm: facts?.isLogarithm ?? false))
            return .call(result)
        }),
    statistic("min", "The smallest element."),
    statistic("max", "The largest element."),
    statistic("mean", "The mean of the elements."),
    statistic("std", "The population standard deviation of the elements."),
    statistic("sum", "The sum of the elements."),
    Builtin(
        "norm", family: "Tensors",
        [Parameter("x", field, "a tensor or a density"), Parameter("order", .number(.within(1, 1e6)), .fallback(.number(2)), "p: 2 is the Euclidean norm, 1 the sum of absolute values")],
        gives: number, "The p-norm over all elements.", examples: example("show norm(plane(al, [1, 1, 1]) - plane(al, [1, 1, 0]))"),
        check: { call, context in
            var result = call
            result.type = .tensor(TensorType(shape: [], unit: try context.facts(of: call["x"])?.unit))
            return .call(result)
        }),
    Builtin(
        "electrons", family: "Tensors", [Parameter("density", .sort("density"), "a density")], gives: .tensor(TensorType(shape: [], unit: "e")),
        "The integral of a density over its cell.", examples: example("show electrons(al)")),
    Builtin(
        "shape", family: "Tensors", [Parameter("x", field, "a tensor or a density")], gives: tensor,
        "The extents of a tensor or of a density's grid, as a list of numbers.", examples: example("show shape(al)\nshow al.shape[0]"),
        check: { call, context in
            guard let shape = try context.facts(of: call["x"])?.shape else {
                throw Diagnostic("deferred", "the shape is not known before the file of a row is", at: call.span(of: "x"))
            }
            return .list(shape.map { ListItem(.number(Double($0))) })
        }),
    Builtin(
        "correlation", family: "Tensors",
        [
            Parameter("x", field, "a tensor"), Parameter("y", field, "a tensor of as many elements"),
            Parameter("method", .word(["pearson", "spearman"]), .fallback(.word("pearson")), "of the values, or of their ranks"),
        ],
        gives: number, "The correlation coefficient of two tensors, element by element.",
        examples: [Example("let crystals = csv(\"data/fcc-dft/properties.csv\")\nshow correlation(crystals[\"volume\"], crystals[\"k_vrh\"], method: spearman)")],
        check: { call, context in
            if let x = try context.facts(of: call["x"])?.shape, let y = try context.facts(of: call["y"])?.shape, x.reduce(1, *) != y.reduce(1, *) {
                throw Diagnostic("shape", "`correlation` expected two tensors of as many elements, found \(x.asShape) and \(y.asShape)", at: call.span(of: "y"))
            }
            return .call(call)
        }),
    Builtin(
        "pca", family: "Tensors",
        [
            Parameter("x", tensor, "items along the first axis; the others count as features, such as pixels"),
            Parameter("components", .number(.count()), "how many"),
            Parameter("give", .word(["scores", "components", "explained"]), .fallback(.word("scores")), "items x components; components x features; or the share of the variance each explains"),
        ],
        gives: tensor, "Principal component analysis: centred, by singular value decomposition, signs as in scikit-learn.",
        examples: [Example("show pca(tensor([[1, 2], [3, 5], [5, 8], [7, 10]]), components: 1)")],
        check: checkPCA),
]

@Sendable private func checkPCA(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let facts = try context.facts(of: call["x"]), let shape = facts.shape, let count = call["components"].integer else { return .call(call) }
    guard shape.count >= 2, let items = shape.first else {
        throw Diagnostic("shape", "`pca` expected items of several features each, found shape \(shape.asShape)", at: call.span(of: "x"))
    }
    let features = shape.dropFirst().reduce(1, *), most = min(items, features)
    guard count <= most else {
        throw Diagnostic("range", "`components` expected at most \(most) of \(items) items with \(features) features, found \(count)", at: call.span(of: "components"))
    }
    var result = call
    switch call["give"].word {
    case "components": result.type = .tensor(TensorType(shape: [count] + shape.dropFirst(), unit: nil))
    case "explained": result.type = .tensor(TensorType(shape: [count], unit: nil))
    default: result.type = .tensor(TensorType(shape: [items, count], unit: facts.unit))
    }
    return .call(result)
}
