/// A block of a text in Markdown.
public indirect enum MarkdownBlock: Sendable, Hashable {
    /// A heading; level 1 is the highest of six.
    case heading(level: Int, [MarkdownInline])
    /// A paragraph.
    case paragraph([MarkdownInline])
    /// Code as it is written, with the word behind the fence; empty where there is none.
    case code(String, language: String)
    /// A list; `start` is the first number of an ordered one, nil for bullets. In a tight list items stand without room between.
    case list(start: Int?, isTight: Bool, items: [[MarkdownBlock]])
    /// A quotation.
    case quote([MarkdownBlock])
    /// A table; rows have as many cells as the header.
    case table(header: [[MarkdownInline]], alignments: [Alignment], rows: [[[MarkdownInline]]])
    /// A rule between paragraphs.
    case rule

    /// How the cells of a column stand.
    public enum Alignment: String, Sendable, Hashable {
        /// At the left, which is also where nothing is said.
        case left
        /// In the middle.
        case centre
        /// At the right.
        case right
    }
}

/// A piece of a paragraph in Markdown.
public indirect enum MarkdownInline: Sendable, Hashable {
    /// Words.
    case text(String)
    /// Emphasis, `*so*`.
    case emphasis([MarkdownInline])
    /// Strong emphasis, `**so**`.
    case strong([MarkdownInline])
    /// Code between back quotes.
    case code(String)
    /// A link; the address begins with `http://`, `https://` or `#`. What would lead elsewhere is text.
    case link([MarkdownInline], address: String)
    /// A picture by the words that stand for it: no picture is taken from elsewhere.
    case picture(String)
    /// An end of line that means nothing.
    case softBreak
    /// An end of line that was asked for.
    case lineBreak

    /// The words alone.
    public var words: String {
        switch self {
        case .text(let text), .code(let text), .picture(let text): text
        case .emphasis(let inner), .strong(let inner), .link(let inner, _): inner.map(\.words).joined()
        case .softBreak, .lineBreak: " "
        }
    }
}

/// Whether an address may be followed from a document: of the web, or a place in the document itself.
public func isSafeAddress(_ address: String) -> Bool {
    let start = address.prefix(8).lowercased()
    guard start.hasPrefix("http://") || start.hasPrefix("https://") || start.hasPrefix("#") else { return false }
    return address.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !isUnseen($0) }
}
