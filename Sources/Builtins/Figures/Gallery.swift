import Diagnostics
import Language
import Plotting
import Tensors

/// The figure `gallery`: many planes or pictures at once.
let galleryFigures = Vocabulary([
    figureWord(
        "gallery",
        [
            Parameter("of", anyTensor, "an input of a data set, `crystals.inputs.plane`, or a tensor of items"),
            Parameter("count", .number(.whole(1, 10_000)), .fallback(.number(24)), "how many items, spread evenly over the rows"),
            Parameter("label", .optional(.text), .fallback(.none), "the column to title each with; the id where not given"),
            Parameter("columns", .optional(.number(.whole(1, 1000))), .fallback(.none), "of the gallery"),
            Parameter("scale", .word(axisScales), .fallback(.word("log")), "of the colours"),
        ],
        options: [.frame, .planes], "Planes side by side on one colour scale, each in the shape of its cell.",
        examples: [Example("plot gallery(crystals.inputs.plane, count: 8, label: \"formula\") to \"out/planes.svg\"", with: .crystals)],
        check: checkGallery, takes: memoryOfGallery, draws: { call, context in try context.gallery(call) })
])

/// Checks that the column which titles the items is there, and that there are items. Throws `unknown-column`, `shape`.
@Sendable private func checkGallery(_ call: Call, _ context: CheckContext) throws -> Value {
    if let (data, _) = call["of"].call?.datasetInput {
        let table = try context.plan(of: data).table
        if let label = call["label"].string { _ = try located(call.span(of: "label")) { try table.column(label) } }
    } else if !call["label"].isNone {
        throw Diagnostic(
            "type", "`label` is a column of a data set, and these items are of none", at: call.span(of: "label"),
            hint: "draw an input, as in `crystals.inputs.plane`, or leave it out")
    } else if let shape = try context.facts(of: call["of"])?.shape, ![3, 4].contains(shape.count) {
        throw Diagnostic("shape", "`gallery` expected items of rows and columns, found shape \(shape.asShape)", at: call.span(of: "of"))
    }
    guard call["scale"].word == "linear", call["colours"].isNone else { return .call(call) }
    // In the key then: planes whose numbers have both signs looked otherwise before there were maps.
    var call = call
    call.arguments["colours"] = Field(.word("auto"))
    return .call(call)
}

/// The bytes of the planes that are drawn of an input of a data set, whose other rows are not read; nil for a tensor of items, all
/// of which is computed.
@Sendable private func memoryOfGallery(_ call: Call, _ context: CheckContext) throws -> Double? {
    guard let (data, name) = call["of"].call?.datasetInput else { return nil }
    let plan = try context.plan(of: data)
    guard let shape = plan.input(name)?.type?.shape, let count = call["count"].number else { return 0 }
    return shape.prefix(2).reduce(Swift.min(count, Double(plan.count)) * Double(MemoryLayout<Float>.stride)) { $0 * Double($1) }
}

extension ComputeContext {
    /// The gallery of the items of a tensor, or of an input of a data set.
    fileprivate func gallery(_ call: Call) throws -> Figure {
        let arguments = arguments(of: call)
        let scale: Scale = try arguments.word("scale") == "linear" ? .linear : .logarithmic
        guard let (data, name) = call["of"].call?.datasetInput else {
            let (array, unit) = try array(call["of"])
            let shape = array.shape.extents
            let chosen = spread(try arguments.integer("count"), over: shape.first ?? 0)
            if shape.count == 4, shape[3] == 3 {
                let tiles = try chosen.map { Tile(String($0), try coloured(array.sliced([.at($0)]), pixelScale(of: call["of"]))) }
                return .gallery(tiles, colours: brightness, columns: try arguments.optional("columns", arguments.integer))
            }
            let tiles = try chosen.map { Tile(String($0), try pixels(array.sliced([.at($0)]))) }
            return .gallery(
                tiles, colours: ColourScale("value", unit: unit, scale: scale, isSigned: call["of"].isSigned(tiles.map(\.plane))),
                columns: try arguments.optional("columns", arguments.integer))
        }
        let plan = try results.plan(of: data)
        guard let input = plan.input(name) else { throw Diagnostic("type", "the data set has no input `\(name)`") }
        let pipeline = input.pipeline
        var labels: [String]?
        if let label = call["label"].string { labels = try located(call.span(of: "label")) { try plan.table.column(label).cells } }
        let chosen = spread(try arguments.integer("count"), over: plan.count)
        let drawn = cut(in: pipeline).map(Value.call) ?? pipeline
        if let shape = input.type?.shape, shape.count == 3, shape[2] == 3 {
            let tiles = try chosen.map { row -> Tile in
                let values = try ComputeContext(source: results, files: input.choice(row: row)).array(pipeline).array
                return Tile(labels.map { $0[plan.rows[row]] } ?? plan.ids[row], try coloured(values, pixelScale(of: pipeline)))
            }
            return .gallery(tiles, colours: brightness, columns: try arguments.optional("columns", arguments.integer))
        }
        let tiles = try chosen.map { row -> Tile in
            let title = labels.map { $0[plan.rows[row]] } ?? plan.ids[row]
            return Tile(title, try ComputeContext(source: results, files: input.choice(row: row)).drawn(drawn, at: call.span(of: "of")))
        }
        let type = drawn.cut ?? input.type
        let colours = ColourScale(
            drawn.cut?.cutName ?? name, unit: type?.unit, scale: scale, isSigned: drawn.isSigned(tiles.map(\.plane)))
        let plane = try planeInWords(ofInput: call["of"]).map { $0 + "." }
        return .gallery(tiles, colours: colours, columns: try arguments.optional("columns", arguments.integer), note: plane ?? "")
    }

    /// Indices of `count` items spread evenly over all rows, so that the first letters of the alphabet do not stand for all.
    private func spread(_ count: Int, over all: Int) -> [Int] {
        let count = min(count, all)
        return (0..<count).map { $0 * all / max(1, count) }
    }
}
