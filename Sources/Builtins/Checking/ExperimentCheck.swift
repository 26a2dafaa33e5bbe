import Diagnostics
import Language

/// Checks that a model and a data set fit one another, and that what is asked of them makes sense.
@Sendable func checkExperiment(_ experiment: Object, _ context: CheckContext) throws {
    try refuseSpaces(in: experiment)
    guard let data = experiment["data"].object, let model = experiment["model"].object, let network = model.network else { return }
    let inputs = data["inputs"].record ?? [:]
    let plan = try context.plan(of: data)
    for input in network.inputs {
        guard inputs[input.name] != nil else {
            let near = nearMiss(input.name, among: inputs.keys.sorted())
            throw Diagnostic(
                "no-input", "the model's input `\(input.name)` is no input of `\(data.label ?? "the data set")`", at: experiment.span(of: "model"),
                label: near.map { "did you mean `\($0)`?" }, hint: "it has \(inputs.keys.sorted().map { "`\($0)`" }.joined(separator: ", "))")
        }
        guard let wanted = input.shape.integers, let found = plan.types[input.name]?.shape else { continue }
        if wanted != found {
            throw Diagnostic(
                "shape", "the model's input `\(input.name)` is \(wanted.map(String.init).joined(separator: "x")), the data set gives \(found.map(String.init).joined(separator: "x"))",
                at: experiment.span(of: "model"), hint: "write `input \(input.name): [\(found.map(String.init).joined(separator: ", "))]`")
        }
    }
    let graph = try graph(of: model)
    if let output = graph.outputs.first, graph.nodes[output].shape.extents != [1] {
        throw Diagnostic(
            "shape", "the model gives \(graph.nodes[output].shape), the target is one number", at: experiment.span(of: "model"),
            hint: "end the model in `dense(1)`")
    }
    let parts = plan.parts
    if parts.holdout.count < 20, !context.isSmoke, !context.hasSaid("small-holdout", about: data) {
        context.reported.append(Diagnostic(
            "small-holdout", "R2 over \(parts.holdout.count) sample\(parts.holdout.count == 1 ? "" : "s"); tables print its 95 % interval", severity: .warning, at: data.span(of: "split")))
    }
}

extension CheckContext {
    /// True from the second time on: a warning about a data set is given once, however many experiments use it.
    func hasSaid(_ id: String, about object: Object) -> Bool {
        let key = "said:\(id):\(object.hashValue)"
        if memory[key] != nil { return true }
        memory[key] = true
        return false
    }
}
