/// What a script may say of the look of a figure. Whatever is nil stays as it is.
public struct FigureStyle: Sendable, Hashable {
    /// The title above the figure.
    public var title: String?
    /// The size of the whole figure.
    public var size: Size?
    /// The label of the horizontal axis.
    public var xLabel: String?
    /// The label of the vertical axis.
    public var yLabel: String?
    /// The scale of the horizontal axis.
    public var xScale: Scale?
    /// The scale of the vertical axis.
    public var yScale: Scale?
    /// The least and the greatest value of the horizontal axis.
    public var xLimits = Limits()
    /// The least and the greatest value of the vertical axis.
    public var yLimits = Limits()
    /// The colour map of planes.
    public var map: ColourMap?
    /// The values at which colours begin and end; of a panel with equal axes the ends of both.
    public var limits = Limits()
    /// What the colour bar says.
    public var quantity: String?
    /// The isolines of planes.
    public var isolines: Isolines?

    /// Two ends, either of which may be left to the data.
    public struct Limits: Sendable, Hashable {
        /// The lower end; nil leaves it to the data.
        public var lower: Double?
        /// The upper end; nil leaves it to the data.
        public var upper: Double?

        /// Creates limits.
        public init(lower: Double? = nil, upper: Double? = nil) {
            self.lower = lower
            self.upper = upper
        }
    }

    /// Creates a style that changes nothing.
    public init() {}
}

extension Figure {
    /// The figure in a style.
    public func styled(_ style: FigureStyle) -> Figure {
        switch self {
        case .panel(var panel):
            panel.title = style.title ?? panel.title
            panel.wanted = style.size ?? panel.wanted
            panel.x = panel.x.styled(style.xLabel, style.xScale, panel.comparesEqualAxes ? style.limits : style.xLimits)
            panel.y = panel.y.styled(style.yLabel, style.yScale, panel.comparesEqualAxes ? style.limits : style.yLimits)
            return .panel(panel)
        case .gallery(var gallery):
            gallery.title = style.title ?? gallery.title
            gallery.wanted = style.size ?? gallery.wanted
            gallery.colours = gallery.colours.styled(style)
            gallery.isolines = style.isolines ?? gallery.isolines
            return .gallery(gallery)
        case .heatmap(var heatmap):
            heatmap.title = style.title ?? heatmap.title
            heatmap.wanted = style.size ?? heatmap.wanted
            heatmap.xLabel = style.xLabel ?? heatmap.xLabel
            heatmap.yLabel = style.yLabel ?? heatmap.yLabel
            heatmap.colours = heatmap.colours.styled(style)
            heatmap.isolines = style.isolines ?? heatmap.isolines
            return .heatmap(heatmap)
        case .grid(let figures, let columns, var frame):
            // The colours are those of all its planes; the title and the size are its own.
            var shared = FigureStyle()
            shared.limits = style.limits
            shared.map = style.map
            frame.title = style.title ?? frame.title
            frame.wanted = style.size ?? frame.wanted
            return .grid(figures.map { $0.styled(shared) }, columns: columns, frame: frame)
        }
    }

    /// The planes of the figure, each with its colour scale.
    private var coloured: [(plane: Plane, colours: ColourScale)] {
        leaves.flatMap { figure -> [(plane: Plane, colours: ColourScale)] in
            switch figure {
            case .heatmap(let heatmap): [(heatmap.plane, heatmap.colours)]
            case .gallery(let gallery) where !gallery.isOfPictures: gallery.tiles.map { ($0.plane, gallery.colours) }
            default: []
            }
        }
    }

    /// The colour scales of the planes in the figure, each once.
    public var colourScales: [ColourScale] {
        coloured.map(\.colours).reduce(into: []) { found, colours in if !found.contains(colours) { found.append(colours) } }
    }

    /// The style that gives all planes of the figure one colour scale, over all of their numbers: its limits and its map.
    public var sharedColours: FigureStyle {
        var style = FigureStyle()
        guard let first = coloured.first else { return style }
        let isSigned = coloured.contains { $0.colours.isSigned }
        let range = ColourRange(
            ColourScale("", scale: first.colours.scale, map: first.colours.map, isSigned: isSigned), planes: coloured.map(\.plane))
        style.limits = FigureStyle.Limits(lower: range.range.lower, upper: range.range.upper)
        style.map = range.map
        return style
    }

    /// The least and the greatest finite value of all planes in the figure, whatever its colours show; nil where there is none.
    public var planeExtremes: (least: Double, greatest: Double)? {
        let values = coloured.flatMap(\.plane.values).filter(\.isFinite)
        guard let least = values.min(), let greatest = values.max() else { return nil }
        return (Double(least), Double(greatest))
    }
}

extension Axis {
    fileprivate func styled(_ label: String?, _ scale: Scale?, _ limits: FigureStyle.Limits) -> Axis {
        var axis = self
        axis.label = label ?? axis.label
        axis.scale = scale ?? axis.scale
        axis.lower = limits.lower ?? axis.lower
        axis.upper = limits.upper ?? axis.upper
        return axis
    }
}

extension ColourScale {
    fileprivate func styled(_ style: FigureStyle) -> ColourScale {
        var colours = self
        colours.map = style.map ?? colours.map
        colours.lower = style.limits.lower ?? colours.lower
        colours.upper = style.limits.upper ?? colours.upper
        colours.label = style.quantity ?? colours.label
        return colours
    }
}
