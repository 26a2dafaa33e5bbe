import Diagnostics

/// A drawn figure as bytes, with the script that draws it again into a file of the name it was drawn for.
public struct DrawnFigure: Sendable, Hashable {
    /// The bytes of the file.
    public var bytes: [UInt8]
    /// The gnuplot script that draws the figure again.
    public var script: String
    /// Lines that gnuplot wrote to its standard error, though it drew the figure.
    public var complaints: [String]
}

/// Draws `figure` for a file called `name`, in the format its end names, without writing any file.
///
/// Throws `unknown-format`, `empty-figure`, `cannot-write` for a name that cannot stand in a script, `no-gnuplot` and
/// `plot-failed`; `DrawingStopped` when somebody asked to stop.
public func draw(_ figure: Figure, for name: String, with gnuplot: Gnuplot = Gnuplot()) throws -> DrawnFigure {
    guard let format = FigureFormat(path: name) else {
        throw Diagnostic("unknown-format", "expected a figure path that ends in `.svg`, `.png` or `.pdf`, found `\(name)`")
    }
    try checkFigureName(name)
    try figure.check()
    let script = ScriptWriter(figure, format: format)
    let (bytes, complaints) = try gnuplot.run(script.text(output: nil))
    return DrawnFigure(bytes: bytes, script: script.text(output: name), complaints: complaints)
}

/// The warning that says what gnuplot complained of when it drew the figure called `name`: `plot-warning`; nil for no complaints.
public func plotWarning(_ complaints: [String], about name: String) -> Diagnostic? {
    guard !complaints.isEmpty else { return nil }
    return Diagnostic(
        "plot-warning", "expected no complaint from gnuplot, found some about `\(name)`", severity: .warning,
        notes: complaints.prefix(12).map { "gnuplot: " + cleaned($0, limit: 300) })
}

/// Checks that the name of a file can stand in a script of gnuplot, whose strings have no escape for control characters.
/// Throws `cannot-write`.
public func checkFigureName(_ name: String) throws {
    guard cleaned(name, limit: 4096) == name else {
        throw Diagnostic("cannot-write", "expected a file name of printable characters, found `\(spelledOut(name, limit: 200))`")
    }
}
