/// A size in pixels of the SVG, 96 of them an inch.
public struct Size: Sendable, Hashable, Codable {
    /// The width.
    public var width: Double
    /// The height.
    public var height: Double

    /// Creates a size.
    public init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }
}

/// A rectangle in pixels of the SVG, y down from the top.
struct Rectangle: Equatable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
}

/// Sizes in pixels that all figures share.
enum Measure {
    static let text = 12.0
    static let small = 11.0
    static let title = 14.0
    static let line = 16.0
    /// The margin around a figure.
    static let edge = 10.0
    /// The gap between the figures of a grid.
    static let gutter = 14.0
    /// The room for tics that point out, with the gap to their labels.
    static let tic = 12.0
    /// The distance from the frame to the middle of the label of the x axis.
    static let xLabel = 42.0
    /// The most lines of a title and of a note: a narrow figure takes more of them than a wide one.
    static let titleLimit = 6
    static let noteLimit = 12
    /// The room that the label of a tic takes along a horizontal axis, with the gap to the next.
    static func widthOfTic(_ label: String) -> Double { textWidth(label, size: small) + 4 }
    /// The room that it takes along a vertical one.
    static func heightOfTic(_ label: String) -> Double { small + 1 }
}

/// The layout of a panel: the frame between the axes, and the room that texts take around it.
struct PanelLayout {
    var frame: Size
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double
    var titleLines: [String]
    var noteLines: [String]
    /// The lines of the y axis label, from the outermost inwards.
    var yLabelLines: [String]
    var xLabel: String
    /// The rows of labels above the frame that the marks take.
    var markRows: Int
    /// The entries of the legend, placed from the upper left corner of the frame.
    var legend: [LegendEntry]
    var xTics: [Tic]
    var yTics: [Tic]
    var size: Size { Size(width: left + frame.width + right, height: top + frame.height + bottom) }

    init(_ panel: Panel, ranges: (x: AxisRange, y: AxisRange)) {
        let usual = panel.comparesEqualAxes ? Size(width: 340, height: 340) : Size(width: 400, height: 270)
        self.init(panel, ranges: ranges, frame: usual)
        guard let wanted = panel.wanted else { return }
        // What stands around the frame depends on its size, by a line of text or two.
        for _ in 0..<4 {
            let around = Size(width: size.width - frame.width, height: size.height - frame.height)
            var fitted = Size(width: max(60, wanted.width - around.width), height: max(60, wanted.height - around.height))
            if panel.comparesEqualAxes {
                let side = min(fitted.width, fitted.height)
                fitted = Size(width: side, height: side)
            }
            if fitted == frame { break }
            self.init(panel, ranges: ranges, frame: fitted)
        }
    }

    private init(_ panel: Panel, ranges: (x: AxisRange, y: AxisRange), frame: Size) {
        self.frame = frame
        let integers = panel.x.unit == nil && panel.shown.allSatisfy { $0.x == $0.x.rounded() && $0.x.magnitude < 1e9 }
        let counts = panel.series.allSatisfy { $0.form == .boxes && $0.points.allSatisfy { $0.y == $0.y.rounded() } }
        if panel.wanted == nil {
            xTics = tics(ranges.x, count: 6, integers: integers)
            yTics = tics(ranges.y, count: 5, integers: panel.y.unit == nil && counts)
        } else {
            xTics = tics(
                ranges.x, count: max(2, min(12, Int(frame.width / 62))), integers: integers, length: frame.width, room: Measure.widthOfTic)
            yTics = tics(
                ranges.y, count: max(2, min(12, Int(frame.height / 52))), integers: panel.y.unit == nil && counts, length: frame.height,
                room: Measure.heightOfTic)
        }

        let widest = yTics.compactMap(\.label).map { textWidth($0, size: Measure.small) }.max() ?? 0
        yLabelLines = wrapped(panel.y.text, width: frame.height + 40, size: Measure.text, limit: 2)
        left = Measure.edge + (yLabelLines.isEmpty ? 0 : Measure.line * Double(yLabelLines.count) + 6) + widest + Measure.tic
        xLabel = fitted(panel.x.text, width: frame.width + 40, size: Measure.text)
        let lastLabel = xTics.compactMap(\.label).last.map { textWidth($0, size: Measure.small) / 2 } ?? 0
        right = max(Measure.edge, lastLabel + 4)

        titleLines = wrapped(panel.title, width: frame.width, size: Measure.title, limit: Measure.titleLimit)
        noteLines = wrapped(panel.fullNote, width: frame.width + right, size: Measure.small, limit: Measure.noteLimit)
        markRows = panel.markRows(ranges.x, width: frame.width)

        let titleHeight = Double(titleLines.count) * (Measure.title + 5)
        let (entries, legendHeight) = legendEntries(panel, width: frame.width)
        let marksHeight = Double(markRows) * Measure.line
        top = Measure.edge + titleHeight + legendHeight + marksHeight + 8
        legend = entries.map { entry in
            var entry = entry
            entry.y -= legendHeight + marksHeight + 6
            return entry
        }
        bottom =
            (panel.x.text.isEmpty ? Measure.xLabel - 16 : Measure.xLabel) + Measure.edge
            + Double(noteLines.count) * (Measure.small + 4) + (noteLines.isEmpty ? 0 : 8)
    }
}

/// An entry of a legend: its text and where its sample begins, in pixels, y down; the text follows at `LegendEntry.sample`.
struct LegendEntry {
    var series: Int
    var text: String
    var x: Double
    var y: Double
    /// The distance from the beginning of the sample to that of the text.
    static let sample = 30.0
}

/// Lays out the legend of a panel, its entries side by side as far as `width` goes, and gives its height. It stands above
/// the frame, where it hides no data.
func legendEntries(_ panel: Panel, width: Double) -> (entries: [LegendEntry], height: Double) {
    var entries: [LegendEntry] = []
    let names = panel.series.map { cleaned($0.name, limit: 100) }
    // Columns of one width read as a table.
    let longest = (names.map { textWidth($0, size: Measure.text) }.max() ?? 0) + LegendEntry.sample + 14
    let columns = max(1, Int(width / longest))
    for (index, name) in names.enumerated() where !name.isEmpty {
        let row = entries.count / columns
        let column = entries.count % columns
        entries.append(
            LegendEntry(
                series: index, text: name, x: Double(column) * longest, y: (Double(row) + 0.5) * (Measure.line + 1)))
    }
    let rows = (entries.count + columns - 1) / columns
    return (entries, Double(rows) * (Measure.line + 1))
}
