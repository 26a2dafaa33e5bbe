import Densities
import Diagnostics
import Language
import Tensors

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// The builtins that give densities along lines and axes. Each is a record of two tensors: the positions, in A, and the values there.
let profileWords = Vocabulary([
    profileWord(
        "profile",
        [
            densityParameter, Parameter("from", placeType, "the first point, in fractional coordinates of the file's cell"),
            Parameter("to", placeType, "the last point"),
            Parameter("points", .number(.whole(2, 1_000_000)), .fallback(.number(200)), "at equal steps, both ends included"),
            samplingParameter,
        ],
        "A density along the straight line between two points: `position` in A from the first one, and `value`.",
        examples: example("show profile(al, [0, 0, 0], [1, 1, 1], points: 7)"),
        check: { call, _ in
            guard call["from"] != call["to"] else {
                throw Diagnostic("bad-plane", "expected two points that are apart for a line", at: call.span(of: "to"))
            }
        }, count: { call, _ in call["points"].integer },
        gives: { call, density in
            try density.profile(
                from: call.numbers("from"), to: call.numbers("to"), points: call.integer("points"), sampling: call.choice("sampling"))
        }),
    profileWord(
        "planarAverage", [densityParameter, axisParameter],
        """
        The mean over each layer of the grid along an axis: `position` is the height along the normal of the layers, in A, and \
        `value` the mean.
        """,
        examples: example(
            "let along = planarAverage(al, axis: 2)\nshow along.value\nplot line(x: along.position, y: along.value) to \"out/c.svg\""),
        count: countOfLayers,
        gives: { call, density in try density.planarAverage(axis: call.integer("axis")) }),
    profileWord(
        "macroscopicAverage",
        [
            densityParameter, axisParameter,
            Parameter(
                "period", .optional(.number(.positive)), .fallback(.none), unit: "A",
                "the length over which the mean is taken; that of the atomic layers, as `layerPeriod` finds it, where not given"),
            Parameter(
                "second", .optional(.number(.positive)), .fallback(.none), unit: "A", "a second length, where two crystals meet"),
        ],
        "The planar average once more averaged over the period of the atomic layers, as `position` and `value`: what is left is slow.",
        examples: example("show macroscopicAverage(al, axis: 2).value"), count: countOfLayers,
        gives: { call, density in
            let axis = try call.integer("axis")
            let period = try call.optional("period", call.number) ?? density.layerPeriod(axis: axis)
            return try density.planarAverage(axis: axis).macroscopicAverage(over: period, second: call.optional("second", call.number))
        }),
    Word(
        "layerPeriod", family: "Densities", [densityParameter, axisParameter], gives: .tensor(TensorType(shape: nil, unit: "A")),
        """
        The distance in A after which the layers of atoms along the normal of an axis repeat: over it `macroscopicAverage` takes the mean.
        """,
        examples: example("show layerPeriod(al, axis: 2)"), role: .transform,
        check: { call, _ in call.typed(TensorType(shape: [], unit: "A")) },
        keepsFinite: { _ in true },
        computes: { call, context in
            let (density, _) = try context.density(call["density"])
            return .quantity(try density.layerPeriod(axis: context.arguments(of: call).integer("axis")), unit: "A")
        }),
])

@Sendable private func countOfLayers(_ call: Call, _ density: TensorType) -> Int? {
    guard let axis = call["axis"].integer, let grid = density.shape, grid.indices.contains(axis) else { return nil }
    return grid[axis]
}

private let partParameter = Parameter(
    "part", .optional(.word(["position": "where, in A", "value": "the numbers there"])), .fallback(.none),
    "one of the two alone, as where a tensor is expected; both, as a record, where not given")

/// A word for a profile. `count`: its number of points, where the check knows it.
private func profileWord(
    _ name: String, _ parameters: [Parameter], _ summary: String, examples: [Example],
    check: @escaping @Sendable (Call, CheckContext) throws -> Void = { _, _ in },
    count: @escaping @Sendable (Call, TensorType) -> Int?,
    gives profile: @escaping @Sendable (Arguments, Density) throws -> Profile
) -> Word<ComputedWord> {
    Word(
        name, family: "Densities", parameters + [partParameter], gives: .map(anyTensor), summary, examples: examples, role: .transform,
        check: { call, context in
            try check(call, context)
            let density = try context.facts(of: call["density"])?.tensor
            let shape = density.flatMap { count(call, $0) }.map { [$0] }
            func part(_ word: String) -> Value {
                var part = call
                part.arguments["part"] = Field(.word(word))
                return part.typed(TensorType(shape: shape, unit: word == "position" ? "A" : density?.unit))
            }
            if let word = call["part"].word { return part(word) }
            return .record(
                Fields([
                    ("position", Field(part("position"), call.origin)), ("value", Field(part("value"), call.origin)),
                ]))
        },
        label: { call in
            if call["part"].word == "position" { return "position" }
            guard case .tensor(let type)? = call["density"].call?.type else { return nil }
            return type.cell?.quantity
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            let (density, unit) = try context.density(call["density"])
            let found = try profile(context.arguments(of: call), density)
            let isPosition = call["part"].word == "position"
            let values = isPosition ? found.positions : found.values
            return .array(
                try NumericArray(shape: [values.count], values: values, precision: .double), unit: isPosition ? "A" : unit)
        })
}
