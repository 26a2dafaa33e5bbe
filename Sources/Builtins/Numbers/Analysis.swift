import Diagnostics
import Language
import Tensors
import Training

private let number: ValueType = .tensor(TensorType(shape: [], unit: nil))

private let givenByPCA = Choices.each(of: PCAGiven.self) {
    switch $0 {
    case .scores: "the items in the new axes, items x components"
    case .components: "the axes, components x features"
    case .explained: "the share of the variance that each explains"
    }
}

/// The analyses of tensors: correlation, and principal components.
let analyses = Vocabulary([
    Word(
        "correlation", family: "Tensors",
        [
            Parameter("x", anyField, "a tensor"), Parameter("y", anyField, "a tensor of as many elements"),
            Parameter(
                "method", .word(["pearson": "of the values", "spearman": "of their ranks"]), .fallback(.word("pearson")),
                "of what"),
        ],
        gives: number, "The correlation coefficient of two tensors, element by element.",
        examples: [
            Example(
                """
                let crystals = csv("data/fcc-dft/properties.csv")
                show correlation(crystals["volume"], crystals["k_vrh"], method: spearman)
                """
            )
        ],
        check: { call, context in
            if let x = try context.facts(of: call["x"])?.shape, let y = try context.facts(of: call["y"])?.shape,
                x.reduce(1, *) != y.reduce(1, *)
            {
                throw Diagnostic(
                    "shape", "`correlation` expected two tensors of as many elements, found \(x.asShape) and \(y.asShape)",
                    at: call.span(of: "y"))
            }
            if let x = try context.facts(of: call["x"])?.shape, x.reduce(1, *) < 2 {
                throw Diagnostic(
                    "shape", "`correlation` expected at least two pairs, found \(x.reduce(1, *))", at: call.span(of: "x"))
            }
            for side in ["x", "y"] {
                guard let known = try context.knownNumbers(of: call[side]), known.count > 1, let first = known.first,
                    !known.contains(where: { $0 != first })
                else { continue }
                throw Diagnostic(
                    "type", "`correlation` expected values that differ, found \(written(first)) \(known.count) times",
                    at: call.span(of: side))
            }
            return .call(call)
        },
        computes: { call, context in
            let (x, y) = (try context.array(call["x"]).array, try context.array(call["y"]).array)
            let isOfRanks = try context.arguments(of: call).word("method") == "spearman"
            return .quantity(isOfRanks ? try Training.rankCorrelation(x, y) : try Training.correlation(x, y), unit: nil)
        }),
    Word(
        "pca", family: "Tensors",
        [
            Parameter("x", anyTensor, "items along the first axis; the others count as features, such as pixels"),
            Parameter("components", .number(.count()), "how many"),
            Parameter(
                "give", .word(givenByPCA), .fallback(.word("scores")), "what is given"),
        ],
        gives: anyTensor, "Principal component analysis: centred, by singular value decomposition, signs as in scikit-learn.",
        examples: [Example("show pca(tensor([[1, 2], [3, 5], [5, 8], [7, 10]]), components: 1)")],
        check: checkPCA, computes: computePCA),
])

@Sendable private func checkPCA(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let facts = try context.facts(of: call["x"]), let shape = facts.shape, let count = call["components"].integer else {
        return .call(call)
    }
    guard shape.count >= 2, let items = shape.first else {
        throw Diagnostic("shape", "`pca` expected items of several features each, found shape \(shape.asShape)", at: call.span(of: "x"))
    }
    guard items > 1 else {
        throw Diagnostic("shape", "`pca` expected at least two items, found \(items)", at: call.span(of: "x"))
    }
    let features = shape.dropFirst().reduce(1, *)
    let most = min(items, features)
    guard count <= most else {
        throw Diagnostic(
            "range", "`components` expected at most \(most) of \(items) items with \(features) features, found \(count)",
            at: call.span(of: "components"))
    }
    let given: PCAGiven = try Arguments(call, library: context.library).choice("give")
    return call.typed(given.type(items: items, features: Array(shape.dropFirst()), count: count, unit: facts.unit))
}

/// The results of a principal component analysis, of which `pca` gives one.
private enum PCAGiven: String, CaseIterable {
    case scores, components, explained

    /// The shape and unit of the result.
    func type(items: Int, features: [Int], count: Int, unit: String?) -> TensorType {
        switch self {
        case .scores: TensorType(shape: [items, count], unit: unit)
        case .components: TensorType(shape: [count] + features, unit: nil)
        case .explained: TensorType(shape: [count], unit: nil)
        }
    }
}

@Sendable private func computePCA(_ call: Call, _ context: ComputeContext) throws -> Computed {
    let arguments = context.arguments(of: call)
    let (array, unit) = try context.array(call["x"])
    let count = try arguments.integer("components")
    guard let items = array.shape.extents.first else { throw Diagnostic("type", "`pca` expected items") }
    let features = items == 0 ? 0 : array.count / items
    let rows = try array.reshaped([items, features])
    let fitted = try PCA(fitting: rows, components: count)
    switch try arguments.choice("give", PCAGiven.self) {
    case .components: return .array(try fitted.components.reshaped(Shape([count] + array.shape.extents.dropFirst())), unit: nil)
    case .explained: return .array(try NumericArray(shape: [count], values: fitted.explainedVarianceRatio, precision: .double), unit: nil)
    case .scores: return .array(try fitted.scores(of: rows), unit: unit)
    }
}
