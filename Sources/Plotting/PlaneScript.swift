extension ScriptWriter {
    /// Draws a gallery as one plot whose coordinates are pixels, so that all planes share one colour scale.
    mutating func draw(_ gallery: Gallery, at place: Rectangle) {
        let layout = GalleryLayout(gallery)
        let frame = layout.frame.moved(by: place)
        // Room for the masks to reach past the pictures, whose own edges may be blurred by a pixel.
        let pad = View.margin
        beginPlot(frame: frame.grown(by: pad))
        add("unset border")
        add("unset tics")
        add("set xrange [\(number(-pad)):\(number(frame.width + pad))]")
        add("set yrange [\(number(-pad)):\(number(frame.height + pad))]")
        writeTitle(layout.titleLines, x: frame.x, y: place.y)
        writeNote(layout.noteLines, x: frame.x, bottom: place.y + layout.size.height)
        if gallery.isOfPictures {
            add("unset colorbox")
        } else {
            writeColourBar(gallery.colours, layout.colours, layout.bar.moved(by: place), gallery.isolines, layout.levels)
        }

        var lines = LineBlocks()
        var pictures: [String] = []
        var masks: [String] = []
        var outlines: [String] = []
        for (index, tile) in gallery.tiles.enumerated() {
            let room = layout.picture(index)
            let title = fitted(tile.title, width: room.width + GalleryLayout.gap, size: Measure.small)
            label(title, x: frame.x + room.x + room.width / 2, y: frame.y + room.y - 9, align: "center")
            guard tile.plane.rows > 0, tile.plane.columns > 0 else { continue }
            let pixels = Pixels(
                tile.plane, fineness: gallery.isolines == nil ? 1 : 3, limit: gallery.pixelLimit, isSmooth: gallery.isolines != nil)
            let scale = min(room.width / pixels.extent.width, room.height / pixels.extent.height)
            let width = pixels.extent.width * scale
            let height = pixels.extent.height * scale
            // y of the plot grows upwards from the lower edge of the frame.
            let view = View(
                pixels: pixels, scale: scale, x: room.x + (room.width - width) / 2,
                y: frame.height - room.y - (room.height + height) / 2)
            pictures.append(
                tile.plane.colours == nil ? picture(view, layout.colours) : colours(view, tile.plane, limit: gallery.pixelLimit))
            masks += view.masks(tile.plane, margin: pad)
            outlines += view.outline(tile.plane)
            if gallery.isolines != nil {
                lines.add(view.isolines(tile.plane, layout.levels, fineness: 120), layout.colours)
            }
        }
        writePlanes(pictures, lines, masks: masks, outlines: outlines)
    }

    /// Draws a heat map in the units of its plane.
    mutating func draw(_ heatmap: Heatmap, at place: Rectangle) {
        let layout = HeatmapLayout(heatmap)
        let frame = layout.frame.moved(by: place)
        let plane = heatmap.plane
        let extent = plane.extent
        let hasCell = plane.cell?.isDrawable ?? false
        let unit = extent.width / frame.width
        let pad = View.margin * unit
        beginPlot(frame: frame.grown(by: View.margin))
        add("set xrange [\(number(-pad)):\(number(extent.width + pad))]")
        add("set yrange [\(number(-pad)):\(number(extent.height + pad))]")
        if let bar = layout.scaleBar {
            add("unset border")
            add("unset tics")
            writeTitle(layout.titleLines, x: frame.x, y: place.y)
            writeScaleBar(bar.length / unit, bar.text, x: frame.x, y: frame.y + frame.height + 18)
        } else {
            add("set xtics \(list(layout.xTics)) noenhanced")
            add("set ytics \(list(layout.yTics)) noenhanced")
            writeTitle(layout.titleLines, x: frame.x, y: place.y)
            label(
                fitted(heatmap.xLabel ?? (hasCell ? "x (Å)" : "column"), width: frame.width + 60, size: Measure.text),
                x: frame.x + frame.width / 2, y: frame.y + frame.height + Measure.xLabel, align: "center", size: Measure.text)
            label(
                fitted(heatmap.yLabel ?? (hasCell ? "y (Å)" : "row"), width: frame.height + 60, size: Measure.text),
                x: place.x + Measure.edge + 6, y: frame.y + frame.height / 2, align: "center", size: Measure.text, rotated: true)
        }
        writeNote(layout.noteLines, x: frame.x, bottom: place.y + layout.size.height)
        writeColourBar(heatmap.colours, layout.colours, layout.bar.moved(by: place), heatmap.isolines, layout.levels)

        guard plane.rows > 0, plane.columns > 0 else { return add("plot NaN notitle") }
        // The edges of filled bands are as fine as the picture.
        let fineness = heatmap.isolines?.isFilled == true ? max(2, 480 / Double(max(plane.rows, plane.columns))) : 2
        let pixels = Pixels(plane, fineness: fineness, limit: 600, isSmooth: heatmap.isolines != nil)
        let view = View(pixels: pixels, scale: 1, x: 0, y: 0)
        let sites = heatmap.sites.filter { $0.first.isFinite && $0.second.isFinite }
        let spots = sites.map { view.position(of: $0, plane) }
        let pixel = Size(width: unit, height: extent.height / frame.height)
        let places = spots.map { Point($0.x / pixel.width, $0.y / pixel.height) }
        for label in siteLabels(sites, at: places, in: Size(width: frame.width, height: frame.height)) { write(label, pixel: pixel) }
        func marks(_ isOff: Bool) -> [String] {
            zip(sites, spots).filter { $0.0.isOff == isOff }.map { "\(number($0.1.x)) \(number($0.1.y))" }
        }
        var lines = LineBlocks()
        if heatmap.isolines != nil { lines.add(view.isolines(plane, layout.levels, fineness: 240), layout.colours) }
        var outlines = view.outline(plane)
        switch heatmap.outline {
        case .window: break
        case .none: outlines = []
        case .lines(let inner): lines.cells = inner.flatMap { view.line($0, plane) }
        }
        writePlanes(
            [picture(view, layout.colours)], lines, masks: view.masks(plane, margin: pad), outlines: outlines, sites: marks(false),
            hollow: marks(true))
    }

    /// Draws the name of a site as black text with a white edge, which reads on every colour. gnuplot has no outlined text,
    /// and its boxed text is off in SVG: the edge is the text in white, moved by a pixel each way. `pixel`: its size in the plot's units.
    private mutating func write(_ label: SiteLabel, pixel: Size) {
        let (x, y) = (label.place.x * pixel.width, label.place.y * pixel.height)
        let moves = [(-1.0, -1.0), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1), (0, 0)]
        for (dx, dy) in moves {
            let colour = dx == 0 && dy == 0 ? "#000000" : "#ffffff"
            let (side, away) = label.isLeft ? ("right", -SiteLabel.away) : ("left", SiteLabel.away)
            let rise = label.isBelow ? -SiteLabel.rise.below : SiteLabel.rise.above
            add(
                "set label \(quoted(label.text, limit: 24)) at first \(number(x)),\(number(y)) \(side) "
                    + "offset screen \(across(away + dx)),\(number((rise + dy) / size.height, digits: 6)) front noenhanced "
                    + "font ',12' textcolor rgb '\(colour)'")
        }
    }

    private mutating func writeTitle(_ lines: [String], x: Double, y: Double) {
        for (row, line) in lines.enumerated() {
            label(line, x: x, y: y + Measure.edge + 7 + Double(row) * (Measure.title + 5), size: Measure.title)
        }
    }

    /// Draws a bar of a length in pixels, with a text beside it.
    private mutating func writeScaleBar(_ length: Double, _ text: String, x: Double, y: Double) {
        add(
            "set object rectangle from screen \(across(x)),\(up(y + 2)) to screen \(across(x + length)),\(up(y - 2)) "
                + "front fillstyle solid 1 noborder fillcolor rgb '#000000'")
        label(text, x: x + length + 8, y: y, size: Measure.text)
    }

    private mutating func writeColourBar(
        _ colours: ColourScale, _ range: ColourRange, _ bar: Rectangle, _ isolines: Isolines?, _ levels: [Double]
    ) {
        let inner = levels.filter { $0 > range.range.lower && $0 < range.range.upper }
        let isFilled = isolines?.isFilled ?? false
        add(range.palette(bounds: isFilled ? [range.range.lower] + inner + [range.range.upper] : []))
        if !isFilled {
            // Only those that the numbers reach: the others have no line on the plane.
            for level in inner where level >= range.extremes.least && level <= range.extremes.greatest {
                let y = up(bar.y + bar.height * (1 - range.range.fraction(level)))
                let style = LineBlocks.Style(level, range)
                add(
                    "set arrow from screen \(across(bar.x)),\(y) to screen \(across(bar.x + bar.width)),\(y) nohead front "
                        + "linewidth 0.8 linecolor rgb '\(style.colour)'")
            }
        }
        if colours.scale == .logarithmic { add("set logscale cb 10") }
        add("set cbrange [\(number(range.range.lower)):\(number(range.range.upper))]")
        add(
            "set colorbox user origin screen \(across(bar.x)),\(up(bar.y + bar.height)) "
                + "size screen \(across(bar.width)),\(number(bar.height / size.height, digits: 6)) border")
        add("set cbtics \(list(range.tics)) noenhanced out nomirror scale 0.5,0.3 font ',11'")
        let widest = range.tics.compactMap(\.label).map { textWidth($0, size: Measure.small) }.max() ?? 0
        label(
            fitted(labelled(colours.label, unit: colours.unit), width: 300, size: Measure.text),
            x: bar.x + bar.width + Measure.tic + widest + Measure.line / 2 + 2, y: bar.y + bar.height / 2,
            align: "center", size: Measure.text, rotated: true)
    }

    /// Writes the pixels as a datablock; returns the element of `plot` that draws them.
    private mutating func picture(_ view: View, _ colours: ColourRange) -> String {
        let pixels = view.pixels
        let rows = (0..<pixels.rows).map { row in
            (0..<pixels.columns).map { number(colours.drawn(pixels.value(row, $0)), digits: 4) }.joined(separator: " ")
        }
        let dx = pixels.extent.width * view.scale / Double(pixels.columns)
        let dy = pixels.extent.height * view.scale / Double(pixels.rows)
        return "\(block(rows)) matrix using (\(number(view.x + dx / 2))+\(number(dx))*$1):(\(number(view.y + dy / 2))+\(number(dy))*$2):3 "
            + "with image notitle"
    }

    /// Writes the pixels of a picture as a datablock of places and colours; returns the element of `plot` that draws them.
    private mutating func colours(_ view: View, _ plane: Plane, limit: Int) -> String {
        let pixels = view.pixels
        let channels = (0..<3).map { Pixels(plane.channel($0), limit: limit) }
        let rows = (0..<pixels.rows).flatMap { row in
            (0..<pixels.columns).map { column in
                "\(column) \(row) " + channels.map { number(Double($0.value(row, column).rounded())) }.joined(separator: " ")
            }
        }
        let dx = pixels.extent.width * view.scale / Double(pixels.columns)
        let dy = pixels.extent.height * view.scale / Double(pixels.rows)
        return "\(block(rows)) using (\(number(view.x + dx / 2))+\(number(dx))*$1):(\(number(view.y + dy / 2))+\(number(dy))*$2):3:4:5 "
            + "with rgbimage notitle"
    }

    private mutating func writePlanes(
        _ pictures: [String], _ lines: LineBlocks, masks: [String], outlines: [String], sites: [String] = [], hollow: [String] = []
    ) {
        var elements = pictures
        for (style, rows) in lines.blocks {
            elements.append(
                "\(block(rows)) using 1:2 with lines linewidth 0.9 dashtype \(style.dash) linecolor rgb '\(style.colour)' notitle")
        }
        if !lines.cells.isEmpty {
            let data = block(lines.cells)
            elements.append("\(data) using 1:2 with lines linewidth 2 linecolor rgb '#ffffff' notitle")
            elements.append("\(data) using 1:2 with lines linewidth 0.8 linecolor rgb '#000000' notitle")
        }
        if !masks.isEmpty {
            elements.append("\(block(masks)) using 1:2 with filledcurves closed fillstyle solid 1 noborder linecolor rgb 'white' notitle")
        }
        if !outlines.isEmpty { elements.append("\(block(outlines)) using 1:2 with lines linewidth 0.8 linecolor rgb '#333333' notitle") }
        if !hollow.isEmpty {
            // A little wider than the others, so that one behind another is seen.
            let data = block(hollow)
            elements.append("\(data) using 1:2 with points pointtype 6 pointsize 1.1 linewidth 3 linecolor rgb '#ffffff' notitle")
            elements.append("\(data) using 1:2 with points pointtype 6 pointsize 1.1 linewidth 1.4 linecolor rgb '#000000' notitle")
        }
        if !sites.isEmpty {
            let data = block(sites)
            elements.append("\(data) using 1:2 with points pointtype 7 pointsize 0.8 linecolor rgb '#000000' notitle")
            elements.append("\(data) using 1:2 with points pointtype 6 pointsize 0.9 linewidth 1.2 linecolor rgb '#ffffff' notitle")
        }
        if pictures.isEmpty { elements.append("NaN notitle") }
        add("plot " + elements.joined(separator: ", \\\n     "))
    }
}

