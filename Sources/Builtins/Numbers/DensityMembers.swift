import Densities
import Diagnostics
import Language
import Tensors

/// What a script can look at behind the dot of a density.
let densityMembers = ValueMembers(
    of: anyDensity,
    [
        Member("cell", "a tensor", "the vectors that span the cell, a row each (A)"),
        Member("volume", "a number", "the volume of the cell (A^3)"),
        Member("atoms", "a table", "element and fractional coordinates of each atom"),
        Member("electrons", "a number", "of a density of electrons: how many there are in the cell (e)"),
        Member("moment", "a number", "of a file with spin: the magnetic moment of the cell (mu_B)"),
        Member("formula", "text", "elements with their counts, in the order of the file"),
        Member("grid", "a list of numbers", "points along a, b and c"),
        Member("spacing", "a tensor", "distance between points along a, b and c (A)"),
        Member("up", "a density", "of a file with spin: the electrons with spin up"),
        Member("down", "a density", "of a file with spin: the electrons with spin down"),
        Member("magnetization", "a density", "of a file with spin: up minus down (mu_B/A^3)"),
        Member("mx", "a density", "of a file whose spins are not collinear: x of the magnetization, as `my` and `mz`"),
        Member("my", "a density", "y of the magnetization"), Member("mz", "a density", "z of the magnetization"),
    ]
) { subject, name, origin, context in
    guard let call = subject.value.call, case .tensor(let type) = call.type else { return nil }
    func known<Found>(_ what: String, _ found: Found?) throws -> Found {
        if let found { return found }
        throw Diagnostic("deferred", "the \(what) is not known before the file of a row is")
    }
    switch name {
    case "grid": return .list(try known("grid", type.shape).map { ListItem(.number(Double($0))) })
    case "formula": return .text(Text(try known("formula", type.cell?.formula)))
    default: break
    }
    if let component = FieldComponent(rawValue: name) {
        guard call.component == .total, let found = try context.component(component, of: call, origin) else {
            throw Diagnostic(
                "unknown-field", "\(type.cell?.phrase ?? "a tensor") that is no file's total has no field `\(name)`",
                hint: context.whereToTake(name, subject.value))
        }
        return found
    }
    guard let word = context.library.operators[".\(name)"] else { return nil }
    return try word.check?(Call(word.name, ["of": subject], type: word.result, origin: origin), context)
}

extension CheckContext {
    /// How to have a component that a value has not, as a hint: of the file that the value is made of, by the word that reads it.
    fileprivate func whereToTake(_ component: String, _ value: Value) -> String {
        let usual = "take it of the file, as in `chgcar(\"CHGCAR\").\(component)`"
        guard let source = library.fileSources(of: value).first, let path = library.path(of: source)?.string else { return usual }
        guard let words = library.builtin(source.builtin)?.parameters.first(where: { $0.name == "component" })?.type.words else {
            return "`\(source.builtin)` reads one field: read the file that holds this one"
        }
        guard words.contains(component) else {
            return "a file that `\(source.builtin)` reads has \(words.map { "`\($0)`" }.joined(separator: ", "))"
        }
        return "take it of the file, as in `\(source.builtin)(\"\(path)\").\(component)`"
    }
}

/// The members of a density that are computed. Their names cannot be written, so a script reaches them through the dot alone.
let densityFacts = Vocabulary([
    fact("cell", "The vectors that span the cell.", shape: [3, 3], unit: "A") { lattice, _ in lattice.rows.flatMap { $0 } },
    fact("volume", "The volume of the cell.", shape: [], unit: "A^3") { lattice, _ in [lattice.volume] },
    fact("spacing", "The distance between points along a, b and c.", shape: [3], unit: "A") { lattice, grid in
        zip(lattice.lengths, grid).map { $0 / Double($1) }
    },
    Word(
        ".atoms", family: "Operators", [Parameter("of", anyDensity, "a density")], gives: .sort(.table), "The atoms of the cell.",
        check: { call, _ in .call(call) },
        computes: { call, context in
            let atoms = try context.density(call["of"]).density.atoms
            return .table(
                ResultTable(
                    columns: [.init("atom"), .init("element", isNumeric: false)] + ["x", "y", "z"].map { .init($0) },
                    rows: atoms.enumerated().map { index, atom in
                        [.init(String(index)), .init(atom.element)]
                            + atom.fractional.map { .init(fourDigits($0), exact: written($0)) }
                    }))
        }),
])

/// A member of a density that its lattice and its grid tell.
private func fact(
    _ name: String, _ summary: String, shape: [Int], unit: String, of value: @escaping @Sendable (Lattice, [Int]) -> [Double]
) -> Word<ComputedWord> {
    /// The numbers, where the cell is known before anything is computed.
    @Sendable func known(_ call: Call) throws -> [Double]? {
        guard case .tensor(let type)? = call["of"].call?.type, let rows = type.cell?.vectors, let grid = type.shape else { return nil }
        return value(try Lattice(rows: rows), grid)
    }
    return Word(
        "." + name, family: "Operators", [Parameter("of", anyDensity, "a density")],
        gives: .tensor(TensorType(shape: shape, unit: unit)), summary, role: .transform, check: { call, _ in .call(call) },
        knows: { call, _ in try known(call) }, keepsFinite: { _ in true },
        computes: { call, context in
            let numbers =
                try known(call)
                ?? {
                    let density = try context.density(call["of"]).density
                    return value(density.lattice, density.grid)
                }()
            return .array(try NumericArray(shape: Shape(shape), values: numbers, precision: .double), unit: unit)
        })
}
