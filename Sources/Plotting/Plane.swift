import Diagnostics

/// A scalar field sampled on a plane: `rows` x `columns` values, row-major.
public struct Plane: Sendable, Hashable, Codable {
    /// The number of rows.
    public var rows: Int
    /// The number of columns.
    public var columns: Int
    /// The values, row by row.
    public var values: [Float]
    /// The cell that gives the true shape; nil draws a rectangle of square pixels, row 0 at the top.
    public var cell: PlaneCell?
    /// The red, green and blue of every sample where the plane is a picture; `values` is its brightness then.
    public private(set) var colours: [UInt8]?

    /// Makes a picture of red, green and blue for each pixel, row 0 at the top. Throws `bad-figure`.
    public init(rows: Int, columns: Int, colours: [UInt8]) throws {
        var brightness: [Float] = []
        for start in stride(from: 0, to: max(0, colours.count - 2), by: 3) {
            let red = Float(colours[start])
            let green = Float(colours[start + 1])
            let blue = Float(colours[start + 2])
            // ITU-R BT.601.
            brightness.append(Float(0.299) * red + Float(0.587) * green + Float(0.114) * blue)
        }
        try self.init(rows: rows, columns: columns, values: brightness)
        guard colours.count == 3 * brightness.count else {
            throw Diagnostic(
                "bad-figure", "expected three bytes for each pixel of a picture, found \(colours.count) for \(brightness.count)")
        }
        self.colours = colours
    }

    /// Makes a plane. Throws `bad-figure` when there are not `rows * columns` values.
    public init(rows: Int, columns: Int, values: [Float], cell: PlaneCell? = nil) throws {
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard rows >= 0, columns >= 0, !overflow, values.count == count else {
            throw Diagnostic(
                "bad-figure", "expected \(rows) x \(columns) values for a plane, found \(values.count)")
        }
        self.rows = rows
        self.columns = columns
        self.values = values
        self.cell = cell
    }

    /// Makes a plane of doubles, drawn in single precision. Throws `bad-figure`.
    public init(rows: Int, columns: Int, values: [Double], cell: PlaneCell? = nil) throws {
        try self.init(rows: rows, columns: columns, values: values.map(Float.init), cell: cell)
    }

    /// The red (0), green or blue channel of a picture as a plane.
    func channel(_ number: Int) -> Plane {
        var plane = self
        plane.colours = nil
        if let colours { plane.values = stride(from: number, to: colours.count, by: 3).map { Float(colours[$0]) } }
        return plane
    }

    func value(_ row: Int, _ column: Int) -> Float {
        let index = row * columns + column
        return values.indices.contains(index) ? values[index] : .nan
    }
}

/// The cell that a plane covers: two vectors in A, x to the right and y up.
public struct PlaneCell: Sendable, Hashable, Codable {
    /// The vector along which the row number grows.
    public var first: Point
    /// The vector along which the column number grows.
    public var second: Point
    /// Whether the field repeats along both vectors; else it goes on beyond its last samples as they are.
    public var repeats = true

    /// Creates a cell. Sample (i, j) lies at `i / rows * first + j / columns * second`, and the field repeats along both
    /// unless `repeats` says otherwise.
    public init(first: Point, second: Point, repeats: Bool = true) {
        self.first = first
        self.second = second
        self.repeats = repeats
    }

    /// Creates a cell from two vectors of space, in A, laid flat: `first` along x, `second` above it.
    public init(first: [Double], second: [Double]) {
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        let length = dot(first, first).squareRoot()
        let along = length > 0 ? dot(first, second) / length : 0
        self.first = Point(length, 0)
        self.second = Point(along, max(0, dot(second, second) - along * along).squareRoot())
    }

    var determinant: Double { first.x * second.y - first.y * second.x }

    /// Whether there is an area to draw.
    var isDrawable: Bool {
        let longest = max(first.x.magnitude, first.y.magnitude, second.x.magnitude, second.y.magnitude)
        return longest.isFinite && longest > 1e-6 && longest < 1e6 && determinant.magnitude > 1e-4 * longest * longest
    }

    /// The point at fractions `u` of the first and `v` of the second vector.
    func position(_ u: Double, _ v: Double) -> Point {
        Point(u * first.x + v * second.x, u * first.y + v * second.y)
    }

    func fractions(of point: Point) -> (u: Double, v: Double) {
        ((point.x * second.y - point.y * second.x) / determinant, (first.x * point.y - first.y * point.x) / determinant)
    }

    var corners: [Point] { [position(0, 0), position(1, 0), position(1, 1), position(0, 1)] }
}

