import Diagnostics
import Storage

/// The result of `render`: the files it wrote, and warnings.
public struct RenderedFigure: Sendable, Hashable {
    /// The path of the figure.
    public var path: String
    /// The path of the gnuplot script that draws the figure again.
    public var scriptPath: String
    /// Warnings of gnuplot, which drew the figure all the same: diagnostics `plot-warning`.
    public var warnings: [Diagnostic]
}

/// Draws `figure` into the file `path`, in the format its end names, and keeps the script beside it as `path` + `.gp`.
/// Both files appear whole or not at all.
///
/// Throws `unknown-format`, `empty-figure`, `no-gnuplot`, `plot-failed` and `cannot-write`.
public func render(_ figure: Figure, to path: String, with gnuplot: Gnuplot = Gnuplot()) throws -> RenderedFigure {
    let name = String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
    let drawn = try draw(figure, for: name, with: gnuplot)
    try writeWhole(drawn.bytes, to: path)
    let scriptPath = path + ".gp"
    try writeWhole(drawn.script, to: scriptPath)
    return RenderedFigure(path: path, scriptPath: scriptPath, warnings: drawn.warnings)
}

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
