import Diagnostics
import Glibc
import Plotting
import Synchronization

/// A screen that shows figures in the terminal: as pixels where the terminal says that it takes them, else as characters.
public final class FigureScreen: Sendable {
    private let terminal: Terminal
    private let traits: GraphicsTraits
    private let gnuplot: Gnuplot
    private let chosen = Mutex<InlineGraphics?>(nil)

    /// Creates a screen on a terminal, with traits that decide how figures are shown.
    public init(terminal: Terminal, traits: GraphicsTraits, gnuplot: Gnuplot = Gnuplot()) {
        self.terminal = terminal
        self.traits = traits
        self.gnuplot = gnuplot
    }

    /// Creates the screen of this process. The terminal is asked at the first figure, and once.
    public convenience init(_ terminal: Terminal, gnuplot: Gnuplot = Gnuplot()) {
        let both = isatty(STDIN_FILENO) == 1 && terminal.traits.outIsTTY
        self.init(terminal: terminal, traits: .ofProcess(isTerminal: both), gnuplot: gnuplot)
    }

    /// Draws a figure. Throws `empty-figure`, `no-gnuplot` and `plot-failed`.
    public func show(_ figure: Figure) throws {
        switch choice() {
        case .none: terminal.write(err: "the figure is not shown: ECDX_GRAPHICS is `none`\n")
        case .dumb: try showCharacters(figure)
        case .sixel: try showSixel(figure)
        case .kitty: try showPNG(figure)
        }
    }

    private func choice() -> InlineGraphics {
        if let known = chosen.withLock({ $0 }) { return known }
        if traits.hasUnknownWish {
            let known = InlineGraphics.allCases.map(\.rawValue).joined(separator: ", ")
            terminal.report(
                Diagnostic(
                    "unknown-graphics", "`ECDX_GRAPHICS` expected one of \(known), found `\(traits.wish ?? "")`", severity: .warning,
                    hint: "without it the terminal is asked what it can do"))
        }
        let choice = traits.choice { TerminalQuery.ask(kitty: !traits.isMultiplexed) { terminal.write(out: $0) } }
        chosen.withLock { $0 = choice }
        return choice
    }

    private func showCharacters(_ figure: Figure) throws {
        guard let window = terminal.window, terminal.traits.outIsTTY else { return try write(renderText(figure, with: gnuplot)) }
        // The last column stays free, since some terminals wrap there, and so does a line for the prompt.
        try write(
            renderText(figure, width: max(30, min(1000, window.columns - 1)), height: max(8, min(200, window.rows - 2)), with: gnuplot))
    }

    private func write(_ text: String) {
        terminal.write(
            out: text.split(separator: "\n", omittingEmptySubsequences: false).map { escapeControls(String($0)) }.joined(separator: "\n"))
    }

    private func showSixel(_ figure: Figure) throws {
        let room = room
        do {
            let bytes = try renderScreen(figure, as: .sixel, width: room.width, height: room.height, with: gnuplot)
            terminal.write(out: String(decoding: bytes, as: UTF8.self) + "\n")
        } catch let diagnostic as Diagnostic where diagnostic.id == "plot-failed" {
            // This gnuplot was built without sixels.
            chosen.withLock { $0 = .dumb }
            try showCharacters(figure)
        }
    }

    private func showPNG(_ figure: Figure) throws {
        let room = room
        let bytes = try renderScreen(figure, as: .png, width: room.width, height: room.height, with: gnuplot)
        // A terminal that does not say how many pixels it has must not get a picture wider than itself.
        let columns = terminal.window?.pixels == nil ? terminal.window.map { max(1, $0.columns - 1) } : nil
        for sequence in KittyImage.sequences(png: bytes, columns: columns, multiplexed: traits.isMultiplexed) {
            terminal.write(out: sequence)
        }
        terminal.write(out: "\n")
    }

    /// The pixels there are for a picture: the width of the window, and of its height what leaves a line for the prompt.
    private var room: (width: Int, height: Int) { terminal.window?.room ?? WindowSize(columns: 80, rows: 24).room }
}

/// The size of a terminal's window.
public struct WindowSize: Sendable, Hashable {
    /// The number of columns of characters.
    public var columns: Int
    /// The number of rows of characters.
    public var rows: Int
    /// The size in pixels; nil where the terminal does not say.
    public var pixels: Pixels?

    /// A size in pixels.
    public struct Pixels: Sendable, Hashable {
        /// The width.
        public var width: Int
        /// The height.
        public var height: Int
        /// Creates a size from width and height.
        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// Creates a size from columns and rows.
    public init(columns: Int, rows: Int, pixels: Pixels? = nil) {
        self.columns = columns
        self.rows = rows
        self.pixels = pixels
    }

    /// The pixels a picture may take. A character is taken to have 8 x 16 where nothing else is known.
    var room: (width: Int, height: Int) {
        let whole = pixels ?? Pixels(width: columns * 8, height: rows * 16)
        let line = whole.height / max(1, rows)
        return (max(64, min(4096, whole.width)), max(48, min(4096, whole.height - 2 * line)))
    }
}
