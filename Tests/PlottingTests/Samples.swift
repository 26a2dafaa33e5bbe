import Plotting

/// One small figure of each kind.
enum Sample {
    static let parity = Figure.parity(
        [
            ParitySplit(.train, [Point(12, 14), Point(90, 80), Point(410, 395)], summary: "R2 0.98, RMSE 11 GPa"),
            ParitySplit(.validation, [Point(45, 52), Point(120, 101)], summary: "R2 0.91, RMSE 14 GPa"),
            ParitySplit(.holdout, [Point(33, 41), Point(222, 190)], summary: "R2 0.88, RMSE 23 GPa"),
        ],
        quantity: "bulk modulus", unit: "GPa", scale: .logarithmic, title: "compact CNN")

    static let curves = Figure.learningCurves(
        train: [1.2, 0.7, 0.4, 0.3, 0.25], validation: [1.1, 0.8, 0.6, 0.65, .nan], keptEpoch: 3, loss: "MSE",
        scale: .logarithmic, note: "Stopped after epoch 5.")

    static let scale = ColourScale("density", unit: "e/A^3", highPercentile: 90)

    static func plane(cell: PlaneCell? = nil) throws -> Plane {
        try Plane(rows: 3, columns: 4, values: (0..<12).map { Float($0 * $0) / 50 }, cell: cell)
    }

    static let cell = PlaneCell(first: [2, 0, 0], second: [-1, 1.5, 0.5])

    static func gallery() throws -> Figure {
        .gallery(try ["Al", "Cu", "Pd3Ti"].map { Tile($0, try plane()) }, colours: scale, columns: 2, title: "planes")
    }

    static func heatmap() throws -> Figure {
        .heatmap(try plane(cell: cell), colours: scale, sites: [Site("Al", first: 0.25, second: 0.5)])
    }

    static let scatter = Figure.scatter(
        [Series("a", [Point(-1, 2), Point(3, -4)]), Series("b", [Point(0, 0.5), Point(1, 1)])],
        x: Axis("x", unit: "eV/atom"), y: Axis("y"), title: "two series")

    static let line = Figure.line(
        [Series("R2", (1...6).map { Point(Double($0), 1 - 1 / Double($0)) })], x: Axis("stage"), y: Axis("R2"))

    static let histogram = Figure.histogram(
        [1, 2, 2, 3, 3, 3, 4, 4, 5, .infinity], x: Axis("gap", unit: "eV"), bins: 5, title: "gaps")

    static func grid() throws -> Figure { .grid(figures: [parity, curves, try gallery(), scatter], columns: 2) }

    static func all() throws -> [(name: String, figure: Figure)] {
        [
            ("parity", parity), ("curves", curves), ("gallery", try gallery()), ("heatmap", try heatmap()),
            ("scatter", scatter), ("line", line), ("histogram", histogram), ("grid", try grid()),
        ]
    }
}
