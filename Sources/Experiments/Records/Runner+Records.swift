import Builtins
import Datasets
import Diagnostics
import Engine
import Language
import Storage
import Tensors
import Training

/// What the store holds, believed only as far as it can be checked: contents against the hashes of when they were written, the rows
/// of a run against those of its experiment. Damage is said, and what is damaged is computed anew.
extension Runner {
    /// The record of the run of a single training; nil where there is none, or none that can be used, which is said then.
    /// `isUsed`: it is to be used now, so that one that was not checked yet is, as far as can be.
    func record(of training: Experiment, key: Digest, isUsed: Bool = false) throws -> RunRecord.Finished? {
        let run = try runFolder(key)
        guard fileStatus(run.file("result.json")) != nil else { return nil }
        do {
            var found = try RunRecord.finished(run, verify: keys.verify)
            if refused[key] == found.digest { return nil }
            try checkIdentity(of: training, in: run)
            try check(found.result, of: training, in: run)
            if isUsed { try checkOnce(&found, of: training, in: run) }
            // What may not write says what it sees; where the run is used, it is mended too.
            if isUsed || !mayWrite {
                if let differing = found.differing, !isUsed {
                    say(differing, "a script that uses run `\(run.id)` compares its predictions with those of its weights")
                }
                try mendValues(of: training, in: run)
                if keys.verify { try mendTables(of: found, in: run) }
            }
            return found
        } catch let diagnostic as Diagnostic where diagnostic.isDamage {
            if isUsed, let bytes = try? readFile(run.file("result.json")) { refused[key] = try sha256(bytes) }
            say(diagnostic, "run `\(run.id)` is not used; the training is done anew where it is needed")
            return nil
        }
    }

    /// Checks that a run is one of the training: that its parts hold the rows and targets that the training has, and its weights
    /// the parameters that it learns. Throws `bad-data`.
    func check(_ result: RunResult, of training: Experiment, in run: RunFolder) throws {
        let (plan, parts) = (training.plan, training.parts)
        func bad(_ message: String, _ file: String) -> Diagnostic {
            Diagnostic("bad-data", message, data: DataPlace(file: run.file(file)))
        }
        for name in partNames {
            let rows = parts.rows(of: name)
            guard let part = result.parts[name] else { throw bad("expected a part `\(name)`, found none", "result.json") }
            guard part.ids.count == rows.count, part.truth.count == rows.count, part.predicted.count == rows.count else {
                throw bad("expected \(rows.count) rows in `\(name)`, as the experiment has, found \(part.ids.count)", "result.json")
            }
            for (place, row) in rows.enumerated() {
                guard part.ids[place] == plan.ids[row] else {
                    throw bad(
                        "expected row `\(plan.ids[row])` in `\(name)`, as the experiment has, found `\(part.ids[place])`", "result.json")
                }
                guard part.truth[place] == plan.targets[row] else {
                    throw bad(
                        "expected the target \(plan.targets[row]) of row `\(plan.ids[row])`, as the experiment has, found "
                            + String(part.truth[place]), "result.json")
                }
            }
        }
        let learns = training.last.training
        let outline = try readSafetensorsHeader(run.file("weights.safetensors"))
        let shapes = Dictionary(
            outline.tensors.filter { $0.type == .f32 }.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
        for spec in training.built.graph.parameters
        where learns.trainable.contains(spec.name) && !spec.isStatistic || learns.moving.contains(spec.name) {
            guard shapes[spec.name] == spec.shape.extents else {
                throw bad("expected the weights `\(spec.name)` of shape \(spec.shape), found none", "weights.safetensors")
            }
        }
    }

    /// The record of a run of the training in another folder than its own; nil where it cannot be used, which is said then.
    func copy(in run: RunFolder, of training: Experiment) throws -> RunRecord.Finished? {
        guard fileStatus(run.file("result.json")) != nil else { return nil }
        do {
            var found = try RunRecord.finished(run, verify: keys.verify)
            try checkIdentity(of: training, in: run)
            try check(found.result, of: training, in: run)
            try checkOnce(&found, of: training, in: run)
            try mendValues(of: training, in: run)
            if keys.verify { try mendTables(of: found, in: run) }
            return found
        } catch let diagnostic as Diagnostic where diagnostic.isDamage {
            say(diagnostic, "run `\(run.id)` is left out")
            return nil
        }
    }

    /// The parameters that a run left, by name. Throws `bad-data` where the file of its weights is damaged.
    func parameters(in run: RunFolder, expecting weights: Digest) throws -> ParameterStore {
        var changes = ParameterStore()
        for tensor in try RunRecord.parameters(run, expecting: weights).tensors {
            guard case .float(let values) = tensor.values else {
                throw Diagnostic(
                    "bad-data", "expected single precision numbers", data: DataPlace(file: run.file("weights.safetensors")))
            }
            changes[tensor.name] = try Tensor(shape: Shape(tensor.shape), values: values)
        }
        return changes
    }

    /// Remembers the result of a training.
    func keep(_ found: RunRecord.Finished, _ key: Digest) {
        refused[key] = nil
        // What was made of the run that was there is made of another now.
        if let known = traces[key], known != found.digest.hex { traces = [:] }
        results[key] = found.result
        recorded[key] = found
    }

    /// Forgets the result of a training whose run turned out to be damaged, and of everything made of it.
    func refuse(_ key: Digest) {
        refused[key] = recorded[key]?.digest
        (results, recorded, traces, finished) = ([:], [:], [:], [:])
    }

    /// The bytes of a file that is kept under a key; nil where there is none, or none that can be used.
    func cached(_ name: String, of key: Digest) throws -> [UInt8]? {
        try whole(key) { try store.cache.bytes(name, of: key) }
    }

    /// The tensors that are kept in a file under a key; nil where there are none, or none that can be used.
    func cachedTensors(_ name: String, of key: Digest) throws -> Safetensors? {
        try whole(key) { try store.cache.tensors(name, of: key) }
    }

    func whole<Contents>(_ key: Digest, _ read: () throws -> Contents?) throws -> Contents? {
        do { return try read() } catch let diagnostic as Diagnostic where diagnostic.isDamage {
            say(diagnostic, "what it holds is computed anew")
            try store.cache.remove(key)
            return nil
        }
    }

    /// Warns of damage, once.
    func say(_ diagnostic: Diagnostic, _ consequence: String) {
        var warning = diagnostic
        warning.severity = .warning
        warning.notes.append(consequence)
        if said.insert(warning).inserted { reporter.warn(warning) }
    }

    /// Warns that the weights of a run cannot be used.
    func sayDamage(of weights: Diagnostic) { say(weights, "they are not used; the training is done anew") }
}

extension Diagnostic {
    /// Whether a file does not hold what it should.
    var isDamage: Bool { id == "bad-data" || id == "cannot-read" }
}
