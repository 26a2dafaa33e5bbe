import Builtins
import Diagnostics
import Engine
import Language
import Models
import Storage
import Tensors
import Weights

/// Parameters of a network with the place each came from: two of one place are equal, and nothing need be hashed to know.
struct Parameters {
    /// Values of the parameters, by name.
    var store: ParameterStore
    /// Place that each parameter came from, by name: a seed, a file, a run.
    var origins: [String: String]
    /// The hash of the weights that the last of its trainings left; nil for those of an untrained network.
    var run: Digest?

    /// The parameters with `changes`, which came from `origin`, in place of those of the same names.
    func replacing(_ changes: ParameterStore, from origin: String) -> Parameters {
        var result = self
        for name in changes.names {
            result.store[name] = changes[name]
            result.origins[name] = origin
        }
        return result
    }

    /// The description of a graph's parameters by their names and origins, without their numbers.
    func origin(of graph: Graph) -> JSONValue {
        .array(graph.parameters.map { .string("\($0.name) \(origins[$0.name] ?? "")") })
    }
}

extension Runner {
    /// The parameters that a network starts with, without those named `replaced`: drawn by the seed, and those of backbones from
    /// their files.
    func initialParameters(_ built: BuiltNetwork, seed: UInt64, without replaced: Set<String> = []) throws -> Parameters {
        let origins = try initialOrigins(built, seed: seed)
        // Folds and trials start with the same.
        if let started, started.specs == built.graph.parameters, started.parameters.origins == origins { return started.parameters }
        if replaced.isEmpty { started = nil }
        var loaded: [ParameterStore] = []
        for (object, backbone) in built.backbones {
            guard let (path, digest) = try weightsFile(object, backbone) else { continue }
            if backbone.layers.allSatisfy({ replaced.isSuperset(of: $0.parameters) }) { continue }
            loaded.append(try located(object.span(of: "weights")) { try weights(of: backbone, path: path, digest: digest) })
        }
        for (object, found, encoder, _) in built.encoders {
            if encoder.parameters.allSatisfy({ replaced.contains($0.name) }) { continue }
            loaded.append(try located(object.span(of: "weights")) { try weights(of: encoder, found) })
        }
        // Numbers of a large network take as long to draw as some pictures to predict.
        var store = try ParameterStore(initializing: built.graph, seed: seed, except: replaced.union(loaded.flatMap(\.names)))
        for weights in loaded { for name in weights.names { store[name] = weights[name] } }
        let parameters = Parameters(store: store, origins: origins)
        if replaced.isEmpty { started = (built.graph.parameters, parameters) }
        return parameters
    }

    /// The places that the parameters of a network at its start come from, by name. Reads no weights.
    func initialOrigins(_ built: BuiltNetwork, seed: UInt64) throws -> [String: String] {
        var origins = Dictionary(built.graph.parameters.map { ($0.name, "seed \(seed)") }, uniquingKeysWith: { first, _ in first })
        for (object, backbone) in built.backbones {
            guard let (_, digest) = try weightsFile(object, backbone) else { continue }
            for name in backbone.layers.flatMap(\.parameters) { origins[name] = "file \(digest.hex)" }
        }
        for (_, found, encoder, _) in built.encoders {
            let digest = try digest(of: found)
            for parameter in encoder.parameters { origins[parameter.name] = "file \(digest)" }
        }
        return origins
    }

    /// The hashes of the files that hold an encoder's weights.
    private func digest(of found: FoundEncoder) throws -> String {
        try found.files.shards.map { try keys.store.hashes.digest(of: $0, verify: keys.verify).hex }.joined(separator: " ")
    }

    /// The weights of an encoder, read once.
    private func weights(of encoder: Encoder, _ found: FoundEncoder) throws -> ParameterStore {
        let key = encoder.name + (try digest(of: found))
        if let known = weightFiles[key] { return known }
        reporter.note("reading the weights of `\(found.label)`")
        let store = try EncoderWeights(found.files.weights).parameters(of: encoder)
        weightFiles = [key: store]
        return store
    }

