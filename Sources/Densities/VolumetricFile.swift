import Diagnostics

/// A file of fields on the grid of a crystal's cell in the layout of VASP (CHGCAR, LOCPOT, ELFCAR and their kin), or the part of it that
/// was asked for: header, blocks of numbers, and what stands between them.
public struct VolumetricFile: Sendable, Equatable {
    /// The numbers on the grid of one block of a file, and what the file has with them.
    public struct Block: Sendable, Equatable {
        /// The component that the block holds.
        public var component: FieldComponent
        /// The numbers as the file has them, of a density times the volume; that at (i, j, k) stands at (i * ny + j) * nz + k.
        public var stored: [Double]
        /// The numbers in front of the grid of the block, one for each atom; none in front of the first block.
        public var atomNumbers: [Double]
        /// The augmentation occupancies behind the block, in the order of the file.
        public var occupancies: [Occupancies]

        /// Makes a block of its parts.
        public init(component: FieldComponent, stored: [Double], atomNumbers: [Double] = [], occupancies: [Occupancies] = []) {
            self.component = component
            self.stored = stored
            self.atomNumbers = atomNumbers
            self.occupancies = occupancies
        }
    }

    /// The augmentation occupancies of one atom: the part of its density, in its PAW sphere, that no grid can hold.
    public struct Occupancies: Sendable, Hashable, Codable {
        /// The number of the atom, from 1.
        public var atom: Int
        /// Whether they are the imaginary parts.
        public var isImaginary: Bool
        /// The numbers as the file has them.
        public var values: [Double]

        /// Makes the occupancies of an atom.
        public init(atom: Int, isImaginary: Bool = false, values: [Double]) {
            self.atom = atom
            self.isImaginary = isImaginary
            self.values = values
        }
    }

    /// How the kind of a file was known.
    public enum KindSource: String, Sendable, Hashable, Codable {
        /// The caller said it, the file's name told it, or its numbers did.
        case caller, name, content
    }

    /// What the numbers are.
    public var kind: FieldKind
    /// How that was known.
    public var kindSource: KindSource
    /// The crystal and the grid.
    public var header: DensityHeader
    /// The blocks that were read, in the order of the file.
    public var blocks: [Block]
    /// The number of the image that was read, from 1.
    public var image: Int
    /// The number of images in the file: more than 1 where a relaxation wrote one after the other.
    public var images: Int
    /// The header as the file has it.
    var layout: HeaderLayout?

    /// Makes a file of its parts. Throws `shape` unless there are one, two or four blocks of the components that go together, each with
    /// a number for each point of the grid, and none or one number for each atom; `bad-data` for occupancies of atoms that are not there.
    public init(kind: FieldKind, header: DensityHeader, blocks: [Block]) throws {
        guard kind.components(ofBlocks: blocks.count) == blocks.map(\.component) else {
            let found = blocks.map(\.component.rawValue).joined(separator: ", ")
            throw Diagnostic(
                "shape", "expected the blocks of \(kind.phrase), found \(found.isEmpty ? "none" : found)",
                hint: "one block is `total`, two are \(kind == .density ? "`total` and `magnetization`" : "`up` and `down`"), "
                    + "four are `total`, `mx`, `my` and `mz`")
        }
        self.init(kind: kind, kindSource: .caller, header: header, blocks: blocks, image: 1, images: 1, layout: nil)
        try check()
    }

    init(
        kind: FieldKind, kindSource: KindSource, header: DensityHeader, blocks: [Block], image: Int, images: Int, layout: HeaderLayout?
    ) {
        self.kind = kind
        self.kindSource = kindSource
        self.header = header
        self.blocks = blocks
        self.image = image
        self.images = images
        self.layout = layout
    }

