import Diagnostics
import Storage

/// What is to be said of a file of a field in a line: for a table of many.
public struct FieldSummary: Sendable {
    /// What the numbers are.
    public var kind: FieldKind
    /// Noun for numbers that the file tells to be something else than a density, a potential or an ELF of VASP; nil for these.
    public var noun: String?
    /// The crystal and the grid.
    public var header: DensityHeader
    /// The electrons that the density comes to; nil for what is no density.
    public var electrons: Double?
    /// The electrons that the file's charges of its atoms come to; nil where it has none.
    public var expected: Double?
    /// The moment in Bohr magnetons, of x, y and z where spins are not collinear; empty where there is none.
    public var moment: [Double]
    /// What is odd about the file.
    public var warnings: [String]
    /// What the grid spans.
    public var extent = GridFrame.Extent.cell

    init(
        kind: FieldKind, header: DensityHeader, electrons: Double?, expected: Double? = nil, moment: [Double], warnings: [String]
    ) {
        self.kind = kind
        self.header = header
        self.electrons = electrons
        self.expected = expected
        self.moment = moment
        self.warnings = warnings
    }
}

/// Reads what is to be said of a file in any layout, which its name or its first lines tell. What is wrong behind what can be read is
/// a warning. Throws `cannot-read`, and `bad-data` for a file of which nothing can be read.
public func readFieldSummary(path: String) throws -> FieldSummary {
    switch FieldFormat(of: path) {
    case .cube: return try cubeSummary(path)
    case .xsf:
        let field = try readXSF(path: path)
        var warnings = field.steps > 1 ? ["step \(field.step) of \(field.steps)"] : []
        let extent = field.density.frame.extent
        // What a part of a cell holds is no number of electrons of a crystal.
        if extent == .part { warnings.append("the grid fills no cell of the crystal but a box in it") }
        var summary = FieldSummary(
            kind: .density, header: field.density.header, electrons: extent == .part ? nil : field.density.electrons, moment: [],
            warnings: warnings + (extent == .part ? [] : doubts(of: field.density, field.title, path)))
        summary.extent = extent
        return summary
    case .json:
        let file = try readMaterialsProjectDensity(path: path)
        let parts = file.magnetizationVector.isEmpty ? [file.magnetization].compactMap { $0 } : file.magnetizationVector
        return FieldSummary(
            kind: .density, header: file.total.header, electrons: file.total.electrons, moment: parts.map(\.electrons),
            warnings: doubts(of: file.total, nil, path))
    case .vasp, nil: return try vaspSummary(path)
    }
}

extension Density {
    /// The crystal and the grid.
    fileprivate var header: DensityHeader { DensityHeader(comment: "", lattice: lattice, atoms: atoms, grid: grid) }
}

/// Of several values at each point none is taken, since nobody said which.
private func cubeSummary(_ path: String) throws -> FieldSummary {
    let header = try readCubeHeader(path: path)
    let crystal = DensityHeader(comment: header.comments.first ?? "", lattice: header.lattice, atoms: header.atoms, grid: header.grid)
    // Charges of cores tell the electrons; atomic numbers stand beside densities of the valence as well.
    let isOfCores = zip(header.charges, header.atoms).contains { $0 > 0 && $0 != Double(number(ofSymbol: $1.element)) }
    let charge = isOfCores ? header.charges.reduce(0, +) : 0
    var summary = FieldSummary(
        kind: .density, header: crystal, electrons: nil, expected: charge > 0 ? charge : nil, moment: [], warnings: [])
    if case .orbitals(let numbers) = header.contents {
        (summary.expected, summary.warnings) = (nil, ["orbitals: \(numbers.count)"])
    } else if header.datasets > 1 {
        summary.warnings = ["\(header.datasets) values at each point"]
    } else {
        try summary.add(header, path)
    }
    return summary
}

extension FieldSummary {
    /// Adds what the numbers of a cube file come to, by what it tells of them, and what is odd about that.
    fileprivate mutating func add(_ cube: CubeHeader, _ path: String) throws {
        if case .written(let noun, let unit)? = cube.title {
            self.noun = noun
            switch unit {
            case "e/bohr^3": electrons = try readCube(path: path).electrons
            case "mu_B/bohr^3": moment = [try readCube(path: path).electrons]
            default: break
            }
            expected = nil
            return
        }
        let density = try readCube(path: path)
        electrons = density.electrons
        warnings += doubts(of: density, cube.title, path)
        // A charged cell differs by its charge, which is worth a remark too.
        if let expected, abs(density.electrons - expected) > Swift.max(0.1, 0.01 * expected) {
            warnings.append(
                "\(fourDigits(density.electrons)) electrons found, \(fourDigits(expected)) expected by the charges of the atoms")
        }
    }
}

/// What speaks against the numbers of a file that does not tell them being a density of electrons.
private func doubts(of density: Density, _ title: FieldTitle?, _ path: String) -> [String] {
    [title?.phrase, FieldKind.density.doubt(of: density, path: path, isNamed: true)].compactMap { $0 }
}

private func vaspSummary(_ path: String) throws -> FieldSummary {
    do {
        return try summary(of: readVolumetricFile(path: path), warnings: [])
    } catch let fault as Diagnostic where fault.id == "bad-data" {
        // What stands in front of the fault may be of use.
        guard let contents = try? readVolumetricContents(path: path), let first = contents.components.first else { throw fault }
        let line = fault.data?.line.map { "line \($0): " } ?? ""
        let warnings = ["only the first block can be read: " + line + fault.message]
        let part = try readVolumetricFile(path: path, kind: contents.kindSource == nil ? nil : contents.kind, component: first)
        return summary(of: part, warnings: warnings)
    }
}

private func summary(of file: VolumetricFile, warnings: [String]) -> FieldSummary {
    let images = file.images > 1 ? ["image \(file.image) of \(file.images)"] : []
    let warnings = warnings + [file.doubt].compactMap { $0 }
    return FieldSummary(
        kind: file.kind, header: file.header, electrons: file.electrons, moment: file.moment, warnings: images + warnings)
}
