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

    /// The field that the name of a file tells, as in `LOCPOT`, `al.locpot.gz` and `Al_ELFCAR`; nil for another name. Where a
    /// name has several such words the last one counts, so that `LOCPOT-run.CHGCAR` is a density.
    init?(fileName: String) {
        let words = fileName.uppercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let densities = ["CHGCAR", "CHG", "PARCHG", "AECCAR0", "AECCAR1", "AECCAR2"]
        guard let last = words.last(where: { densities.contains($0) || Self(rawValue: $0) != nil }), let field = Self(rawValue: last) else {
            return nil
        }
        self = field
    }
}

private let hint = "`chgcar` reads CHGCAR, CHG, PARCHG and AECCAR; a difference of two densities is computed, as in `a - b`"

/// Refuses a file that another field is named by. Throws `bad-data`.
func checkIsDensity(named path: String) throws {
    guard let field = OtherField(fileName: lastName(of: path)) else { return }
    throw Diagnostic(
        "bad-data", "expected a charge density, found a file that is named as \(field.phrase) (\(field.rawValue))",
        data: DataPlace(file: path),
        hint: hint)
}

extension Density {
    /// Refuses values that come to fewer electrons than none. Throws `bad-data`.
    ///
    /// A density is positive, but for ripples of its grid, and the difference of two comes to about 0 where both have the same
    /// electrons: so a negative number is allowed up to a hundredth of an electron, and of the integral of the absolute values.
    /// Potentials and densities of spin, which may come to anything, are beyond it mostly.
    func checkElectrons(_ path: String) throws {
        var (sum, size) = (0.0, 0.0)
        for value in values {
            sum += value
            size += abs(value)
        }
        let point = lattice.volume / Double(values.count)
        guard sum * point < -0.01 * Swift.max(1, size * point) else { return }
        throw Diagnostic(
            "bad-data",
            """
            expected a charge density, found \(threeDigits(sum * point)) electrons: the file seems to hold \(OtherField.LOCPOT.phrase) \
            (LOCPOT) or a density of spin
            """,
            data: DataPlace(file: path), hint: hint)
    }
}
