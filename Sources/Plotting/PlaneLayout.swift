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
        let note = ([gallery.note] + colours.remarks).filter { !$0.isEmpty }.joined(separator: " ")
        // What is written above and below wraps at the width that the pictures take, or at that of the figure that is asked for.
        let written = (gallery.wanted?.width ?? 0) - 2 * Measure.edge
        func titles(_ width: Double) -> [String] {
            wrapped(gallery.title, width: max(width, written), size: Measure.title, limit: Measure.titleLimit)
        }
        func notes(_ width: Double) -> [String] {
            wrapped(note, width: max(width + right, written), size: Measure.small, limit: Measure.noteLimit)
        }
        func top(_ lines: [String]) -> Double { Measure.edge + Double(lines.count) * (Measure.title + 5) + (lines.isEmpty ? 0 : 4) }
        func below(_ lines: [String]) -> Double { lines.isEmpty ? 0 : Double(lines.count) * (Measure.small + 4) + 8 }
        if let wanted = gallery.wanted {
            for _ in 0..<3 {
                let inner = Double(columns) * (width + Self.gap) - Self.gap
                let around = Size(
                    width: Measure.edge + right + Double(columns - 1) * Self.gap,
                    height: Measure.edge + top(titles(inner)) + below(notes(inner)) + Double(rows) * (titleHeight + Self.gap) - Self.gap)
                let high = (wanted.height - around.height) / Double(rows) / min(2.5, max(0.01, tallest))
                width = max(24, min((wanted.width - around.width) / Double(columns), high))
            }
        }
        tile = Size(width: width, height: min(2.5 * width, max(16, width * tallest)))

        let inner = Size(
            width: Double(columns) * (tile.width + Self.gap) - Self.gap,
            height: Double(rows) * (tile.height + titleHeight + Self.gap) - Self.gap)
        let label = textWidth(labelled(gallery.colours.label, unit: gallery.colours.unit), size: Measure.text)
        titleLines = titles(inner.width)
        noteLines = notes(inner.width)
        let top = top(titleLines)
        let notes = below(noteLines)
        // The bar is as high as its label is long, and no higher than a reader needs.
        let barHeight = gallery.isOfPictures ? 0 : max(min(inner.height - titleHeight, 300), min(label, 260), 90)
        let height = max(inner.height, barHeight + titleHeight)
        frame = Rectangle(x: Measure.edge, y: top, width: inner.width, height: inner.height)
        bar = Rectangle(
            x: frame.x + frame.width + 16, y: top + titleHeight + max(0, (inner.height - titleHeight - barHeight) / 2),
            width: 14, height: barHeight)
        let line = longestLine(titles: titleLines, notes: noteLines)
        size = Size(
            width: max(Measure.edge + inner.width + right, gallery.wanted == nil ? 0 : line + 2 * Measure.edge),
            height: top + height + notes + Measure.edge)
        colours.tics = thinned(colours.tics, colours.range, length: barHeight, room: Measure.heightOfTic)
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
        /// The tics of both axes, no more than can be read where a unit of the plane takes so many pixels.
        func axisTics(_ scale: Double) -> (x: [Tic], y: [Tic]) {
            func axis(_ length: Double, _ room: (String) -> Double) -> [Tic] {
                tics(
                    AxisRange(lower: 0, upper: length, scale: .linear), count: 5, integers: !hasCell, length: max(40, length * scale),
                    room: room)
            }
            return (axis(shape.width, Measure.widthOfTic), axis(shape.height, Measure.heightOfTic))
        }
        (xTics, yTics) = ([], [])
        if heatmap.hasScaleBar, hasCell {
            let length = roundLength(upTo: shape.width / 3)
            scaleBar = (length, shortLength(length) + " Å")
        }
        let yLabels = tics(AxisRange(lower: 0, upper: shape.height, scale: .linear), count: 5, integers: !hasCell).compactMap(\.label)
        let widest = yLabels.map { textWidth($0, size: Measure.small) }.max() ?? 0
        let left = scaleBar == nil ? Measure.edge + Measure.line + 6 + widest + Measure.tic : Measure.edge + 4
        let ticWidth = colours.tics.compactMap(\.label).map { textWidth($0, size: Measure.small) }.max() ?? 0
        let right = 18 + 14 + Measure.tic + ticWidth + Measure.line + 6 + Measure.edge
        let note = ([heatmap.note] + colours.remarks).filter { !$0.isEmpty }.joined(separator: " ")
        // What is written above and below wraps at the width that the plane and its bar take, or at that of the figure that is asked for.
        let written = (heatmap.wanted?.width ?? 0) - left - Measure.edge
        func titleLines(_ width: Double) -> [String] {
            wrapped(heatmap.title, width: max(width + right - Measure.edge, written), size: Measure.title, limit: Measure.titleLimit)
        }
        func noteLines(_ width: Double) -> [String] {
            wrapped(note, width: max(width + right - Measure.edge, written), size: Measure.small, limit: Measure.noteLimit)
        }
        func top(_ lines: [String]) -> Double { Measure.edge + Double(lines.count) * (Measure.title + 5) + 6 }
        let belowFrame = scaleBar == nil ? Measure.xLabel : 24
        func bottom(_ lines: [String]) -> Double {
            belowFrame + Measure.edge + Double(lines.count) * (Measure.small + 4) + (lines.isEmpty ? 0 : 8)
        }
        if let wanted = heatmap.wanted {
            for _ in 0..<3 {
                let width = max(40, shape.width * scale)
                let room = Size(
                    width: wanted.width - left - right, height: wanted.height - top(titleLines(width)) - bottom(noteLines(width)))
                scale = max(40 / max(shape.width, shape.height), min(room.width / shape.width, room.height / shape.height))
            }
        }
        let width = max(40, shape.width * scale)
        let height = max(40, shape.height * scale)
        self.titleLines = titleLines(width)
        self.noteLines = noteLines(width)
        if scaleBar == nil { (xTics, yTics) = axisTics(scale) }
        // Rows count from the top.
        if !hasCell { yTics = yTics.map { Tic(value: shape.height - $0.value, label: $0.label) } }
        frame = Rectangle(x: left, y: top(self.titleLines), width: width, height: height)
        let barHeight = max(height, 120)
        bar = Rectangle(x: left + width + 18, y: frame.y, width: 14, height: barHeight)
        let line = longestLine(titles: self.titleLines, notes: self.noteLines)
        size = Size(
            width: max(left + width + right, heatmap.wanted == nil ? 0 : left + line + Measure.edge),
            height: frame.y + barHeight + bottom(self.noteLines))
        colours.tics = thinned(colours.tics, colours.range, length: barHeight, room: Measure.heightOfTic)
    }
}

/// The width in pixels of the longest line of a title or a note.
private func longestLine(titles: [String], notes: [String]) -> Double {
    let widths = titles.map { textWidth($0, size: Measure.title) } + notes.map { textWidth($0, size: Measure.small) }
    return widths.max() ?? 0
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
