import Builtins
import Diagnostics
import Language
import Storage

/// What tables and figures rest on besides what is declared: the runs that the store holds. A training that was removed and done
/// again may have come to other numbers under the same key, on another machine or with another number of threads.
extension Runner {
    /// The key of a table or a figure, as things are now: the runs behind it that are there are in it by the hashes of their
    /// results. Trains nothing. What is computed meanwhile changes it, so it is asked for again before something is kept under it.
    func resultKey(_ call: Call, node: String, version: Int, detail: String = "") throws -> Digest {
        try keys.result(call, node: node, version: version, detail: detail, runs: recordedRuns(in: .call(call)))
    }

    /// The runs behind a value, as text for a key.
    private func recordedRuns(in value: Value) throws -> String {
        var seen: Set<Digest> = []
        var text = ""
        for object in value.experiments {
            let key = try keys.key(of: object)
            if seen.insert(key).inserted { text += try trace(of: experiment(object), key) + "\n" }
        }
        return try text + recordedMachines(in: value)
    }

    /// The runs of an experiment, by the hashes of their results: of its folds, trials and stages too, as far as they are there.
    private func trace(of experiment: Experiment, _ key: Digest) throws -> String {
        if let known = traces[key] { return known }
        switch experiment.form {
        case .search:
            let trials = try knownTrials(of: experiment)
            let text = try trials.map { try "\($0.message ?? "") \(trace(of: self.experiment($0.experiment)))" }.joined(separator: " ")
            if try nextTrial(of: experiment, after: trials) == nil { traces[key] = text }
            return text
        case .folds(let folds):
            var parts = try context.folds(of: experiment)
            // How long the last one trains is the mean of the folds.
            if folds.report == .refit, try parts.allSatisfy(isThere) { parts.append(try refitted(experiment)) }
            return try parts.map { try trace(of: $0) }.joined(separator: " ")
        case .single:
            guard experiment.stages.count > 1 else { return try digest(of: experiment, key)?.hex ?? "-" }
            return try throughStages(experiment).map { try digest(of: $0)?.hex ?? "-" }.joined(separator: ",")
        }
    }

    private func trace(of experiment: Experiment) throws -> String { try trace(of: experiment, keys.key(of: experiment.declared)) }

    /// The stages of a training, each as the training that ends with it.
    private func throughStages(_ training: Experiment) throws -> [Experiment] {
        try training.stages.indices.map { try context.experiment(training, throughStage: $0) }
    }

    /// Whether all stages of a training are there.
    private func isThere(_ training: Experiment) throws -> Bool {
        try throughStages(training).allSatisfy { try digest(of: $0) != nil }
    }

    /// The hash of the result of a single training; nil where that is not there. Reads nothing but that, unless all is to be
    /// verified: what turns out to be damaged when it is read is made anew, and has another hash then.
    func digest(of training: Experiment) throws -> Digest? { try digest(of: training, keys.key(of: training.declared)) }

    private func digest(of training: Experiment, _ key: Digest) throws -> Digest? {
        if let known = recorded[key] { return known.digest }
        if keys.verify {
            guard let found = try record(of: training, key: key, isUsed: true) else { return nil }
            keep(found, key)
            return found.digest
        }
        if let known = traces[key] { return Digest(hex: known) }
        let run = try runFolder(key)
        guard let digest = try? sha256(ofFile: run.file("result.json")), fileStatus(run.file("weights.safetensors"))?.kind == .file else {
            return nil
        }
        if refused[key] == digest { return nil }
        traces[key] = digest.hex
        return digest
    }
}
