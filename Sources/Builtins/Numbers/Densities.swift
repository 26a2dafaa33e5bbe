import Densities
import Diagnostics
import Language
import Tensors

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// The builtins that read charge densities and integrate them.
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
        let cell = PeriodicCell(noun: densityCell.noun, lattice: header.lattice, atoms: header.atoms)
        return TensorType(shape: header.grid, unit: densityUnit, cell: cell)
    }
}

/// Key of a density's header that is remembered.
private struct DensityFile: Hashable { var path: String }
