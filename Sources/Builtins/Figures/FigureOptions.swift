import Diagnostics
import Language
import Plotting

/// What `colours` says of itself.
let coloursSummary = """
    the colour map, by its name in matplotlib; names that end in `_r` are maps turned round
    """

/// The words for the scale of an axis, or of colours.
let axisScales: Choices = ["linear": "in equal steps", "log": "logarithmic"]

/// The words for colour maps.
let colourMaps: Choices =
    [
        "auto": """
        viridis, and RdBu_r with white at zero where the scale is linear and the numbers have both signs, or `limits` lie on both sides of \
        zero
        """
    ]
    + Choices(ColourMap.names.map { Choice($0, $0.hasSuffix("_r") ? "`\($0.dropLast(2))` turned round" : "matplotlib's map of that name") })

/// Options that several figures share. Each is described, checked and carried out once, here.
struct FigureOptions: OptionSet {
    let rawValue: Int

    /// The title and the size.
    static let frame = FigureOptions(rawValue: 1)
    /// The labels of both axes.
    static let labels = FigureOptions(rawValue: 2)
    /// The limits of both axes.
    static let axes = FigureOptions(rawValue: 4)
    /// The scales of both axes.
    static let scales = FigureOptions(rawValue: 8)
    /// The limits that two equal axes share.
    static let equalAxes = FigureOptions(rawValue: 16)
    /// The colours of planes, with their isolines.
    static let planes = FigureOptions(rawValue: 32)

    /// The options of a figure of axes with series between them.
    static let panel: FigureOptions = [.frame, .labels, .axes, .scales]

    /// The parameters of the options.
    fileprivate var parameters: [Parameter] {
        Self.known.flatMap { contains($0.option) ? $0.parameters : [] }
    }

    private static let known: [(option: FigureOptions, parameters: [Parameter])] = [
        (
            .planes,
            [
                Parameter("colours", .optional(.word(colourMaps)), .fallback(.none), coloursSummary),
                limits("limits", "the numbers at which colours begin and end; `none` leaves an end to the numbers"),
                Parameter(
                    "isolines", .either([.none, .number(.whole(1, 200)), .list(.number(.any), count: nil)]), .fallback(.none),
                    "lines of equal value: about how many, at round values, or the values"),
                Parameter("filled", .bool, .fallback(.bool(false)), "one colour for each band between two isolines"),
                Parameter("quantity", .optional(.text), .fallback(.none), "what the colour bar says; the unit is put behind it"),
            ]
        ),
        (.equalAxes, [limits("limits", "of both axes; `none` leaves an end to the numbers")]),
        (
            .labels,
            [
                Parameter("xlabel", .optional(.text), .fallback(.none), "what the horizontal axis is called; its unit is put behind it"),
                Parameter("ylabel", .optional(.text), .fallback(.none), "what the vertical axis is called"),
            ]
        ),
        (
            .scales,
            [
                Parameter("xscale", .optional(.word(axisScales)), .fallback(.none), "of the horizontal axis"),
                Parameter("yscale", .optional(.word(axisScales)), .fallback(.none), "of the vertical axis"),
            ]
        ),
        (
            .axes,
            [
                limits("xlimits", "the ends of the horizontal axis; `none` leaves one to the numbers"),
                limits("ylimits", "the ends of the vertical axis"),
            ]
        ),
        (
            .frame,
            [
                Parameter("title", .optional(.text), .fallback(.none), "over the figure"),
                Parameter(
                    "size", .optional(.list(.number(.within(100, 4000)), count: 2)), .fallback(.none), unit: "px",
                    "width and height of the figure: pixels of the SVG, of which PNG has two for one, and PDF 96 an inch"),
            ]
        ),
    ]

    private static func limits(_ name: String, _ summary: String) -> Parameter {
        Parameter(name, .optional(limitsType), .fallback(.none), summary)
    }

    /// The type of two ends, either of which may be left open.
    static let limitsType: ValueType = .list(.optional(.number(.any)), count: 2)
}

/// A word for a figure: its own parameters, those of its options that it does not have already, and what it draws before they are
/// carried out. Options that are left out are no part of the key: the figures that there were keep theirs. `later`: those of its own
/// parameters that it did not always have, with the values that give what it gave before.
func figureWord(
    _ name: String, family: String = "Figures", _ own: [Parameter], options: FigureOptions, _ summary: String,
    examples: [Example] = [], later: [String: Value] = [:],
    check: @escaping @Sendable (Call, CheckContext) throws -> Value = { call, _ in .call(call) },
    takes taken: (@Sendable (Call, CheckContext) throws -> Double?)? = nil,
    draws draw: @escaping @Sendable (Call, ComputeContext) throws -> Figure
) -> Word<ComputedWord> {
    let names = Set(own.map(\.name))
    let added = options.parameters.filter { !names.contains($0.name) }
    let defaults = Dictionary(added.compactMap { parameter in parameter.fallback.map { (parameter.name, $0) } }) { $1 }
    return Word(
        name, family: family, own + added, gives: .sort(.figure), summary, examples: examples,
        check: { call, context in
            try checkStyle(call)
            return try check(call, context)
        }, takes: taken, later: defaults.merging(later) { $1 },
        computes: { call, context in
            let figure = try draw(call, context)
            try checkDrawn(figure, call)
            let styled = figure.styled(try style(of: call))
            try checkStyled(styled, call)
            return .figure(styled)
        })
}

