import Densities
import Diagnostics
import Language
import Synchronization

/// A crystal: what its symmetry rests on.
struct Crystal: Hashable, Sendable {
    var lattice: Lattice
    var atoms: [Atom]

    /// The symmetry of the crystal, found once; see `Densities.symmetry`. It may be asked for on several threads. Throws `bad-data`
    /// where the atoms do not tell it.
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
        let key = SymmetryOf(crystal: self, tolerance: tolerance)
        if let known = knownSymmetries.withLock({ $0[key] }) { return known }
        let found = try Densities.symmetry(lattice: lattice, atoms: atoms, tolerance: tolerance)
        knownSymmetries.withLock { known in
            if known.count >= mostSymmetries { known.removeAll() }
            known[key] = found
        }
        return found
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

/// Key of a symmetry that is remembered.
private struct SymmetryOf: Hashable {
    var crystal: Crystal
    var tolerance: Double
}

/// The symmetries that were found: each takes some milliseconds, and checks, figures and rows of data sets ask for the same ones.
private let knownSymmetries = Mutex<[SymmetryOf: CrystalSymmetry]>([:])

/// The most symmetries that are remembered.
private let mostSymmetries = 4096

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
            let found = try located(call.span(of: "density")) { try crystal.symmetry(tolerance: tolerance) }
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