/// A picture placed in the coordinates of a plot.
struct View {
    var pixels: Pixels
    /// The number of units of the plot per unit of the plane.
    var scale: Double
    /// The x coordinate of the lower left corner.
    var x: Double
    /// The y coordinate of the lower left corner.
    var y: Double
    /// The distance that masks reach past a picture, in pixels.
    static let margin = 2.0

    private func shown(_ point: Point) -> Point {
        Point(x + (point.x - pixels.origin.x) * scale, y + (point.y - pixels.origin.y) * scale)
    }

    func position(of site: Site, _ plane: Plane) -> Point {
        if let cell = plane.cell, cell.isDrawable { return shown(cell.position(site.first, site.second)) }
        return shown(Point(site.second * pixels.extent.width, (1 - site.first) * pixels.extent.height))
    }

    private func line(_ point: Point) -> String { "\(number(point.x, digits: 7)) \(number(point.y, digits: 7))" }

    /// A line through points in fractions of the plane's vectors, as lines of a datablock; a blank line ends it.
    func line(_ points: [Point], _ plane: Plane) -> [String] {
        points.map { line(position(of: Site("", first: $0.x, second: $0.y), plane)) } + [""]
    }

    /// The isolines of a plane at these values, each as lines of a datablock.
    func isolines(_ plane: Plane, _ levels: [Double], fineness: Int) -> [(level: Double, rows: [String])] {
        let field = NodeField(plane, fineness: fineness)
        let hasCell = plane.cell?.isDrawable ?? false
        return levels.map { level in
            (
                level,
                field.lines(at: level).flatMap { points in
                    points.map { point in
                        if hasCell { return line(position(of: Site("", first: point.x, second: point.y), plane)) }
                        // The nodes of a plane without a cell are the middles of its samples.
                        let (rows, columns) = (Double(plane.rows), Double(plane.columns))
                        let (row, column) = (0.5 + point.x * (rows - 1), 0.5 + point.y * (columns - 1))
                        return line(position(of: Site("", first: row / rows, second: column / columns), plane))
                    } + [""]
                }
            )
        }
    }