/// The style that the arguments of a figure's call say.
private func style(of call: Call) throws -> FigureStyle {
    func scale(_ name: String) -> Scale? { call[name].word.map { $0 == "log" ? .logarithmic : .linear } }
    var style = FigureStyle()
    if let title = call["title"].string, !title.isEmpty { style.title = title }
    if let size = call["size"].items?.compactMap(\.number), size.count == 2 { style.size = Size(width: size[0], height: size[1]) }
    style.xLabel = call["xlabel"].string
    style.yLabel = call["ylabel"].string
    style.xScale = scale("xscale")
    style.yScale = scale("yscale")
    style.xLimits = limits(call["xlimits"])
    style.yLimits = limits(call["ylimits"])
    style.limits = limits(call["limits"])
    style.map = call["colours"].word.flatMap { ColourMap($0) }
    style.quantity = call["quantity"].string
    let isFilled = call["filled"].bool ?? false
    if let count = call["isolines"].integer {
        style.isolines = Isolines(.about(count), isFilled: isFilled)
    } else if let levels = levels(call) {
        style.isolines = Isolines(.at(levels), isFilled: isFilled)
    } else if isFilled {
        style.isolines = Isolines(.about(10), isFilled: true)
    }
    return style
}

/// The values of the isolines that a call names; nil where it names none.
private func levels(_ call: Call) -> [Double]? { call["isolines"].items?.compactMap(\.number) }

private func limits(_ value: Value) -> FigureStyle.Limits {
    guard let ends = value.items, ends.count == 2 else { return FigureStyle.Limits() }
    return FigureStyle.Limits(lower: ends[0].number, upper: ends[1].number)
}

/// Checks the options of a figure against one another. Throws `range`.
private func checkStyle(_ call: Call) throws {
    for (name, scale) in [("limits", "scale"), ("xlimits", "xscale"), ("ylimits", "yscale")] {
        let ends = limits(call[name])
        if let low = ends.lower, let high = ends.upper, low >= high {
            throw Diagnostic(
                "range", "`\(name)` expected a lower end and a higher one, found \(written(low)) and \(written(high))",
                at: call.span(of: name), hint: low > high ? "turn them round: [\(written(high)), \(written(low))]" : nil)
        }
        if call[scale].word == "log" { try checkPositive(ends, name, call) }
    }
    guard let levels = levels(call) else { return }
    guard !levels.isEmpty, levels.count <= 200 else {
        throw Diagnostic(
            "range", "`isolines` expected 1 to 200 values, found \(levels.isEmpty ? "none" : String(levels.count))",
            at: call.span(of: "isolines"))
    }
    if call["scale"].word == "log", let wrong = levels.first(where: { $0 <= 0 }) {
        throw Diagnostic(
            "range", "a logarithmic scale has numbers above 0 alone, found an isoline at \(written(wrong))", at: call.span(of: "isolines"),
            hint: "write `scale: linear`, or leave it out")
    }
    let ends = limits(call["limits"])
    if let wrong = levels.first(where: { $0 < ends.lower ?? -.infinity || $0 > ends.upper ?? .infinity }) {
        throw Diagnostic(
            "range", "the isoline at \(written(wrong)) lies beyond the `limits` of the colours", at: call.span(of: "isolines"))
    }
}

private func checkPositive(_ ends: FigureStyle.Limits, _ name: String, _ call: Call) throws {
    guard let wrong = [ends.lower, ends.upper].compactMap({ $0 }).first(where: { $0 <= 0 }) else { return }
    throw Diagnostic(
        "range", "a logarithmic scale has numbers above 0 alone, found \(written(wrong)) in `\(name)`", at: call.span(of: name),
        hint: "`none` leaves an end to the numbers, as in [none, 10]")
}

/// Checks that the options which colour planes have planes to colour. Throws `type`.
private func checkDrawn(_ figure: Figure, _ call: Call) throws {
    guard case .gallery(let gallery) = figure, gallery.isOfPictures else { return }
    let given = ["colours", "limits", "isolines", "quantity"].first { !call[$0].isNone && call[$0].word != "auto" }
    guard let name = given ?? (call["filled"].bool == true ? "filled" : nil) else { return }
    throw Diagnostic("type", "`\(name)` is for planes of numbers, and pictures have colours of their own", at: call.span(of: name))
}

/// Checks what only the numbers tell: that isolines which are named lie among them, and that a logarithmic axis has limits that it can
/// show. Throws `range`.
private func checkStyled(_ figure: Figure, _ call: Call) throws {
    if case .panel(let panel) = figure {
        for (name, axis) in [("xlimits", panel.x), ("ylimits", panel.y), ("limits", panel.x)] where axis.scale == .logarithmic {
            try checkPositive(limits(call[name]), name, call)
        }
    }
    if figure.colourScales.contains(where: { $0.scale == .logarithmic }) { try checkPositive(limits(call["limits"]), "limits", call) }
    guard let levels = levels(call), let ends = figure.planeExtremes else { return }
    guard !levels.contains(where: { (ends.least...ends.greatest).contains($0) }) else { return }
    let unit = figure.colourScales.first?.unit.map { " \($0)" } ?? ""
    throw Diagnostic(
        "range",
        """
        no isoline lies among the numbers that are drawn, which go from \(threeDigits(ends.least)) to \(threeDigits(ends.greatest))\(unit)
        """,
        at: call.span(of: "isolines"))
}
