import Builtins
import Datasets
import Diagnostics
import Engine
import Language
import Models
import Storage
import Tensors
import Training
import Weights

/// A trained network with all that is needed to use it: how its inputs are scaled and its output is read. A file that `export`
/// wrote holds the parameters, and in its metadata the description and a hash of both.
struct TrainedModel {
    /// The description of a trained model: all but its parameters.
    struct Description: Codable {
        /// Name of the experiment.
        var name: String
        /// Network from scaled inputs to one number in the space of training.
        var graph: Graph
        /// Fitted scaler of each standardized input, by name; an input that is read as it is has none.
        var scalers: [String: InputScaler]
        /// Source text of each input in the script, by name, for people.
        var pipelines: [String: String]
        /// Space of training, from which predictions are brought back to the target's unit.
        var space: TargetSpace
        /// Name of the target's column.
        var target: String
        /// Unit of the target; nil where it has none.
        var unit: String?
        /// Batch size of the training, in items.
        var batch: Int
        /// Key of the run that the model came from.
        var key: String
    }

    var description: Description
    var parameters: ParameterStore
    /// Whether nothing says that the file it was read from is as `export` wrote it, since an older version did; false for one that
    /// comes from no file.
    private(set) var isUnhashed = false

    /// The most items that are predicted for at once, whatever batches the training had: memory is taken for all of them.
    static let largestBatch = 65_536

    private static let format = "ecdx model 1"
    private static let again = "export it again, as in `export EXPERIMENT to \"model.safetensors\"`"

    /// The contents of the file that `export` writes.
    var contents: Safetensors {
        get throws {
            // Writing is deterministic, so what is read gives the same hash again.
            try Safetensors(
                tensors: parameters.names.compactMap { name in
                    parameters[name].map { NamedTensor(name: name, shape: $0.shape.extents, values: $0.values) }
                },
                metadata: ["format": Self.format, "model": JSONValue(encoding: description).canonical]
            ).hashed()
        }
    }

    /// Reads a file that `export` wrote. Throws `bad-model` for any other and for one that is not as it was written, and `bad-weights`
    /// where a parameter is not finite.
    init(reading path: String) throws {
        let contents = try readSafetensors(path)
        guard contents.metadata["format"] == Self.format, let text = contents.metadata["model"] else {
            throw Diagnostic(
                "bad-model", "this is no model that ecdx exported", data: DataPlace(file: path),
                hint: "write one with `export EXPERIMENT to \"model.safetensors\"`")
        }
        let agrees = try contents.agreesWithHash
        isUnhashed = agrees == nil
        // Older versions wrote no hash, and nothing else either: a hash under another name is one that was damaged.
        guard agrees ?? (contents.metadata.count == 2) else {
            throw Diagnostic(
                "bad-model", "expected the model as `export` wrote it, found other contents", data: DataPlace(file: path), hint: Self.again)
        }
        do { description = try JSONValue(parsing: text, in: DataPlace(file: path)).decoded(as: Description.self) } catch {
            throw Diagnostic("bad-model", "the description of the model in this file cannot be read", data: DataPlace(file: path))
        }
        parameters = ParameterStore()
        for tensor in contents.tensors {
            guard case .float(let values) = tensor.values else {
                throw Diagnostic("bad-model", "expected single precision numbers for `\(tensor.name)`", data: DataPlace(file: path))
            }
            try checkFinite(values, of: tensor.name, path)
            parameters[tensor.name] = try Tensor(shape: Shape(tensor.shape), values: values)
        }
        try check(path)
    }

    /// The warning that damage to the file at `path`, which the model was read from, would not show; nil where it would.
    func warning(_ path: String) -> Diagnostic? {
        guard isUnhashed else { return nil }
        return Diagnostic(
            "bad-model",
            "expected a hash of the model's contents, found none: an older version of ecdx wrote it, and damage would not show",
            severity: .warning, data: DataPlace(file: path), hint: Self.again)
    }

    /// Creates a trained model from its description and parameters.
    init(_ description: Description, _ parameters: ParameterStore) { (self.description, self.parameters) = (description, parameters) }

    /// Checks a graph that came from a file, in which nothing is taken on trust: order, shapes, one output, batch and
    /// parameters.
    /// Throws `bad-model`.
    private func check(_ path: String) throws {
        let graph = description.graph
        func refuse(_ what: String) -> Diagnostic {
            Diagnostic("bad-model", "the network in this file \(what)", data: DataPlace(file: path))
        }
        var rebuilt = Graph()
        let specs = Dictionary(graph.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        do {
            for (index, node) in graph.nodes.enumerated() {
                guard node.inputs.allSatisfy({ $0 >= 0 && $0 < index }) else { throw refuse("reads what comes later") }
                if case .input(let name) = node.operation {
                    guard node.shape.extents.allSatisfy({ $0 > 0 }), node.shape.checkedCount != nil, [1, 3].contains(node.shape.rank) else {
                        throw refuse("has an input of shape \(node.shape)")
                    }
                    _ = rebuilt.addInput(name, shape: node.shape)
                    continue
                }
                let place = try rebuilt.add(
                    node.operation, to: node.inputs, layer: node.layer, parameters: node.operation.parameterNames.compactMap { specs[$0] })
                guard rebuilt.nodes[place].shape == node.shape else { throw refuse("does not have the shapes it says") }
            }
        } catch let diagnostic as Diagnostic where diagnostic.id == "shape" {
            throw refuse("does not fit together: \(diagnostic.message)")
        }
        guard let output = graph.outputs.first, graph.nodes.indices.contains(output), graph.nodes[output].shape.count == 1,
            graph.outputs.count == 1
        else { throw refuse("does not give one number") }
        guard description.batch >= 1 else { throw refuse("has a batch of \(description.batch)") }
        for spec in graph.parameters where parameters[spec.name]?.shape != spec.shape { throw refuse("lacks the parameter `\(spec.name)`") }
    }
}

extension Runner {
    /// The models an experiment reports: one, or one for each fold where the mean of folds is.
    private func models(of experiment: Experiment) throws -> [TrainedModel] {
        if case .folds(let folds) = experiment.form, folds.report == .mean {
            return try context.folds(of: experiment).map { try model(of: $0) }
        }
        return [try model(of: single(experiment))]
    }

