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
            writeColourBar(gallery.colours, layout.colours, layout.bar.moved(by: place))
        }

        var pictures: [String] = []
        var masks: [String] = []
        var outlines: [String] = []
        for (index, tile) in gallery.tiles.enumerated() {
            let room = layout.picture(index)
            let title = fitted(tile.title, width: room.width + GalleryLayout.gap, size: Measure.small)
            label(title, x: frame.x + room.x + room.width / 2, y: frame.y + room.y - 9, align: "center")
            guard tile.plane.rows > 0, tile.plane.columns > 0 else { continue }
            let pixels = Pixels(tile.plane, limit: gallery.pixelLimit)
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
        }
        writePlanes(pictures, masks: masks, outlines: outlines, sites: nil)
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
        add("set xtics \(list(layout.xTics)) noenhanced")
        add("set ytics \(list(layout.yTics)) noenhanced")
        writeTitle(layout.titleLines, x: frame.x, y: place.y)
        label(
            hasCell ? "x (Å)" : "column", x: frame.x + frame.width / 2,
            y: frame.y + frame.height + Measure.xLabel, align: "center", size: Measure.text)
        label(
            hasCell ? "y (Å)" : "row", x: place.x + Measure.edge + 6, y: frame.y + frame.height / 2, align: "center",
            size: Measure.text, rotated: true)
        writeNote(layout.noteLines, x: frame.x, bottom: place.y + layout.size.height)
        writeColourBar(heatmap.colours, layout.colours, layout.bar.moved(by: place))

        guard plane.rows > 0, plane.columns > 0 else { return add("plot NaN notitle") }
        let view = View(pixels: Pixels(plane, fineness: 2, limit: 600), scale: 1, x: 0, y: 0)
        var places: [String] = []
        for site in heatmap.sites where site.first.isFinite && site.second.isFinite {
            let spot = view.position(of: site, plane)
            places.append("\(number(spot.x)) \(number(spot.y))")
            writeSite(site.label, at: spot)
        }
        writePlanes(
            [picture(view, layout.colours)], masks: view.masks(plane, margin: pad), outlines: view.outline(plane),
            sites: places)
    }

    /// Draws the name of a site as black text with a white edge, which reads on every colour. gnuplot has no outlined text,
    /// and its boxed text is off in SVG: the edge is the text in white, moved by a pixel each way.
    private mutating func writeSite(_ text: String, at spot: Point) {
        let moves = [(-1.0, -1.0), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1), (0, 0)]
        for (dx, dy) in moves {
            let colour = dx == 0 && dy == 0 ? "#000000" : "#ffffff"
            add(
                "set label \(quoted(text, limit: 24)) at first \(number(spot.x)),\(number(spot.y)) left "
                    + "offset screen \(across(9 + dx)),\(number((9 + dy) / size.height, digits: 6)) front noenhanced "
                    + "font ',12' textcolor rgb '\(colour)'")
        }
    }

    private mutating func writeTitle(_ lines: [String], x: Double, y: Double) {
        for (row, line) in lines.enumerated() {
            label(line, x: x, y: y + Measure.edge + 7 + Double(row) * (Measure.title + 5), size: Measure.title)
        }
    }

    private mutating func writeColourBar(_ colours: ColourScale, _ range: ColourRange, _ bar: Rectangle) {
        add(ColourMap.command)
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

    private mutating func writePlanes(_ pictures: [String], masks: [String], outlines: [String], sites: [String]?) {
        var elements = pictures
        if !masks.isEmpty {
            elements.append("\(block(masks)) using 1:2 with filledcurves closed fillstyle solid 1 noborder linecolor rgb 'white' notitle")
        }
        if !outlines.isEmpty { elements.append("\(block(outlines)) using 1:2 with lines linewidth 0.8 linecolor rgb '#333333' notitle") }
        if let sites, !sites.isEmpty {
            let data = block(sites)
            elements.append("\(data) using 1:2 with points pointtype 7 pointsize 0.8 linecolor rgb '#000000' notitle")
            elements.append("\(data) using 1:2 with points pointtype 6 pointsize 0.9 linewidth 1.2 linecolor rgb '#ffffff' notitle")
        }
        if pictures.isEmpty { elements.append("NaN notitle") }
        add("plot " + elements.joined(separator: ", \\\n     "))
    }
}

/// A picture placed in the coordinates of a plot.
private struct View {
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
