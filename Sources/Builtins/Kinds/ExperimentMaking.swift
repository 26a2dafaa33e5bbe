import Datasets
import Diagnostics
import Language
import Training

/// Key of an experiment that is remembered: its object, the rows that its data set was found to have, and the state of the files of its
/// encoders.
struct ExperimentOnPlan: Hashable {
    var object: Object
    var plan: DatasetPlan.Identity
    var encoders: Int
}

extension CheckContext {
    /// The experiment that an object declares, made once a session, and again where the file of its rows changed. The one place where
    /// an experiment is made. Throws the first thing for which there cannot be one.
    public func experiment(_ object: Object) throws -> Experiment {
        guard let data = ExperimentObject(object).data else {
            throw Diagnostic("type", "expected an experiment, found a `\(object.kind)`", at: object.origin.span)
        }
        let plan = try plan(of: data)
        let encoders = try encoderVersion(of: ExperimentObject(object).model)
        return try remembered(ExperimentOnPlan(object: object, plan: plan.identity, encoders: encoders), most: 256) {
            try Experiment(making: object, plan, self)
        }.declared(as: object, library)
    }

    /// The training of each fold of an experiment; none where it has no folds.
    public func folds(of experiment: Experiment) throws -> [Experiment] {
        guard let count = experiment.folds?.count else { return [] }
        return try (0..<count).map { try self.experiment(experiment.declared.leavingOut(fold: $0, of: count)) }
    }

    /// The trainings of an experiment whose spaces are not searched: one for each fold, or itself.
    public func trainings(of experiment: Experiment) throws -> [Experiment] {
        experiment.folds == nil ? [experiment] : try folds(of: experiment)
    }

    /// The experiment up to a stage, counted from 0, and with it; itself where it has no schedule.
    public func experiment(_ experiment: Experiment, throughStage index: Int) throws -> Experiment {
        experiment.isStaged ? try self.experiment(experiment.declared.through(stage: index)) : experiment
    }
}

extension Experiment {
    /// Makes an experiment. Throws the first thing for which there cannot be one: what its object says does not fit together.
    fileprivate init(making object: Object, _ plan: DatasetPlan, _ context: CheckContext) throws {
        let library = context.library
        let written = ExperimentObject(object)
        let search = try library.checkedSearch(of: written)
        let (data, model, network) = try written.dataAndModel()
        try checkInputs(of: network, plan, data, object)
        let built = try context.builtNetwork(of: model)
        if written.schedule != nil, written.stages.isEmpty {
            throw Diagnostic("missing-field", "a schedule expected at least one stage", at: object.span(of: "schedule"))
        }
        let optimizer = try written.demand(written.optimizer, "an optimizer")
        let stages = try written.settings.map { settings in
            try Stage(settings, optimizer, context.training(of: model, stage: settings.stage), library)
        }
        let seed = try written.demand(written.seed.integer.flatMap(UInt64.init(exactly:)), "a seed")
        let report = try written.demand(written.report.flatMap(Report.init(rawValue:)), "a report")
        self.init(
            declared: object, data: data, plan: plan, model: model, network: network, built: built,
            parts: try plan.parts(of: written.fold, seed: seed), stages: stages, last: try written.demand(stages.last, "a stage"),
            augmentation: try written.augmentation.map { try library.meaning(of: withoutSpaces($0)) }, seed: seed,
            folds: written.foldCount.map { Folds(count: $0, report: report) }, search: search, fold: written.fold,
            isContinued: written.isContinued)
    }

    /// The experiment under the names and at the places of an object that equals its own.
    fileprivate func declared(as object: Object, _ library: Library) throws -> Experiment {
        let written = ExperimentObject(object)
        var result = self
        result.declared = object
        (result.data, result.model, result.network) = try written.dataAndModel()
        for (index, stage) in written.stages.enumerated() where stages.indices.contains(index) { result.stages[index].declared = stage }
        result.last.declared = written.stages.last
        // Spaces are named by the stages that they stand in.
        if search != nil { result.search = try library.checkedSearch(of: written) }
        return result
    }
}

extension ExperimentObject {
    /// The data set and the model with its layers. Throws `type` for an object that is no experiment.
    fileprivate func dataAndModel() throws -> (data: Object, model: Object, network: Network) {
        guard let data, let model, let network = model.network else {
            throw Diagnostic("type", "an experiment expected data and a model", at: object.origin.span)
        }
        return (data, model, network)
    }

    /// What the check has made sure of. Throws `internal` where it is not there.
    fileprivate func demand<Found>(_ found: Found?, _ what: String) throws -> Found {
        if let found { return found }
        throw Diagnostic("internal", "an experiment expected \(what), found none", at: object.origin.span)
    }
}

/// Checks that a data set has a target, and the inputs of a network in their shapes. `experiment`: for the places of what is wrong.
/// Throws `missing-field`, `no-input` and `shape`.
private func checkInputs(of network: Network, _ plan: DatasetPlan, _ data: Object, _ experiment: Object) throws {
    guard !data[field: "target"].isNone else {
        throw Diagnostic(
            "missing-field", "`\(data.label ?? "the data set")` has no target that a model could learn", at: experiment.span(of: "data"),
            hint: "give it a `target` and a `split`")
    }
    for input in network.inputs {
        guard let known = plan.input(input.name) else {
            let names = plan.inputs.map(\.name)
            let near = nearMiss(input.name, among: names)
            throw Diagnostic(
                "no-input", "the model's input `\(input.name)` is no input of `\(data.label ?? "the data set")`",
                at: experiment.span(of: "model"),
                label: near.map { "did you mean `\($0)`?" },
                hint: "it has \(names.map { "`\($0)`" }.joined(separator: ", "))")
        }
        guard let wanted = input.shape.integers, let found = known.type?.shape else { continue }
        if wanted != found {
            throw Diagnostic(
                "shape",
                """
                the model's input `\(input.name)` is \(wanted.map(String.init).joined(separator: "x")), \
                the data set gives \(found.map(String.init).joined(separator: "x"))
                """,
                at: experiment.span(of: "model"),
                hint: [1, 3].contains(found.count)
                    ? "write `input \(input.name): [\(found.map(String.init).joined(separator: ", "))]`"
                    : "a network reads items of [length] or [height, width, channels]: write files that have one channel as a last axis")
        }
    }
}
