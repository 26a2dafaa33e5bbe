/// A letter for the markers of each series in a drawing in characters: the first of its name that no other has, so that `t` is a
/// point of `train` and `v` one of `validation`.
func markerLetters(of names: [String]) -> [Character] {
    var left = Array("oxabcdefghijklmnpqrstuvwyz")
    return names.map { name in
        let letter = name.lowercased().first { left.contains($0) } ?? left.first ?? "o"
        left.removeAll { $0 == letter }
        return letter
    }
}

extension ScriptWriter {
    /// Draws a figure in characters: panels as gnuplot draws them, planes as a ramp from light to dark.
    mutating func drawText(_ figure: Figure) {
        switch figure {
        case .panel(let panel): drawText(panel)
        case .gallery(let gallery):
            let range = ColourRange(gallery.colours, planes: gallery.tiles.map(\.plane))
            write([gallery.title] + gallery.tiles.flatMap { textRows($0.title, $0.plane, range) })
            write([legend(of: gallery.colours, range)] + textLines(remarks(gallery.note, range)))
        case .heatmap(let heatmap):
            let range = ColourRange(heatmap.colours, planes: [heatmap.plane])
            write(textRows(heatmap.title, heatmap.plane, range))
            write([legend(of: heatmap.colours, range)] + textLines(remarks(heatmap.note, range)))
        case .grid(_, _, let frame): write([frame.title])
        }
    }

    /// Draws a panel in characters, gnuplot choosing the margins. The terminal drops what is wider than itself.
    mutating func drawText(_ panel: Panel) {
        let ranges = panel.ranges
        let layout = PanelLayout(panel, ranges: ranges)
        add("reset")
        if !panel.title.isEmpty { add("set title \(quoted(panel.title, limit: textWidthLimit - 4)) noenhanced") }
        add("set xlabel \(quoted(panel.x.text, limit: textWidthLimit - 12)) noenhanced")
        add("set ylabel \(quoted(panel.y.text, limit: 40)) noenhanced")
        add("set key outside top left horizontal")
        add("set tics out nomirror")
        writeAxis("x", panel.x, ranges.x, layout.xTics)
        writeAxis("y", panel.y, ranges.y, layout.yTics)
        writePlot(panel, ranges, frame: layout.frame)
        write(textLines(panel.fullNote))
    }

    /// The number of characters to a line; the drawn formats have no such limit.
    var textWidthLimit: Int {
        if case .text(let width, _) = format { max(30, min(1000, width)) } else { 116 }
    }

    private func textLines(_ text: String) -> [String] {
        wrapped(text) { $0.count <= textWidthLimit }.map { cleaned($0, limit: textWidthLimit) }
    }

    /// Prints lines to standard output; empty ones are left out.
    private mutating func write(_ lines: [String]) {
        guard lines.contains(where: { !$0.isEmpty }) else { return }
        add("set print '-'")
        for line in lines where !line.isEmpty { add("print " + quoted(line, limit: 1000)) }
        add("unset print")
    }

    private func remarks(_ note: String, _ range: ColourRange) -> String {
        ([note] + range.remarks).filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func textRows(_ title: String, _ plane: Plane, _ range: ColourRange) -> [String] {
        guard case .text(let width, let height) = format else { return [title] }
        return [title] + characters(of: plane, range, width: width, height: height)
    }
}
