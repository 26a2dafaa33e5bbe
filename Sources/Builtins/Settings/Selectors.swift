import Diagnostics
import Language
import Models
import Tensors

/// The type of a selector of trainable parameters: `head`, `all`, or a call such as `last(50, of: net)`.
let selectorType: ValueType = .either([.word(learning), .sort(.selector)])

/// The words for what learns in a stage.
let learning: Choices = ["head": "what the model's own body declares, beside its backbone", "all": "every layer"]

/// A choice of parameters of a network, by name.
struct LayerSelector: Sendable {
    /// The names of the chosen parameters in a network. Throws `no-match` where there are none.
    var parameters: @Sendable (BuiltNetwork) throws -> Set<String>
}

/// A learning rate for some of the parameters that a stage trains.
struct RateOf: Sendable {
    var selector: Value
    var rate: Value
}

/// The selectors of the parameters that a stage trains: `last`, `from` and `matching`.
let selectors = Vocabulary<LayerSelector>([
    Word(
        "last", family: "Schedules",
        [
            Parameter("count", .varying(.number(.count())), "how many layers"),
            Parameter("of", .either([.object("backbone"), .object("encoder")]), "the backbone, or the encoder"),
        ],
        gives: .sort(.selector),
        """
        The last layers of a backbone, counted as Keras counts `model.layers`: a convolution, a normalisation and an activation are three. \
        Of an encoder its last blocks, as transformers counts layers; of ALBERT, whose layers share their parameters, all of them.
        """,
        examples: [Example(Example.inception + "schedule s { stage end { train: last(50, of: net) } }\nshow s")], check: checkLast
    ) { arguments in
        let count = try arguments.integer("count")
        return LayerSelector { network in
            if let object = arguments.call["of"].object, object.kind == encoderKind.name {
                return Set(try network.encoder(object, arguments.call).parameters(ofLast: count).names)
            }
            return Set(try network.backbone(arguments.call).layers.suffix(count).flatMap(\.parameters))
        }
    },
    Word(
        "from", family: "Schedules",
        [
            Parameter("layer", .text, "the name of a layer, as in Keras: `\"mixed7\"`"),
            Parameter("of", .optional(.object("backbone")), .fallback(.none), "the backbone; the model's only one where not given"),
        ],
        gives: .sort(.selector), "The layer of that name and all that come after it in Keras's `model.layers`.",
        examples: [Example(Example.inception + "schedule s { stage end { train: from(\"mixed9\", of: net) } }\nshow s")], check: checkFrom
    ) { arguments in
        let layer = try arguments.text("layer")
        return LayerSelector { network in
            let backbone = try network.backbone(arguments.call)
            return Set(backbone.layers.suffix(try layers(of: backbone.architecture, from: layer, arguments.call)).flatMap(\.parameters))
        }
    },
    Word(
        "matching", family: "Schedules",
        [
            Parameter(
                "pattern", .text, "of a parameter's name, `*` for any letters: `\"*.beta\"`, `\"dense_1.*\"`, `\"InceptionV3_1.conv2d_9*\"`"
            )
        ],
        gives: .sort(.selector), "The parameters whose names fit a pattern.",
        examples: [Example("schedule s { stage biases { train: matching(\"*.bias\") } }\nshow s")]
    ) { arguments in
        let pattern = try arguments.text("pattern")
        return LayerSelector { try $0.parameters(matching: pattern, at: arguments.call.span(of: "pattern")) }
    },
])

/// The builtin `group`: a learning rate for some of the parameters that a stage trains.
let rateGroups = Vocabulary<RateOf>([
    Word(
        "group", family: "Schedules",
        [Parameter("of", selectorType, "which of what learns"), Parameter("rate", rateType, "its learning rate")],
        gives: .sort(.group), "A learning rate of their own for some of what a stage trains.",
        examples: [Example("schedule s { stage whole { train: all, rate: 1e-4, groups: [group(head, rate: 1e-3)] } }\nshow s")]
    ) { RateOf(selector: $0.call["of"], rate: $0.call["rate"]) }
])

/// Checks that a backbone has as many layers. Throws `no-match`.
@Sendable private func checkLast(_ call: Call, _ context: CheckContext) throws -> Value {
    if let object = call["of"].object, object.kind == encoderKind.name {
        let most = try context.encoder(object).configuration.layers
        if let count = call["count"].integer, count > most {
            throw Diagnostic(
                "no-match", "`last` expected at most the \(most) layers of `\(object.label ?? "the encoder")`, found \(count)",
                at: call.span(of: "count"), hint: "`last(\(most), ...)` is all of them, without the embeddings")
        }
        let found = try context.encoder(object)
        if let count = call["count"].integer,
            let remark = try found.network().parameters(ofLast: count).remark
        {
            let warning = Diagnostic("shared-layers", remark, severity: .warning, at: call.origin.span)
            if context.isFirst(warning) { context.reported.append(warning) }
        }
        return .call(call)
    }
    guard let count = call["count"].integer, let architecture = call["of"].object?.architecture else { return .call(call) }
    let most = architecture.layers.count
    guard count <= most else {
        throw Diagnostic(
            "no-match", "`last` expected at most the \(most) layers of `\(architecture.name)`, found \(count)",
            at: call.span(of: "count"), hint: "`last(\(most), ...)` is all of them")
    }
    return .call(call)
}

