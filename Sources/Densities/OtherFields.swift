import Diagnostics
import Storage

/// Fields that VASP writes in the layout of a CHGCAR and that are no densities: nothing but their names, and the number of
/// electrons that they would come to, tells them apart.
enum OtherField: String, CaseIterable {
    /// The local potential, eV.
    case LOCPOT
    /// The electron localisation function, a pure number from 0 to 1.
    case ELFCAR

    /// The field as a phrase for messages.
    var phrase: String {
        switch self {
        case .LOCPOT: "a local potential"
        case .ELFCAR: "an electron localisation function"
        }
    }

    /// The field that the name of a file tells; nil for another name. Its ending counts, as in `al.locpot.gz`, and where that names
    /// none of VASP's files the words it begins and ends with, as in `LOCPOT`, `ELFCAR.1`, `Al_ELFCAR2.vasp` and `LOCPOT_al`. What
    /// begins as a density is one, as `CHGCAR_ELFCAR_study`, and so is what ends as one, as `Al_ELFCAR.CHGCAR`. Those whose names say
    /// nothing are told by their contents.
    init?(fileName: String) {
        let name = fileName.uppercased()
        var parts = name.split(separator: ".").map(String.init)
        if parts.count > 1, let ending = parts.last, ["GZ", "BZ2", "XZ", "Z", "ZST"].contains(ending) { parts.removeLast() }
        let densities = ["CHGCAR", "CHG", "PARCHG", "AECCAR0", "AECCAR1", "AECCAR2"]
        if parts.count > 1, let ending = parts.last.map(Self.firstWord), densities.contains(ending) { return nil }
        if parts.count > 1, let ending = parts.last, let field = Self(rawValue: ending) {
            self = field
            return
        }
        let words = { (text: String) in text.split { !$0.isLetter && !$0.isNumber }.map(String.init) }
        let all = words(parts.joined(separator: "."))
        guard let first = all.first, !densities.contains(first) else { return nil }
        let telling = [first, all.last, words(parts[0]).last].compactMap { $0 }
        // `ELFCAR2` and `myELFCAR` are named by it too.
        guard
            let field = Self.allCases.first(where: { field in
                telling.contains { String($0.reversed().drop { $0.isNumber }.reversed()).hasSuffix(field.rawValue) }
            })
        else { return nil }
        self = field
    }

    /// The letters and digits that a text begins with.
    private static func firstWord(_ text: String) -> String { String(text.prefix { $0.isLetter || $0.isNumber }) }
}

/// Refuses a file whose name contradicts the kind that is asked for. Throws `bad-data`.
func checkKind(_ kind: FieldKind, named path: String) throws {
    guard let named = FieldKind(fileName: path), named != kind else { return }
    throw Diagnostic(
        "bad-data", "expected \(kind.phrase), found a file that is named as \(named.phrase) (\(named.fileName))",
        data: DataPlace(file: path), hint: "`\(named.word)` reads it; where its name is wrong, rename the file")
}

extension Density {
    /// Refuses values that come to fewer electrons than none. Throws `bad-data`.
    func checkElectrons(_ path: String) throws { try checkIsDensity(values, times: lattice.volume, path) }
}

/// Refuses values that, times a factor, are no density times the volume of its cell. Throws `bad-data`.
///
/// A density is positive, but for ripples of its grid, and the difference of two comes to about 0 where both have the same
/// electrons: so a negative number is allowed up to a hundredth of an electron, and of the integral of the absolute values.
/// Potentials and densities of spin, which may come to anything, are beyond it mostly.
private func checkIsDensity(_ values: [Double], times factor: Double, _ path: String) throws {
    let numbers = Numbers(values)
    let point = factor / Double(values.count)
    guard let other = numbers.otherField(factor) else { return }
    let what =
        other == .ELFCAR
        ? "values from \(threeDigits(numbers.least * factor)) to \(threeDigits(numbers.most * factor)), " : ""
    let found = "\(what)\(threeDigits(numbers.sum * point)) electrons"
    let seems = "the file seems to hold \(other.phrase) (\(other.rawValue))\(other == .LOCPOT ? " or a density of spin" : "")"
    let hint =
        other == .ELFCAR
        ? "`elfcar` reads it"
        : "`locpot` reads a local potential; the density of spin of a CHGCAR is its `.magnetization`, a difference `a - b`"
    throw Diagnostic("bad-data", "expected a charge density, found \(found): \(seems)", data: DataPlace(file: path), hint: hint)
}

/// What tells densities from other fields.
private struct Numbers {
    var sum = 0.0, size = 0.0, least = Double.infinity, most = -Double.infinity, count = 0

    init(_ values: [Double]) {
        count = values.count
        (sum, size, least, most) = extent(of: values)
    }

    /// The field that the numbers seem to be, which times a factor are as a file has them; nil for a density.
    func otherField(_ factor: Double) -> OtherField? {
        // A density of one electron reaches more than 1, times the volume of the cell.
        if least >= 0, most > 0, most * factor <= 1 { return .ELFCAR }
        let point = factor / Double(Swift.max(1, count))
        return sum * point < -0.01 * Swift.max(1, size * point) ? .LOCPOT : nil
    }
}

extension FieldKind {
    /// The kind that the numbers of a file's first block tell, as the file has them.
    init(judging stored: [Double]) {
        switch Numbers(stored).otherField(1) {
        case .ELFCAR: self = .localization
        case .LOCPOT: self = .potential
        case nil: self = .density
        }
    }
}

extension VolumetricFile {
    /// Refuses numbers that contradict the kind that was said or that the name tells. Throws `bad-data`.
    func checkKind(_ path: String) throws {
        guard kindSource != .content else { return }
        switch kind {
        case .density:
            if let total = blocks.first, total.component == .total { try checkIsDensity(total.stored, times: 1, path) }
        case .localization:
            let all = blocks.map { Numbers($0.stored) }
            let least = all.map(\.least).min() ?? 0
            let most = all.map(\.most).max() ?? 0
            // Interpolation and rounding reach a little beyond 0 and 1.
            guard least < -0.1 || most > 1.1 else { return }
            throw Diagnostic(
                "bad-data", "expected \(kind.phrase), found values from \(threeDigits(least)) to \(threeDigits(most)), not 0 to 1",
                data: DataPlace(file: path), hint: "`locpot` reads a local potential, `chgcar` a charge density")
        case .potential: return
        }
    }
}

/// The sum of finite numbers, that of their absolute values, the least and the most, in one pass.
private func extent(of values: [Double]) -> (sum: Double, size: Double, least: Double, most: Double) {
    values.withUnsafeBytes { bytes in
        // Four sums side by side need not wait for one another.
        var sum = SIMD4<Double>.zero
        var size = SIMD4<Double>.zero
        var least = SIMD4<Double>(repeating: .infinity)
        var most = SIMD4<Double>(repeating: -.infinity)
        let stride = MemoryLayout<SIMD4<Double>>.stride
        var place = 0
        while place + stride <= bytes.count {
            let some = bytes.loadUnaligned(fromByteOffset: place, as: SIMD4<Double>.self)
            sum += some
            size += some.replacing(with: -some, where: some .< 0)
            least.replace(with: some, where: some .< least)
            most.replace(with: some, where: some .> most)
            place += stride
        }
        while place < bytes.count {
            let one = bytes.loadUnaligned(fromByteOffset: place, as: Double.self)
            sum[0] += one
            size[0] += abs(one)
            least[0] = Swift.min(least[0], one)
            most[0] = Swift.max(most[0], one)
            place += MemoryLayout<Double>.stride
        }
        return (sum.sum(), size.sum(), least.min(), most.max())
    }
}
