import Diagnostics
import Storage

/// How the planes of a data grid of an XSF file lie in the cell, which codes do not agree about.
public enum XSFPlanes: Sendable, Hashable {
    /// As the file tells it: where the last planes of a crystal repeat the first along all three axes they are cut off; where none does
    /// and the vectors span a cell of the crystal (or, as ASE writes it, that cell and one step more), every point is of its own; what is
    /// not periodic is a box.
    case told
    /// The general grid of XCrySDen in a periodic cell: the last planes repeat the first, and are cut off.
    case repeated
    /// Every point is written once: point i of n lies at i/n of the vector.
    case once
    /// A box, not periodic: point i of n lies at i/(n - 1) of the vector, all points are kept, and the cell that is returned has as
    /// many steps as there are points.
    case box
}

/// The data grid of an XSF file that is read, where it has several.
public enum XSFChoice: Sendable, Hashable {
    /// The number of the grid among those of the step, from 1.
    case number(Int)
    /// The name of the grid, that is, what follows `BEGIN_DATAGRID_3D_`, in capitals or small letters.
    case name(String)
}

/// A data grid of an XSF file, and where in the file it was found.
public struct XSFField: Sendable, Equatable {
    /// The grid with its crystal; the unit is that of `Density` only where the file holds a density.
    public var density: Density
    /// The name of the grid, that is, what follows `BEGIN_DATAGRID_3D_`; empty where it has none.
    public var name: String
    /// The step that the grid belongs to, from 1, and how many steps the file has.
    public var step: Int, steps: Int
    /// Along which axes the last planes repeated the first and were cut off.
    public var cutAxes: [Bool]
}

/// Reads a three-dimensional data grid of an XSF file, plain or gzip, and the crystal that it belongs to.
///
/// `grid` chooses among several grids of a step; nil: the only one. `step` chooses among the steps of an animated file; nil: the last
/// that has a grid. `quantity` says what the values are: no unit is written in the file, vectors are in A, and by convention a density
/// is per bohr^3. The cell is that of the vectors of the grid; where they span a supercell of the crystal (`CONVVEC`) the atoms of the
/// primitive cell are repeated in it. The origin of the grid is subtracted from the atoms.
///
/// Throws `cannot-read`, and `bad-data` with the line for a file that is no XSF, that is cut off, that has no such grid or several where
/// none was chosen, planes that repeat along some axes alone, and anything but one finite number for each point. Format: XCrySDen,
/// page "XSF format".
public func readXSF(
    path: String, grid: XSFChoice? = nil, step: Int? = nil, planes: XSFPlanes = .told, quantity: GridQuantity = .perCubicBohr
) throws -> XSFField {
    let wanted = XSFRequest(grid: grid, step: step, planes: planes, quantity: quantity)
    return try readXSF(path: path, wanted, piece: TextPieces.usualSize, whole: TextPieces.packedWhole)
}

/// A data grid that an XSF file has.
public struct XSFListing: Sendable, Hashable {
    /// The name of the grid, that is, what follows `BEGIN_DATAGRID_3D_`; empty where it has none.
    public var name: String
    /// The step that it belongs to, from 1.
    public var step: Int
    /// Points along the three vectors as they are written, with planes that repeat others.
    public var grid: [Int]
}

/// Lists the three-dimensional data grids of an XSF file, plain or gzip, in their order; the numbers are passed over.
///
/// Throws `cannot-read`, and `bad-data` with the line for a file that is no XSF or is cut off.
public func listXSF(path: String) throws -> [XSFListing] {
    try TextPieces.read(path: path) { text in
        guard !text.isEmpty else { throw emptyFile(path, expected: "an XSF file") }
        var reader = XSFReader(text: text, wanted: XSFRequest(isListing: true))
        try reader.read()
        return reader.listed
    }
}

/// What is asked of an XSF file.
struct XSFRequest {
    var grid: XSFChoice?
    var step: Int?
    var planes = XSFPlanes.told
    var quantity = GridQuantity.perCubicBohr
    /// Whether the grids are listed, and none is read.
    var isListing = false
}

/// As the public one. `piece`: the bytes of text that are read at once; `whole`: the most bytes of a gzip file that is unpacked whole.
func readXSF(path: String, _ wanted: XSFRequest, piece: Int, whole: Int) throws -> XSFField {
    try TextPieces.read(path: path, size: piece, whole: whole) { text in
        guard !text.isEmpty else { throw emptyFile(path, expected: "an XSF file") }
        var reader = XSFReader(text: text, wanted: wanted)
        try reader.read()
        return try reader.field()
    }
}

extension XSFReader {
    /// The grid that was read, in its cell. Throws `bad-data`.
    func field() throws -> XSFField {
        guard let raw = found else { throw noGrid() }
        guard names.count == 1 || wanted.grid != nil else {
            var fault = fault("expected one data grid, found \(names.count): \(nameText)")
            fault.hints = ["choose one by its name or its number, from 1"]
            throw fault
        }
        let crystal = raw.crystal ?? crystal
        let (axes, cell) = try raw.layout(wanted.planes, in: crystal, path: text.path)
        let lattice: Lattice
        do {
            lattice = try Lattice(rows: cell.rows)
        } catch let diagnostic as Diagnostic {
            throw Diagnostic("bad-data", diagnostic.message, data: DataPlace(file: text.path, line: raw.line))
        }
        let kept = zip(raw.grid, axes).map { $1 == .repeated ? $0 - 1 : $0 }
        let atoms = cell.places.map { place in
            let position = zip(place.position, raw.origin).map { $0 - $1 }
            return Atom(element: place.element, fractional: lattice.fractional(position))
        }
        let density = try Density(
            lattice: lattice, atoms: atoms, grid: kept, values: raw.values(on: kept, times: wanted.quantity.factor),
            frame: GridFrame(origin: raw.origin, extent: extent(of: cell, axes, in: crystal)))
        return XSFField(density: density, name: raw.name, step: raw.step, steps: Swift.max(steps, 1), cutAxes: axes.map { $0 == .repeated })
    }

    /// What a grid spans whose points lie so along its axes. All points of a grid that ends at its last ones may still fill a cell.
    private func extent(of cell: XSFCrystal.Cell, _ axes: [XSFPlanes], in crystal: XSFCrystal) -> GridFrame.Extent {
        guard axes.allSatisfy({ $0 == .box }) else { return .cell }
        // Where a slab or a polymer ends nothing tells.
        if wanted.planes == .box || (crystal.dimensions ?? 3) < 3 { return .box }
        return cell.isCell ? .cell : .part
    }

    private var nameText: String {
        names.prefix(12).enumerated().map { "\($0.offset + 1) `\($0.element.prefix(40))`" }.joined(separator: ", ")
    }

    private func fault(_ message: String) -> Diagnostic { Diagnostic("bad-data", message, data: DataPlace(file: text.path)) }

    private func noGrid() -> Diagnostic {
        if let step = wanted.step, names.isEmpty {
            return fault("expected a three-dimensional data grid in step \(step), found none (\(Swift.max(steps, 1)) steps)")
        }
        switch wanted.grid {
        case nil: return fault("expected a three-dimensional data grid, found none")
        case .number(let number)?: return fault("expected data grid \(number), found \(names.isEmpty ? "none" : nameText)")
        case .name(let name)?: return fault("expected a data grid `\(name)`, found \(names.isEmpty ? "none" : nameText)")
        }
    }
}
