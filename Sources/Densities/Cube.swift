import Diagnostics
import Storage

/// Reads a Gaussian cube file, plain or gzip: its grid, and its atoms in the frame of the grid.
///
/// `dataset` chooses among several values at each point: the number of an orbital where the file lists those, else its place from 1.
/// `quantity` says what the values are, which the file does not; nil: electrons per bohr^3, which become e/A^3, whatever the unit of the
/// lengths is. What `asWritten` leaves as it is has the unit of the file, not that of a density. Origin and handedness are taken
/// as they stand: the origin is subtracted from the atoms; a box of a molecule is a cell of as many steps as there are points.
///
/// Throws `cannot-read`, and `bad-data` with the line for atoms that are announced and not listed, anything but exactly one finite
/// number for each value, counts of points of mixed sign, several data sets of which none is chosen, and orbitals where `quantity` is
/// not said. Format: Gaussian 16 manual, page "cubegen".
public func readCube(path: String, dataset: Int? = nil, quantity: GridQuantity? = nil) throws -> Density {
    try readCube(path: path, dataset: dataset, quantity: quantity, piece: TextPieces.usualSize, whole: TextPieces.packedWhole)
}

/// As the public one. `piece`: the bytes of text that are read at once; `whole`: the most bytes of a gzip file that is unpacked whole.
func readCube(path: String, dataset: Int?, quantity: GridQuantity?, piece: Int, whole: Int) throws -> Density {
    try TextPieces.read(path: path, size: piece, whole: whole) { text in
        guard !text.isEmpty else { throw emptyFile(path, expected: "a Gaussian cube file") }
        let header = try text.parse { try $0.cubeHeader() }
        let column = try header.place(ofDataset: dataset, path)
        if quantity == nil { try header.checkIsDensity(path) }
        let block = GridBlock(grid: header.grid, fields: header.datasets)
        let count = try text.checkRoom(for: block)
        let factor = (quantity ?? .perCubicBohr).factor
        let fields = block.fields
        var values: [Double] = []
        values.reserveCapacity(count / fields)
        if fields == 1 {
            try text.numbers(of: block, count: count) { values.append($0 * factor) }
        } else {
            var next = 0
            try text.numbers(of: block, count: count) { value in
                if next == column { values.append(value * factor) }
                next = next + 1 == fields ? 0 : next + 1
            }
        }
        try text.checkEnd(of: block)
        return try Density(
            lattice: header.lattice, atoms: header.atoms, grid: header.grid, values: values, frame: header.frame, charges: header.charges)
    }
}

extension CubeHeader {
    /// Checks that a data set can be read, as `readCube` does. Throws `bad-data`.
    public func check(dataset: Int?, quantity: GridQuantity?, path: String) throws {
        _ = try place(ofDataset: dataset, path)
        if quantity == nil { try checkIsDensity(path) }
    }

    /// Refuses orbitals, of which nobody said what they are. Throws `bad-data`.
    fileprivate func checkIsDensity(_ path: String) throws {
        guard case .orbitals(let numbers) = contents else { return }
        throw Diagnostic(
            "bad-data", "expected a density, found a cube file of \(orbitalText(numbers)) (the number of atoms is negative)",
            data: DataPlace(file: path, line: 3),
            hint: "say what the values are: `quantity: other` for an orbital as it is written, `quantity: density` for a density")
    }

    /// The place, from 0, of a data set among the numbers at each point. Throws `bad-data`.
    fileprivate func place(ofDataset dataset: Int?, _ path: String) throws -> Int {
        let place = DataPlace(file: path, line: 3)
        switch (contents, dataset) {
        case (_, nil):
            guard datasets > 1 else { return 0 }
            throw Diagnostic(
                "bad-data", "expected one value at each point, found \(found)", data: place,
                hint: "choose one by its number, as `dataset: \(example)`")
        case (.values, let number?):
            guard (1...datasets).contains(number) else {
                throw Diagnostic("bad-data", "expected data set \(number), found \(found)", data: place)
            }
            return number - 1
        case (.orbitals(let numbers), let number?):
            let places = numbers.indices.filter { numbers[$0] == number }
            guard let first = places.first, places.count == 1 else {
                throw Diagnostic(
                    "bad-data", "expected orbital \(number) once, found \(places.isEmpty ? found : "it \(places.count) times")", data: place
                )
            }
            return first
        }
    }

    private var found: String {
        switch contents {
        case .values(let count): count == 1 ? "one value at each point" : "\(count) values at each point, numbered from 1"
        case .orbitals(let numbers): orbitalText(numbers)
        }
    }

    private var example: Int {
        switch contents {
        case .values: 1
        case .orbitals(let numbers): numbers.first ?? 1
        }
    }
}

private func orbitalText(_ numbers: [Int]) -> String {
    guard numbers.count > 1 else { return "orbital \(numbers.first ?? 0)" }
    let more = numbers.count > 12 ? " and \(numbers.count - 12) more" : ""
    return "the orbitals \(numbers.prefix(12).map(String.init).joined(separator: ", "))\(more)"
}
