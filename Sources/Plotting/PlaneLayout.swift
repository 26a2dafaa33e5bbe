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
    /// The values that have an isoline.
    var levels: [Double]
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
        var width = min(gallery.isOfPictures && count == 1 ? 480 : 220, max(72, 640 / Double(columns)))
        titleHeight = gallery.tiles.contains { !$0.title.isEmpty } ? Measure.line : 0
        colours = ColourRange(gallery.colours, planes: gallery.tiles.map(\.plane))
        levels = gallery.isolines?.values(in: colours.range) ?? []
        if gallery.isolines != nil { colours.tics = barTics(levels, colours, isFilled: gallery.isolines?.isFilled ?? false) }
        let ticWidth = colours.tics.compactMap(\.label).map { textWidth($0, size: Measure.small) }.max() ?? 0
        let right = gallery.isOfPictures ? Measure.edge : 16 + 14 + Measure.tic + ticWidth + Measure.line + 6 + Measure.edge
        if let wanted = gallery.wanted {
            let lines = Double(wrapped(gallery.title, width: wanted.width - 2 * Measure.edge, size: Measure.title, limit: 2).count)
            let around = Size(
                width: Measure.edge + right + Double(columns - 1) * Self.gap,
                height: 2 * Measure.edge + lines * (Measure.title + 5) + Double(rows) * (titleHeight + Self.gap))
            let high = (wanted.height - around.height) / Double(rows) / min(2.5, max(0.01, tallest))
            width = max(24, min((wanted.width - around.width) / Double(columns), high))
        }
        tile = Size(width: width, height: min(2.5 * width, max(16, width * tallest)))

        let inner = Size(
            width: Double(columns) * (tile.width + Self.gap) - Self.gap,
            height: Double(rows) * (tile.height + titleHeight + Self.gap) - Self.gap)
        let label = textWidth(labelled(gallery.colours.label, unit: gallery.colours.unit), size: Measure.text)
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
    /// The values that have an isoline.
    var levels: [Double]
    var titleLines: [String]
    var noteLines: [String]
    var xTics: [Tic]
    var yTics: [Tic]
    var size: Size
    /// The bar of length: how long it is in A, and what stands beside it; nil where there is none.
    var scaleBar: (length: Double, text: String)?

    init(_ heatmap: Heatmap) {
        let shape = heatmap.plane.extent
        let longest = 360.0
        var scale = longest / max(shape.width, shape.height)
        colours = ColourRange(heatmap.colours, planes: [heatmap.plane])
        levels = heatmap.isolines?.values(in: colours.range) ?? []
        if heatmap.isolines != nil { colours.tics = barTics(levels, colours, isFilled: heatmap.isolines?.isFilled ?? false) }
        let hasCell = heatmap.plane.cell?.isDrawable ?? false
        xTics = tics(AxisRange(lower: 0, upper: shape.width, scale: .linear), count: 5, integers: !hasCell)
        yTics = tics(AxisRange(lower: 0, upper: shape.height, scale: .linear), count: 5, integers: !hasCell)
        // Rows count from the top.
        if !hasCell { yTics = yTics.map { Tic(value: shape.height - $0.value, label: $0.label) } }
        if heatmap.hasScaleBar, hasCell {
            (xTics, yTics) = ([], [])
            let length = roundLength(upTo: shape.width / 3)
            scaleBar = (length, shortLength(length) + " Å")
        }
        let widest = yTics.compactMap(\.label).map { textWidth($0, size: Measure.small) }.max() ?? 0
        let left = scaleBar == nil ? Measure.edge + Measure.line + 6 + widest + Measure.tic : Measure.edge + 4
        let ticWidth = colours.tics.compactMap(\.label).map { textWidth($0, size: Measure.small) }.max() ?? 0
        let right = 18 + 14 + Measure.tic + ticWidth + Measure.line + 6 + Measure.edge
        let note = ([heatmap.note] + colours.remarks).filter { !$0.isEmpty }.joined(separator: " ")
        func titleLines(_ width: Double) -> [String] {
            wrapped(heatmap.title, width: width + right - Measure.edge, size: Measure.title, limit: 2)
        }
        func noteLines(_ width: Double) -> [String] {
            wrapped(note, width: width + right - Measure.edge, size: Measure.small, limit: 4)
        }
        func top(_ lines: [String]) -> Double { Measure.edge + Double(lines.count) * (Measure.title + 5) + 6 }
        let belowFrame = scaleBar == nil ? Measure.xLabel : 24
        func bottom(_ lines: [String]) -> Double {
            belowFrame + Measure.edge + Double(lines.count) * (Measure.small + 4) + (lines.isEmpty ? 0 : 8)
        }
        if let wanted = heatmap.wanted {
            let width = wanted.width - left - right
            let height = wanted.height - top(titleLines(width)) - bottom(noteLines(width))
            scale = max(40 / max(shape.width, shape.height), min(width / shape.width, height / shape.height))
        }
        let width = max(40, shape.width * scale)
        let height = max(40, shape.height * scale)
        self.titleLines = titleLines(width)
        self.noteLines = noteLines(width)
        frame = Rectangle(x: left, y: top(self.titleLines), width: width, height: height)
        let barHeight = max(height, 120)
        bar = Rectangle(x: left + width + 18, y: frame.y, width: 14, height: barHeight)
        size = Size(width: left + width + right, height: frame.y + barHeight + bottom(self.noteLines))
    }
}

/// The greatest of 1, 2 and 5 times a power of ten that is no more than `most`.
private func roundLength(upTo most: Double) -> Double {
    guard most > 0, most.isFinite else { return 1 }
    let unit = decade(most) >= 0 ? powerOfTen(decade(most)) : 1 / powerOfTen(-decade(most))
    return [5, 2, 1].map { $0 * unit }.first { $0 <= most } ?? unit
}

private func shortLength(_ length: Double) -> String { fixed(length, decimals: length >= 1 ? 0 : min(4, -decade(length))) }

/// The tics of a colour bar beside isolines: at the bounds of filled bands, no more than can be read; else those it has.
func barTics(_ levels: [Double], _ colours: ColourRange, isFilled: Bool) -> [Tic] {
    guard isFilled, !levels.isEmpty else { return colours.tics }
    let shown = levels.filter(colours.range.contains)
    let every = max(1, (shown.count + 11) / 12)
    // As many decimals as tell the levels apart.
    func texts(_ decimals: Int) -> [String] { shown.map { fixed($0, decimals: decimals) } }
    let isPlain = shown.allSatisfy { $0 == 0 || (1e-3..<1e5).contains($0.magnitude) }
    let decimals = (0...5).first { place in shown.allSatisfy { abs(roundedTo($0, decimals: place) - $0) <= 1e-9 * $0.magnitude } }
    let labels = isPlain ? decimals.map(texts) ?? shown.map(shortText) : shown.map(powerLabel)
    // Zero is among those that have a label.
    let zero = shown.firstIndex(of: 0) ?? 0
    return zip(shown, labels).enumerated().map { index, level in
        Tic(value: level.0, label: (index - zero) % every == 0 ? level.1 : nil)
    }
}

private func roundedTo(_ value: Double, decimals: Int) -> Double {
    let factor = powerOfTen(decimals)
    return (value * factor).rounded() / factor
}
