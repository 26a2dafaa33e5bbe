import Diagnostics

/// A figure as a value: what is drawn, not how. `gnuplotScript` turns it into text, `draw` into the bytes of a file.
public indirect enum Figure: Sendable, Hashable, Codable {
    /// A pair of axes with series between them.
    case panel(Panel)
    /// Planes side by side under one colour scale.
    case gallery(Gallery)
    /// One plane with its axes and a colour scale.
    case heatmap(Heatmap)
    /// Figures side by side, in rows of `columns`.
    case grid([Figure], columns: Int, frame: GridFrame = GridFrame())
}

/// What stands around the figures of a grid.
public struct GridFrame: Sendable, Hashable, Codable {
    /// The title above the grid; empty leaves it out.
    public var title = ""
    /// The size that the whole grid fits into; nil takes the sizes of its figures.
    public var wanted: Size?

    /// Creates a frame without a title.
    public init() {}
}

/// One split of the data in a parity plot, such as the validation part.
public struct ParitySplit: Sendable, Hashable, Codable {
    /// The role of a split in training; it decides how loud its points are.
    public enum Role: String, Sendable, Hashable, Codable {
        /// The training, validation or holdout part.
        case train, validation, holdout
    }

    /// The role of the split.
    public var role: Role
    /// The points of the split: x the true value, y the predicted one.
    public var points: [Point]
    /// The text after the name in the legend, for example `R2 0.91, RMSE 12 GPa`.
    public var summary: String
    /// The name in the legend; nil takes the role's.
    public var name: String?

    /// Creates a split from its points.
    public init(_ role: Role, _ points: [Point], summary: String = "", name: String? = nil) {
        self.role = role
        self.points = points
        self.summary = summary
        self.name = name
    }
}

/// The losses of a training by epoch.
public struct LearningCurve: Sendable {
    /// Losses of the training part: x the epoch, counted from 1.
    public var train: [Point]
    /// Losses of the validation part; empty where there is none.
    public var validation: [Point]

    /// Creates the losses of a training.
    public init(train: [Point] = [], validation: [Point] = []) {
        self.train = train
        self.validation = validation
    }
}

extension Figure {
    /// A parity plot, predicted against true values of `quantity`: equal axes, the line of identity, one look per split.
    public static func parity(
        _ splits: [ParitySplit], quantity: String, unit: String? = nil, scale: Scale = .linear, title: String = "",
        note: String = ""
    ) -> Figure {
        let series = splits.map { split in
            let look: Look =
                switch split.role {
                case .train: .train
                case .validation: .validation
                case .holdout: .holdout
                }
            let name = split.name ?? split.role.rawValue
            return Series(split.summary.isEmpty ? name : "\(name): \(split.summary)", split.points, look: look)
        }
        return .panel(
            Panel(
                title: title, note: note, x: Axis("true \(quantity)", unit: unit, scale: scale),
                y: Axis("predicted \(quantity)", unit: unit, scale: scale), series: series, comparesEqualAxes: true))
    }

    /// Learning curves: loss per epoch, the first epoch being 1, and before it, at 0, those of the `start` where they are known.
    /// `keptEpoch` is marked by a line; `note` may say why the training stopped.
    public static func learningCurves(
        train: [Double], validation: [Double], start: (train: Double?, validation: Double?) = (nil, nil), keptEpoch: Int? = nil,
        loss: String = "loss", unit: String? = nil,
        scale: Scale = .linear, title: String = "", note: String = ""
    ) -> Figure {
        func points(_ start: Double?, _ values: [Double]) -> [Point] {
            guard !values.isEmpty else { return [] }
            return (start.map { [Point(0, $0)] } ?? []) + values.enumerated().map { Point(Double($0.offset + 1), $0.element) }
        }
        return learningCurves(
            [LearningCurve(train: points(start.train, train), validation: points(start.validation, validation))],
            marks: keptEpoch.map { [Mark(x: Double($0), label: "kept: epoch \($0)")] } ?? [], loss: loss, unit: unit, scale: scale,
            title: title, note: note)
    }

    /// Learning curves of one or more trainings: loss by epoch; lines at the epochs of `marks`. Where there are several, the
    /// legend names the first and says how many there are. `validation`: what the legend says of the validation losses, in brackets.
    public static func learningCurves(
        _ curves: [LearningCurve], validation remark: String? = nil, marks: [Mark] = [], loss: String = "loss", unit: String? = nil,
        scale: Scale = .linear, title: String = "", note: String = ""
    ) -> Figure {
        func series(_ part: String, _ look: Look, _ points: (LearningCurve) -> [Point], _ remark: String? = nil) -> [Series] {
            let drawn = curves.filter { !points($0).isEmpty }
            return drawn.enumerated().map { index, curve in
                let points = points(curve)
                let name = (drawn.count == 1 ? part : "\(part), \(drawn.count) trainings") + (remark.map { " (\($0))" } ?? "")
                return Series(index == 0 ? name : "", points, form: points.count <= 12 ? .markedLine : .line, look: look)
            }
        }
        return .panel(
            Panel(
                title: title, note: note, x: Axis("epoch"), y: Axis(loss, unit: unit, scale: scale),
                series: series("train", .train, \.train) + series("validation", .holdout, \.validation, remark), marks: marks))
    }

