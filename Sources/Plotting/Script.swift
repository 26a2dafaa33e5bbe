/// The output format of a figure.
public enum FigureFormat: Sendable, Hashable {
    /// A file in SVG, PNG or PDF.
    case svg, png, pdf
    /// Characters, for a terminal; the size counts characters.
    case text(width: Int, height: Int)

    /// The format that the end of a file's name asks for, `.svg`, `.png` or `.pdf`; nil for any other.
    public init?(path: String) {
        let name = path.lowercased()
        if name.hasSuffix(".svg") {
            self = .svg
        } else if name.hasSuffix(".png") {
            self = .png
        } else if name.hasSuffix(".pdf") {
            self = .pdf
        } else {
            return nil
        }
    }

    var isText: Bool {
        if case .text = self { true } else { false }
    }
}

/// Writes the gnuplot script that draws `figure`; a pure function of its arguments.
///
/// `output` is the name of the file the script writes when it is run by hand, taken relative to the folder of the run; nil
/// writes to standard output. Data stand in the script. Every text of the figure is a string in single quotes.
public func gnuplotScript(_ figure: Figure, format: FigureFormat, output: String? = nil) -> String {
    ScriptWriter(figure, format: format).text(output: output)
}

/// A writer of a gnuplot script, which grows line by line.
struct ScriptWriter {
    let format: FigureFormat
    /// The size of the whole figure, in pixels.
    let size: Size
    let isMultiplot: Bool
    private var lines: [String] = []
    private var blocks = 0
    /// The titles of grids that the next plot writes: gnuplot draws a label with a plot alone.
    private var pendingTitles: [(line: String, x: Double, y: Double)] = []

    init(_ figure: Figure, format: FigureFormat) {
        self.format = format
        let measured = format.isText ? Size(width: 1, height: 1) : figure.size
        size = Size(width: measured.width.rounded(.up), height: measured.height.rounded(.up))
        let leaves = figure.leaves
        isMultiplot = leaves.count > 1
        if format.isText {
            if case .grid = figure { drawText(figure) }
            for leaf in leaves { drawText(leaf) }
        } else {
            if isMultiplot { add("set multiplot") }
            draw(figure, at: Rectangle(x: 0, y: 0, width: size.width, height: size.height))
            if isMultiplot { add("unset multiplot") }
        }
    }

    /// The whole script, drawing into the file `output`, or to standard output; `chosen` stands in for the format's terminal.
    func text(output: String?, terminal chosen: String? = nil) -> String {
        var head = [
            "# Drawn by ecdx with gnuplot. The data stand in this file; run gnuplot on it to draw the figure again.",
            "set encoding utf8", chosen ?? terminal,
        ]
        if let output { head.append("set output " + quotedPath(output)) }
        let tail = output == nil ? [] : ["unset output"]
        return (head + lines + tail).joined(separator: "\n") + "\n"
    }

    mutating func add(_ line: String) { lines.append(line) }

    /// Writes rows of numbers as a datablock; returns its name.
    mutating func block(_ rows: some Sequence<String>) -> String {
        blocks += 1
        let name = "$data\(blocks)"
        add("\(name) << END_OF_DATA")
        lines.append(contentsOf: rows)
        add("END_OF_DATA")
        return name
    }

    private var terminal: String {
        let width = number(size.width)
        let height = number(size.height)
        // PNG has two pixels for one of the SVG, and PDF 96 of them an inch: the three look alike.
        return switch format {
        case .svg:
            "set terminal svg size \(width),\(height) fixed noenhanced font 'sans-serif,12' linewidth 1 rounded background rgb 'white'"
        case .png:
            "set terminal pngcairo size \(number(2 * size.width)),\(number(2 * size.height)) noenhanced "
                + "font 'sans-serif,12' fontscale 1.5 linewidth 2 pointscale 2.7 rounded background rgb 'white'"
        case .pdf:
            "set terminal pdfcairo size \(number(size.width / 96))in,\(number(size.height / 96))in noenhanced "
                + "font 'sans-serif,12' fontscale 0.5625 linewidth 1.5 pointscale 1.1 rounded background rgb 'white'"
        case .text(let columns, let rows):
            "set terminal dumb size \(min(1000, max(30, columns))),\(min(500, max(8, rows))) noenhanced mono"
        }
    }

    /// Draws a figure with its upper left corner at that of `place`.
    mutating func draw(_ figure: Figure, at place: Rectangle) {
        switch figure {
        case .panel(let panel): draw(panel, at: place)
        case .gallery(let gallery): draw(gallery, at: place)
        case .heatmap(let heatmap): draw(heatmap, at: place)
        case .grid(let figures, let columns, let frame):
            let layout = GridLayout(figures, columns: columns, frame: frame)
            for (row, line) in layout.titleLines.enumerated() {
                pendingTitles.append((line, place.x + Measure.edge, place.y + Measure.edge + 7 + Double(row) * (Measure.title + 5)))
            }
            for (figure, spot) in zip(layout.figures, layout.places) {
                draw(figure, at: Rectangle(x: place.x + spot.x, y: place.y + spot.y, width: spot.width, height: spot.height))
            }
        }
    }

    /// Starts a plot whose frame is `frame`, with the look that all panels share.
    mutating func beginPlot(frame: Rectangle) {
        if isMultiplot { add("reset") }
        add("set lmargin at screen \(across(frame.x))")
        add("set rmargin at screen \(across(frame.x + frame.width))")
        add("set tmargin at screen \(up(frame.y))")
        add("set bmargin at screen \(up(frame.y + frame.height))")
        add("set border 3 linewidth 0.8 linecolor rgb '#333333'")
        add("set tics out nomirror scale 0.6,0.35 font ',11'")
        add("unset key")
        for title in pendingTitles { label(title.line, x: title.x, y: title.y, size: Measure.title) }
        pendingTitles = []
    }

    /// Draws a text at a place in pixels, its middle at the height `y`.
    mutating func label(
        _ text: String, x: Double, y: Double, align: String = "left", size: Double = Measure.small,
        colour: String = "#000000", rotated: Bool = false
    ) {
        guard !text.isEmpty else { return }
        add(
            "set label \(quoted(text)) at screen \(across(x)),\(up(y)) \(align)\(rotated ? " rotate by 90" : "") front noenhanced "
                + "font ',\(number(size))' textcolor rgb '\(colour)'")
    }

    /// Formats a list of tics for `set xtics` and its kin. gnuplot reads a label as a format: a per cent sign is doubled.
    func list(_ tics: [Tic]) -> String {
        let items = tics.map { tic -> String in
            guard let label = tic.label else { return "'' \(number(tic.value)) 1" }
            return "\(quoted(label).replacing("%", with: "%%")) \(number(tic.value))"
        }
        return "(" + items.joined(separator: ", ") + ")"
    }

    func across(_ x: Double) -> String { number(x / size.width, digits: 6) }
    func up(_ y: Double) -> String { number(1 - y / size.height, digits: 6) }
}

extension Figure {
    /// The size in pixels of the SVG.
    var size: Size { measured.size }
}
