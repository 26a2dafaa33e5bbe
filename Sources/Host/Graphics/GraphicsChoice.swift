/// How a figure is shown in a terminal.
public enum InlineGraphics: String, Sendable, Hashable, CaseIterable {
    /// In characters.
    case dumb
    /// DEC's sixel graphics.
    case sixel
    /// kitty's graphics protocol.
    case kitty
    /// Not at all.
    case none
}

/// What a terminal answered when it was asked what it can do.
public struct TerminalAnswers: Sendable, Hashable {
    /// Attribute 4 in the answer to `ESC [ c` (Primary Device Attributes, DEC STD 070).
    public var sixel = false
    /// `OK` in the answer to a query of kitty's graphics protocol.
    public var kitty = false
    public init(sixel: Bool = false, kitty: Bool = false) {
        self.sixel = sixel
        self.kitty = kitty
    }
}

/// What decides how figures are shown.
public struct GraphicsTraits: Sendable, Hashable {
    /// Whether both the keyboard and the screen are a terminal.
    public var isTerminal: Bool
    /// `TERM`.
    public var term: String
    /// `ECDX_GRAPHICS`.
    public var wish: String?
    /// Inside tmux or screen, which show the pictures of kitty's protocol only where they pass everything through.
    public var isMultiplexed: Bool

    public init(isTerminal: Bool, term: String, wish: String? = nil, isMultiplexed: Bool = false) {
        self.isTerminal = isTerminal
        self.term = term
        self.wish = wish
        self.isMultiplexed = isMultiplexed
    }

    /// What the environment says.
    public static func ofProcess(isTerminal: Bool) -> GraphicsTraits {
        let term = environment("TERM") ?? ""
        return GraphicsTraits(
            isTerminal: isTerminal, term: term, wish: environment("ECDX_GRAPHICS"),
            isMultiplexed: environment("TMUX").map { !$0.isEmpty } ?? false || term.hasPrefix("tmux") || term.hasPrefix("screen"))
    }

    /// Whether `ECDX_GRAPHICS` says something that is not known.
    public var hasUnknownWish: Bool { wish.map { !$0.isEmpty && InlineGraphics(rawValue: $0) == nil } ?? false }

    /// Whether the terminal may be asked: it would print the question where it understands no escape sequences.
    public var mayAsk: Bool { isTerminal && !["", "dumb", "linux"].contains(term) }

    /// The way to show figures; `ask` is called where only the terminal knows.
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