    /// Checks that the parts go together. Throws `shape` and `bad-data`.
    func check() throws {
        guard let points = gridPoints(header.grid), header.grid.count == 3 else {
            throw Diagnostic("shape", "expected a grid of three positive extents, found \(header.grid)")
        }
        for block in blocks {
            guard block.stored.count == points else {
                throw Diagnostic(
                    "shape", "expected \(points) values on a \(gridText(header.grid)) grid, found \(block.stored.count)")
            }
            guard block.atomNumbers.isEmpty || block.atomNumbers.count == header.atoms.count else {
                throw Diagnostic(
                    "shape", "expected a number for each of \(header.atoms.count) atoms, found \(block.atomNumbers.count)")
            }
            for record in block.occupancies where record.atom < 1 || record.atom > header.atoms.count {
                throw Diagnostic(
                    "bad-data",
                    "expected the occupancies of one of \(header.atoms.count) atoms, found those of atom \(record.atom)")
            }
        }
    }

    /// The components that can be had of what was read: those of its blocks, and up and down of a density with its magnetisation.
    public var components: [FieldComponent] { derivedComponents(blocks.map(\.component), kind) }

    /// The values of a component in the unit of the kind; that at (i, j, k) stands at (i * ny + j) * nz + k. Throws `bad-data` for one
    /// that is not there.
    public func values(_ component: FieldComponent) throws -> [Double] {
        let divisor = kind.isTimesVolume ? header.lattice.volume : 1
        if let block = blocks.first(where: { $0.component == component }) {
            return divisor == 1 ? block.stored : block.stored.map { $0 / divisor }
        }
        guard component == .up || component == .down, blocks.count == 2, blocks[1].component == .magnetization else {
            throw Diagnostic(
                "bad-data", "expected \(component.phrase), found \(components.map(\.rawValue).joined(separator: ", "))")
        }
        // Halving is exact, so that up and down add up to the total but for one rounding.
        let sign = component == .up ? 0.5 : -0.5
        return zip(blocks[0].stored, blocks[1].stored).map { (0.5 * $0 + sign * $1) / divisor }
    }

    /// A component as a field on the grid of the crystal, in the unit of the kind: `electrons` and the words e/A^3 of `Density` hold for
    /// densities alone. Throws `bad-data` for one that is not there.
    public func density(_ component: FieldComponent = .total) throws -> Density {
        try Density(lattice: header.lattice, atoms: header.atoms, grid: header.grid, values: values(component))
    }

    /// The number of electrons, the integral of the total; nil for what is no density, or where the total was not read.
    public var electrons: Double? { kind == .density ? integral(.total) : nil }

    /// The moment of the cell in Bohr magnetons: of one component where spins are collinear, of x, y and z where they are not; empty
    /// where there is none, or where it was not read.
    public var moment: [Double] {
        guard kind == .density else { return [] }
        return [.magnetization, .mx, .my, .mz].compactMap(integral)
    }

    private func integral(_ component: FieldComponent) -> Double? {
        guard let block = blocks.first(where: { $0.component == component }) else { return nil }
        return block.stored.reduce(0, +) / Double(block.stored.count)
    }
}

/// What a volumetric file holds, without its numbers: for a list of files, and before a long reading.
public struct VolumetricContents: Sendable, Equatable {
    /// What the numbers are; told by the name of the file, `density` where that tells nothing.
    public var kind: FieldKind
    /// How that was known; nil where it was not, so that it is a guess.
    public var kindSource: VolumetricFile.KindSource?
    /// The crystal and the grid of the last image.
    public var header: DensityHeader
    /// The components that can be read of the last image.
    public var components: [FieldComponent]
    /// Whether there are augmentation occupancies behind the blocks of the last image.
    public var hasOccupancies: Bool
    /// The number of images in the file.
    public var images: Int
    /// What is wrong behind the first block of the last image, which can be read all the same; nil for a file that is whole.
    public var fault: Diagnostic?
}

/// The header of a file as it stands there, to be written again as it was.
struct HeaderLayout: Sendable, Equatable {
    /// What it says.
    var header: DensityHeader
    /// Its text, the line of the grid included.
    var text: String
}

/// The components that blocks give: themselves, and up and down where total and magnetisation are both there.
func derivedComponents(_ blocks: [FieldComponent], _ kind: FieldKind) -> [FieldComponent] {
    kind == .density && blocks == [.total, .magnetization] ? blocks + [.up, .down] : blocks
}