    /// The file of a backbone's weights with the hash of its contents; nil where they are drawn.
    private func weightsFile(_ object: Object, _ backbone: Backbone) throws -> (path: String, digest: Digest)? {
        guard let written = object.weights else { return nil }
        let path = try located(object.span(of: "weights")) { try context.weightsPath(written, backbone.architecture) }
        return (path, try keys.store.hashes.digest(of: path, verify: keys.verify))
    }

    /// The weights of a backbone, read once.
    private func weights(of backbone: Backbone, path: String, digest: Digest) throws -> ParameterStore {
        if let known = weightFiles[backbone.name + digest.hex] { return known }
        reporter.note("reading the weights of `\(backbone.name)`")
        let store = try backboneWeights(backbone, path: path)
        weightFiles = [backbone.name + digest.hex: store]
        return store
    }

    /// All parameters of an experiment's network as its training left them. Trains it where that was not done. Throws
    /// `several-models` where the experiment is several trainings.
    func parameters(of experiment: Experiment) throws -> Parameters {
        let single = try single(experiment)
        let key = try keys.key(of: single.declared)
        if let known = finished[key] { return known }
        _ = try result(of: single)
        var result: Parameters
        do { result = try parameters(left: single, key: key) } catch let diagnostic as Diagnostic where diagnostic.isDamage {
            sayDamage(of: diagnostic)
            refuse(key)
            result = try parameters(left: single, key: key)
        }
        // Backbones are large: the latest few are enough.
        if finished.count >= 4 { finished.removeAll() }
        finished[key] = result
        return result
    }

    /// All parameters as a single training left them, trained now where that was not done. Throws `bad-data` where the file of its
    /// weights is damaged, or the stage before has other weights than it began with.
    private func parameters(left training: Experiment, key: Digest) throws -> Parameters {
        _ = try result(of: training)
        let run = try runFolder(key)
        guard let found = recorded[key] else { throw Diagnostic("internal", "a training without a record of it") }
        let changes = try parameters(in: run, expecting: found.weights)
        let base = try startingParameters(of: training, without: Set(changes.names))
        if let start = found.begunWith, let before = base.run, start != before {
            throw Diagnostic(
                "bad-data", "expected a stage that began with the weights of the one before, found that those were trained anew since",
                data: DataPlace(file: run.file("result.json")))
        }
        // Not the key: a training that was done anew may have come to other weights.
        var result = base.replacing(changes, from: "weights \(found.weights.hex)")
        result.run = found.weights
        return result
    }

    /// The parameters that a training starts with: those its network is drawn with, or those that the stage before it left. Those
    /// named `replaced` are not asked for; some of them may be there all the same.
    func startingParameters(of training: Experiment, without replaced: Set<String> = []) throws -> Parameters {
        if let before = try stageBefore(training) { return try parameters(of: before) }
        return try initialParameters(training.built, seed: training.seed, without: replaced)
    }

    /// The training up to the stage before the one that a training carries out; nil where that is the first.
    func stageBefore(_ training: Experiment) throws -> Experiment? {
        let stages = training.stages.count
        return stages > 1 ? try context.experiment(training, throughStage: stages - 2) : nil
    }

    /// The one training that an experiment reports: of a search its best trial, of folds the best or the refitted one.
    func single(_ experiment: Experiment) throws -> Experiment {
        switch experiment.form {
        case .single: return experiment
        case .search: return try single(bestTrial(of: experiment))
        case .folds(let folds):
            switch folds.report {
            case .best: return try bestFold(of: experiment)
            case .refit: return try refitted(experiment)
            case .mean:
                throw Diagnostic(
                    "several-models",
                    "`\(experiment.label ?? "the experiment")` reports the mean of \(folds.count) folds, which is not one model",
                    at: experiment.declared.span(of: "report"),
                    hint: "say `report: best` or `report: refit`")
            }
        }
    }
}
