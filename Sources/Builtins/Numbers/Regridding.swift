import Densities
import Diagnostics
import Engine
import Language
import Tensors

/// The parameter for a density on a grid of points.
let densityParameter = Parameter("density", anyDensity, "a density")

/// The type of a grid's points along a, b and c.
let gridType: ValueType = .list(.number(integerRule), count: 3)

/// The parameters for how values between the points of a grid are found.
let methodParameters = [
    Parameter(
        "method", .word(betweenPoints), .fallback(.word("trilinear")),
        "how values between the points of the grid are found"),
    Parameter(
        "shrinking", .word(["cutoff": "they are cut off", "sampled": "the polynomial is sampled at the new points"]),
        .fallback(.word("cutoff")),
        "with `fourier`, what becomes of waves that a smaller grid cannot hold"),
]

/// Checks that what is said of waves has waves: `shrinking` goes with `method: fourier`. Throws `missing-argument`.
private func checkMethod(_ call: Call) throws {
    guard call["shrinking"].word == "sampled", call["method"].word != "fourier" else { return }
    throw Diagnostic(
        "missing-argument", "`shrinking` is what becomes of waves, which `method: trilinear` has none of", at: call.span(of: "shrinking"),
        hint: "add `method: fourier`")
}

extension Arguments {
    /// The way between grids that `method` and `shrinking` say.
    func regridding() throws -> Regridding {
        guard try word("method") == "fourier" else { return .trilinear }
        return .fourier(shrinking: call["shrinking"].word == "sampled" ? .sampled : .cutOff)
    }
}

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// The builtins that bring densities onto other grids and into other cells.
let regriddingWords = Vocabulary([
    Word(
        "regrid", family: "Densities",
        [
            densityParameter,
            Parameter("to", .optional(gridType), .fallback(.none), "points along a, b and c"),
            Parameter("like", .optional(anyDensity), .fallback(.none), "in place of `to`: the density whose grid is taken"),
        ] + methodParameters,
        gives: anyDensity,
        """
        The density on another grid of its cell, in the same unit: values are taken as they are, so potentials go the same way. \
        A warning says how many electrons linear interpolation loses.
        """,
        examples: example("show regrid(al, [12, 12, 12], method: fourier)\nshow electrons(regrid(al, [6, 6, 6]))"),
        role: .transform,
        check: { call, context in
            let (to, like) = (call["to"].integers, call["like"])
            try checkMethod(call)
            guard (to == nil) != like.isNone else {
                throw to == nil
                    ? Diagnostic(
                        "missing-argument", "`regrid` expected a grid, or a density to be `like`", hint: "as in `regrid(d, [60, 60, 60])`")
                    : Diagnostic("twice", "`regrid` expected `to` or `like`, found both", at: call.span(of: "like"))
            }
            try located(call.span(of: "to")) { if let to { try checkGrid(to) } }
            guard let type = try context.facts(of: call["density"])?.tensor else { return .call(call) }
            let grid = try to ?? context.facts(of: like)?.shape
            return call.typed(TensorType(shape: grid, unit: type.unit, cell: type.cell))
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let (density, unit) = try context.density(call["density"])
            let grid = try arguments.optional("to", arguments.integers) ?? context.density(call["like"]).density.grid
            let result = try located(call.span(of: "to")) {
                try density.regridded(to: grid, method: arguments.regridding(), threads: context.threads)
            }
            context.warnOfLoss(from: density, to: result, unit: unit, call)
            return .density(result, unit: unit)
        }),
    Word(
        "supercell", family: "Densities",
        [
            densityParameter,
            Parameter(
                "cell", .either([.list(.number(.whole(1, 1000)), count: 3), .list(.list(.number(integerRule), count: 3), count: 3)]),
                "how often to repeat a, b and c; or three rows of whole numbers, the new vectors in units of these"),
            newGridParameter,
        ] + methodParameters,
        gives: anyDensity, "The density in a larger cell of its crystal, with the atoms in it; the crystal is not turned.",
        examples: example("show supercell(al, [2, 2, 1])\nshow supercell(al, [[-1, 1, 1], [1, -1, 1], [1, 1, -1]]).shape"),
        role: .transform,
        check: { call, context in
            try checkMethod(call)
            let matrix = try located(call.span(of: "cell")) { try cellMatrix(call["cell"]) }
            return try context.typed(call, tolerance: 0.01) { _ in matrix }
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            try context.inCell(call, tolerance: 0.01) { _ in try cellMatrix(call["cell"]) }
        }),
    cellOfSymmetry(
        "conventional", \.conventional,
        "The density in the conventional cell of its crystal by spglib: the cell whose axes name planes. The crystal is not turned."),
    cellOfSymmetry("primitive", \.primitive, "The density in a primitive cell of its crystal by spglib; the crystal is not turned."),
    Word(
        "shift", family: "Densities",
        [densityParameter, Parameter("by", .list(.number(.any), count: 3), "parts of a, b and c")] + methodParameters,
        gives: anyDensity, "The density with its atoms moved through the cell; what leaves it on one side comes in on the other.",
        examples: example("show shift(al, [0.5, 0, 0])"), role: .transform,
        check: { call, context in
            try checkMethod(call)
            let far = call["by"].items?.contains { ($0.number ?? 0).magnitude > 1e6 } ?? false
            guard !far else { throw Diagnostic("range", "`by` expected parts of a cell up to 10^6 in size", at: call.span(of: "by")) }
            guard let type = try context.facts(of: call["density"])?.tensor, var cell = type.cell else { return .call(call) }
            let by = call["by"].items?.compactMap(\.number) ?? []
            cell.atoms = cell.atoms?.map { CellAtom(element: $0.element, place: zip($0.place, by).map(+)) }
            return call.typed(TensorType(shape: type.shape, unit: type.unit, cell: cell))
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let (density, unit) = try context.density(call["density"])
            let result = try density.shifted(by: arguments.numbers("by"), method: arguments.regridding(), threads: context.threads)
            context.warnOfLoss(from: density, to: result, unit: unit, call)
            return .density(result, unit: unit)
        }),
])

