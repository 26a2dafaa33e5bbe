/// The symbols of the chemical elements in the order of their atomic numbers, that of hydrogen first.
let symbolsByNumber =
    """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd \
    Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac \
    Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split(separator: " ").map(String.init)

/// The symbol of an element; `X` for 0, which is a ghost atom or a point charge. Nil for what is no atomic number.
func symbol(ofNumber number: Int) -> String? {
    if number == 0 { return "X" }
    return symbolsByNumber.indices.contains(number - 1) ? symbolsByNumber[number - 1] : nil
}

/// The atomic number of an element; 0 for what is no symbol of one.
func number(ofSymbol symbol: String) -> Int { (symbolsByNumber.firstIndex(of: symbol) ?? -1) + 1 }
