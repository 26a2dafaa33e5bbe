import Diagnostics
import Language
import Models
import Tensors

/// A model as a graph, with the backbones in it.
public struct BuiltNetwork: Sendable {
    /// Network as a graph of operations.
    public var graph: Graph
    /// Backbones in the order in which they stand in the model, each with the object that declared it.
    public var backbones: [(object: Object, backbone: Backbone)]
    /// Encoders in the order in which they stand in the model, each with the object that declared it and the input that it reads.
    public var encoders: [(object: Object, found: FoundEncoder, encoder: Encoder, input: String)] = []

    /// Names of the parameters that the model's own body declares, not its backbones and encoders.
    public var own: Set<String> {
        let theirs = Set(
            backbones.flatMap { $0.backbone.layers.flatMap(\.parameters) } + encoders.flatMap { $0.encoder.parameters.map(\.name) })
        return Set(graph.parameters.map(\.name)).subtracting(theirs)
    }
}

extension CheckContext {
    /// The graph of a model, built once a session. Throws `empty-model`, `type`, and the diagnostics of shapes with the place
    /// of the layer.
    public func graph(of model: Object) throws -> Graph { try builtNetwork(of: model).graph }

    /// The graph of a model with its backbones, built once a session. Throws as `graph(of:)`.
    public func builtNetwork(of model: Object) throws -> BuiltNetwork {
        try remembered(BuiltModel(model: model, encoders: encoderVersion(of: model)), most: 32) { try build(model, self) }
    }
}

/// Key of a network that is remembered, by the state of the files of its encoders: their sizes stand there.
private struct BuiltModel: Hashable {
    var model: Object
    var encoders: Int
}

/// Builds the graph of a model, layer by layer.
private func build(_ model: Object, _ context: CheckContext) throws -> BuiltNetwork {
    let library = context.library
    guard let network = model.network, let output = network.output else {
        throw Diagnostic("empty-model", "`\(model.label ?? "model")` has no layers", at: model.origin.span)
    }
    var builder = NetworkBuilder()
    var nodes: [Int] = []
    var backbones: [(Object, Backbone)] = []
    var encoders: [(object: Object, found: FoundEncoder, encoder: Encoder, input: String)] = []
    /// The text that a sequence came from, by the nodes of both.
    var texts: [Int: Int] = [:]
    for input in network.inputs {
        let extents = input.shape.integers ?? []
        do {
            let isText = extents.count == 2 && extents[0] == 2
            nodes.append(
                isText
                    ? try builder.textInput(input.name, length: extents[1]) : try builder.input(input.name, shape: Shape(extents)))
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
                    architecture, to: nodes[first], preparation: object.preparation(of: architecture),
                    grey: object.greyImages)
                nodes.append(node)
                backbones.append((object, backbone))
            } catch let diagnostic as Diagnostic {
                throw diagnostic.at(application.origin.span)
            }
            continue
        }
        if case .object(let object) = application.layer, object.kind == encoderKind.name {
            do {
                let found = try context.encoder(object)
                let (node, encoder) = try builder.encoder(found.configuration, to: nodes[first])
                let input = network.inputs.indices.contains(first) ? network.inputs[first].name : ""
                texts[node] = nodes[first]
                nodes.append(node)
                encoders.append((object, found, encoder, input))
            } catch let diagnostic as Diagnostic {
                throw diagnostic.at(application.origin.span)
            }
            continue
        }
        guard let call = application.layer.call else {
            throw Diagnostic("type", "expected a layer, found \(application.layer.phrase)", at: application.origin.span)
        }
        let layer: Layer = try library.meaning(of: withoutSpaces(call))
        if layer.readsTokens {
            guard let text = texts[nodes[first]] else {
                throw Diagnostic(
                    "shape", "`\(layer.keyword)` expected what an encoder gives, found \(builder.graph.nodes[nodes[first]].shape)",
                    at: application.origin.span, hint: "write `text >> encoder >> \(layer.keyword)`")
            }
            nodes.append(try builder.apply(layer, to: [nodes[first], text]))
            continue
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
            if diagnostic.label == nil, diagnostic.message.contains("would leave nothing") {
                diagnostic.label = shrinkage(of: network, upTo: nodes.count - network.inputs.count, to: before, in: builder.graph, library)
            }
            throw diagnostic.at(application.origin.span)
        }
    }
    guard nodes.indices.contains(output) else {
        throw Diagnostic("empty-model", "`\(model.label ?? "model")` has no output", at: model.origin.span)
    }
    builder.graph.outputs = [nodes[output]]
    return BuiltNetwork(graph: builder.graph, backbones: backbones, encoders: encoders)
}

extension Layer {
    /// Whether the layer reads the tokens of a text, behind an encoder.
    fileprivate var readsTokens: Bool {
        switch self {
        case .meanTokens, .firstToken: true
        default: false
        }
    }
}

/// The reason why nothing is left for the window of a layer, as a phrase.
private func shrinkage(of network: Network, upTo count: Int, to shape: Shape, in graph: Graph, _ library: Library) -> String {
    let poolings = network.applications.prefix(count).count { application in
        guard let call = application.layer.call, case .pool? = try? library.meaning(of: withoutSpaces(call), as: Layer.self) else {
            return false
        }
        return true
    }
    guard poolings > 0, let first = graph.nodes.first?.shape else { return "the window is larger than its input" }
    func size(_ shape: Shape) -> String { shape.extents.prefix(2).map(String.init).joined(separator: "x") }
    return "after \(poolings) pooling\(poolings == 1 ? "" : "s") \(size(first)) is \(size(shape)); remove one"
}
