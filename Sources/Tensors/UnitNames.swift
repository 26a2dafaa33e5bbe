import Diagnostics

/// The names that stand for units of measure, each with the spelling it is compared by.
///
/// `A` alone is the Angstrom, as in this field: amperes are `ampere`, or have a prefix (`mA`). `Å`, `Ang` and `Angstrom` are `A`;
/// `µ` and `μ` are the prefix `u`, and `muB` and `µB` are `mu_B`. Prefixes go from `y` to `P`, one letter each, without those of tens.
enum UnitNames {
    /// The spelling by which a name is compared: `A` for `Å`, `um` for `µm`; the name itself where it is none of these.
    static func canonical(_ name: String) -> String { spellings[name] ?? name }

    /// Whether the name stands for a unit.
    static func isKnown(_ name: String) -> Bool { spellings[name] != nil }

    /// The name of the number whose powers units are given in, as `10^-6/K`.
    static let ten = "10"

    /// The names that are most often meant, for what a slip may have been.
    static let usual = [
        "GPa", "MPa", "kbar", "eV", "meV", "keV", "atom", "f.u.", "A", "nm", "pm", "um", "mm", "cm", "m", "g", "kg", "e", "mu_B", "mJ", "J",
        "kJ", "K", "degC", "mol", "Ha", "Ry", "bohr", "THz", "GHz", "Hz", "s", "fs", "ps", "ns", "ms", "min", "h", "V", "mV", "S", "T", "C",
        "Ohm", "W", "N", "Pa", "kPa", "deg", "rad", "u", "cell", "formula", "states", "electrons", "kcal", "%", "angstrom", "hartree",
    ]

    /// Every name that is known, in the order of its bytes.
    static let all = spellings.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }

    private static let prefixes = ["y", "z", "a", "f", "p", "n", "u", "m", "c", "d", "h", "k", "M", "G", "T", "P"]
    private static let takingPrefixes = [
        "m", "g", "s", "mol", "K", "J", "eV", "Pa", "bar", "N", "W", "V", "C", "F", "S", "T", "Hz", "Ohm", "H", "Wb", "L", "cal", "erg",
        "Ha", "Ry", "rad", "Torr", "cd", "lm", "Da", "Oe", "Wh", "Ah",
    ]
    private static let alone = [
        "A", "bohr", "e", "mu_B", "u", "atom", "f.u.", "cell", "site", "states", "spin", "bond", "ion", "molecule", "defect", "deg", "degC",
        "min", "h", "d", "yr", "atm", "psi", "G", "kG", "dyn", "D", "m_e", "k_B", "hbar", "a.u.", "arb.u.", "ppm", "%", "at%", "wt%",
        "mol%",
        "vol%", "px", ten, "emu", "Debye", "mmHg", "HV", "HB", "HRC", "fA", "pA", "nA", "uA", "mA", "kA", "ampere", "mÅ",
    ]
    private static let others = [
        "Å": "A", "Ang": "A", "Angstrom": "A", "angstrom": "A", "Bohr": "bohr", "a0": "bohr", "a_0": "bohr", "Hartree": "Ha",
        "hartree": "Ha", "Eh": "Ha", "Rydberg": "Ry", "rydberg": "Ry", "muB": "mu_B", "uB": "mu_B", "u_B": "mu_B", "amu": "u",
        "atoms": "atom", "fu": "f.u.", "formula": "f.u.", "state": "states", "electron": "e", "electrons": "e", "°": "deg",
        "degree": "deg", "degrees": "deg", "°C": "degC", "at.%": "at%", "wt.%": "wt%", "vol.%": "vol%", "mol.%": "mol%", "l": "L",
        "ml": "mL", "℃": "degC", "day": "d", "days": "d", "year": "yr", "years": "yr", "hr": "h", "debye": "Debye", "Ω": "Ohm",
        "ohm": "Ohm",
    ]

    private static let spellings: [String: String] = {
        var result = others
        for name in alone { result[name] = name }
        for name in takingPrefixes {
            result[name] = name
            for prefix in prefixes where result[prefix + name] == nil { result[prefix + name] = prefix + name }
        }
        for prefix in prefixes {
            result[prefix + "Ω"] = prefix + "Ohm"
            result[prefix + "ohm"] = prefix + "Ohm"
        }
        // The sign micro and the Greek letter, which look alike.
        for (name, spelling) in result where name.hasPrefix("u") && name != "u" && spelling != "u" {
            for micro in ["\u{B5}", "\u{3BC}"] { result[micro + name.dropFirst()] = spelling }
        }
        for micro in ["\u{B5}", "\u{3BC}"] { result[micro + "_B"] = "mu_B" }
        return result
    }()
}