/// Checks that a backbone has a layer of that name. Throws `no-match`.
@Sendable private func checkFrom(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let name = call["layer"].string, let backbone = call["of"].object, let architecture = backbone.architecture else {
        return .call(call)
    }
    _ = try layers(of: architecture, from: name, call)
    return .call(call)
}

/// The number of layers of an architecture from a named one to the last. Throws `no-match`.
private func layers(of architecture: Architecture, from name: String, _ call: Call) throws -> Int {
    let names = architecture.layers.map(\.name)
    if let place = names.firstIndex(of: name) { return names.count - place }
    let near = nearMiss(name, among: names).map { "did you mean `\($0)`?" }
    let blocks = architecture.blocks
    throw Diagnostic(
        "no-match", "`from(\"\(name)\")` matches no layer of `\(architecture.name)`", at: call.span(of: "layer"), label: near,
        hint: near == nil
            ? (blocks.isEmpty
                ? "its layers are listed by `show b.layers`" : "its blocks are \(blocks.first ?? "") ... \(blocks.last ?? "")") : nil)
}

extension BuiltNetwork {
    /// The parameters that a selector names. Throws `no-match` where there are none.
    func parameters(_ selector: Value, library: Library, at span: SourceSpan?) throws -> Set<String> {
        if selector.word == "all" { return Set(graph.parameters.map(\.name)) }
        if selector.word == "head" {
            let own = own
            guard !own.isEmpty else {
                throw Diagnostic("no-match", "`head` matches nothing: the model has no layers of its own with parameters", at: span)
            }
            return own
        }
        guard let call = selector.call else { throw Diagnostic("type", "expected what learns, found \(selector.phrase)", at: span) }
        return try library.meaning(of: withoutSpaces(call), as: LayerSelector.self).parameters(self)
    }

    /// The parameters whose names match a pattern. Throws `no-match` where there are none.
    fileprivate func parameters(matching pattern: String, at span: SourceSpan?) throws -> Set<String> {
        let names = graph.parameters.map(\.name)
        let found = names.filter { matches($0, pattern) }
        guard !found.isEmpty else {
            throw Diagnostic(
                "no-match", "`matching(\"\(pattern)\")` matches no parameter of the model", at: span,
                label: nearMiss(pattern, among: names).map { "did you mean `\($0)`?" },
                hint: names.first.map { "parameters are named like `\($0)`" })
        }
        return Set(found)
    }

    /// The encoder that a selector's call names. Throws `no-match`.
    fileprivate func encoder(_ object: Object, _ call: Call) throws -> Encoder {
        guard let found = encoders.first(where: { $0.object == object }) else {
            throw Diagnostic("no-match", "the encoder `\(object.label ?? "")` is not in the model", at: call.span(of: "of"))
        }
        return found.encoder
    }

    /// The backbone that a selector's call names, or the model's only one. Throws `no-match`.
    fileprivate func backbone(_ call: Call) throws -> Backbone {
        guard let wanted = call["of"].object else {
            guard backbones.count == 1 else {
                throw Diagnostic(
                    "no-match", "`\(call.builtin)` needs a backbone: the model has \(backbones.count)", at: call.origin.span,
                    hint: "name it: `of: b`")
            }
            return backbones[0].backbone
        }
        guard let found = backbones.first(where: { $0.object == wanted }) else {
            throw Diagnostic("no-match", "the backbone `\(wanted.label ?? "")` is not in the model", at: call.span(of: "of"))
        }
        return found.backbone
    }
}

/// Whether a name matches a pattern in which `*` stands for any letters.
private func matches(_ name: String, _ pattern: String) -> Bool {
    let name = Array(name.utf8)
    let pattern = Array(pattern.utf8)
    let star = UInt8(ascii: "*")
    var (n, p) = (0, 0)
    var last: (n: Int, p: Int)?
    while n < name.count {
        if p < pattern.count, pattern[p] == star {
            last = (n, p)
            p += 1
        } else if p < pattern.count, pattern[p] == name[n] {
            n += 1
            p += 1
        } else if let mark = last {
            // The last star takes one letter more.
            last = (mark.n + 1, mark.p)
            (n, p) = (mark.n + 1, mark.p + 1)
        } else {
            return false
        }
    }
    return pattern[p...].allSatisfy { $0 == star }
}
