import Diagnostics
import Language
import Models
import Tensors
import Training

/// Checks that a stage names something to train. Throws `no-match`.
@Sendable func checkStage(_ stage: Object, _ context: CheckContext) throws {
    if let items = stage.trained.items, items.isEmpty {
        throw Diagnostic("no-match", "`train` expected something that learns, found an empty list", at: stage.span(of: "train"))
    }
}

/// The parameters and statistics of a network that one stage of a schedule trains.
public struct StageTraining: Sendable {
    /// Names of the trainable parameters.
    public var trainable: Set<String>
    /// Names of the moving statistics of batch normalisations that follow the batches.
    public var moving: Set<String>
    /// Learning rates that depart from the stage's, with the names of their parameters: what a `group` gives.
    public var groups: [RateGroup]
}

extension CheckContext {
    /// The parameters that a stage of an experiment trains in a model, worked out once a session. Throws as
    /// `BuiltNetwork.training` does.
    public func training(of model: Object, stage: Object?) throws -> StageTraining {
        try remembered(StageOfModel(model: model, stage: stage), most: 256) {
            try builtNetwork(of: model).training(stage, library: library)
        }
    }

    /// Whether a stage that says `statistics: frozen` keeps statistics of a model that would follow the batches if it said
    /// nothing. Throws as `BuiltNetwork.training` does.
    public func holdsStatistics(_ stage: Object, of model: Object) throws -> Bool {
        guard stage.statistics.word == "frozen" else { return false }
        let silent = stage.replacing(["statistics": .none], label: stage.label)
        return try !training(of: model, stage: silent).moving.isEmpty
    }
}

private struct StageOfModel: Hashable {
    var model: Object
    var stage: Object?
}

extension BuiltNetwork {
    /// The parameters that a stage of an experiment trains; nil is the one stage of an experiment without a schedule, which
    /// trains everything.
    /// Throws `no-match` where a selector finds nothing.
    func training(_ stage: Object?, library: Library) throws -> StageTraining {
        let learnable = Set(graph.parameters.filter { !$0.isStatistic }.map(\.name))
        guard let stage else {
            return StageTraining(trainable: learnable, moving: statistics(of: learnable, untrained: true), groups: [])
        }
        let selectors: [Value] = stage.trained.items ?? [stage.trained]
        var trainable: Set<String> = []
        for selector in selectors { trainable.formUnion(try parameters(selector, library: library, at: stage.span(of: "train"))) }
        trainable.formIntersection(learnable)
        guard !trainable.isEmpty else {
            throw Diagnostic(
                "no-match", "nothing learns in the stage `\(stage.label ?? "")`: what `train` names has no parameters",
                at: stage.span(of: "train"))
        }
        let groups = try (stage.rateGroups.items ?? []).compactMap(\.call).map { group in
            let part: RateOf = try library.meaning(of: group)
            let names = try parameters(part.selector, library: library, at: group.span(of: "of")).intersection(trainable)
            guard !names.isEmpty else {
                throw Diagnostic("no-match", "the group names nothing that learns in this stage", at: group.span(of: "of"))
            }
            return RateGroup(names: names, rate: try library.rate(withoutSpaces(part.rate)))
        }
        let moving = statistics(of: trainable, said: stage.statistics.word, untrained: false)
        return StageTraining(trainable: trainable, moving: moving, groups: groups)
    }

    /// The moving statistics that follow the batches, of normalisations that learn: as a stage says, `frozen` or `moving`; where
    /// it says nothing, those of the model's own, and of a backbone's if (`untrained`) it has no weights that they would belong
    /// to.
    private func statistics(of trainable: Set<String>, said: String? = nil, untrained: Bool) -> Set<String> {
        if said == "frozen" { return [] }
        let everywhere = said == "moving"
        let own = own
        let fresh =
            untrained ? Set(backbones.filter { $0.object.weights == nil }.flatMap { $0.backbone.layers.flatMap(\.parameters) }) : []
        var moving: Set<String> = []
        for node in graph.nodes {
            guard case .batchNorm(let norm) = node.operation else { continue }
            let learns = [norm.gamma, norm.beta].compactMap { $0 }.contains(where: trainable.contains)
            guard learns, everywhere || own.contains(norm.mean) || fresh.contains(norm.mean) else { continue }
            moving.formUnion([norm.mean, norm.variance])
        }
        return moving
    }
}