    /// The trained model that an experiment reports. Throws `several-models` where an experiment reports the mean of folds.
    func model(of experiment: Experiment) throws -> TrainedModel {
        let single = try single(experiment)
        let (plan, parts, graph) = (single.plan, single.parts, single.built.graph)
        var scalers: [String: InputScaler] = [:]
        var pipelines: [String: String] = [:]
        for (name, _) in graph.inputs {
            pipelines[name] = plan.input(name).map { source(of: $0.pipeline) }
            if plan.input(name)?.isFitted == true {
                scalers[name] = try InputScaler(fitting: items(of: name, in: single.data), training: parts.train)
            }
        }
        let description = TrainedModel.Description(
            name: experiment.name, graph: graph, scalers: scalers, pipelines: pipelines,
            space: try targetSpace(of: plan, training: parts.train),
            target: plan.column, unit: plan.unit, batch: try single.last.batchSize(), key: try keys.key(of: single.declared).hex)
        return TrainedModel(description, try parameters(of: single).store)
    }

    /// The predictions of an experiment, or of a model that was exported, for the rows of a data set. `asGiven`: also where its
    /// inputs were prepared in another way. Throws `other-preparation`, `shape` and `no-input` before anything is read.
    func predictions(of value: Value, on data: Object, asGiven: Bool = false) throws -> ResultTable {
        let models: [TrainedModel]
        func check(_ inputs: ModelInputs) throws {
            let faults = try inputs.faults(for: data, context, asGiven: asGiven)
            if let fault = faults.first(where: { $0.severity == .error }) { throw fault }
        }
        switch value {
        case .object(let object):
            let experiment = try experiment(object)
            try check(ModelInputs(of: experiment))
            models = try self.models(of: experiment)
        case .call(let call):
            let path = try resolve(library.trainedPath(of: call))
            let model = try located(call.span(of: "path")) { try TrainedModel(reading: path) }
            try check(ModelInputs(of: model, from: path))
            models = [model]
        default: throw Diagnostic("type", "`predict` expected an experiment or `trained(...)`, found \(value.phrase)")
        }
        guard let first = models.first else { throw Diagnostic("folds", "the experiment has no folds") }
        let plan = try plan(of: data)
        let means = try means(of: models, on: data, plan)
        let unit = first.description.unit
        var columns: [ResultTable.Column] = [.init("id", isNumeric: false), .init("predicted", unit: unit)]
        // Where the truth is known it stands beside.
        let truth = plan.column == first.description.target ? plan.targets : []
        if !truth.isEmpty { columns.append(.init("truth", unit: unit)) }
        let rows = plan.ids.indices.map { row -> [ResultTable.Cell] in
            let value = means[row]
            var cells: [ResultTable.Cell] = [.init(plan.ids[row]), .init(threeDigits(value), exact: String(value))]
            if truth.indices.contains(row) { cells.append(.init(threeDigits(truth[row]), exact: String(truth[row]))) }
            return cells
        }
        return ResultTable(columns: columns, rows: rows)
    }

    /// What the model of an experiment predicts for the rows of a data set, in the unit of its target. Throws `other-preparation`,
    /// `shape` and `no-input` before anything is read.
    public func predictions(of experiment: Experiment, on data: Object) throws -> [Double] {
        let faults = try ModelInputs(of: experiment).faults(for: data, context, asGiven: false)
        if let fault = faults.first(where: { $0.severity == .error }) { throw fault }
        return try means(of: models(of: experiment), on: data, plan(of: data))
    }

    /// The mean of what models predict for the rows of a data set.
    private func means(of models: [TrainedModel], on data: Object, _ plan: DatasetPlan) throws -> [Double] {
        var sums = [Double](repeating: 0, count: plan.count)
        for model in models {
            var inputs: [String: Items] = [:]
            for (name, _) in model.description.graph.inputs {
                let items = try items(of: name, in: data)
                inputs[name] = try model.description.scalers[name].map { try items.scaled(by: $0) } ?? items
            }
            let samples = try Samples(ids: plan.ids, inputs: inputs, targets: Tensor(zeros: [plan.count, 1]))
            let predicted = try predict(
                graph: model.description.graph, parameters: model.parameters, samples: samples,
                batch: min(model.description.batch, TrainedModel.largestBatch))
            for (row, value) in predicted.values.enumerated() where row < sums.count {
                sums[row] += model.description.space.inverse(Double(value))
            }
        }
        if let first = models.first { try checkFinite(sums, of: first.description.name, for: plan.ids) }
        return sums.map { $0 / Double(models.count) }
    }
}
