import Diagnostics
import Storage

/// How the numbers of a volumetric file are printed.
public struct VolumetricFormat: Sendable, Hashable {
    /// The significant digits of a number on the grid, 1...17. Those of the atoms and the occupancies have twelve and seven, or as many
    /// as these where they are more than eleven.
    public var digits: Int
    /// Whether the letter before an exponent of three digits is left out in a file that was read from this layout, as Fortran does and
    /// as some readers misunderstand: they take `0.1-100` for two numbers. In files that are made of numbers it never is.
    public var letterlessExponents: Bool
    /// Whether a line has ten numbers, without an exponent where they are from 0.1 to 100,000, as in CHG and ELFCAR, and not five.
    public var tenColumns: Bool

    /// Makes a format. 17 digits give back every number bit for bit.
    public init(digits: Int = 11, letterlessExponents: Bool = true, tenColumns: Bool = false) {
        self.digits = min(17, max(1, digits))
        self.letterlessExponents = letterlessExponents
        self.tenColumns = tenColumns
    }

    /// The layout of VASP's CHGCAR: eleven digits, five numbers a line.
    public static let vasp = VolumetricFormat()
    /// The layout of VASP's CHG and ELFCAR: five digits, ten numbers a line.
    public static let chg = VolumetricFormat(digits: 5, tenColumns: true)
    /// Seventeen digits and a letter before every exponent: what a program reads is what was written, bit for bit.
    public static let exact = VolumetricFormat(digits: 17, letterlessExponents: false)
}

/// Writes a file in the layout of VASP's CHGCAR (LOCPOT and ELFCAR as well): title, crystal, and all blocks with the numbers of the atoms
/// and the augmentation occupancies in the order of atoms, five numbers a line.
///
/// A header that was read and not changed is written as it was. The lengths of others have six decimals, or sixteen where they would
/// change otherwise. Exponents of three digits have a letter before them, unless the file was read and `format` leaves it out. The file
/// appears whole or not at all. Throws `cannot-write`, `shape` and `bad-data` for parts that do not go
/// together, and `bad-data` for a number that is not finite.
public func writeVolumetricFile(_ file: VolumetricFile, to path: String, format: VolumetricFormat = .vasp) throws {
    try writeWhole(to: path) { try writeVolumetricFile(file, to: $0, format: format) }
}

/// Writes a file in the layout of VASP to any sink; see `writeVolumetricFile(_:to:format:)`. Throws what the sink throws.
public func writeVolumetricFile(_ file: VolumetricFile, to sink: some ByteSink, format: VolumetricFormat = .vasp) throws {
    try file.checkWritable()
    var writer = VolumetricWriter(sink: sink, format: format, isAsRead: file.layout != nil)
    try writer.write(file)
}

extension VolumetricFile {
    /// Makes a file of one block of a field: a density times the volume, the other kinds as they are. `title` is the first line.
    public init(_ density: Density, title: String, kind: FieldKind = .density) throws {
        let header = DensityHeader(comment: title, lattice: density.lattice, atoms: density.atoms, grid: density.grid)
        let volume = kind.isTimesVolume ? density.lattice.volume : 1
        let stored = volume == 1 ? density.values : density.values.map { $0 * volume }
        try self.init(kind: kind, header: header, blocks: [.init(component: .total, stored: stored)])
    }

    /// Checks that all parts are there and go together. Throws `shape` and `bad-data`.
    fileprivate func checkWritable() throws {
        try check()
        guard kind.components(ofBlocks: blocks.count) == blocks.map(\.component) else {
            throw Diagnostic(
                "bad-data",
                "expected all blocks of \(kind.phrase), found \(blocks.map(\.component.rawValue).joined(separator: ", "))",
                hint: "read the file whole before writing it, without naming a component")
        }
        for block in blocks {
            let numbers = [block.stored, block.atomNumbers] + block.occupancies.map(\.values)
            if let bad = numbers.lazy.joined().first(where: { !$0.isFinite }) {
                throw Diagnostic("bad-data", "expected finite numbers to write, found \(bad)")
            }
        }
    }
}

