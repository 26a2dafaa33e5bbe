import Diagnostics

/// A drawn figure as bytes, with the script that draws it again into a file of the name it was drawn for.
public struct DrawnFigure: Sendable, Hashable {
    /// The bytes of the file.
    public var bytes: [UInt8]
    /// The gnuplot script that draws the figure again.
    public var script: String
    /// Warnings of gnuplot, which drew the figure all the same: diagnostics `plot-warning`.
    public var warnings: [Diagnostic]
}

/// Draws `figure` for a file called `name`, in the format its end names, without writing any file.
///
/// Throws `unknown-format`, `empty-figure`, `cannot-write` for a name that cannot stand in a script, `no-gnuplot` and
/// `plot-failed`.
public func draw(_ figure: Figure, for name: String, with gnuplot: Gnuplot = Gnuplot()) throws -> DrawnFigure {
    guard let format = FigureFormat(path: name) else {
        throw Diagnostic("unknown-format", "expected a figure path that ends in `.svg`, `.png` or `.pdf`, found `\(name)`")
    }
    try checkFigureName(name)
    try figure.check()
    let script = ScriptWriter(figure, format: format)
    let (bytes, complaints) = try gnuplot.run(script.text(output: nil))
    let warnings =
        complaints.isEmpty
        ? []
        : [
            Diagnostic(
                "plot-warning", "expected no complaint from gnuplot, found some about `\(name)`", severity: .warning,
                notes: complaints.prefix(12).map { "gnuplot: " + cleaned($0, limit: 300) })
        ]
    return DrawnFigure(bytes: bytes, script: script.text(output: name), warnings: warnings)
}

/// Checks that the name of a file can stand in a script of gnuplot, whose strings have no escape for control characters.
/// Throws `cannot-write`.
public func checkFigureName(_ name: String) throws {
    guard cleaned(name, limit: 4096) == name else {
        throw Diagnostic("cannot-write", "expected a file name of printable characters, found `\(cleaned(name, limit: 200))`")
    }
}
