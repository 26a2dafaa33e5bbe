import Builtins
import Datasets
import Diagnostics
import Engine
import Models
import Storage
import Tensors
import Training

extension Experiment {
    /// The cut between what is frozen in the last stage and what learns in it; nil where nothing can be computed beforehand.
    func split() throws -> GraphSplit? { try built.graph.split(trainable: last.training.trainable, moving: last.training.moving) }
}

/// The features that the frozen part of a network gives for all rows: computed once for all trainings that share them, and kept in
/// the cache.
extension Runner {
    /// The most bytes of features that are computed beforehand. Beyond it they are computed anew in each step, as a part of the
    /// whole network.
    private static let featureLimit = 1 << 31

    func fitsMemory(_ split: GraphSplit, rows: Int) -> Bool {
        let numbers = split.trunk.outputs.reduce(0) { $0 + split.trunk.nodes[$1].shape.count }
        return numbers.multipliedReportingOverflow(by: rows * MemoryLayout<Float>.stride).overflow == false
            && numbers * rows * MemoryLayout<Float>.stride <= Self.featureLimit
    }

    /// The rows as the trainable part reads them: the features that the frozen part gives for them, from the cache where they
    /// are there, and the inputs that the trainable part reads itself.
    func learned(_ split: GraphSplit, _ rows: Samples, _ base: Parameters, of training: Experiment) throws -> Samples {
        let key = try featureKey(split, base, of: training)
        let found: [Tensor]
        if let known = featureMemory[key] {
            found = known
        } else if usesFeatureCache, let contents = try cachedTensors("features.safetensors", of: key),
            let tensors = try Self.tensors(named: split.features, in: contents)
        {
            found = tensors
        } else {
            reporter.note("computing what the frozen layers give for \(rows.count) rows of `\(training.plan.label)`, once")
            let trunk = Trunk(graph: split.trunk, parameters: base.store, features: split.features)
            found = try features(of: trunk, samples: rows) { try self.stopIfAsked("computing features") }
            if usesFeatureCache {
                try store.cache.insert(key) { folder in
                    let tensors = zip(split.features, found).map { NamedTensor(name: $0, shape: $1.shape.extents, values: $1.values) }
                    try writeSafetensors(Safetensors(tensors: tensors), to: joined(folder, "features.safetensors"))
                }
            }
        }
        // One trunk is in use at a time; another takes its place.
        featureMemory = [key: found]
        var inputs = Dictionary(uniqueKeysWithValues: try zip(split.features, found).map { ($0, try Items($1)) })
        for (name, _) in split.rest.inputs where inputs[name] == nil { inputs[name] = rows.inputs[name] }
        return try Samples(ids: rows.ids, inputs: inputs, targets: rows.targets)
    }

    /// The key of the features of a frozen part: its network, the origins of its parameters, its inputs.
    private func featureKey(_ split: GraphSplit, _ base: Parameters, of training: Experiment) throws -> Digest {
        let plan = training.plan
        var described: [String: JSONValue] = [:]
        for (name, _) in split.trunk.inputs {
            var input: JSONValue = .string(try keys.input(name, of: plan).hex)
            // A scale rests on the rows it was fitted on.
            if plan.input(name)?.isFitted == true {
                input = .array([input, .array(training.parts.train.map { .integer($0) })])
            }
            described[name] = input
        }
        return try keys.features(split.trunk, parameters: base.origin(of: split.trunk), inputs: .object(described))
    }

    /// The key of the features of a first stage's frozen part. Reads no weights.
    func firstFeatureKey(_ split: GraphSplit, of training: Experiment) throws -> Digest {
        let origins = try initialOrigins(training.built, seed: training.seed)
        return try featureKey(split, Parameters(store: ParameterStore(), origins: origins), of: training)
    }

    /// The features of those names; nil where one is missing.
    private static func tensors(named names: [String], in contents: Safetensors) throws -> [Tensor]? {
        var features: [Tensor] = []
        for name in names {
            guard let found = contents[name], case .float(let values) = found.values else { return nil }
            features.append(try Tensor(shape: Shape(found.shape), values: values))
        }
        return features
    }
}
