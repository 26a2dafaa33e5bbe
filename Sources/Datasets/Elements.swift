/// The symbols of the 118 chemical elements.
let elementSymbols: Set<String> = Set(
    """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd \
    Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac \
    Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split(separator: " ").map(String.init))

/// The elements of a chemical formula such as `CaTiO3`, `Mg(OH)2` or the alloy `Ni-Fe-Cr`; nil for what is no formula.
///
/// A capital letter begins a symbol and the small letters behind it belong to it, so `CO` holds carbon and `Co` does not.
/// Numbers, brackets, points, hyphens and blanks may stand between symbols.
func elements(ofFormula formula: String) -> Set<String>? {
    var found: Set<String> = []
    var symbol = ""
    for character in formula + " " {
        if character.isASCII, character.isLowercase {
            // A small letter belongs to the symbol before it, and stands nowhere else.
            guard !symbol.isEmpty else { return nil }
            symbol.append(character)
            continue
        }
        if !symbol.isEmpty {
            guard elementSymbols.contains(symbol) else { return nil }
            found.insert(symbol)
            symbol = ""
        }
        if character.isASCII, character.isUppercase {
            symbol.append(character)
        } else if !(character.isASCII && character.isNumber), !"()[]{}.·*- ".contains(character) {
            return nil
        }
    }
    return found.isEmpty ? nil : found
}
