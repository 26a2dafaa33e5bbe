import Densities
import Diagnostics
import Language
import Tensors

/// What the numbers on the grid of a cell are: the noun for them, and their unit.
struct FieldMeaning: Sendable, Hashable {
    /// Noun for the numbers in messages and figures.
    var noun: String
    /// Unit of the numbers; nil where they have none.
    var unit: String?

    /// A density of electrons.
    static let density = Self(noun: densityCell.noun, unit: "e/A^3")
    /// A density minus that of the free atoms.
    static let deformation = Self(noun: "deformation density", unit: "e/A^3")
    /// A density of spin, up minus down.
    static let spin = Self(noun: "spin density", unit: "mu_B/A^3")
    /// A potential of a file of VASP.
    static let potential = Self(noun: "potential", unit: "eV")
    /// The electron localisation function, a pure number.
    static let localization = Self(noun: "electron localisation function", unit: nil)
    /// The two fields, of spin up and of spin down, of a LOCPOT or an ELFCAR with spin, which has no total.
    static func ofBothSpins(_ kind: FieldKind) -> Self {
        let one = Self(kind, .up)
        return Self(noun: one.noun + bothSpins, unit: one.unit)
    }

    /// Numbers of which more is not known, in the unit that is said.
    static func other(_ unit: String?) -> Self { Self(noun: "field", unit: unit) }

    /// The meaning of a component of a file of VASP.
    init(_ kind: FieldKind, _ component: FieldComponent) {
        switch kind {
        case .density: self = component.isSpin ? .spin : .density
        case .potential: self = .potential
        case .localization: self = .localization
        }
    }

    private init(noun: String, unit: String?) { (self.noun, self.unit) = (noun, unit) }

    /// The meaning of numbers that a cube file of `export` tells; nil for a file of another program.
    init?(_ title: FieldTitle?) {
        guard case .written(let noun, let unit)? = title else { return nil }
        switch unit {
        case "e/bohr^3": self.init(noun: noun == Self.density.quantity ? Self.density.noun : noun, unit: Self.density.unit)
        case "mu_B/bohr^3": self.init(noun: noun, unit: Self.spin.unit)
        default: self.init(noun: noun, unit: unit.flatMap { Unit($0) == nil ? nil : $0 })
        }
    }

    /// Whether the numbers are a density per volume, which a cube file has per bohr^3.
    var isPerVolume: Bool { integralNoun(ofUnit: unit) != nil }
    /// The name of the numbers in figures and titles.
    private var quantity: String { PeriodicCell(noun: noun).quantity }

    /// The type of such numbers in a cell that only a file tells.
    var type: TensorType { TensorType(shape: nil, unit: unit, cell: PeriodicCell(noun: noun)) }

    /// The type of such numbers on a grid of a crystal.
    func type(_ lattice: Lattice, _ atoms: [Atom], _ grid: [Int], _ frame: GridFrame = GridFrame()) -> TensorType {
        var cell = PeriodicCell(noun: noun, lattice: lattice, atoms: atoms)
        if frame.isMoved { cell.origin = frame.origin }
        return TensorType(shape: grid, unit: unit, cell: cell)
    }

    /// The type of such numbers as they were read.
    func type(_ density: Density) -> TensorType { type(density.lattice, density.atoms, density.grid, density.frame) }
}

/// What the integral of a field in this unit over the cell counts, such as `electrons`; nil where it means nothing.
public func integralNoun(ofUnit unit: String?) -> String? {
    if isSameUnit(unit, FieldMeaning.density.unit) { return "electrons" }
    return isSameUnit(unit, FieldMeaning.spin.unit) ? "mu_B" : nil
}

/// What the noun of two fields ends with.
private let bothSpins = " of each spin"

extension PeriodicCell {
    /// Whether the numbers are two fields, of spin up and of spin down, so that only one of them can be worked with.
    var areOfBothSpins: Bool { noun.hasSuffix(bothSpins) }
    /// What is wrong where one field is expected; nil where there is one.
    var bothSpinsFault: Diagnostic? {
        guard areOfBothSpins else { return nil }
        return Diagnostic("bad-data", "expected one field, found \(phrase), without a total", hint: "take `.up` or `.down` of it")
    }

    /// The numbers as a phrase for messages, with its article.
    var phrase: String { ("aeio".contains(noun.prefix(1)) ? "an " : "a ") + noun }
    /// The name of the numbers in figures.
    var quantity: String { noun == densityCell.noun ? "charge density" : noun }
}

extension FieldFormat {
    /// The word that reads a file of the layout.
    func word(for path: String) -> String {
        switch self {
        case .vasp: (FieldKind(fileName: path) ?? .density).word
        case .cube: "cube"
        case .xsf: "xsf"
        case .json: "mpchgcar"
        }
    }

    /// What `read` gives of a file of the layout. A fault of a file whose contents, or else its name, tell another layout says which
    /// word reads it.
    func reading<Found>(_ path: String, _ read: () throws -> Found) throws -> Found {
        do {
            return try read()
        } catch var fault as Diagnostic where fault.id == "bad-data" {
            let told = FieldFormat(contentsOf: path) ?? FieldFormat(fileName: path)
            guard let told, told != self else { throw fault }
            fault.hints = ["the file seems to be \(told.phrase), which `\(told.word(for: path))` reads"]
            throw fault
        }
    }
}

/// Key of the type of a field of a file that is remembered.
private struct FieldOfFile: Hashable {
    var word: String
    var arguments: Fields
    var path: String
    var version: Int
}

extension CheckContext {
    /// The type of the field of a file that a call reads, looked up once.
    func fieldType(_ call: Call, _ format: FieldFormat, path: String, _ read: () throws -> TensorType) throws -> TensorType {
        var arguments = call.arguments
        for name in ["path", "pair"] { arguments[name] = nil }
        let key = FieldOfFile(word: call.builtin, arguments: arguments, path: path, version: version(ofFile: path))
        return try remembered(key) { try format.reading(path, read) }
    }

    /// The type of the field of a file that a call reads, where much of the file has to be read to tell it: kept beside the store, so
    /// that later checks need not read it again.
    func lastingFieldType(_ call: Call, path: String, _ read: () throws -> TensorType) throws -> TensorType {
        var call = call
        for name in ["path", "pair"] { call.arguments[name] = nil }
        return try facts.answer("field 2 \(source(of: .call(call)))", about: [path], read)
    }
}

extension Call {
    /// The same call without arguments that say what there was before there were these: it keeps its key and its text.
    func leavingOut(_ usual: [String: Value]) -> Call {
        var result = self
        for (name, value) in usual where result[name] == value { result.arguments[name] = nil }
        return result
    }

    /// The component of a file that the call of a source reads; the total where it names none.
    var component: FieldComponent { self["component"].word.flatMap { FieldComponent(rawValue: $0) } ?? .total }
}

extension CheckContext {
    /// The call of a source of files with another component of its files; nil where it is none, or takes no such component.
    func component(_ component: FieldComponent, of call: Call, _ origin: Origin) throws -> Value? {
        guard let builtin = library.builtin(call.builtin), library.pathArgument(of: call) != nil,
            let parameter = builtin.parameters.first(where: { $0.name == "component" }), parameter.type.words.contains(component.rawValue)
        else { return nil }
        var call = call
        call.arguments["component"] = Field(.word(component.rawValue), origin)
        return try builtin.check?(call, self) ?? .call(call)
    }
}
