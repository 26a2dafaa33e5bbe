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
    var column = 0
    for (index, value) in density.values.enumerated() {
        line.add(value: value / divisor)
        column += 1
        if column == 6 || (index + 1) % nz == 0 {
            try line.end(sink)
            column = 0
        }
    }
}

/// A line of numbers that is printed as C's printf does, in the formats given.
private struct PrintedLine {
    private let length: String, value: String
    private var bytes: [UInt8] = []
    private var buffer = [CChar](repeating: 0, count: 400)

    init(length: String, value: String) {
        self.length = length
        self.value = value
    }

    mutating func start(_ number: Int) {
        let text = String(number)
        bytes += String(repeating: " ", count: Swift.max(0, 5 - text.count)).utf8
        bytes += text.utf8
    }

    mutating func add(length number: Double) { add(number, length) }

    mutating func add(value number: Double) { add(number, value) }

    private mutating func add(_ number: Double, _ format: String) {
        let count = withVaList([number]) { vsnprintf(&buffer, buffer.count, format, $0) }
        for byte in buffer.prefix(Swift.max(0, Int(count))) { bytes.append(UInt8(bitPattern: byte)) }
    }

    mutating func end(_ sink: some ByteSink) throws {
        bytes.append(UInt8(ascii: "\n"))
        try sink.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
