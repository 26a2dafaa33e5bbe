import Tensors

/// The name and the unit that the header of a column says: `G_VRH [GPa]` is `G_VRH` in GPa. Where what stands in brackets at the end is no
/// unit of known names, or nothing stands before them, all of it is the name.
public func nameAndUnit(ofHeader header: String) -> (name: String, unit: String?) {
    guard header.hasSuffix("]"), let open = header.lastIndex(of: "[") else { return (header, nil) }
    let name = trimmed(String(header[..<open]))
    let unit = trimmed(String(header[header.index(after: open)...].dropLast()))
    guard !name.isEmpty, let read = Unit(unit), read.unknownNames.isEmpty else { return (header, nil) }
    return (name, unit)
}

/// The names and units of the columns of a table. A name that two columns would have stays as the header has it, unit and all, so that
/// `E [eV]` and `E [meV]` may stand side by side; they have their units all the same.
func namesAndUnits(ofHeaders headers: [String]) -> [(name: String, unit: String?)] {
    let read = headers.map(nameAndUnit)
    let uses = Dictionary(read.map { ($0.name, 1) }, uniquingKeysWith: +)
    return zip(headers, read).map { header, column in uses[column.name] == 1 ? column : (header, column.unit) }
}

/// The header of a column, as `nameAndUnit` reads it back: `G_VRH [GPa]`. A name that says its unit already says it once.
public func header(ofColumn name: String, unit: String?) -> String {
    guard let unit, !unit.isEmpty, !sameUnit(nameAndUnit(ofHeader: name).unit, unit) else { return name }
    return "\(name) [\(unit)]"
}

/// Whether two texts are the same unit, however they are written.
func sameUnit(_ a: String?, _ b: String?) -> Bool {
    guard let a, let b else { return a == b }
    if a == b { return true }
    guard let x = Unit(a), let y = Unit(b) else { return false }
    return x == y
}
