/// The layout of a gallery, in pixels from its upper left corner.
struct GalleryLayout {
    var columns: Int
    var rows: Int
    /// The size of one picture, without its title.
    var tile: Size
    var titleHeight: Double
    var titleLines: [String]
    var noteLines: [String]
    var colours: ColourRange
    /// The rectangle around all pictures and their titles.
    var frame: Rectangle
    var bar: Rectangle
    var size: Size

    static let gap = 10.0

    init(_ gallery: Gallery) {
        let count = max(1, gallery.tiles.count)
        // Pictures of one figure share one scale of length in pixels per picture, not per A.
        let shapes = gallery.tiles.map { $0.plane.extent }
        let tallest = shapes.map { $0.height / $0.width }.filter(\.isFinite).max() ?? 1
        let advised = Int((Double(count) * max(0.5, min(2, tallest + 0.2))).squareRoot().rounded(.up))
        columns = max(1, min(gallery.columns ?? max(min(count, 3), advised), count))
        rows = (count + columns - 1) / columns
        let width = min(gallery.isOfPictures && count == 1 ? 480 : 220, max(72, 640 / Double(columns)))
        tile = Size(width: width, height: min(2.5 * width, max(16, width * tallest)))
        titleHeight = gallery.tiles.contains { !$0.title.isEmpty } ? Measure.line : 0
        colours = ColourRange(gallery.colours, planes: gallery.tiles.map(\.plane))

        let inner = Size(
            width: Double(columns) * (tile.width + Self.gap) - Self.gap,
            height: Double(rows) * (tile.height + titleHeight + Self.gap) - Self.gap)
        let label = textWidth(labelled(gallery.colours.label, unit: gallery.colours.unit), size: Measure.text)
        let ticWidth = colours.tics.compactMap(\.label).map { textWidth($0, size: Measure.small) }.max() ?? 0
        let right = gallery.isOfPictures ? Measure.edge : 16 + 14 + Measure.tic + ticWidth + Measure.line + 6 + Measure.edge
        titleLines = wrapped(gallery.title, width: inner.width, size: Measure.title, limit: 2)
        let note = ([gallery.note] + colours.remarks).filter { !$0.isEmpty }.joined(separator: " ")
        noteLines = wrapped(note, width: inner.width + right, size: Measure.small, limit: 4)
        let top = Measure.edge + Double(titleLines.count) * (Measure.title + 5) + (titleLines.isEmpty ? 0 : 4)
        let notes = noteLines.isEmpty ? 0 : Double(noteLines.count) * (Measure.small + 4) + 8
        // The bar is as high as its label is long, and no higher than a reader needs.
        let barHeight = gallery.isOfPictures ? 0 : max(min(inner.height - titleHeight, 300), min(label, 260), 90)
        let height = max(inner.height, barHeight + titleHeight)
        frame = Rectangle(x: Measure.edge, y: top, width: inner.width, height: inner.height)
        bar = Rectangle(
            x: frame.x + frame.width + 16, y: top + titleHeight + max(0, (inner.height - titleHeight - barHeight) / 2),
            width: 14, height: barHeight)
        size = Size(width: Measure.edge + inner.width + right, height: top + height + notes + Measure.edge)
    }

    /// The rectangle of picture number `index`, without its title, from the upper left corner of `frame`.
    func picture(_ index: Int) -> Rectangle {
        let column = index % columns
        let row = index / columns
        return Rectangle(
            x: Double(column) * (tile.width + Self.gap),
            y: Double(row) * (tile.height + titleHeight + Self.gap) + titleHeight, width: tile.width, height: tile.height)
    }
}

/// The layout of a heat map, in pixels from its upper left corner.
struct HeatmapLayout {
    var frame: Rectangle
    var bar: Rectangle
    var colours: ColourRange
    var titleLines: [String]
    var noteLines: [String]
    var xTics: [Tic]
    var yTics: [Tic]
    var size: Size

    init(_ heatmap: Heatmap) {
        let shape = heatmap.plane.extent
        let longest = 360.0
        let scale = longest / max(shape.width, shape.height)
        let width = max(40, shape.width * scale)
        let height = max(40, shape.height * scale)
        colours = ColourRange(heatmap.colours, planes: [heatmap.plane])
        let hasCell = heatmap.plane.cell?.isDrawable ?? false
        xTics = tics(AxisRange(lower: 0, upper: shape.width, scale: .linear), count: 5, integers: !hasCell)
        yTics = tics(AxisRange(lower: 0, upper: shape.height, scale: .linear), count: 5, integers: !hasCell)
        // Rows count from the top.
        if !hasCell { yTics = yTics.map { Tic(value: shape.height - $0.value, label: $0.label) } }
        let widest = yTics.compactMap(\.label).map { textWidth($0, size: Measure.small) }.max() ?? 0
        let left = Measure.edge + Measure.line + 6 + widest + Measure.tic
        let ticWidth = colours.tics.compactMap(\.label).map { textWidth($0, size: Measure.small) }.max() ?? 0
        let right = 18 + 14 + Measure.tic + ticWidth + Measure.line + 6 + Measure.edge
        titleLines = wrapped(heatmap.title, width: width + right - Measure.edge, size: Measure.title, limit: 2)
        let note = ([heatmap.note] + colours.remarks).filter { !$0.isEmpty }.joined(separator: " ")
        noteLines = wrapped(note, width: width + right - Measure.edge, size: Measure.small, limit: 4)
        let top = Measure.edge + Double(titleLines.count) * (Measure.title + 5) + 6
        let bottom =
            Measure.xLabel + Measure.edge + Double(noteLines.count) * (Measure.small + 4)
            + (noteLines.isEmpty ? 0 : 8)
        frame = Rectangle(x: left, y: top, width: width, height: height)
        let barHeight = max(height, 120)
        bar = Rectangle(x: left + width + 18, y: top, width: 14, height: barHeight)
        size = Size(width: left + width + right, height: top + barHeight + bottom)
    }
}
