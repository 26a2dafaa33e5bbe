/// A point of a series.
public struct Point: Sendable, Hashable, Codable {
    public var x: Double
    public var y: Double

    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// A named set of points drawn in one way.
public struct Series: Sendable, Hashable, Codable {
    /// A form the points are drawn in.
    public enum Form: String, Sendable, Hashable, Codable {
        case markers, line, markedLine
        /// Boxes from zero, `x` their middle; `boxWidth` of the panel is their width.
        case boxes
    }

    /// The text in the legend; empty keeps the series out of it.
    public var name: String
    public var points: [Point]
    public var form: Form
    /// The look; nil takes the next of the palette.
    public var look: Look?

    public init(_ name: String, _ points: [Point], form: Form = .markers, look: Look? = nil) {
        self.name = name
        self.points = points
        self.form = form
        self.look = look
    }
}

/// A line across a panel at one value of x, with a text above it.
public struct Mark: Sendable, Hashable, Codable {
    public var x: Double
    public var label: String

    public init(x: Double, label: String) {
        self.x = x
        self.label = label
    }
}

/// A pair of axes with series between them.
public struct Panel: Sendable, Hashable, Codable {
    public var title: String
    /// A remark under the panel.
    public var note: String
    public var x: Axis
    public var y: Axis
    public var series: [Series]
    public var marks: [Mark]
    /// One range for both axes, a square panel, and the dashed line y = x.
    public var comparesEqualAxes: Bool
    /// The width of boxes, in units of x.
    public var boxWidth: Double?
    /// Names under the boxes at x = 0, 1, 2, ...; empty where x is a quantity.
    public var categories: [String]

    public init(
        title: String = "", note: String = "", x: Axis, y: Axis, series: [Series], marks: [Mark] = [],
        comparesEqualAxes: Bool = false, boxWidth: Double? = nil, categories: [String] = []
    ) {
        self.title = title
        self.note = note
        self.x = x
        self.y = y
        self.series = series
        self.marks = marks
        self.comparesEqualAxes = comparesEqualAxes
        self.boxWidth = boxWidth
        self.categories = categories
    }
}

extension Panel {
    func canShow(_ point: Point) -> Bool { x.canShow(point.x) && y.canShow(point.y) }

    var shown: [Point] { series.flatMap { $0.points.filter(canShow) } }

    /// How many points cannot be drawn: not finite, or not positive on a logarithmic axis.
    var dropped: Int { series.reduce(0) { $0 + $1.points.count { !canShow($0) } } }

    /// The note with the count of what was dropped.
    var fullNote: String {
        guard dropped > 0 else { return note }
        let logarithmic = x.scale == .logarithmic || y.scale == .logarithmic
        let why = logarithmic ? "not finite, or not positive on a logarithmic axis" : "not finite"
        let count = dropped == 1 ? "1 point is" : "\(dropped) points are"
        return (note.isEmpty ? "" : note + " ") + "\(count) not drawn (\(why))."
    }

    /// The ranges of both axes, with room around the data.
    var ranges: (x: AxisRange, y: AxisRange) {
        let points = shown
        var xs = points.map(\.x), ys = points.map(\.y)
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
