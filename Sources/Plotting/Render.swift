/// Draws `figure` in characters, `width` x `height` of them for each of its panels.
///
/// Throws `empty-figure`, `no-gnuplot` and `plot-failed`.
public func renderText(
    _ figure: Figure, width: Int = 79, height: Int = 24, with gnuplot: Gnuplot = Gnuplot()
) throws -> String {
    try figure.check()
    let (output, _) = try gnuplot.run(gnuplotScript(figure, format: .text(width: width, height: height)))
    var lines: [String] = []
    for line in String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
        // The dumb terminal ends a page with a form feed.
        var line = line.filter { $0 != "\u{0C}" }
        while line.last == " " { line.removeLast() }
        if line.isEmpty, lines.last?.isEmpty ?? true { continue }
        lines.append(line)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
}
