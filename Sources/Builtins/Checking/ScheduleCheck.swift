import Diagnostics
import Language
import Models
import Tensors

@Sendable func checkLast(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let count = call["count"].integer, let architecture = call["of"].object?.architecture else { return .call(call) }
    let most = architecture.layers.count
    guard count <= most else {
        throw Diagnostic("no-match", "`last` expected at most the \(most) layers of `\(architecture.rawValue)`, found \(count)", at: call.span(of: "count"), hint: "`last(\(most), ...)` is all of them")
    }
    return .call(call)
}

@Sendable func checkFrom(_ call: Call, _ context: CheckContext) throws -> Value {
    guard let name = call["layer"].string, let backbone = call["of"].object, let architecture = backbone.architecture else { return .call(call) }
    _ = try layers(of: architecture, from: name, call)
    return .call(call)
}

private func layers(of architecture: Architecture, from name: String, _ call: Call) throws -> Int {
    let names = architecture.layers.map(\.name)
    if let place = names.firstIndex(of: name) { return names.count - place }
    let near = nearMiss(name, among: names).map { "did you mean `\($0)`?" }
    let blocks = names.filter { $0.hasPrefix("mixed") && !$0.contains("_") }
    throw Diagnostic(
        "no-match", "`from(\"\(name)\")` matches no layer of `\(architecture.rawValue)`", at: call.span(of: "layer"), label: near,
        hint: near == nil ? (blocks.isEmpty ? "its layers are listed by `show b.layers`" : "its blocks are \(blocks.first ?? "") ... \(blocks.last ?? "")") : nil)
}

@Sendable func checkStage(_ stage: Object, _ context: CheckContext) throws {
    if let items = stage["train"].items, items.isEmpty {
        throw Diagnostic("no-match", "`train` expected something that learns, found an empty list", at: stage.span(of: "train"))
    }
}

/// What one stage trains in a network.
public struct StageTraining: Sendable {
    /// The parameters that learn.
    public var trainable: Set<String>
    /// The statistics of batch normalisations that follow the batches.
    public var moving: Set<String>
    /// Learning rates that depart from the stage's, by parameter: what a `group` gives.
    public var groups: [(names: Set<String>, rate: Value)]
}

extension BuiltNetwork {
    /// What an experiment's stage trains; nil is the one stage of an experiment without a schedule, which trains everything.
    /// Throws `no-match` where a selector finds nothing.
    public func training(_ stage: Object?) throws -> StageTraining {
        let learnable = Set(graph.parameters.filter { !$0.isStatistic }.map(\.name))
        guard let stage else {
            return StageTraining(trainable: learnable, moving: statistics(of: learnable, everywhere: false, untrained: true), groups: [])
        }
        let selectors: [Value] = stage["train"].items ?? [stage["train"]]
        var trainable: Set<String> = []
        for selector in selectors { trainable.formUnion(try selected(selector, at: stage.span(of: "train"))) }
        trainable.formIntersection(learnable)
        guard !trainable.isEmpty else {
            throw Diagnostic("no-match", "nothing learns in the stage `\(stage.label ?? "")`: what `train` names has no parameters", at: stage.span(of: "train"))
        }
        let groups = try (stage["groups"].items ?? []).compactMap(\.call).map { group in
            let names = try selected(group["of"], at: group.span(of: "of")).intersection(trainable)
            guard !names.isEmpty else { throw Diagnostic("no-match", "the group names nothing that learns in this stage", at: group.span(of: "of")) }
            return (names, group["rate"])
        }
        return StageTraining(
            trainable: trainable, moving: statistics(of: trainable, everywhere: stage["statistics"].word == "moving", untrained: false), groups: groups)
    }

    /// The statistics that move: those of normalisations of the model's own that learn, and of a backbone's where that is said or
    /// (`untrained`) it has no weights that they would belong to.
    private func statistics(of trainable: Set<String>, everywhere: Bool, untrained: Bool) -> Set<String> {
        let own = own
        let fresh = untrained ? Set(backbones.filter { $0.object["weights"].isNone }.flatMap { $0.backbone.layers.flatMap(\.parameters) }) : []
        var moving: Set<String> = []
        for node in graph.nodes {
            guard case .batchNorm(let norm) = node.operation else { continue }
            let learns = [norm.gamma, norm.beta].compactMap { $0 }.contains(where: trainable.contains)
            guard learns, everywhere || own.contains(norm.mean) || fresh.contains(norm.mean) else { continue }
            moving.formUnion([norm.mean, norm.variance])
        }
        return moving
    }

    private func selected(_ selector: Value, at span: SourceSpan?) throws -> Set<String> {
        if selector.word == "all" { return Set(graph.parameters.map(\.name)) }
        if selector.word == "head" {
            let own = own
            guard !own.isEmpty else { throw Diagnostic("no-match", "`head` matches nothing: the model has no layers of its own with parameters", at: span) }
            return own
        }
        guard let call = selector.call else { throw Diagnostic("type", "expected what learns, found \(selector.phrase)", at: span) }
        switch call.builtin {
        case "last":
            let (_, backbone) = try backbone(call)
            return Set(backbone.layers.suffix(call["count"].integer ?? 0).flatMap(\.parameters))
        case "from":
            let (_, backbone) = try backbone(call)
            let count = try layers(of: backbone.architecture, from: call["layer"].string ?? "", call)
            return Set(backbone.layers.suffix(count).flatMap(\.parameters))
        default:
            let pattern = call["pattern"].string ?? ""
            let names = graph.parameters.map(\.name)
            let found = names.filter { fits($0, pattern) }
            guard !found.isEmpty else {
                throw Diagnostic(
                    "no-match", "`matching(\"\(pattern)\")` matches no parameter of the model", at: call.span(of: "pattern"),
                    label: nearMiss(pattern, among: names).map { "did you mean `\($0)`?" }, hint: names.first.map { "parameters are named like `\($0)`" })
            }
            return Set(found)
        }
    }

    private func backbone(_ call: Call) throws -> (Object, Backbone) {
        guard let wanted = call["of"].object else {
            guard backbones.count == 1 else { throw Diagnostic("no-match", "`\(call.builtin)` needs a backbone: the model has \(backbones.count)", at: call.origin.span, hint: "name it: `of: b`") }
            return backbones[0]
        }
        guard let found = backbones.first(where: { $0.object == wanted }) else {
            throw Diagnostic("no-match", "the backbone `\(wanted.label ?? "")` is not in the model", at: call.span(of: "of"))
        }
        return found
    }
}

/// Whether a name fits a pattern in which `*` stands for any letters.
private func fits(_ name: String, _ pattern: String) -> Bool {
    let name = Array(name.utf8), pattern = Array(pattern.utf8), star = UInt8(ascii: "*")
    var (n, p) = (0, 0), last: (n: Int, p: Int)?
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
        } else { return false }
    }
    return pattern[p...].allSatisfy { $0 == star }
}