/// A colour scale shared by all planes of a figure.
public struct ColourScale: Sendable, Hashable, Codable {
    /// The name of the quantity, without its unit.
    public var label: String
    /// The unit as the language writes it.
    public var unit: String?
    /// The scale, linear or logarithmic.
    public var scale: Scale
    /// The percentile of all values below which colours end, 0...100; 0 shows the whole range.
    public var lowPercentile: Double
    /// The percentile of all values above which colours end, 0...100; 100 shows the whole range.
    public var highPercentile: Double
    /// The map; nil takes the usual one, with a middle where the values have both signs or the limits lie on both sides of zero.
    public var map: ColourMap?
    /// The value at which colours begin; nil finds it from the values.
    public var lower: Double?
    /// The value at which colours end; nil finds it from the values.
    public var upper: Double?
    /// Whether the sign of a value means something, as in a difference: values of both signs are coloured to either side of zero then,
    /// however small those of one sign are.
    public var isSigned: Bool

    /// Creates a colour scale.
    public init(
        _ label: String, unit: String? = nil, scale: Scale = .linear, lowPercentile: Double = 0,
        highPercentile: Double = 100, map: ColourMap? = nil, lower: Double? = nil, upper: Double? = nil, isSigned: Bool = false
    ) {
        self.isSigned = isSigned
        self.map = map
        self.lower = lower
        self.upper = upper
        self.label = label
        self.unit = unit
        self.scale = scale
        self.lowPercentile = lowPercentile
        self.highPercentile = highPercentile
    }
}

/// A tile of a gallery: a plane with the text above it.
public struct Tile: Sendable, Hashable, Codable {
    /// The text above the plane.
    public var title: String
    /// The plane.
    public var plane: Plane

    /// Creates a tile.
    public init(_ title: String, _ plane: Plane) {
        self.title = title
        self.plane = plane
    }
}

/// A named site on a plane, such as an atom, in fractions of its two cell vectors.
public struct Site: Sendable, Hashable, Codable {
    /// The name of the site.
    public var label: String
    /// The fraction along the first cell vector.
    public var first: Double
    /// The fraction along the second cell vector.
    public var second: Double
    /// Whether the site lies off the plane, over it or under it; it is drawn hollow.
    public var isOff: Bool

    /// Creates a site.
    public init(_ label: String, first: Double, second: Double, isOff: Bool = false) {
        self.isOff = isOff
        self.label = label
        self.first = first
        self.second = second
    }
}

/// A gallery: planes side by side under one colour scale.
public struct Gallery: Sendable, Hashable, Codable {
    /// The title above the gallery; empty leaves it out.
    public var title: String
    /// The remark under the gallery.
    public var note: String
    /// The tiles, row by row.
    public var tiles: [Tile]
    /// The number of columns; nil makes the gallery about as wide as high.
    public var columns: Int?
    /// The colour scale that all tiles share.
    public var colours: ColourScale
    /// The isolines of every tile; nil draws none.
    public var isolines: Isolines?
    /// The size of the whole figure; nil takes the usual one.
    public var wanted: Size?

    /// Whether the gallery shows pictures in their own colours, which need no scale.
    public var isOfPictures: Bool { !tiles.isEmpty && tiles.allSatisfy { $0.plane.colours != nil } }
    /// The largest number of pixels of a tile that are drawn either way.
    var pixelLimit: Int { isOfPictures && tiles.count == 1 ? 640 : 256 }
}

/// A heat map: one plane with its axes, a colour scale and marked sites.
public struct Heatmap: Sendable, Hashable, Codable {
    /// The title above the heat map; empty leaves it out.
    public var title: String
    /// The remark under the heat map.
    public var note: String
    /// The plane.
    public var plane: Plane
    /// The colour scale.
    public var colours: ColourScale
    /// The sites that are marked.
    public var sites: [Site]
    /// The isolines; nil draws none.
    public var isolines: Isolines?
    /// What is drawn of cells on the plane.
    public var outline = Outline.window
    /// Whether a bar that says how long it is stands in place of the axes.
    public var hasScaleBar = false
    /// The label of the horizontal axis; nil takes the usual one.
    public var xLabel: String?
    /// The label of the vertical axis; nil takes the usual one.
    public var yLabel: String?
    /// The size that the whole figure fits into; nil takes the usual one.
    public var wanted: Size?

    /// Creates a heat map of a plane.
    public init(_ plane: Plane, colours: ColourScale, sites: [Site] = [], title: String = "", note: String = "") {
        self.title = title
        self.note = note
        self.plane = plane
        self.colours = colours
        self.sites = sites
    }

    /// What is drawn of cells on a plane.
    public enum Outline: Sendable, Hashable, Codable {
        /// The edge of the plane.
        case window
        /// The edge of the plane and lines through it, as points in fractions of its two vectors.
        case lines([[Point]])
        /// Nothing.
        case none
    }
}
