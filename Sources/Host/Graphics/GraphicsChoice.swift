import Diagnostics

/// The graphics mode in which a figure is shown in a terminal.
public enum InlineGraphics: String, Sendable, Hashable, CaseIterable {
    /// Characters.
    case dumb
    /// DEC's sixel graphics.
    case sixel
    /// kitty's graphics protocol.
    case kitty
    /// No figures.
    case none
}

/// The answers of a terminal when it was asked what it can do.
public struct TerminalAnswers: Sendable, Hashable {
    /// Whether attribute 4 is in the answer to `ESC [ c` (Primary Device Attributes, DEC STD 070).
    public var sixel = false
    /// Whether `OK` is in the answer to a query of kitty's graphics protocol.
    public var kitty = false
    /// Creates answers, by default none.
    public init(sixel: Bool = false, kitty: Bool = false) {
        self.sixel = sixel
        self.kitty = kitty
    }
}

/// The traits of terminal and environment that decide how figures are shown.
public struct GraphicsTraits: Sendable, Hashable {
    /// Whether both the keyboard and the screen are a terminal.
    public var isTerminal: Bool
    /// The value of `TERM`.
    public var term: String
    /// The value of `ECDX_GRAPHICS`; nil where it is not set.
    public var wish: String?
    /// Whether the program runs inside tmux or screen, which show the pictures of kitty's protocol only where they pass
    /// everything through.
    public var isMultiplexed: Bool

    /// Creates traits.
    public init(isTerminal: Bool, term: String, wish: String? = nil, isMultiplexed: Bool = false) {
        self.isTerminal = isTerminal
        self.term = term
        self.wish = wish
        self.isMultiplexed = isMultiplexed
    }

    /// The traits that the environment of this process gives.
    public static func ofProcess(isTerminal: Bool) -> GraphicsTraits {
        let term = environment("TERM") ?? ""
        return GraphicsTraits(
            isTerminal: isTerminal, term: term, wish: environment("ECDX_GRAPHICS"),
            isMultiplexed: environment("TMUX").map { !$0.isEmpty } ?? false || term.hasPrefix("tmux") || term.hasPrefix("screen"))
    }

    /// Whether `ECDX_GRAPHICS` has a value that is not known.
    public var hasUnknownWish: Bool { wish.map { !$0.isEmpty && InlineGraphics(rawValue: $0) == nil } ?? false }

    /// Whether the terminal may be asked what it can do: it would print the question where it understands no escape
    /// sequences.
    public var mayAsk: Bool { isTerminal && !["", "dumb", "linux"].contains(term) }

    /// The graphics mode to show figures in; `ask` is called where only the terminal knows.
    public func choice(asking ask: () -> TerminalAnswers) -> InlineGraphics {
        if wish == InlineGraphics.none.rawValue { return .none }
        guard isTerminal, term != "dumb", !term.isEmpty else { return .dumb }
        if let wish, let chosen = InlineGraphics(rawValue: wish) { return chosen }
        guard mayAsk else { return .dumb }
        let answers = ask()
        if answers.kitty, !isMultiplexed { return .kitty }
        return answers.sixel ? .sixel : .dumb
    }
}
