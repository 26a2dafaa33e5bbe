import Densities
import Diagnostics
import Language
import Storage
import Tensors

/// The formats that densities alone are written to, by the name of the file.
public enum DensityFormat: Sendable, Hashable {
    /// VASP's layout, for a kind of file that the name may tell, with five numbers a line or, as in CHG and ELFCAR, ten.
    case vasp(FieldKind?, tenColumns: Bool)
    /// A Gaussian cube file.
    case cube

    /// The format that the name of a file tells; nil for another.
    public init?(path: String) {
        let name = lastName(of: path)
        if name.lowercased().hasSuffix(".cube") || name.lowercased().hasSuffix(".cub") {
            self = .cube
            return
        }
        let kind = FieldKind(fileName: name)
        let last = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard kind != nil && TensorFormat(path: path) == nil || last == "vasp" else { return nil }
        // A packed file would have to be packed.
        guard !["gz", "bz2", "xz", "zst", "z", "json", "txt"].contains(last) else { return nil }
        let words = name.uppercased().split { !$0.isLetter && !$0.isNumber }
        self = .vasp(kind, tenColumns: kind == .localization || words.contains("CHG"))
    }

    /// The names of files as a phrase for messages.
    public static let endings = "`.CHGCAR` (or `.CHGCAR.vasp`, `.CHG`, `.LOCPOT`, `.ELFCAR`), `.cube`, `.npy` or `.safetensors`"
}

extension TensorType {
    /// The kind of file in VASP's layout that numbers of the type belong into; nil where there is none.
    private var fieldKind: FieldKind? {
        guard let noun = cell?.noun else { return nil }
        if isSameUnit(unit, FieldMeaning.density.unit) || isSameUnit(unit, FieldMeaning.spin.unit) { return .density }
        if isSameUnit(unit, FieldMeaning.potential.unit) { return .potential }
        let ofELF = [FieldMeaning.localization, .ofBothSpins(.localization)].map(\.noun)
        return ofELF.contains(noun) ? .localization : nil
    }

    /// The kind of file in VASP's layout that numbers of the type are written to, under a name that may tell one. Throws `unit`.
    public func kind(ofFileNamed named: FieldKind?) throws -> FieldKind {
        guard let kind = fieldKind else {
            throw Diagnostic(
                "unit",
                """
                a file of VASP holds a density in e/A^3, a potential in eV or an ELF, found \(cell?.phrase ?? "a tensor") \
                \(unitPhrase(unit))
                """,
                hint: "write it to `.cube` or `.npy`")
        }
        guard named == nil || named == kind else {
            throw Diagnostic(
                "unit", "expected \(named?.phrase ?? "") for a file of this name, found \(cell?.phrase ?? "a tensor") \(unitPhrase(unit))",
                hint: "name it after what it holds: `\(kind.fileName)`")
        }
        return kind
    }
}

extension ComputeContext {
    /// The bytes of a file that holds a density. A file of VASP that is only read has its title, all its blocks and its occupancies;
    /// what was computed has one block.
    public func bytes(of value: Value, _ type: TensorType, as format: DensityFormat) throws -> [UInt8] {
        let sink = ByteList()
        switch format {
        case .cube:
            let (density, unit) = try density(value)
            try density.checkIsFinite()
            let isDensity = integralNoun(ofUnit: unit) != nil
            let isSpin = isSameUnit(unit, FieldMeaning.spin.unit)
            try writeCube(
                density, to: sink, title: title(of: density, type), noun: type.cell?.quantity ?? densityCell.quantity,
                unit: isDensity ? (isSpin ? "mu_B/bohr^3" : "e/bohr^3") : unit, quantity: isDensity ? .perCubicBohr : .asWritten)
        case .vasp(let named, let tenColumns):
            let kind = try type.kind(ofFileNamed: named)
            let file =
                try whole(value, kind)
                ?? {
                    let density = try self.density(value).density
                    try density.checkIsFinite()
                    return try VolumetricFile(density, title: title(of: density, type), kind: kind)
                }()
            try writeVolumetricFile(file, to: sink, format: tenColumns ? .chg : .vasp)
        }
        return sink.bytes
    }

    private func title(of density: Density, _ type: TensorType) -> String {
        let noun = type.cell?.quantity ?? densityCell.quantity
        return density.atoms.isEmpty ? noun : "\(formula(of: density.atoms.map(\.element))), \(noun)"
    }

    /// All of the file that a value is the total of, as it was read; nil for other values.
    private func whole(_ value: Value, _ kind: FieldKind) throws -> VolumetricFile? {
        guard let source = value.call, source.component == .total, let word = library.computed(source), let read = word.whole else {
            return nil
        }
        let path = path(of: source)
        let file = try located(library.pathSpan(of: source)) { try read(source, path) }
        try results.confirm(path)
        return file
    }
}

extension Density {
    /// Refuses numbers that no program reads back from a file of text: NaN and infinity. Throws `bad-data`.
    fileprivate func checkIsFinite() throws {
        let bad = values.count { !$0.isFinite }
        guard bad > 0 else { return }
        throw Diagnostic(
            "bad-data", "expected finite numbers to write, found \(bad) of \(values.count) that are not",
            hint: "`.npy` holds them as they are")
    }
}