/// Writes a field as a file in the layout of VASP, of one block: a density times the volume, the other kinds as they are. `title` is the
/// first line. Throws as `writeVolumetricFile`.
public func writeVolumetric(
    _ density: Density, title: String, kind: FieldKind = .density, to path: String, format: VolumetricFormat = .vasp
) throws {
    try writeVolumetricFile(VolumetricFile(density, title: title, kind: kind), to: path, format: format)
}

/// The writing of one file.
private struct VolumetricWriter<Sink: ByteSink> {
    let sink: Sink
    let format: VolumetricFormat
    /// Whether the letter before an exponent of three digits is left out.
    let dropsLetter: Bool
    var bytes: [UInt8] = []

    init(sink: Sink, format: VolumetricFormat, isAsRead: Bool) {
        (self.sink, self.format, dropsLetter) = (sink, format, format.letterlessExponents && isAsRead)
        bytes.reserveCapacity(1 << 17)
    }

    mutating func write(_ file: VolumetricFile) throws {
        let grid = file.header.grid.map { padded(String($0), 5) }.joined() + "\n"
        if let layout = file.layout, layout.header == file.header, !layout.text.contains("\r") {
            bytes += Array(layout.text.utf8)
            if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        } else {
            bytes += Array((try headerText(file.header) + " \n" + grid).utf8)
        }
        for (index, block) in file.blocks.enumerated() {
            if index > 0 {
                try lines(block.atomNumbers, digits(12))
                bytes += Array(grid.utf8)
            }
            try points(block.stored, file.header.grid)
            for record in ordered(block.occupancies) {
                let part = record.isImaginary ? " (imaginary part)" : ""
                let numbers = [record.atom, record.values.count].map { padded(String($0), 4) }.joined()
                bytes += Array("augmentation occupancies\(part)\(numbers)\n".utf8)
                try lines(record.values, digits(7))
            }
        }
        try flush()
    }

    /// The format of numbers off the grid, which have these digits, or all where the grid has more than VASP writes.
    private func digits(_ usual: Int) -> FortranFormat {
        let digits = format.digits > VolumetricFormat.vasp.digits ? format.digits : usual
        return FortranFormat(digits: digits, width: digits + 8, dropsLetter: dropsLetter, keepsLength: digits < 17)
    }

    /// The occupancies as they are where atoms follow in their order; otherwise by atom, imaginary parts behind real ones.
    private func ordered(_ records: [VolumetricFile.Occupancies]) -> [VolumetricFile.Occupancies] {
        let isOrdered = [false, true].allSatisfy { part in
            let atoms = records.filter { $0.isImaginary == part }.map(\.atom)
            return zip(atoms, atoms.dropFirst()).allSatisfy { $0 < $1 }
        }
        if isOrdered { return records }
        return records.sorted { ($0.atom, $0.isImaginary ? 1 : 0) < ($1.atom, $1.isImaginary ? 1 : 0) }
    }

    /// The numbers of a grid, x fastest.
    private mutating func points(_ stored: [Double], _ grid: [Int]) throws {
        let width = format.tenColumns ? format.digits + 6 : 0
        let number = FortranFormat(digits: format.digits, width: width, dropsLetter: dropsLetter, keepsLength: format.digits < 17)
        let columns = format.tenColumns ? 10 : 5
        var column = 0
        for k in 0..<grid[2] {
            for j in 0..<grid[1] {
                for i in 0..<grid[0] {
                    bytes.append(UInt8(ascii: " "))
                    let value = stored[(i * grid[1] + j) * grid[2] + k]
                    if format.tenColumns { number.appendGeneral(value, to: &bytes) } else { number.append(value, to: &bytes) }
                    column += 1
                    if column == columns { try endLine(&column) }
                }
            }
        }
        if column > 0 { try endLine(&column) }
    }

    private mutating func lines(_ values: [Double], _ number: FortranFormat) throws {
        var column = 0
        for value in values {
            number.append(value, to: &bytes)
            column += 1
            if column == 5 { try endLine(&column) }
        }
        if column > 0 { try endLine(&column) }
    }

    private mutating func endLine(_ column: inout Int) throws {
        bytes.append(UInt8(ascii: "\n"))
        column = 0
        if bytes.count > 1 << 16 { try flush() }
    }

    private mutating func flush() throws {
        try sink.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