    /// A scatter plot of one or more series.
    public static func scatter(
        _ series: [Series], x: Axis, y: Axis, title: String = "", note: String = ""
    ) -> Figure {
        .panel(Panel(title: title, note: note, x: x, y: y, series: series))
    }

    /// A line plot of one or more series: lines through their points, in order; short ones are marked point by point.
    public static func line(
        _ series: [Series], x: Axis, y: Axis, title: String = "", note: String = ""
    ) -> Figure {
        let drawn = series.map { series in
            var series = series
            if series.form == .markers { series.form = series.points.count <= 30 ? .markedLine : .line }
            return series
        }
        return .panel(Panel(title: title, note: note, x: x, y: y, series: drawn))
    }

    /// A histogram: counts of values in bins of equal width; nil for `bins` takes the rule of Freedman and Diaconis (1981).
    public static func histogram(
        _ values: [Double], x: Axis, bins: Int? = nil, title: String = "", note: String = ""
    ) -> Figure {
        let binning = Binning(values.filter(x.canShow), bins: bins)
        var panel = Panel(
            title: title, note: note, x: x, y: Axis("count"), series: [Series("", binning.points, form: .boxes)],
            boxWidth: binning.width)
        // Equal widths mean nothing on a logarithmic axis.
        panel.x.scale = .linear
        let lost = values.count { !$0.isFinite }
        if lost > 0 { panel.note += (note.isEmpty ? "" : " ") + "\(lost) of \(values.count) values are not finite." }
        return .panel(panel)
    }

    /// A histogram of values in groups: in each bin the counts of the groups stand upon one another, the first group lowest. Bins are
    /// those of all values together.
    public static func histogram(
        _ groups: [(name: String, values: [Double])], x: Axis, bins: Int? = nil, title: String = "", note: String = ""
    ) -> Figure {
        let all = groups.flatMap(\.values)
        let whole = histogram(all, x: x, bins: bins, title: title, note: note)
        guard case .panel(var panel) = whole else { return whole }
        let binning = Binning(all.filter(x.canShow), bins: bins)
        var heights = [Double](repeating: 0, count: binning.points.count)
        var series: [Series] = []
        for group in groups {
            for value in group.values where x.canShow(value) { heights[binning.index(of: value)] += 1 }
            series.append(Series(group.name, zip(binning.points, heights).map { Point($0.x, $1) }, form: .boxes))
        }
        // What is drawn later covers what lies below it.
        let looks = series.indices.map { Look.palette($0) }
        panel.series = zip(series, looks).map { series, look in
            var series = series
            series.look = look
            return series
        }.reversed()
        return .panel(panel)
    }

    /// A gallery: planes in a grid under one colour scale.
    public static func gallery(
        _ tiles: [Tile], colours: ColourScale, columns: Int? = nil, title: String = "", note: String = ""
    ) -> Figure {
        .gallery(Gallery(title: title, note: note, tiles: tiles, columns: columns, colours: colours))
    }

    /// A heat map of one plane, with axes in A where its cell is known, and with `sites` marked.
    public static func heatmap(
        _ plane: Plane, colours: ColourScale, sites: [Site] = [], title: String = "", note: String = ""
    ) -> Figure {
        .heatmap(Heatmap(plane, colours: colours, sites: sites, title: title, note: note))
    }

    /// A grid of figures, filled row by row; nil for `columns` makes it about as wide as high.
    public static func grid(figures: [Figure], columns: Int? = nil) -> Figure {
        .grid(figures, columns: columns ?? squarest(figures.count))
    }
}

extension Figure {
    /// The figures of a grid, and of grids in it, one after another.
    var leaves: [Figure] {
        if case .grid(let figures, _, _) = self { return figures.flatMap(\.leaves) }
        return [self]
    }

    /// Whether there is a value to draw.
    var isEmpty: Bool {
        switch self {
        case .panel(let panel): panel.shown.isEmpty
        case .gallery(let gallery): gallery.tiles.allSatisfy { !$0.plane.values.contains(where: \.isFinite) }
        case .heatmap(let heatmap): !heatmap.plane.values.contains(where: \.isFinite)
        case .grid(let figures, _, _): figures.allSatisfy(\.isEmpty)
        }
    }

    /// Checks that there is something to draw. Throws `empty-figure` where there is not.
    public func check() throws {
        guard isEmpty else { return }
        throw Diagnostic(
            "empty-figure", "expected at least one finite value to draw, found none",
            hint: "look at the data with `show`")
    }
}

/// The number of columns that makes a grid of `count` about as wide as high, wider rather than higher.
func squarest(_ count: Int) -> Int {
    var columns = 1
    while columns * columns < count { columns += 1 }
    return columns
}
