import Densities
import Diagnostics
import Language
import Plotting
import Tensors

/// The type of Miller indices: three whole numbers.
let millerType: ValueType = .list(.number(integerRule), count: 3)

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// The builtins that read charge densities, cut and integrate them.
let densityWords = Vocabulary([
    Word(
        "chgcar", family: "Sources",
        [
            Parameter("path", .template, "a CHGCAR file, plain or gzipped; `{column}` stands for a column of the row, `*` for its id"),
            Parameter(
                "pair", .word(["key", "position"]), .fallback(.word("key")),
                "how the files of a pattern with `*` meet the rows: by the id that `*` stands for, or by position, both sorted naturally"),
        ],
        gives: anyDensity,
        """
        The valence charge density of a VASP CHGCAR file, first block, divided by the volume of the cell (e/A^3). \
        A LOCPOT or an ELFCAR is refused.
        """,
        examples: [Example("show chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")")],
        role: .source(argument: "path") { _, path, context in try context.densityType(path: path) },
        check: { call, context in
            guard let path = context.library.literalPath(of: call) else {
                return call.typed(TensorType(shape: nil, unit: densityUnit, cell: densityCell))
            }
            return call.typed(try located(context.library.pathSpan(of: call)) { try context.densityType(path: context.resolve(path)) })
        },
        computes: { call, context in
            let path = context.path(of: call)
            return .density(
                try located(context.library.pathSpan(of: call)) {
                    guard context.asksForNaN else { return try readCHGCAR(path: path) }
                    guard let density = try readFiniteCHGCAR(path: path) else { throw NotFinite() }
                    return density
                }, unit: densityUnit)
        }),
    Word(
        "plane", family: "Tensors",
        [
            Parameter("density", anyDensity, "the charge density to cut"),
            Parameter("miller", millerType, "Miller indices of the plane in the cell of the file"),
            Parameter(
                "size", .list(.number(.count()), count: 2), .fallback(.list([ListItem(.number(60)), ListItem(.number(60))])),
                "rows and columns of the picture"),
        ],
        gives: anyTensor,
        "The lattice plane through the first atom, one cell of it, by periodic trilinear sampling (e/A^3).",
        examples: example("show plane(al, [1, 1, 1], size: [12, 12])"),
        role: .transform,
        check: { call, context in
            guard let miller = call["miller"].integers, let size = call["size"].integers else { return .call(call) }
            try located(call.span(of: "miller")) { try checkMiller(miller) }
            try located(call.span(of: "size")) { try checkPlaneSize(size) }
            guard let density = try context.facts(of: call["density"])?.tensor else { return .call(call) }
            return call.typed(TensorType(shape: size + [1], unit: density.unit, cut: density.cell))
        },
        computes: { call, context in
            let arguments = context.arguments(of: call)
            let (density, unit) = try context.density(call["density"])
            let geometry = try density.planeGeometry(miller: arguments.integers("miller"))
            let flat = geometry.flat
            return .cut(
                NumericArray(try density.plane(geometry, size: arguments.integers("size"))), unit: unit,
                cell: PlaneCell(first: Point(flat.u.x, flat.u.y), second: Point(flat.v.x, flat.v.y)))
        }),
    Word(
        "electrons", family: "Tensors", [Parameter("density", anyDensity, "a density")],
        gives: .tensor(TensorType(shape: [], unit: "e")),
        "The integral of a density over its cell.", examples: example("show electrons(al)"), role: .transform,
        computes: { call, context in .quantity(try context.density(call["density"]).density.electrons, unit: "e") }),
])

/// The unit of charge densities.
private let densityUnit = "e/A^3"

extension CheckContext {
    /// The type of a density's file, whose header is read once. Throws `bad-data`, `missing-file`, `cannot-read`.
    fileprivate func densityType(path: String) throws -> TensorType {
        let header = try remembered(DensityFile(path: path)) { try readCHGCARHeader(path: path) }
        var cell = densityCell
        (cell.vectors, cell.formula) = (header.lattice.rows, formula(of: header.atoms.map(\.element)))
        return TensorType(shape: header.grid, unit: densityUnit, cell: cell)
    }
}

/// Key of a density's header that is remembered.
private struct DensityFile: Hashable { var path: String }