private let newGridParameter = Parameter(
    "grid", .optional(gridType), .fallback(.none), "points along the new vectors; as close as they are now where not given")

/// A word for a cell that the symmetry of a crystal tells.
private func cellOfSymmetry(
    _ name: String, _ matrix: @escaping @Sendable (CrystalSymmetry) -> CellMatrix, _ summary: String
) -> Word<ComputedWord> {
    Word(
        name, family: "Densities", [densityParameter, toleranceParameter, newGridParameter] + methodParameters, gives: anyDensity, summary,
        examples: example("show \(name)(al)"), role: .transform,
        check: { call, context in
            try checkMethod(call)
            let tolerance = try Arguments(call, library: context.library).number("tolerance")
            return try located(call.span(of: "density")) {
                try context.typed(call, tolerance: 2 * tolerance) { matrix(try $0.symmetry(tolerance: tolerance)) }
            }
        },
        keepsFinite: { _ in true },
        computes: { call, context in
            let tolerance = try context.arguments(of: call).number("tolerance")
            return try context.inCell(call, tolerance: 2 * tolerance) { matrix(try $0.symmetry(tolerance: tolerance)) }
        })
}

/// The matrix of three repeats, or of three rows. Throws `bad-lattice`.
private func cellMatrix(_ value: Value) throws -> CellMatrix {
    if let repeats = value.integers, repeats.count == 3 {
        return try CellMatrix(rows: [[repeats[0], 0, 0], [0, repeats[1], 0], [0, 0, repeats[2]]])
    }
    return try CellMatrix(rows: value.items?.compactMap(\.integers) ?? [])
}

