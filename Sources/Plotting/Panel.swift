/// A point of a series.
public struct Point: Sendable, Hashable, Codable {
    /// The x coordinate.
    public var x: Double
    /// The y coordinate.
    public var y: Double

    /// Creates a point from its coordinates.
    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// A named set of points drawn in one way.
public struct Series: Sendable, Hashable, Codable {
    /// The form in which the points of a series are drawn.
    public enum Form: String, Sendable, Hashable, Codable {
        /// Markers, a line, or a line with markers.
        case markers, line, markedLine
        /// Boxes from zero, `x` their middle; `boxWidth` of the panel is their width.
        case boxes
    }

    /// The text in the legend; empty keeps the series out of it.
    public var name: String
    /// The points, in order.
    public var points: [Point]
    /// The form in which the points are drawn.
    public var form: Form
    /// The style of the series; nil takes the next of the palette.
    public var look: Look?
    /// How far the bar of each point goes either way along the horizontal axis; nil draws none.
    public var xErrors: [Double]?
    /// How far the bar of each point goes either way along the vertical axis; nil draws none.
    public var yErrors: [Double]?

    /// Creates a series from its points.
    public init(
        _ name: String, _ points: [Point], form: Form = .markers, look: Look? = nil, xErrors: [Double]? = nil, yErrors: [Double]? = nil
    ) {
        self.name = name
        self.points = points
        self.form = form
        self.look = look
        self.xErrors = xErrors
        self.yErrors = yErrors
    }

    /// The series with its points in the order of x.
    public var sorted: Series {
        let order = points.indices.sorted { points[$0].x < points[$1].x }
        func moved<Item>(_ items: [Item]) -> [Item] { order.compactMap { items.indices.contains($0) ? items[$0] : nil } }
        var result = self
        result.points = moved(points)
        result.xErrors = xErrors.map(moved)
        result.yErrors = yErrors.map(moved)
        return result
    }

    /// The bars of its points: a point, and how far its bars go; only those that go some way.
    var bars: [(point: Point, x: Double, y: Double)] {
        func length(_ errors: [Double]?, _ index: Int) -> Double {
            guard let errors, errors.indices.contains(index), errors[index].isFinite else { return 0 }
            return errors[index].magnitude
        }
        guard xErrors != nil || yErrors != nil else { return [] }
        return points.enumerated().map { ($0.element, length(xErrors, $0.offset), length(yErrors, $0.offset)) }
            .filter { $0.1 > 0 || $0.2 > 0 }
    }
}

/// A vertical line across a panel at one value of x, with a text above it.
public struct Mark: Sendable, Hashable, Codable {
    /// The value of x.
    public var x: Double
    /// The text above the line.
    public var label: String

    /// Creates a line at a value of x.
    public init(x: Double, label: String) {
        self.x = x
        self.label = label
    }
}

/// A pair of axes with series between them.
public struct Panel: Sendable, Hashable, Codable {
    /// The title above the panel; empty leaves it out.
    public var title: String
    /// A remark under the panel.
    public var note: String
    /// The horizontal axis.
    public var x: Axis
    /// The vertical axis.
    public var y: Axis
    /// The series, in the order they are drawn.
    public var series: [Series]
    /// The vertical lines across the panel.
    public var marks: [Mark]
    /// Whether both axes have one range, with a square panel and the dashed line y = x.
    public var comparesEqualAxes: Bool
    /// The width of boxes, in units of x.
    public var boxWidth: Double?
    /// The size of the whole figure; nil takes the usual one.
    public var wanted: Size?

    /// Creates a panel.
    public init(
        title: String = "", note: String = "", x: Axis, y: Axis, series: [Series], marks: [Mark] = [],
        comparesEqualAxes: Bool = false, boxWidth: Double? = nil
    ) {
        self.title = title
        self.note = note
        self.x = x
        self.y = y
        self.series = series
        self.marks = marks
        self.comparesEqualAxes = comparesEqualAxes
        self.boxWidth = boxWidth
    }
}

extension Panel {
    func canShow(_ point: Point) -> Bool { x.canShow(point.x) && y.canShow(point.y) }

    var shown: [Point] { series.flatMap { $0.points.filter(canShow) } }

    /// The number of points that cannot be drawn: not finite, or not positive on a logarithmic axis.
    var dropped: Int { series.reduce(0) { $0 + $1.points.count { !canShow($0) } } }

    /// The note with the number of points that were dropped.
    var fullNote: String {
        guard dropped > 0 else { return note }
        let logarithmic = x.scale == .logarithmic || y.scale == .logarithmic
        let why = logarithmic ? "not finite, or not positive on a logarithmic axis" : "not finite"
        let count = dropped == 1 ? "1 point is" : "\(dropped) points are"
        return (note.isEmpty ? "" : note + " ") + "\(count) not drawn (\(why))."
    }

    /// The ranges of both axes, with room around the data.
    var ranges: (x: AxisRange, y: AxisRange) {
        // The ends of error bars are shown as far as the axis can show them.
        let bars = series.flatMap(\.bars).filter { canShow($0.point) }
        let ends = bars.flatMap { [Point($0.point.x - $0.x, $0.point.y - $0.y), Point($0.point.x + $0.x, $0.point.y + $0.y)] }
        let points = shown + ends.filter(canShow)
        var xs = points.map(\.x)
        var ys = points.map(\.y)
        if comparesEqualAxes {
            let both = AxisRange(xs + ys, axis: x, margin: 0.05)
            return (both, both)
        }
        xs += marks.map(\.x).filter(x.canShow)
        let hasBoxes = series.contains { $0.form == .boxes }
        if hasBoxes, let boxWidth { xs = xs.flatMap { [$0 - boxWidth / 2, $0 + boxWidth / 2] } }
        if hasBoxes, y.scale == .linear { ys.append(0) }
        var yRange = AxisRange(ys, axis: y, margin: 0.06)
        // Boxes stand on the axis.
        if hasBoxes, y.scale == .linear, y.lower == nil, ys.allSatisfy({ $0 >= 0 }) { yRange.lower = 0 }
        return (AxisRange(xs, axis: x, margin: series.contains { $0.form == .markers } ? 0.04 : 0.02), yRange)
    }
}
