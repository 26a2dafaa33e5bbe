extension ScriptWriter {
    /// Draws a panel with its upper left corner at that of `place`.
    mutating func draw(_ panel: Panel, at place: Rectangle) {
        let ranges = panel.ranges
        let layout = PanelLayout(panel, ranges: ranges)
        let frame = Rectangle(
            x: place.x + layout.left, y: place.y + layout.top, width: layout.frame.width, height: layout.frame.height)
        beginPlot(frame: frame)
        if panel.comparesEqualAxes { add("set border 15") }

        for (row, line) in layout.titleLines.enumerated() {
            label(line, x: frame.x, y: place.y + Measure.edge + 7 + Double(row) * (Measure.title + 5), size: Measure.title)
        }
        let middle = frame.x + frame.width / 2
        label(
            layout.xLabel, x: middle, y: frame.y + frame.height + Measure.xLabel, align: "center",
            size: Measure.text)
        for (row, line) in layout.yLabelLines.enumerated() {
            label(
                line, x: place.x + Measure.edge + 6 + Double(row) * Measure.line, y: frame.y + frame.height / 2,
                align: "center", size: Measure.text, rotated: true)
        }
        writeNote(layout.noteLines, x: frame.x, bottom: place.y + layout.size.height)

        writeAxis("x", panel.x, ranges.x, layout.xTics)
        writeAxis("y", panel.y, ranges.y, layout.yTics)
        writeLegend(layout, panel, frame)
        writeMarks(panel, ranges.x, frame)
        if panel.comparesEqualAxes {
            add("set arrow from graph 0,0 to graph 1,1 nohead back linewidth 1 dashtype 2 linecolor rgb '#555555'")
        }
        writePlot(panel, ranges, frame: layout.frame)
    }

    /// Draws a note in grey, its last line at the bottom of the figure.
    mutating func writeNote(_ lines: [String], x: Double, bottom: Double) {
        for (row, line) in lines.reversed().enumerated() {
            label(line, x: x, y: bottom - Measure.edge - Double(row) * (Measure.small + 4), colour: "#555555")
        }
    }

    mutating func writeAxis(_ name: String, _ axis: Axis, _ range: AxisRange, _ tics: [Tic]) {
        if axis.scale == .logarithmic { add("set logscale \(name) 10") }
        add("set \(name)range [\(number(range.lower)):\(number(range.upper))]")
        add(tics.isEmpty ? "unset \(name)tics" : "set \(name)tics \(list(tics)) noenhanced")
    }

    /// Draws the legend by hand: gnuplot's key takes other room in each terminal.
    private mutating func writeLegend(_ layout: PanelLayout, _ panel: Panel, _ frame: Rectangle) {
        for entry in layout.legend {
            guard panel.series.indices.contains(entry.series) else { continue }
            let form = panel.series[entry.series].form
            let look = panel.series[entry.series].look ?? .palette(entry.series)
            let x = frame.x + entry.x
            let y = frame.y + entry.y
            let end = x + LegendEntry.sample - 8
            if form == .line || form == .markedLine {
                add(
                    "set arrow from screen \(across(x)),\(up(y)) to screen \(across(end)),\(up(y)) nohead "
                        + "linewidth \(number(look.lineWidth)) dashtype \(look.dash) linecolor rgb '\(look.colour)'")
            }
            if form == .markers || form == .markedLine {
                add(
                    "set label '' at screen \(across((x + end) / 2)),\(up(y)) point pointtype \(look.marker) "
                        + "pointsize \(number(look.markerSize)) linecolor rgb '\(look.colour)'")
            }
            if form == .boxes {
                add(
                    "set object rectangle from screen \(across(x + 6)),\(up(y + 5)) to screen \(across(end)),\(up(y - 5)) "
                        + "fillstyle solid 0.75 border rgb '#333333' fillcolor rgb '\(look.colour)'")
            }
            label(entry.text, x: x + LegendEntry.sample, y: y, size: Measure.text)
        }
    }

    private mutating func writeMarks(_ panel: Panel, _ range: AxisRange, _ frame: Rectangle) {
        for entry in panel.markLabels(range, width: frame.width) {
            let x = number(entry.mark.x)
            add("set arrow from first \(x), graph 0 to first \(x), graph 1 nohead back linewidth 1.2 dashtype 3 linecolor rgb '#333333'")
            label(
                entry.mark.label, x: frame.x + entry.fraction * frame.width, y: frame.y - 8 - Double(entry.row) * Measure.line,
                align: entry.align, colour: "#333333")
        }
    }

    mutating func writePlot(_ panel: Panel, _ ranges: (x: AxisRange, y: AxisRange), frame: Size) {
        let thinning = Thinning(ranges: ranges, frame: frame)
        let letters = format.isText ? markerLetters(of: panel.series.map(\.name)) : []
        var elements: [String] = []
        if panel.comparesEqualAxes, format.isText {
            let range = ranges.x
            let ends = [range.lower, range.upper].map { "\(number($0)) \(number($0))" }
            elements.append("\(block(ends)) using 1:2 with lines linetype 0 notitle")
        }
        for (index, series) in panel.series.enumerated() {
            let points = series.points.filter(panel.canShow)
            let look = series.look ?? .palette(index)
            let marker = letters.indices.contains(index) ? "\"\(letters[index])\"" : "\(look.marker)"
            if points.isEmpty {
                // The legend says that there is such a series, as the note says that its points are not drawn.
                elements.append("NaN with points pointtype \(marker) linecolor rgb '\(look.colour)' \(title(series))")
                continue
            }
            let drawn = thinning.thinned(points, form: series.form)
            if drawn.count < points.count {
                add("# Of \(points.count) points these \(drawn.count) stand here: a picture of this size shows no more.")
            }
            let data = block(drawn.map { "\(number($0.x)) \(number($0.y))" })
            elements += bars(of: series, panel, look)
            // The third column of boxes is their width.
            let width = series.form == .boxes ? ":(\(number(panel.boxWidth ?? 1)))" : ""
            elements.append("\(data) using 1:2\(width) \(style(series, look, marker)) \(title(series))")
        }
        if elements.isEmpty { elements.append("NaN notitle") }
        add("plot " + elements.joined(separator: ", \\\n     "))
    }

    /// Writes the error bars of a series; returns the elements of `plot` that draw them, under its points. One that goes beyond what a
    /// logarithmic axis can show ends at the edge of the frame.
    private mutating func bars(of series: Series, _ panel: Panel, _ look: Look) -> [String] {
        let shown = series.bars.filter { panel.canShow($0.point) }
        let style = "linewidth 1 linecolor rgb '\(look.colour)' notitle"
        let least = Double.leastNormalMagnitude
        func rows(_ value: (Point) -> Double, _ axis: Axis, _ length: ((point: Point, x: Double, y: Double)) -> Double) -> [String] {
            shown.filter { length($0) > 0 }.map { bar in
                let low = value(bar.point) - length(bar)
                let bounded = axis.scale == .logarithmic ? max(low, least) : low
                return "\(number(bar.point.x)) \(number(bar.point.y)) \(number(bounded)) \(number(value(bar.point) + length(bar)))"
            }
        }
        var elements: [String] = []
        let across = rows(\.x, panel.x) { $0.x }
        if !across.isEmpty { elements.append("\(block(across)) using 1:2:3:4 with xerrorbars pointtype -1 \(style)") }
        let up = rows(\.y, panel.y) { $0.y }
        if !up.isEmpty { elements.append("\(block(up)) using 1:2:3:4 with yerrorbars pointtype -1 \(style)") }
        if !elements.isEmpty { add("set errorbars 0.6") }
        return elements
    }

    private func title(_ series: Series) -> String {
        series.name.isEmpty ? "notitle" : "title \(quoted(series.name, limit: textWidthLimit - 16)) noenhanced"
    }

    private func style(_ series: Series, _ look: Look, _ marker: String) -> String {
        let colour = "linecolor rgb '\(look.colour)'"
        let points = "pointtype \(marker) pointsize \(number(look.markerSize))"
        let line = "linewidth \(number(look.lineWidth)) dashtype \(look.dash)"
        return switch series.form {
        case .markers: "with points \(points) \(colour)"
        case .line: "with lines \(line) \(colour)"
        case .markedLine: "with linespoints \(points) \(line) \(colour)"
        case .boxes: "with boxes fillstyle solid 0.75 border rgb '#333333' \(colour)"
        }
    }
}
