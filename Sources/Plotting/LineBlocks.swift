/// Lines over pictures of planes, those of one look together.
struct LineBlocks {
    /// The look of the isolines of some values.
    struct Style: Hashable {
        var colour: String
        var dash: Int

        /// The look of an isoline: dark on light colours and light on dark ones, dashed below zero where the colours have a middle there.
        init(_ level: Double, _ range: ColourRange) {
            colour = range.lightness(of: level) < 0.42 ? "#ffffff" : "#222222"
            dash = level < 0 && range.range.upper > 0 ? 2 : 1
        }
    }

    /// The isolines of each look, as lines of a datablock.
    var blocks: [(style: Style, rows: [String])] = []
    /// The edges of cells, as lines of a datablock.
    var cells: [String] = []

    /// Adds isolines, each with its value.
    mutating func add(_ lines: [(level: Double, rows: [String])], _ range: ColourRange) {
        for (level, rows) in lines where !rows.isEmpty {
            let style = Style(level, range)
            if let index = blocks.firstIndex(where: { $0.style == style }) {
                blocks[index].rows += rows
            } else {
                blocks.append((style, rows))
            }
        }
    }
}
