import Diagnostics
import Glibc
import Storage

/// Writes a density as a Gaussian cube file: grid and atoms in the coordinates of the file that it came from, which begin at the first
/// point where it came from none, lengths in bohr, e/bohr^3. Atoms have the charges that that file gave them, or their atomic numbers.
///
/// `digits`: the significant digits of a value. With 6 and fewer the columns are those of Gaussian (E13.5, lengths F12.6), which
/// programs that count columns read; with more, lengths have twelve decimals, and all fields have blanks between them. `quantity`
/// says what the values are: `perCubicBohr`, the density of this type that is written per bohr^3, or `asWritten`, as they are.
/// `title` is the first of the two comment lines; line feeds in it become blanks. The second says that the values are e/bohr^3, or are as
/// they were; with `noun` what they are, and in which `unit` they are written, so that `CubeHeader.title` knows. Throws `cannot-write`.
public func writeCube(
    _ density: Density, to path: String, title: String = "charge density", noun: String? = nil, unit: String? = nil,
    quantity: GridQuantity = .perCubicBohr, digits: Int = 12
) throws {
    try writeWhole(to: path) {
        try writeCube(density, to: $0, title: title, noun: noun, unit: unit, quantity: quantity, digits: digits)
    }
}

/// Writes a density as a Gaussian cube file to any sink; see `writeCube(_:to:title:noun:unit:quantity:digits:)`. Throws what the
/// sink throws.
public func writeCube(
    _ density: Density, to sink: some ByteSink, title: String = "charge density", noun: String? = nil, unit: String? = nil,
    quantity: GridQuantity = .perCubicBohr, digits: Int = 12
) throws {
    let decimals = Swift.max(1, Swift.min(digits, 17)) - 1
    let isNarrow = decimals <= 5
    let width = isNarrow ? 13 : decimals + 9
    var line = PrintedLine(length: isNarrow ? "%12.6f" : " %18.12f", decimals: decimals, width: width)
    try sink.write(String(title.map { $0.isNewline ? " " : $0 }) + "\n")
    let told = noun.map { FieldTitle.line(noun: $0, unit: unit) } ?? (quantity == .asWritten ? "values as they were" : "e/bohr^3")
    try sink.write(String(told.map { $0.isNewline ? " " : $0 }) + "\n")
    line.start(density.atoms.count)
    let origin = density.frame.origin
    for component in origin { line.add(length: component / bohr) }
    try line.end(sink)
    for (row, count) in zip(density.lattice.rows, density.grid) {
        line.start(count)
        for component in row { line.add(length: component / bohr / Double(count)) }
        try line.end(sink)
    }
    for (index, atom) in density.atoms.enumerated() {
        let number = number(ofSymbol: atom.element)
        line.start(number)
        line.add(length: density.charges.isEmpty ? Double(number) : density.charges[index])
        for (component, start) in zip(density.lattice.cartesian(atom.fractional), origin) { line.add(length: (component + start) / bohr) }
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

/// A line of numbers as C's printf prints them: lengths in the format given, values as `%w.dE`.
struct PrintedLine {
    private let length: String, value: String
    private let decimals: Int, width: Int
    /// Ten to the number of decimals, and the same with one more.
    private let least: Int, most: Int
    private(set) var bytes: [UInt8] = []
    private var buffer = [CChar](repeating: 0, count: 400)

    init(length: String, decimals: Int, width: Int) {
        self.length = length
        self.decimals = decimals
        self.width = width
        value = "%\(width).\(decimals)E"
        least = (0..<Swift.min(decimals, 17)).reduce(1) { power, _ in power * 10 }
        most = least * 10
    }

    mutating func start(_ number: Int) {
        let text = String(number)
        bytes += String(repeating: " ", count: Swift.max(0, 5 - text.count)).utf8
        bytes += text.utf8
    }

    mutating func add(length number: Double) { add(number, length) }

    mutating func add(value number: Double) {
        if !addQuickly(number) { add(number, value) }
    }

    /// Adds a value where multiplying it by a power of ten tells its digits for sure, which is five times as fast; false otherwise.
    private mutating func addQuickly(_ number: Double) -> Bool {
        let size = abs(number)
        guard decimals <= 11, size > 1e-80, size < 1e80 else { return false }
        var exponent = Int(log10(size).rounded(.down))
        let power = decimals - exponent
        guard abs(power) <= 22 else { return false }
        // One rounding of a number below 10^12: wrong by less than a thousandth, so only what is near a half is in doubt.
        let scaled = power >= 0 ? size * powerOfTen(power) : size / powerOfTen(-power)
        let below = scaled.rounded(.down)
        guard below >= Double(least), below < Double(most), abs(scaled - below - 0.5) > 1e-3, scaled - below > 1e-3 || below > Double(least)
        else { return false }
        var digits = Int(below) + (scaled - below > 0.5 ? 1 : 0)
        if digits == most {
            digits = least
            exponent += 1
        }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: width))
        var place = start + width - 1
        func put(_ byte: UInt8, in bytes: inout [UInt8]) {
            bytes[place] = byte
            place -= 1
        }
        put(48 + UInt8(abs(exponent) % 10), in: &bytes)
        put(48 + UInt8(abs(exponent) / 10), in: &bytes)
        put(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"), in: &bytes)
        put(UInt8(ascii: "E"), in: &bytes)
        for _ in 0..<decimals {
            put(48 + UInt8(digits % 10), in: &bytes)
            digits /= 10
        }
        if decimals > 0 { put(UInt8(ascii: "."), in: &bytes) }
        put(48 + UInt8(digits), in: &bytes)
        if number < 0 { put(UInt8(ascii: "-"), in: &bytes) }
        return true
    }

    private mutating func add(_ number: Double, _ format: String) {
        let count = withVaList([number]) { vsnprintf(&buffer, buffer.count, format, $0) }
        let written = Swift.max(0, Swift.min(Int(count), buffer.count - 1))
        buffer.withUnsafeBytes { bytes.append(contentsOf: $0.prefix(written)) }
    }

    mutating func end(_ sink: some ByteSink) throws {
        bytes.append(UInt8(ascii: "\n"))
        try sink.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
