import Diagnostics
import Language
import Tensors

private let tensor: ValueType = .tensor(TensorType(shape: nil, unit: nil))

/// Figures of pictures, and of bands.
let pictureFigureBuiltins: [Builtin] = [
    Builtin(
        "image", family: "Figures",
        [
            Parameter("of", tensor, "a picture: rows, columns and three channels; one channel is drawn in greys"),
            Parameter("title", .text, .fallback(.text(Text(""))), "over the picture"),
        ],
        gives: .sort("figure"), "One picture in its own colours. `rescale` and the order of channels are undone.",
        examples: [Example("plot image(picture(\"data/pictures/Al-100.png\"), title: \"Al (100)\") to \"out/al.png\"")],
        check: { call, context in
            guard let shape = try context.facts(of: call["of"])?.shape else { return .call(call) }
            guard PictureRange(of: call["of"]).channels(of: shape) != nil else {
                throw Diagnostic("shape", "`image` expected a picture of rows, columns and three channels, found shape \(shape.asShape)", at: call.span(of: "of"))
            }
            return .call(call)
        }),
    Builtin(
        "intervals", family: "Figures",
        [
            Parameter("of", .map(.list(tensor, count: 2)), "sets of bands by name, each two tensors of as many elements: lower and upper ends"),
            Parameter("against", .map(.either([.number(.any), tensor])), .fallback(.record([:])), "values by name that are drawn as lines across"),
            Parameter("quantity", .text, .fallback(.text(Text("value"))), "what the bands are of"),
            Parameter("title", .text, .fallback(.text(Text(""))), "over the figure"),
        ],
        gives: .sort("figure"), "Bands side by side with lines at values to compare them with.",
        examples: [Example(
            "let low = tensor([14.5, 15.2])\nlet high = tensor([15.8, 17.0])\nplot intervals({ first: [low, high] }, against: { truth: 15.9 }, quantity: \"deviation\") to \"out/bands.svg\"")],
        check: checkIntervals),
]

@Sendable private func checkIntervals(_ call: Call, _ context: CheckContext) throws -> Value {
    let sets = call["of"].record ?? [:], lines = call["against"].record ?? [:]
    for (name, field) in sets {
        let shapes = try (field.value.items ?? []).compactMap { try context.facts(of: $0)?.shape }
        guard let first = shapes.first, first.count <= 1, shapes.allSatisfy({ $0 == first }) else {
            throw Diagnostic(
                "shape", "`\(name)` expected two tensors of one axis and as many elements, found \(shapes.map(\.asShape).joined(separator: " and "))",
                at: field.origin.span)
        }
    }
    for (name, field) in lines {
        if let shape = try context.facts(of: field.value)?.shape, !shape.isEmpty {
            throw Diagnostic("shape", "`\(name)` expected one number, found shape \(shape.asShape)", at: field.origin.span)
        }
    }
    return .call(call)
}