extension CheckContext {
    /// A call with the type of its density in another cell of the crystal, as far as the crystal is known. Throws `bad-lattice`, `shape`.
    fileprivate func typed(_ call: Call, tolerance: Double, _ matrix: (Crystal) throws -> CellMatrix) throws -> Value {
        let given = call["grid"].integers
        try located(call.span(of: "grid")) { if let given { try checkGrid(given) } }
        guard let type = try facts(of: call["density"])?.tensor, let cell = type.cell else { return .call(call) }
        guard let crystal = try cell.crystal() else {
            return call.typed(TensorType(shape: given, unit: type.unit, cell: PeriodicCell(noun: cell.noun)))
        }
        let combination = try matrix(crystal)
        let other = try crystal.inCell(combination, tolerance: tolerance)
        let grid = try given ?? type.shape.map { try usualGrid(of: crystal.lattice, grid: $0, for: combination) }
        var new = PeriodicCell(noun: cell.noun, lattice: other.lattice, atoms: other.atoms)
        new.origin = cell.origin
        return call.typed(TensorType(shape: grid, unit: type.unit, cell: new))
    }
}

extension ComputeContext {
    /// Number of threads that one computation may take: rows of a data set are computed side by side already.
    var threads: Int { files.isEmpty ? Program.threads : 1 }

    /// The density of a call in another cell of its crystal.
    fileprivate func inCell(_ call: Call, tolerance: Double, _ matrix: (Crystal) throws -> CellMatrix) throws -> Computed {
        let arguments = arguments(of: call)
        let (density, unit) = try self.density(call["density"])
        let combination = try matrix(density.crystal)
        let result = try density.supercell(
            combination, grid: try arguments.optional("grid", arguments.integers), method: arguments.regridding(), tolerance: tolerance,
            threads: threads)
        if combination.volumeRatio.magnitude < 1 - 1e-9 {
            try warnOfMisfit(of: density, in: combination, unit: unit, call)
        }
        warnOfLoss(from: density, to: result, times: abs(combination.volumeRatio), unit: unit, call)
        return .density(result, unit: unit)
    }

    /// Warns where a density does not repeat by the vectors of a smaller cell, by a tenth of how much it varies or more: that cell
    /// then shows one part of it for all.
    private func warnOfMisfit(of density: Density, in combination: CellMatrix, unit: String?, _ call: Call) throws {
        let misfit = try density.misfit(in: combination, threads: threads)
        guard misfit.share > 0.1 else { return }
        results.warn(
            Diagnostic(
                "no-repeat",
                """
                the numbers do not repeat with the atoms in the smaller cell of `\(call.builtin)`: moved by one of its vectors they differ \
                by up to \(threeDigits(misfit.largest))\(unit.map { " \($0)" } ?? ""), \(threeDigits(misfit.share * 100)) % of what \
                they vary
                """,
                severity: .warning, at: call.origin.span,
                hint: "the spin density of an antiferromagnet has a larger cell than its atoms; work in the file's cell"))
    }

    /// Warns where the integral over the cell changed by more than a thousandth of what there is. `ratio`: how many cells the new
    /// one holds.
    func warnOfLoss(from density: Density, to other: Density, times ratio: Double = 1, unit: String?, _ call: Call) {
        // Of other fields the integral over the cell is nothing that has to stay.
        guard let what = integralNoun(ofUnit: unit) else { return }
        let before = density.electrons * ratio
        let lost = before - other.electrons
        let scale = density.values.reduce(0.0) { $0 + abs($1) } / Double(density.values.count) * density.lattice.volume * ratio
        guard abs(lost) > 1e-3 * scale else { return }
        let share = threeDigits(abs(lost) / scale * 100)
        results.warn(
            Diagnostic(
                "lost-electrons",
                """
                `\(call.builtin)` \(lost > 0 ? "lost" : "made") \(threeDigits(abs(lost))) of \(threeDigits(before)) \
                \(what) (\(share) %)
                """,
                severity: .warning, at: call.origin.span,
                hint: call["method"].word == "trilinear" ? "`method: fourier` keeps them" : "`shrinking: cutoff` keeps them"))
    }
}
