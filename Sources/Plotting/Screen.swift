import Diagnostics

/// The image format in which a figure is sent to a terminal.
public enum ScreenFormat: Sendable, Hashable {
    /// A PNG file, for terminals that take one.
    case png
    /// DEC's sixel graphics, through gnuplot's `sixelgd`.
    case sixel
}

/// Draws `figure` for a screen, as large as fits `width` x `height` pixels and at most twice the size of the SVG.
///
/// Throws `empty-figure`, `no-gnuplot` and `plot-failed`; a gnuplot without `sixelgd` fails.
public func renderScreen(
    _ figure: Figure, as format: ScreenFormat, width: Int, height: Int, with gnuplot: Gnuplot = Gnuplot()
) throws -> [UInt8] {
    try figure.check()
    let script = ScriptWriter(figure, format: .png)
    let wanted = min(Double(max(64, width)) / script.size.width, Double(max(48, height)) / script.size.height)
    let scale = min(2, max(0.25, wanted))
    let size = "size \(Int(script.size.width * scale)),\(Int(script.size.height * scale))"
    let look = "noenhanced font 'sans-serif,12' fontscale \(number(0.75 * scale)) linewidth \(number(scale)) background rgb 'white'"
    let terminal =
        switch format {
        case .png: "set terminal pngcairo \(size) \(look) rounded pointscale \(number(1.35 * scale))"
        case .sixel: "set terminal sixelgd \(size) truecolor \(look)"
        }
    return try gnuplot.run(script.text(output: nil, terminal: terminal)).output
}