extension Unit {
    /// The names in the unit that stand for no unit, in the order of their bytes; of `log(Gpa)`, `Gpa`. Empty for a unit whose
    /// names are all known: SI units with their prefixes, those of the field (`eV`, `Ha`, `bohr`, `mu_B`, `kbar`) and what things
    /// are counted by (`atom`, `f.u.`, `cell`).
    public var unknownNames: [String] {
        names.flatMap { name -> [String] in
            if let inner = Unit.logarithm(name) { return inner.unknownNames }
            return UnitNames.isKnown(name) ? [] : [name]
        }
    }

    /// The text with its unknown names replaced by the nearest known ones: `GPa` for `Gpa`, `eV/A^3` for `ev/A3`, `W*m` for `W.m`,
    /// `cm^-1` for `cm-1`. Nil where nothing is near, or where all is known.
    public static func nearest(to text: String) -> String? {
        guard text.utf8.count <= 256 else { return nil }
        var rest = Array(text.replacing("**", with: "^"))[...]
        var result = ""
        while let first = rest.first {
            let run = String(rest.prefix { $0.isLetter || "_%°.".contains($0) || ($0.isASCII && $0.isNumber) })
            guard !run.isEmpty, first.isLetter || first == "_" || first == "°" else {
                result.append(first)
                rest.removeFirst()
                continue
            }
            rest.removeFirst(run.count)
            guard let near = nearName(to: run, isCalled: rest.first == "(") else { return nil }
            result += near
            // A power as it is written where nothing can be raised: cm-1.
            if rest.first == "-", rest.dropFirst().first.map({ $0.isASCII && $0.isNumber }) == true { result += "^" }
        }
        guard result != text, let unit = Unit(result), unit.unknownNames.isEmpty else { return nil }
        return result
    }

    private static func nearName(to name: String, isCalled: Bool) -> String? {
        if UnitNames.isKnown(name) || (isCalled && name == "log") { return name }
        let digits = String(name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
        let bare = String(name.dropLast(digits.count))
        if !digits.isEmpty, UnitNames.isKnown(bare) { return "\(bare)^\(digits)" }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1, parts.allSatisfy(UnitNames.isKnown) { return parts.joined(separator: "*") }
        // Among all spellings of all units something is always near.
        return nearMiss(name, among: UnitNames.usual)
    }

    /// The name of a quantity and the unit behind it in brackets, as `Volume (A^3)` or `k_vrh [GPa]` have it, the unit as it is
    /// written; nil where the text does not end in brackets around a known unit. `(1)` and `(a)` are no units here.
    public static func split(_ header: String) -> (name: String, unit: String)? {
        for (open, close) in [("(", ")"), ("[", "]")] as [(Character, Character)] where header.last == close {
            var depth = 0
            let places = header.indices.reversed()
            let start = places.first { place in
                if header[place] == close { depth += 1 }
                if header[place] == open { depth -= 1 }
                return depth == 0
            }
            guard let start, start > header.startIndex else { return nil }
            let text = String(header[header.index(after: start)...].dropLast())
            guard let unit = Unit(text), !unit.isOne, unit.unknownNames.isEmpty else { return nil }
            let name = header[..<start]
            guard let last = name.lastIndex(where: { $0 != " " }) else { return nil }
            return (String(name[...last]), text)
        }
        return nil
    }
}
