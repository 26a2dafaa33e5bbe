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

/// The numbers of a field taken together, as far as they tell what it is.
struct FieldNumbers {
    var sum = 0.0, size = 0.0, least = Double.infinity, most = -Double.infinity, count = 0

    init(_ values: [Double]) {
        count = values.count
        (sum, size, least, most) = extent(of: values)
    }

    var mean: Double { sum / Double(Swift.max(1, count)) }
    /// Whether they are from 0 to 1, as those of an electron localisation function; so are those of a density of less than an electron.
    var areFromZeroToOne: Bool { least >= 0 && most > 0 && most <= 1 }
    /// The share of the negative ones in the sum of the absolute values. Of densities it is below 0.0003 in all files seen, of densities
    /// of spin, differences and potentials above 0.008.
    var negativeShare: Double { size > 0 ? (size - sum) / 2 / size : 0 }
    /// Whether they come to less than nothing, by more than rounding and the ripples of a grid.
    var areNegative: Bool { sum < -0.01 * size }

    /// What speaks against their being of a kind, of which a file has them times `factor`; nil where nothing does. `isNamed`: whether
    /// the name of the file tells the kind, so that numbers which may be of either are no matter.
    func doubt(as kind: FieldKind, times factor: Double = 1, isNamed: Bool) -> String? {
        switch kind {
        case .density:
            let others = "as of a difference, a density of spin or a potential"
            if areNegative { return "the numbers come to \(threeDigits(mean * factor)) electrons, \(others)" }
            // Of a field of next to nothing the sign is noise.
            if negativeShare > 0.005, size * factor > 1e-6 * Double(count) {
                return "\(threeDigits(negativeShare * 100)) % of the numbers, by their size, are negative, \(others)"
            }
            guard !isNamed, least >= 0, most > 0, most * factor < 1 + 1e-12 else { return nil }
            return "the numbers are from 0 to 1, as of an electron localisation function (ELFCAR)"
        case .potential:
            guard !isNamed, mean > 0.5, negativeShare < 0.005, abs(mean - mean.rounded()) < 1e-4 * mean else { return nil }
            return "no number is negative and their mean is \(threeDigits(mean)), as of a charge density of so many electrons (CHGCAR)"
        case .localization:
            // Interpolation and rounding reach a little beyond 0 and 1.
            guard least < -0.1 || most > 1.1 else { return nil }
            return "the numbers are from \(threeDigits(least)) to \(threeDigits(most)), and those of an ELF from 0 to 1"
        }
    }
}

extension FieldKind {
    /// The kind that the numbers of a file's first block tell, as the file has them. Augmentation occupancies stand behind densities
    /// alone.
    init(judging stored: [Double], hasOccupancies: Bool) {
        let numbers = FieldNumbers(stored)
        self = hasOccupancies ? .density : numbers.areFromZeroToOne ? .localization : numbers.areNegative ? .potential : .density
    }

    /// What speaks against the numbers of a field, in the unit of the kind, being what a word takes them for; nil where nothing does.
    /// `path`: the file, whose name may tell the kind; `isNamed` says that it is told.
    public func doubt(of density: Density, path: String, isNamed: Bool = false) -> String? {
        // A difference that says so by its name is one.
        let words = lastName(of: path).uppercased().split { !$0.isLetter && !$0.isNumber }
        guard !words.contains("CHGDIFF") else { return nil }
        let factor = isTimesVolume ? density.lattice.volume : 1
        return FieldNumbers(density.values).doubt(as: self, times: factor, isNamed: isNamed || FieldKind(fileName: path) == self)
    }
}

extension VolumetricFile {
    /// What speaks against its numbers being what the file is taken for; nil where nothing does.
    var doubt: String? {
        if kindSource == .content {
            switch kind {
            case .localization: return "taken for an ELF by its numbers, which are from 0 to 1"
            case .potential: return "taken for a potential by its numbers, whose sum is negative"
            case .density: break
            }
        }
        if kind == .density, let title = FieldTitle(vaspComment: header.comment)?.phrase { return title }
        guard let first = blocks.first, !first.component.isSpin else { return nil }
        return FieldNumbers(first.stored).doubt(as: kind, isNamed: kindSource == .name)
    }
}

/// Refuses augmentation occupancies behind a field that has none such: the file is that of a density. Throws `bad-data`.
func checkKind(_ kind: FieldKind, hasOccupancies: Bool, path: String) throws {
    guard hasOccupancies, kind != .density else { return }
    let isNamed = FieldKind(fileName: path) == kind
    throw Diagnostic(
        "bad-data", "expected \(kind.phrase), found augmentation occupancies, which stand in a charge density alone",
        data: DataPlace(file: path), hint: "`chgcar` reads it\(isNamed ? " under another name" : "")")
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
