import Storage

/// What the numbers of a volumetric file are: which field of the crystal, and so its unit, and whether the file has it times the volume.
public enum FieldKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A density of electrons or of spin: CHGCAR, CHG, AECCAR and PARCHG, which hold it times the volume of the cell.
    case density
    /// A local potential: LOCPOT, which holds it as it is, eV.
    case potential
    /// The electron localisation function (ELF): ELFCAR, a pure number from 0 to 1.
    case localization

    /// The kind that the name of a file tells, by the names that VASP gives: see `OtherField`; nil where it tells none.
    public init?(fileName path: String) {
        let name = lastName(of: path)
        if let other = OtherField(fileName: name) {
            self = other == .LOCPOT ? .potential : .localization
            return
        }
        let words = name.uppercased().split { !$0.isLetter && !$0.isNumber }
        let densities = ["CHGCAR", "CHG", "PARCHG", "AECCAR", "AECCAR0", "AECCAR1", "AECCAR2", "CHGDIFF"]
        guard words.contains(where: { densities.contains(String($0)) }) else { return nil }
        self = .density
    }

    /// The unit of its values: `e/A^3`, `eV`, and none (empty) for the localisation function.
    public var unit: String {
        switch self {
        case .density: "e/A^3"
        case .potential: "eV"
        case .localization: ""
        }
    }

    /// Whether a file in VASP's layout holds the values times the volume of the cell.
    public var isTimesVolume: Bool { self == .density }

    /// The kind as a phrase for messages.
    public var phrase: String {
        switch self {
        case .density: "a charge density"
        case .potential: OtherField.LOCPOT.phrase
        case .localization: OtherField.ELFCAR.phrase
        }
    }

    /// The word of the language that reads files of the kind.
    public var word: String {
        switch self {
        case .density: "chgcar"
        case .potential: "locpot"
        case .localization: "elfcar"
        }
    }

    /// The name that VASP gives to files of the kind.
    public var fileName: String {
        switch self {
        case .density: "CHGCAR"
        case .potential: OtherField.LOCPOT.rawValue
        case .localization: OtherField.ELFCAR.rawValue
        }
    }

    /// What the blocks of a file of the kind are, for a number of them; nil where VASP writes no file of so many.
    func components(ofBlocks count: Int) -> [FieldComponent]? {
        switch (self, count) {
        case (_, 1): [.total]
        case (.density, 2): [.total, .magnetization]
        case (_, 2): [.up, .down]
        case (_, 4): [.total, .mx, .my, .mz]
        default: nil
        }
    }
}

/// A part of a volumetric file: the field itself, or what spin makes of it.
public enum FieldComponent: String, Sendable, Hashable, Codable, CaseIterable {
    /// The whole of a field: of a density, that of both spins together.
    case total
    /// The density of spin, up minus down, whose integral is the moment in Bohr magnetons.
    case magnetization
    /// The field of the electrons with spin up.
    case up
    /// The field of the electrons with spin down.
    case down
    /// The x component of the magnetisation, where spins are not collinear (four blocks).
    case mx
    /// The y component of the magnetisation.
    case my
    /// The z component of the magnetisation.
    case mz

    /// The component as a phrase for messages.
    public var phrase: String {
        switch self {
        case .total: "the total"
        case .magnetization: "the density of spin (up minus down)"
        case .up: "the field of spin up"
        case .down: "the field of spin down"
        case .mx: "the x component of the magnetisation"
        case .my: "the y component of the magnetisation"
        case .mz: "the z component of the magnetisation"
        }
    }

    /// Whether it is a density of spin, mu_B/A^3 where the field is a density, and not one of electrons.
    public var isSpin: Bool {
        switch self {
        case .magnetization, .mx, .my, .mz: true
        case .total, .up, .down: false
        }
    }

    /// The blocks, from 0, that have to be read for it, and the last one that the file must have for it to be what it says.
    func blocks(of kind: FieldKind) -> (read: Set<Int>, last: Int) {
        switch self {
        case .total: ([0], 0)
        case .magnetization: ([1], 1)
        case .up: kind == .density ? ([0, 1], 1) : ([0], 1)
        case .down: kind == .density ? ([0, 1], 1) : ([1], 1)
        case .mx: ([1], 3)
        case .my: ([2], 3)
        case .mz: ([3], 3)
        }
    }
}
