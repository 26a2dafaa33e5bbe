import Densities
import Diagnostics
import Language

/// A crystal: what its symmetry rests on.
struct Crystal: Hashable, Sendable {
    var lattice: Lattice
    var atoms: [Atom]

    /// The symmetry of the crystal; see `Densities.symmetry`. Throws `bad-data` where the atoms do not tell it.
    func symmetry(tolerance: Double) throws -> CrystalSymmetry {
        guard !atoms.isEmpty else {
            throw Diagnostic(
                "bad-data", "expected atoms to find the symmetry of a crystal by, found a density without any",
                hint: "planes can be cut by the indices of the file's own cell: `cell: file`")
        }
        // Atoms of different elements would be taken for equal ones.
        guard atoms.count == 1 || !atoms.contains(where: { $0.element == "X" }) else {
            throw Diagnostic(
                "bad-data", "expected atoms whose elements are known to find the symmetry of a crystal by, found a file that names none",
                hint: "planes can be cut by the indices of the file's own cell: `cell: file`")
        }
        return try Densities.symmetry(lattice: lattice, atoms: atoms, tolerance: tolerance)
    }

    /// The crystal in the cell that a matrix makes. Throws `bad-lattice`.
    func inCell(_ matrix: CellMatrix, tolerance: Double) throws -> Crystal {
        let bare = try Density(lattice: lattice, atoms: atoms, grid: [1, 1, 1], values: [0])
        let other = try bare.supercell(matrix, grid: [1, 1, 1], tolerance: tolerance)
        return Crystal(lattice: other.lattice, atoms: other.atoms)
    }
}

extension Density {
    /// The crystal that the density is of.
    var crystal: Crystal { Crystal(lattice: lattice, atoms: atoms) }
}

/// Key of a symmetry that is remembered: it takes some milliseconds to find.
private struct SymmetryOf: Hashable {
    var crystal: Crystal
    var tolerance: Double
}

extension CheckContext {
    /// The symmetry of a crystal, found once. Throws `bad-data`.
    func symmetry(of crystal: Crystal, tolerance: Double) throws -> CrystalSymmetry {
        try remembered(SymmetryOf(crystal: crystal, tolerance: tolerance), most: 1024) { try crystal.symmetry(tolerance: tolerance) }
    }
}

extension ComputeContext {
    /// The symmetry of a crystal, found once an action. Throws `bad-data`.
    func symmetry(of crystal: Crystal, tolerance: Double) throws -> CrystalSymmetry {
        try remembered(SymmetryOf(crystal: crystal, tolerance: tolerance)) { try crystal.symmetry(tolerance: tolerance) }
    }
}

/// The parameter for how far atoms may miss the places of a symmetry.
let toleranceParameter = Parameter(
    "tolerance", .number(toleranceRule), .fallback(.number(0.01)), unit: "A",
    "how far atoms may be from where the symmetry has them: VASP writes six decimals")

private let toleranceRule: NumberRule = {
    var rule = NumberRule.positive
    rule.most = 1
    return rule
}()

/// The builtin `symmetry`, which its check works out.
let crystalFacts: [Builtin] = [
    Builtin(
        "symmetry", family: "Densities", [Parameter("density", anyDensity, "a density"), toleranceParameter], gives: .map(.any),
        """
        The space group of a crystal by spglib, as a record: its `number`, `symbol` and `pointGroup`, and the vectors of the \
        `conventional` and of a `primitive` cell in units of the file's.
        """,
        examples: [
            Example(
                """
                let al = chgcar("data/fcc-dft/densities/Al-fcc.CHGCAR.gz")
                show symmetry(al).symbol
                show symmetry(al).conventional
                """)
        ],
        check: { call, context in
            guard let crystal = try context.facts(of: call["density"])?.tensor.cell?.crystal(), let tolerance = call["tolerance"].number
            else {
                throw Diagnostic(
                    "deferred", "the symmetry is not known before the file of a row is", at: call.span(of: "density"))
            }
            let found = try located(call.span(of: "density")) { try context.symmetry(of: crystal, tolerance: tolerance) }
            func vectors(_ matrix: CellMatrix) -> Value {
                .list(matrix.numbers.map { row in ListItem(.list(row.map { ListItem(.number($0)) })) })
            }
            return .record(
                Fields([
                    ("number", Field(.number(Double(found.number)))), ("symbol", Field(.text(Text(found.symbol)))),
                    ("pointGroup", Field(.text(Text(found.pointGroup)))), ("conventional", Field(vectors(found.conventional))),
                    ("primitive", Field(vectors(found.primitive))),
                ]))
        })
]
