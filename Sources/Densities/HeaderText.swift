import Diagnostics
import Glibc

/// The header of a file in the layout of VASP, up to the empty line above the grid. Throws `bad-data` for a crystal without atoms.
func headerText(_ header: DensityHeader) throws -> String {
    guard !header.atoms.isEmpty else {
        throw Diagnostic("bad-data", "expected the atoms of the crystal to write, found none")
    }
    let title = header.comment.split(whereSeparator: \.isNewline).joined(separator: " ")
    var text = title + "\n   1.00000000000000     \n"
    let rows = lengths(header.lattice.rows, width: 12)
    text += rows.map { " " + $0.joined() + "\n" }.joined()
    var groups: [(element: String, count: Int)] = []
    for atom in header.atoms {
        if let last = groups.last, last.element == atom.element {
            groups[groups.count - 1].count += 1
        } else {
            groups.append((atom.element, 1))
        }
    }
    // A file that does not tell the elements is one of VASP 4, which has no line for them.
    if groups.contains(where: { $0.element != "X" }) {
        text += groups.map { padded($0.element.count < 2 ? $0.element + " " : $0.element, 5) }.joined() + "\n"
    }
    text += groups.map { padded(String($0.count), 6) }.joined() + "\nDirect\n"
    return text + lengths(header.atoms.map(\.fractional), width: 10).map { $0.joined() + "\n" }.joined()
}

/// Numbers with six decimals and of the width given where all of them are such, and with as many as it takes otherwise.
private func lengths(_ rows: [[Double]], width: Int) -> [[String]] {
    let short = rows.map { $0.map { fixed($0, 6) } }
    let isShort = zip(rows, short).allSatisfy { zip($0, $1).allSatisfy { Double($1) == $0 } }
    if isShort { return short.map { $0.map { padded(" " + $0, width) } } }
    return rows.map { row in
        row.map { value in
            let text = fixed(value, 16)
            return padded(" " + (Double(text) == value ? text : "\(value)"), 22)
        }
    }
}

/// A number with a fixed count of decimals, with a point in every locale.
private func fixed(_ value: Double, _ decimals: Int) -> String {
    guard abs(value) < 1e15 else { return "\(value)" }
    var buffer = [CChar](repeating: 0, count: 64)
    _ = withVaList([CInt(decimals), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).replacing(",", with: ".")
}

/// A text with blanks before it up to a width; where it fills the width, as it is.
func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