    private var corners: [Point] {
        let o = pixels.origin
        let e = pixels.extent
        return [o, Point(o.x + e.width, o.y), Point(o.x + e.width, o.y + e.height), Point(o.x, o.y + e.height)].map(shown)
    }

    /// The edge of the cell, or of the rectangle, as lines of a datablock; a blank line ends it.
    func outline(_ plane: Plane) -> [String] {
        let points: [Point] = if let cell = plane.cell, cell.isDrawable { cell.corners.map(shown) } else { corners }
        return (points + points.prefix(1)).map(line) + [""]
    }

    /// The white shapes over what is no part of the plane: the corners around its cell, and values that are not finite. The
    /// sampled picture fills its rectangle, so that the edge of the cell is drawn as a line and not as a staircase.
    func masks(_ plane: Plane, margin: Double) -> [String] {
        var result: [String] = []
        if let cell = plane.cell, cell.isDrawable {
            var inner = cell.corners.map(shown)
            if cell.determinant < 0 { inner.reverse() }
            let left = x - margin
            let bottom = y - margin
            let right = x + pixels.extent.width * scale + margin
            let top = y + pixels.extent.height * scale + margin
            // Clockwise outside, counter-clockwise inside: a frame under either rule of filling.
            let outer = [Point(left, bottom), Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom)]
            result += (outer + inner + inner.prefix(1) + outer.prefix(1)).map(line) + [""]
        }
        let width = pixels.extent.width / Double(pixels.columns)
        let height = pixels.extent.height / Double(pixels.rows)
        for hole in pixels.holes {
            let x0 = pixels.origin.x + Double(hole.from) * width
            let x1 = pixels.origin.x + Double(hole.to) * width
            let y0 = pixels.origin.y + Double(hole.row) * height
            let box = [Point(x0, y0), Point(x1, y0), Point(x1, y0 + height), Point(x0, y0 + height), Point(x0, y0)]
            result += box.map { line(shown($0)) } + [""]
        }
        return result
    }
}

extension Rectangle {
    func moved(by place: Rectangle) -> Rectangle { Rectangle(x: x + place.x, y: y + place.y, width: width, height: height) }

    func grown(by margin: Double) -> Rectangle {
        Rectangle(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
    }
}
