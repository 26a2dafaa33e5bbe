/// The type of a tensor: its extents and unit, as far as they are known before anything is computed.
public struct TensorType: Sendable, Hashable, Codable {
    /// Extents along each axis; empty for a single number, nil where they are not known.
    public var shape: [Int]?
    /// Unit of the numbers; nil where they have none.
    public var unit: String?
    /// Whether the numbers are logarithms, shifted or scaled ones too: their exponentials are the quantity itself, or a power
    /// of it.
    public var isLogarithm: Bool
    /// Scale from the numbers of a picture to brightness; nil for what is no picture.
    public var pixels: PixelScale?
    /// Cell on whose whole grid the numbers are given; nil for numbers that do not fill the grid of a cell. Where a type is asked for,
    /// any cell stands for all of them.
    public var cell: PeriodicCell?
    /// Cell that the numbers are a plane through; nil for numbers that are none, or were worked on since.
    public var cut: PeriodicCell?

    /// Creates the type of a tensor.
    public init(
        shape: [Int]?, unit: String?, isLogarithm: Bool = false, pixels: PixelScale? = nil, cell: PeriodicCell? = nil,
        cut: PeriodicCell? = nil
    ) {
        self.shape = shape
        self.unit = unit
        self.isLogarithm = isLogarithm
        self.pixels = pixels
        self.cell = cell
        self.cut = cut
    }

    /// The type of numbers made from these in another shape and perhaps another unit: they no longer fill the grid of a cell
    /// or a plane through one.
    public func with(shape: [Int]?, unit: String?) -> TensorType {
        TensorType(shape: shape, unit: unit, isLogarithm: isLogarithm, pixels: pixels)
    }

    /// Whether numbers of this type may stand where those of another are asked for: of its shape as far as both are known, and on the
    /// grid of a cell where those are.
    func fits(_ wanted: TensorType) -> Bool {
        hasCell(as: wanted) && (wanted.shape == nil || shape == nil || wanted.shape == shape)
    }

    /// Whether both types are of numbers on the grid of a cell, or neither is.
    public func hasCell(as other: TensorType) -> Bool { (cell == nil) == (other.cell == nil) }

    /// The type as a phrase for messages.
    var phrase: String {
        if let cell { return withArticle(cell.noun) }
        if shape == [] { return "a number that is computed later" }
        return "a tensor" + (shape.map { " of shape " + $0.map(String.init).joined(separator: "x") } ?? "")
    }
}

/// The cell that repeats through a crystal, as far as it is known before anything is computed.
public struct PeriodicCell: Sendable, Hashable, Codable {
    /// Noun for the numbers on the grid of the cell.
    public var noun: String
    /// Vectors that span the cell, in Angstrom, a row each; nil where only the file of a row tells them.
    public var vectors: [[Double]]?
    /// Elements of the atoms in the cell with their counts, such as `Ni2ZrAl`; nil where only the file of a row tells them.
    public var formula: String?
    /// Atoms in the cell, in order; nil where only the file of a row tells them.
    public var atoms: [CellAtom]?
    /// Place of the first point of the grid in the coordinates of its file, in Angstrom; nil where it is their origin, or not known.
    public var origin: [Double]?

    /// Creates a cell, by default one of which only the file of a row tells more.
    public init(noun: String, vectors: [[Double]]? = nil, formula: String? = nil, atoms: [CellAtom]? = nil) {
        self.noun = noun
        self.vectors = vectors
        self.formula = formula
        self.atoms = atoms
    }
}

/// An atom in the cell of a crystal.
public struct CellAtom: Sendable, Hashable, Codable {
    /// Symbol of the element.
    public var element: String
    /// Coordinates in units of the vectors of the cell.
    public var place: [Double]

    /// Creates an atom.
    public init(element: String, place: [Double]) {
        self.element = element
        self.place = place
    }
}

/// The scale of brightness in a picture: the numbers of black and of full brightness, and the order of the colours.
public struct PixelScale: Sendable, Hashable, Codable {
    /// Number that means black.
    public var black: Double
    /// Number that means full brightness.
    public var white: Double
    /// Whether blue comes first, as in OpenCV.
    public var isBGR: Bool
    /// False after arithmetic, which may be there to make a picture brighter or darker: only the order of colours holds then.
    public var hasRange = true

    /// Creates a scale, by default of 8 bits in the order red, green, blue.
    public init(black: Double = 0, white: Double = 255, isBGR: Bool = false) {
        self.black = black
        self.white = white
        self.isBGR = isBGR
    }

    /// The order of the colours alone.
    public var withoutRange: PixelScale {
        var result = PixelScale(isBGR: isBGR)
        result.hasRange = false
        return result
    }

    /// The scale after a change of all numbers.
    public func mapped(_ change: (Double) -> Double) -> PixelScale {
        PixelScale(black: change(black), white: change(white), isBGR: isBGR)
    }
}
