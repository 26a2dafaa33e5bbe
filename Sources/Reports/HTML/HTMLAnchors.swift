/// The headings of a document with the places that links lead to, each once.
struct HTMLAnchors {
    /// A heading, and where it is found.
    struct Entry {
        var id: String
        /// 2 for titles of cells and the highest headings of texts, 3 and more for those below.
        var level: Int
        var words: String
    }
    /// All headings in order.
    private(set) var entries: [Entry] = []
    /// The heading above what is said of how results came about; nil where nothing is.
    private(set) var provenance: Entry?
    private var titles: [Int: Entry] = [:]
    private var headings: [Int: [Entry]] = [:]
    private var blocks: [Int: [MarkdownBlock]] = [:]
    private var taken: Set<String> = []

    init(_ document: ReportDocument) {
        var isTitleKnown = false
        for (index, cell) in document.cells.enumerated() {
            if !cell.title.isEmpty {
                let entry = entry(cell.title, level: 2)
                titles[index] = entry
                entries.append(entry)
            }
            guard cell.kind == .markdown else { continue }
            var blocks = markdownBlocks(cell.source)
            // What is the title of the whole is not said again.
            if !isTitleKnown, let first = blocks.first, case .heading(_, let words) = first, words.map(\.words).joined() == document.title {
                blocks.removeFirst()
                isTitleKnown = true
            }
            self.blocks[index] = blocks
            headings[index] = Self.headings(in: blocks).map { entry($0.words, level: min(6, $0.level + 1)) }
            entries += headings[index] ?? []
        }
        if !document.provenance.isEmpty {
            let entry = entry("How these results came about", level: 2)
            provenance = entry
            entries.append(entry)
        }
    }

    /// The title of a cell; nil where it has none.
    func title(ofCell index: Int) -> Entry? { titles[index] }
    /// The headings of a cell of text, in order.
    func headings(ofCell index: Int) -> [Entry] { headings[index] ?? [] }
    /// The blocks of a cell of text.
    func blocks(ofCell index: Int) -> [MarkdownBlock] { blocks[index] ?? [] }

    private static func headings(in blocks: [MarkdownBlock]) -> [(level: Int, words: String)] {
        blocks.flatMap { block -> [(level: Int, words: String)] in
            switch block {
            case .heading(let level, let words): [(level, words.map(\.words).joined())]
            case .quote(let inner): headings(in: inner)
            case .list(_, _, let items): items.flatMap { headings(in: $0) }
            default: []
            }
        }
    }

    /// A heading with a place of its own, named as GitHub does: small letters, hyphens for blanks.
    private mutating func entry(_ words: String, level: Int) -> Entry {
        let letters = words.lowercased().unicodeScalars.compactMap { scalar -> Character? in
            if scalar == " " || scalar == "-" { return "-" }
            return scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil ? Character(scalar) : nil
        }
        let base = letters.isEmpty ? "part" : String(letters.prefix(80))
        var id = base
        var number = 1
        while !taken.insert(id).inserted {
            id = "\(base)-\(number)"
            number += 1
        }
        return Entry(id: id, level: level, words: words)
    }
}
