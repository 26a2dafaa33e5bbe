import Datasets
import Densities
import Diagnostics
import Language
import Storage

private let atomsParameter = Parameter(
    "atoms", .path, "the folder of the free atoms: a table for each element, such as `Al.csv`, and `atoms.csv` with their electrons")
private let electronsParameter = Parameter(
    "electrons", .word(["valence": "those of VASP's CHGCAR", "total": "all"]), .fallback(.word("valence")),
    "which electrons of the atoms")

private func example(_ code: String) -> [Example] { [Example("let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n" + code)] }

/// The builtins that lay free atoms over one another, the reference of a deformation density.
let freeAtomWords = Vocabulary([
    Word(
        "superposed", family: "Densities",
        [Parameter("like", anyDensity, "the density whose crystal and grid are taken"), atomsParameter, electronsParameter],
        gives: anyDensity,
        """
        The densities of free atoms, spherical ones of a table, laid over one another where a crystal has its atoms (e/A^3). Values are \
        those of the atoms at the points of the grid, but for points nearer to a nucleus than twice the spacing of the grid: they get \
        what is needed for the grid to hold the electrons of the atom.
        """,
        examples: example("show superposed(like: al, atoms: \"data/atoms\")"), role: .transform,
        check: { call, context in
            guard let type = try context.facts(of: call["like"])?.tensor else { return .call(call) }
            try context.checkFreeAtoms(call, of: type.cell)
            return call.typed(TensorType(shape: type.shape, unit: chargeUnit, cell: type.cell.map { $0.named(FieldMeaning.density.noun) }))
        },
        keepsFinite: { _ in true }, further: freeAtomFiles,
        computes: { call, context in
            .density(try context.superposed(call, like: context.density(call["like"]).density).density, unit: chargeUnit)
        }),
    Word(
        "deformation", family: "Densities",
        [Parameter("density", anyDensity, "a charge density"), atomsParameter, electronsParameter],
        gives: anyDensity,
        """
        What bonding does to a charge density: it minus the superposed free atoms (e/A^3). A warning tells where the two have \
        different numbers of electrons. Near nuclei, where a density of VASP is smoothed and that of a free atom is not, the difference \
        is large and says nothing of bonds: give the figure `limits`.
        """,
        examples: example("show deformation(al, atoms: \"data/atoms\")"), role: .transform,
        check: { call, context in
            guard let type = try context.facts(of: call["density"])?.tensor else { return .call(call) }
            guard isSameUnit(type.unit, chargeUnit) else {
                throw Diagnostic(
                    "unit",
                    """
                    `deformation` expected a density of electrons in \(chargeUnit), found \(type.cell?.phrase ?? "numbers") \
                    \(unitPhrase(type.unit))
                    """,
                    at: call.span(of: "density"))
            }
            try context.checkFreeAtoms(call, of: type.cell)
            return call.typed(
                TensorType(shape: type.shape, unit: chargeUnit, cell: type.cell.map { $0.named(FieldMeaning.deformation.noun) }))
        },
        keepsFinite: { _ in true }, further: freeAtomFiles,
        computes: { call, context in
            let density = try context.density(call["density"]).density
            let atoms = try context.superposed(call, like: density)
            let found = density.electrons
            if abs(found - atoms.atomicElectrons) > 1e-3 * max(1, atoms.atomicElectrons) {
                // A table need not have both columns; the other one is asked for the sake of a hint.
                let others = try? context.atomicElectrons(call, of: density, isValence: call["electrons"].word != "valence")
                let isCloser = others.map { abs(found - $0) < 0.5 * abs(found - atoms.atomicElectrons) } ?? false
                context.results.warn(
                    Diagnostic(
                        "other-electrons",
                        """
                        the density has \(threeDigits(found)) electrons and the free atoms of its elements \
                        \(threeDigits(atoms.atomicElectrons)): their difference shows more than bonds
                        """,
                        severity: .warning, at: call.origin.span,
                        hint: !isCloser
                            ? nil
                            : call["electrons"].word == "valence"
                                ? "say `electrons: total` of an all-electron density"
                                : "leave out `electrons: total` for a density of valence electrons"))
            }
            let difference = zip(density.values, atoms.density.values).map { $0 - $1 }
            return .density(try density.replacing(difference, charges: false), unit: chargeUnit)
        }),
])

private let chargeUnit = FieldMeaning.density.unit ?? ""

/// The tables of a folder, all of them: which are read, the crystals of rows tell.
private let freeAtomFiles = FurtherFiles(argument: "atoms") { call, context in
    let folder = context.resolve(call["atoms"].string ?? "")
    return try located(call.span(of: "atoms")) { try glob(folder + "/*.csv").map(\.path) }
}

