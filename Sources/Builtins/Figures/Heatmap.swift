import Densities
import Diagnostics
import Language
import Plotting

private let al = "let al = chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\")\n"

/// The figure `heatmap`: one plane.
let heatmapFigures = Vocabulary([
    figureWord(
        "heatmap",
        [
            Parameter("of", anyTensor, "a plane: rows, columns and perhaps one channel"),
            Parameter("title", .text, .fallback(.text(Text(""))), "over the figure"),
            Parameter("scale", .word(axisScales), .fallback(.word("linear")), "of the colours"),
            // In the key also where it is left out: a plane whose numbers have both signs looked otherwise before there were maps.
            Parameter("colours", .word(colourMaps), .fallback(.word("auto")), coloursSummary),
            Parameter(
                "sites", .either([.none, .bool, anyDensity]), .fallback(.none),
                "the density whose atoms are drawn where they lie on the plane, or `true` for the atoms of the crystal that was cut"),
            Parameter(
                "depth", .number(.within(0, 5)), .fallback(.number(siteDepth)), unit: "A",
                "how far from the plane an atom of `sites` may lie; those beyond the default are drawn hollow"),
            Parameter(
                "cell", .optional(.bool), .fallback(.none),
                "the edges of the plane's cells: `true` draws those within a larger window too, `false` not even the edge of the plane"
            ),
            Parameter("scaleBar", .bool, .fallback(.bool(false)), "a bar that says how long it is in A, in place of the axes"),
        ], options: [.frame, .labels, .planes],
        "One plane as a heat map: a plane through a crystal in its true shape, anything else as square pixels.",
        examples: [
            Example(
                "plot heatmap(plane(chgcar(\"data/fcc-dft/densities/Al-fcc.CHGCAR.gz\"), [1, 1, 1]), title: \"Al (111)\") to \"out/al.svg\""
            ),
            Example(
                al + """
                    plot heatmap(
                        plane(al, [1, 1, 1], repeats: [2, 2]), sites: true, cell: true, scaleBar: true,
                        isolines: 12, filled: true, colours: gist_ncar, limits: [0.15, 0.3]
                    ) to "out/bands.svg"
                    """),
        ],
        later: ["sites": .none, "depth": .number(siteDepth), "cell": .none, "scaleBar": .bool(false)],
        check: checkHeatmap, draws: { call, context in .heatmap(try context.heatmap(call)) })
])

/// Checks that a tensor is a plane, that what belongs on a plane through a crystal has one, and that its atoms are those of that
/// crystal. Throws `shape`, `type`, `cell`.
@Sendable private func checkHeatmap(_ call: Call, _ context: CheckContext) throws -> Value {
    if let shape = try context.facts(of: call["of"])?.shape { try checkPlane(shape, at: call.span(of: "of")) }
    if call["depth"].number != siteDepth, call["sites"].isNone || call["sites"].bool == false {
        throw Diagnostic(
            "missing-argument", "`depth` is how far an atom of `sites` may lie from the plane, and none are drawn",
            at: call.span(of: "depth"),
            hint: "add `sites: true`")
    }
    guard let cut = call["of"].cut?.cut else {
        let given = ["sites", "cell", "scaleBar"].first { !call[$0].isNone && call[$0].bool != false }
        guard let given else { return .call(call) }
        throw Diagnostic(
            "type", "`\(given)` belongs to a plane through a crystal, found \(call["of"].phrase)", at: call.span(of: given),
            hint: "draw what `plane` gives itself: what is worked out from it lies in no crystal any more")
    }
    if let cell = try context.facts(of: call["sites"])?.tensor.cell, let vectors = cell.vectors, let others = cut.vectors {
        guard isOneCell(vectors, others) else { throw otherCrystal(cell.formula, cut.formula, at: call.span(of: "sites")) }
    }
    return .call(call)
}

private func isOneCell(_ a: [[Double]], _ b: [[Double]]) -> Bool {
    let (u, v) = (Array(a.joined()), Array(b.joined()))
    return u.count == v.count && zip(u, v).allSatisfy { abs($0 - $1) <= 1e-3 * (u.map(abs).max() ?? 0) }
}

private func otherCrystal(_ found: String?, _ wanted: String?, at span: SourceSpan?) -> Diagnostic {
    func cell(_ formula: String?) -> String { formula.map { "the cell of \($0)" } ?? "another cell" }
    return Diagnostic(
        "cell", "`sites` expected the crystal that the plane cuts, \(cell(wanted)), found \(cell(found))", at: span,
        notes: found == wanted ? ["their lattice vectors differ by more than a thousandth"] : [],
        hint: "write `sites: true` for the atoms of the crystal that was cut")
}

extension ComputeContext {
    /// The heat map of a plane, with the atoms on it and the edges of its cells.
    fileprivate func heatmap(_ call: Call) throws -> Heatmap {
        let arguments = arguments(of: call)
        let value = call["of"]
        let plane = try drawn(value, at: call.span(of: "of"))
        let scale: Scale = try arguments.word("scale") == "log" ? .logarithmic : .linear
        let colours = ColourScale(
            value.cut?.cutName ?? "value", unit: try array(value).unit, scale: scale, isSigned: value.isSigned([plane]))
        var heatmap = Heatmap(plane, colours: colours, title: try arguments.text("title"))
        guard value.cut != nil, case .cut(_, _, let cut) = try compute(value) else { return heatmap }
        heatmap.note = cut.words + "."
        heatmap.hasScaleBar = try arguments.flag("scaleBar")
        if let drawsCells = call["cell"].bool { heatmap.outline = drawsCells ? .lines(cut.cellEdges()) : .none }
        let depth = try arguments.number("depth")
        try located(call.span(of: "sites")) {
            if call["sites"].bool == true { heatmap.sites = try cut.sites(of: cut.atoms, within: depth) }
            guard call["sites"].isDeferredNumber else { return }
            let crystal = try density(call["sites"]).density
            guard isOneCell(crystal.lattice.rows, cut.lattice.rows) else {
                throw otherCrystal(formula(of: crystal.atoms.map(\.element)), formula(of: cut.atoms.map(\.element)), at: nil)
            }
            heatmap.sites = try cut.sites(of: crystal.atoms, within: depth)
        }
        if heatmap.sites.contains(where: \.isOff) { heatmap.note += " Hollow: atoms up to \(threeDigits(depth)) A off the plane." }
        return heatmap
    }
}
