/// The layout of a grid, in pixels from its upper left corner.
struct GridLayout {
    /// The figures in the sizes that they have in the grid.
    var figures: [Figure]
    var places: [Rectangle]
    var titleLines: [String]
    var size: Size

    init(_ figures: [Figure], columns: Int, frame: GridFrame) {
        let usual = GridCells(figures.map(\.measured), columns: columns)
        let width = frame.wanted?.width ?? usual.size.width
        titleLines = wrapped(frame.title, width: width - 2 * Measure.edge, size: Measure.title, limit: Measure.titleLimit)
        let top = titleLines.isEmpty ? 0 : Measure.edge + Double(titleLines.count) * (Measure.title + 5)
        self.figures = figures
        var cells = usual
        if let wanted = frame.wanted {
            let room = Size(width: wanted.width, height: wanted.height - top)
            var target = room
            // Figures have more around them than they are asked to, where they stand in one row with others that have a title.
            for _ in 0..<4 {
                self.figures = zip(figures, usual.shares(of: target)).map { $0.sized($1) }
                cells = GridCells(self.figures.map(\.measured), columns: columns)
                let over = Size(width: cells.size.width - room.width, height: cells.size.height - room.height)
                if over.width <= 1, over.height <= 1 { break }
                target = Size(width: target.width - max(0, over.width), height: target.height - max(0, over.height))
            }
        }
        places = cells.places.map { Rectangle(x: $0.x, y: $0.y + top, width: $0.width, height: $0.height) }
        size = Size(width: cells.size.width, height: cells.size.height + top)
    }
}

/// The cells of a grid: columns as wide and rows as high as what stands in them.
struct GridCells {
    private var widths: [Double]
    private var heights: [Double]
    private let count: Int
    /// The places of the figures, filled row by row.
    private(set) var places: [Rectangle] = []

    /// Lays out figures, each with its size and the height that its title takes: those of one row begin below the highest title, so
    /// that their frames stand side by side.
    init(_ figures: [(size: Size, titleHeight: Double)], columns: Int) {
        count = figures.count
        let columns = max(1, min(columns, count))
        let rows = max(1, (count + columns - 1) / columns)
        widths = [Double](repeating: 0, count: columns)
        heights = [Double](repeating: 0, count: rows)
        var titles = heights
        for (index, figure) in figures.enumerated() {
            titles[index / columns] = max(titles[index / columns], figure.titleHeight)
            widths[index % columns] = max(widths[index % columns], figure.size.width)
        }
        func lowered(_ index: Int) -> Double {
            let highest = titles[index / columns]
            return highest > 0 ? highest - figures[index].titleHeight : 0
        }
        for (index, figure) in figures.enumerated() {
            heights[index / columns] = max(heights[index / columns], lowered(index) + figure.size.height)
        }
        for (index, figure) in figures.enumerated() {
            let x = widths.prefix(index % columns).reduce(0) { $0 + $1 + Measure.gutter }
            let y = heights.prefix(index / columns).reduce(0) { $0 + $1 + Measure.gutter }
            places.append(Rectangle(x: x, y: y + lowered(index), width: figure.size.width, height: figure.size.height))
        }
    }

    private static func length(_ parts: [Double]) -> Double { parts.reduce(0, +) + Double(parts.count - 1) * Measure.gutter }

    /// The size of the grid.
    var size: Size { Size(width: Self.length(widths), height: Self.length(heights)) }

    /// The sizes of the figures of a grid of another size, whose columns and rows stand to one another as those of this one.
    func shares(of whole: Size) -> [Size] {
        func parts(_ lengths: [Double], _ whole: Double) -> [Double] {
            let (room, sum) = (whole - Double(lengths.count - 1) * Measure.gutter, max(1, lengths.reduce(0, +)))
            return lengths.map { max(40, $0 * room / sum) }
        }
        let (across, down) = (parts(widths, whole.width), parts(heights, whole.height))
        return (0..<count).map { Size(width: across[$0 % across.count], height: down[$0 / across.count]) }
    }
}

extension Figure {
    /// The size in pixels of the SVG, and the height that the lines of its title take; less than 0 where there is none and one would bring
    /// a gap with it.
    var measured: (size: Size, titleHeight: Double) {
        func height(_ lines: [String], _ gap: Double = 0) -> Double { lines.isEmpty ? -gap : Double(lines.count) * (Measure.title + 5) }
        switch self {
        case .panel(let panel):
            let layout = PanelLayout(panel, ranges: panel.ranges)
            return (layout.size, height(layout.titleLines))
        case .gallery(let gallery):
            let layout = GalleryLayout(gallery)
            return (layout.size, height(layout.titleLines, 4))
        case .heatmap(let heatmap):
            let layout = HeatmapLayout(heatmap)
            return (layout.size, height(layout.titleLines))
        case .grid(let figures, let columns, let frame):
            let layout = GridLayout(figures, columns: columns, frame: frame)
            return (layout.size, height(layout.titleLines, Measure.edge))
        }
    }

    /// The figure in another size.
    fileprivate func sized(_ size: Size) -> Figure {
        var style = FigureStyle()
        style.size = size
        return styled(style)
    }
}