extension PeriodicCell {
    /// The same cell with another noun for the numbers on its grid.
    fileprivate func named(_ noun: String) -> PeriodicCell {
        var result = self
        result.noun = noun
        return result
    }
}

extension CheckContext {
    /// Checks that a folder holds the free atom of each element, as far as the elements are known. Throws `missing-file`.
    fileprivate func checkFreeAtoms(_ call: Call, of cell: PeriodicCell?) throws {
        let folder = resolve(call["atoms"].string ?? "")
        try located(call.span(of: "atoms")) {
            for file in [electronsFile] + Set(cell?.atoms?.map(\.element) ?? []).sorted().map({ "\($0).csv" })
            where fileStatus(folder + "/" + file)?.kind != .file {
                throw missing(file, in: folder)
            }
        }
    }
}

/// The table of the electrons of each element.
private let electronsFile = "atoms.csv"

private func missing(_ file: String, in folder: String) -> Diagnostic {
    if file == "X.csv" {
        return Diagnostic(
            "missing-file", "the density's file does not name its elements, so that their free atoms cannot be found",
            hint: "take a file of VASP 5 or newer, which has a line of symbols")
    }
    return Diagnostic(
        "missing-file", "there is no file `\(file)` among the free atoms in `\(folder)`",
        hint: "the folder `experiments/data/atoms` that comes with ecdx has 72 elements")
}

/// Key of the free atoms of some elements that are remembered.
private struct FreeAtoms: Hashable {
    var folder: String
    var elements: [String]
    var isValence: Bool
}

/// Key of the electrons of free atoms that are remembered.
private struct FreeAtomElectrons: Hashable {
    var path: String
    var isValence: Bool
}

extension ComputeContext {
    /// The superposed free atoms of a crystal. Throws `missing-file`, `bad-data`.
    fileprivate func superposed(_ call: Call, like density: Density) throws -> Superposition {
        let arguments = arguments(of: call)
        let folder = results.resolve(try arguments.text("atoms"))
        let elements = Set(density.atoms.map(\.element)).sorted()
        let isValence = try arguments.word("electrons") == "valence"
        let atoms = try located(call.span(of: "atoms")) {
            guard !elements.isEmpty else { throw Diagnostic("bad-data", "expected a density with atoms, found one without") }
            return try remembered(FreeAtoms(folder: folder, elements: elements, isValence: isValence)) {
                try freeAtoms(elements, in: folder, isValence: isValence)
            }
        }
        return try density.superposed(atoms, threads: threads)
    }

    /// The electrons that the free atoms of a crystal have together, by the table of the folder.
    fileprivate func atomicElectrons(_ call: Call, of density: Density, isValence: Bool) throws -> Double {
        let path = results.resolve(call["atoms"].string ?? "") + "/" + electronsFile
        let counts = try electrons(path: path, isValence: isValence)
        return density.atoms.reduce(0.0) { $0 + (counts[$1.element] ?? 0) }
    }

    /// The electrons of each element by the table of a folder. Throws `cannot-read`, `bad-data`.
    private func electrons(path: String, isValence: Bool) throws -> [String: Double] {
        try remembered(FreeAtomElectrons(path: path, isValence: isValence)) {
            let table = try readCSV(path: path)
            let counts = try table.column(isValence ? "valence_electrons" : "Z").numbers ?? []
            try results.confirm(path)
            return Dictionary(zip(try table.column("symbol").cells, counts)) { first, _ in first }
        }
    }

    /// The densities of free atoms in the files of a folder, by element.
    private func freeAtoms(_ elements: [String], in folder: String, isValence: Bool) throws -> [String: RadialDensity] {
        let electronsPath = folder + "/" + electronsFile
        guard fileStatus(electronsPath)?.kind == .file else { throw missing(electronsFile, in: folder) }
        let counts = try electrons(path: electronsPath, isValence: isValence)
        var found: [String: RadialDensity] = [:]
        for element in elements {
            let path = folder + "/\(element).csv"
            guard fileStatus(path)?.kind == .file else { throw missing("\(element).csv", in: folder) }
            guard let count = counts[element], count.isFinite else {
                throw Diagnostic(
                    "bad-data", "expected the electrons of `\(element)`, found no line for it", data: DataPlace(file: electronsPath))
            }
            found[element] = try RadialDensity.parse(
                String(decoding: readFile(path, limit: 1 << 24), as: UTF8.self),
                column: isValence ? "valence_e_per_A3" : "total_e_per_A3", electrons: count, file: path)
            try results.confirm(path)
        }
        return found
    }
}
