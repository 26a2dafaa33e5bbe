import Diagnostics
import Language
import Models
import Tensors

/// A model as a graph, with the backbones in it.
public struct BuiltNetwork: Sendable {
    public var graph: Graph
    /// In the order in which they stand in the model, each with what declared it.
    public var backbones: [(object: Object, backbone: Backbone)]

    /// The parameters that the model's own body declares.
    public var own: Set<String> {
        let theirs = Set(backbones.flatMap { $0.backbone.layers.flatMap(\.parameters) })
        return Set(graph.parameters.map(\.name)).subtracting(theirs)
    }
}

/// The graph of a model, for a data set or on its own. Throws the diagnostics of shapes with the place of the layer.
public func graph(of model: Object) throws -> Graph { try builtNetwork(of: model).graph }

/// The graph of a model with its backbones. Throws as `graph(of:)`.
public func builtNetwork(of model: Object) throws -> BuiltNetwork {
    guard let network = model.network, let output = network.output else {
        throw Diagnostic("empty-model", "`\(model.label ?? "model")` has no layers", at: model.origin.span)
    }
    var builder = NetworkBuilder()
    var nodes: [Int] = []
    var backbones: [(Object, Backbone)] = []
    for input in network.inputs {
        let extents = input.shape.integers ?? []
        do {
            nodes.append(try builder.input(input.name, shape: Shape(extents)))
        } catch let diagnostic as Diagnostic {
            throw diagnostic.at(input.origin.span)
        }
    }
    for application in network.applications {
        guard let first = application.inputs.first, application.inputs.allSatisfy({ nodes.indices.contains($0) }) else {
            throw Diagnostic("type", "expected a layer, found \(application.layer.phrase)", at: application.origin.span)
        }
        if case .object(let object) = application.layer, let architecture = object.architecture {
            do {
                let (node, backbone) = try builder.apply(
                    architecture, to: nodes[first], preparation: object.preparation(of: architecture), grey: object["channels"].word.flatMap(GreyImages.init(rawValue:)))
                nodes.append(node)
                backbones.append((object, backbone))
            } catch let diagnostic as Diagnostic {
                throw diagnostic.at(application.origin.span)
            }
            continue
        }
        guard let layer = layer(from: application.layer) else {
            throw Diagnostic("type", "expected a layer, found \(application.layer.phrase)", at: application.origin.span)
        }
        let before = builder.graph.nodes[nodes[first]].shape
        do {
            nodes.append(try builder.apply(layer, to: application.inputs.map { nodes[$0] }))
        } catch var diagnostic as Diagnostic {
            // The place shows which layer; its declared form reads better than its name in the graph.
            let shown = "\(layer.keyword)"
            if diagnostic.id == "shape", let end = diagnostic.message.dropFirst().firstIndex(of: "`") {
                diagnostic.message = "`\(shown)`" + diagnostic.message[diagnostic.message.index(after: end)...]
            }
            if diagnostic.label == nil, diagnostic.message.contains("would leave nothing") { diagnostic.label = shrinkage(of: network, upTo: nodes.count - network.inputs.count, to: before, in: builder.graph) }
            throw diagnostic.at(application.origin.span)
        }
    }
    guard nodes.indices.contains(output) else {
        throw Diagnostic("empty-model", "`\(model.label ?? "model")` has no output", at: model.origin.span)
    }
    builder.graph.outputs = [nodes[output]]
    return BuiltNetwork(graph: builder.graph, backbones: backbones)
}

/// Why nothing is left for the window of a layer.
private func shrinkage(of network: Network, upTo count: Int, to shape: Shape, in graph: Graph) -> String {
    let poolings = network.applications.prefix(count).count { ["maxPool", "averagePool"].contains($0.layer.call?.builtin ?? "") }
    guard poolings > 0, let first = graph.nodes.first?.shape else { return "the window is larger than its input" }
    func size(_ shape: Shape) -> String { shape.extents.prefix(2).map(String.init).joined(separator: "x") }
    return "after \(poolings) pooling\(poolings == 1 ? "" : "s") \(size(first)) is \(size(shape)); remove one"
}

/// The layer a call of the language describes.
func layer(from value: Value) -> Layer? {
    guard case .call(let call) = settled(value) else { return nil }
    func pair(_ name: String) -> [Int]? {
        if let both = call[name].integer { return [both, both] }
        return call[name].integers
    }
    let padding = call["padding"].word.flatMap(Padding.init(rawValue:)) ?? .valid
    let activation = call["activation"].word.flatMap(Activation.init(rawValue:))
    let bias = call["bias"].bool ?? true
    switch call.builtin {
    case "conv":
        guard let filters = call["filters"].integer, let kernel = pair("kernel"), let strides = pair("strides") else { return nil }
        return .conv(filters: filters, kernel: kernel, strides: strides, padding: padding, activation: activation, bias: bias)
    case "depthwiseConv":
        guard let kernel = pair("kernel"), let strides = pair("strides") else { return nil }
        return .depthwise(kernel: kernel, strides: strides, padding: padding, activation: activation)
    case "separableConv":
        guard let filters = call["filters"].integer, let kernel = pair("kernel"), let strides = pair("strides") else { return nil }
        return .separable(filters: filters, kernel: kernel, strides: strides, padding: padding, activation: activation, bias: bias)
    case "batchNorm":
        return .batchNorm(
            gamma: call["scale"].bool ?? true, beta: call["center"].bool ?? true, epsilon: call["epsilon"].number ?? 1e-3, momentum: call["momentum"].number ?? 0.99)
    case "zeroPad": return pair("margin").map { .zeroPad(before: $0, after: $0) }
    case "concatenate": return .concatenate
    case "add": return .add
    case "maxPool", "averagePool":
        guard let size = pair("size") else { return nil }
        return .pool(call.builtin == "maxPool" ? .max : .average, size: size, strides: pair("strides") ?? size, padding: padding)
    case "globalAveragePool": return .globalAveragePool
    case "flatten": return .flatten
    case "dense": return call["units"].integer.map { .dense(units: $0, activation: activation, bias: bias) }
    case "activation": return call["kind"].word.flatMap(Activation.init(rawValue:)).map { .activation($0) }
    case "dropout": return call["rate"].number.map { .dropout(rate: $0) }
    default: return nil
    }
}

@Sendable func checkModel(_ model: Object, _ context: CheckContext) throws {
    guard let network = model.network else { return }
    let graph = try graph(of: model)
    let used = Set(network.applications.flatMap(\.inputs) + (network.output.map { [$0] } ?? []))
    for (index, input) in network.inputs.enumerated() where !used.contains(index) {
        context.reported.append(Diagnostic(
            "unused-input", "the model never uses its input `\(input.name)`", severity: .warning, at: input.origin.span))
    }
    if let output = graph.outputs.first, graph.nodes[output].shape.rank != 1 {
        context.reported.append(Diagnostic(
            "open-output", "the model ends in an image of \(graph.nodes[output].shape)", severity: .warning, at: model.origin.span,
            hint: "end in `dense(1)` to predict a number"))
    }
}
