import Diagnostics
import Language
import Models
import Tensors

/// The kind `model`: layers from named inputs to one output.
let modelKind = Kind(
    "model", "Layers from named inputs to one output.", fields: [],
    network: NetworkWords(
        contents: "an `input` and layers", input: "image", chain: "dense(1)",
        misplaced: "`input` belongs in a model; a data set has `inputs: { ... }`"),
    isApplied: true,
    examples: [
        Example(
            """
            model m {
                input image: [12, 12, 3]
                image >> conv(4, kernel: 3, activation: relu) >> globalAveragePool >> dense(1)
            }
            show m
            """
        )
    ],
    check: checkModel)

/// Checks that a model can be built. Warns of an input that is not used, and of an output that is an image.
@Sendable private func checkModel(_ model: Object, _ context: CheckContext) throws {
    guard let network = model.network else { return }
    let graph = try context.graph(of: model)
    let used = Set(network.applications.flatMap(\.inputs) + (network.output.map { [$0] } ?? []))
    for (index, input) in network.inputs.enumerated() where !used.contains(index) {
        context.reported.append(
            Diagnostic(
                "unused-input", "the model never uses its input `\(input.name)`", severity: .warning, at: input.origin.span))
    }
    if let output = graph.outputs.first, graph.nodes[output].shape.rank != 1 {
        context.reported.append(
            Diagnostic(
                "open-output", "the model ends in an image of \(graph.nodes[output].shape)", severity: .warning, at: model.origin.span,
                hint: "end in `dense(1)` to predict a number"))
    }
}
