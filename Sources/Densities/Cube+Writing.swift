import Diagnostics
import Glibc
import Storage

/// Writes a density as a Gaussian cube file: grid and atoms in one frame whose origin is 0, lengths in bohr, e/bohr^3.
///
/// `digits`: the significant digits of a value. With 6 and fewer the columns are those of Gaussian (E13.5, lengths F12.6), which
/// programs that count columns read; with more, lengths have twelve decimals, and all fields have blanks between them. `quantity`
/// says what the values are: `perCubicBohr`, the density of this type that is written per bohr^3, or `asWritten`, as they are.
/// `title` is the first of the two comment lines; line feeds in it become blanks. Throws `cannot-write`.
public func writeCube(
    _ density: Density, to path: String, title: String = "charge density", quantity: GridQuantity = .perCubicBohr, digits: Int = 12
) throws {
    try writeWhole(to: path) { try writeCube(density, to: $0, title: title, quantity: quantity, digits: digits) }
}

/// Writes a density as a Gaussian cube file to any sink; see `writeCube(_:to:title:quantity:digits:)`. Throws what the sink throws.
public func writeCube(
    _ density: Density, to sink: some ByteSink, title: String = "charge density", quantity: GridQuantity = .perCubicBohr, digits: Int = 12
) throws {
    let decimals = Swift.max(1, Swift.min(digits, 17)) - 1
    let isNarrow = decimals <= 5
    var line = PrintedLine(
        length: isNarrow ? "%12.6f" : " %18.12f", value: isNarrow ? "%13.\(decimals)E" : " %\(decimals + 8).\(decimals)E")
    try sink.write(String(title.map { $0.isNewline ? " " : $0 }) + "\n")
    try sink.write(quantity == .asWritten ? "values as they were\n" : "e/bohr^3\n")
    line.start(density.atoms.count)
    for _ in 0..<3 { line.add(length: 0) }
    try line.end(sink)
    for (row, count) in zip(density.lattice.rows, density.grid) {
        line.start(count)
        for component in row { line.add(length: component / bohr / Double(count)) }
        try line.end(sink)
    }
    for atom in density.atoms {
        let number = number(ofSymbol: atom.element)
        line.start(number)
        line.add(length: Double(number))
        for component in density.lattice.cartesian(atom.fractional) { line.add(length: component / bohr) }
        try line.end(sink)
    }
    let divisor = quantity.factor
    let nz = density.grid[2]
    for row in stride(from: 0, to: density.values.count, by: nz) {
        for start in stride(from: row, to: row + nz, by: 6) {
            line.add(values: density.values[start..<Swift.min(start + 6, row + nz)].map { $0 / divisor })
            try line.end(sink)
        }
    }
}

/// A line of numbers that is printed as C's printf does, in the formats given; values at most six at a time.
private struct PrintedLine {
    private let length: String
    /// The formats of no value, of one, two and so on.
    private let values: [String]
    private var bytes: [UInt8] = []
    private var buffer = [CChar](repeating: 0, count: 1024)

    init(length: String, value: String) {
        self.length = length
        values = (0...6).map { String(repeating: value, count: $0) }
    }

    mutating func start(_ number: Int) {
        let text = String(number)
        bytes += String(repeating: " ", count: Swift.max(0, 5 - text.count)).utf8
        bytes += text.utf8
    }

    mutating func add(length number: Double) { add([number], length) }

    /// Adds up to six values.
    mutating func add(values numbers: [Double]) { add(numbers, values[numbers.count]) }

    private mutating func add(_ numbers: [Double], _ format: String) {
        let arguments: [any CVarArg] = numbers
        let count = withVaList(arguments) { vsnprintf(&buffer, buffer.count, format, $0) }
        // The longest number of a length has some 330 characters, and there is one at a time.
        let written = Swift.max(0, Swift.min(Int(count), buffer.count - 1))
        buffer.withUnsafeBytes { bytes.append(contentsOf: $0.prefix(written)) }
    }

    mutating func end(_ sink: some ByteSink) throws {
        bytes.append(UInt8(ascii: "\n"))
        try sink.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
