import Builtins
import Diagnostics
import Language
import Storage

/// Files of a run that say for people, or for other commands, what is known anyway: they are written anew where they are not as ecdx
/// wrote them.
extension Runner {
    /// Checks that what the folder of a run holds is of this training and of no other: its values are those that the id is the hash
    /// of, or were when the run was finished, as the hashes of its files tell. Throws `bad-data` and `cannot-read`.
    func checkIdentity(of training: Experiment, in run: RunFolder) throws {
        do { _ = try ResolvedValues.read(run) } catch var diagnostic as Diagnostic where diagnostic.isDamage {
            let recorded = (try? RunContents(in: run.path))?[ResolvedValues.name]
            if let recorded, try recorded == sha256(keys.experiment(training.declared).resolved.pretty) { return }
            diagnostic.hints = []
            throw diagnostic
        }
    }

    /// Takes away what another training left in the folder of a run whose training begins: its states would be gone on with.
    func clearOthers(in run: RunFolder, key: Digest) throws {
        let entries = (try? Journal.read(run.journalPath).entries) ?? []
        guard entries.contains(where: { ($0["key"]?.stringValue).map { $0 != key.hex } ?? false }) else { return }
        // The journal last: it is what tells.
        for name in ["checkpoints", "failed.txt"] { try removeTree(run.file(name)) }
        try removeTree(run.journalPath)
    }

    /// Writes `resolved.json` of a run anew where it is not as it was written. Says so. The folder has to hold that run: see
    /// `checkIdentity`.
    func mendValues(of training: Experiment, in run: RunFolder) throws {
        do {
            _ = try ResolvedValues.read(run)
            try RunContents(in: run.path)?.check(sha256(ofFile: run.resolved), of: ResolvedValues.name, in: run.path)
        } catch var diagnostic as Diagnostic where diagnostic.isDamage {
            let values = try keys.experiment(training.declared).resolved.pretty
            let isMended = mend(run) { try writeWhole(values, to: run.resolved) }
            if isMended { diagnostic.hints = [] }
            say(diagnostic, isMended ? "it is written anew from the script" : "nothing is computed from it")
        }
    }

    /// Writes the tables beside a result anew where they are not those that were written, and the hashes of both. Says which.
    func mendTables(of found: RunRecord.Finished, in run: RunFolder) throws {
        // Without the hash of the result nothing says that it is better than the tables.
        guard found.isHashed, let contents = try? RunContents(in: run.path) else { return }
        var hashes = ["result.json": found.digest, "weights.safetensors": found.weights]
        // Those of the run, as was checked.
        hashes[ResolvedValues.name] = contents[ResolvedValues.name] ?? (try? sha256(ofFile: run.resolved))
        var damage: [Diagnostic] = []
        var writing: [(path: String, text: String)] = []
        func differs(_ name: String, _ what: String) {
            damage.append(Diagnostic("bad-data", what, data: DataPlace(file: run.file(name))))
        }
        for (name, text) in RunRecord.tables(of: found.result) {
            let path = run.file(name)
            let isThere = fileStatus(path) != nil
            // Nothing there and nothing expected: an older version wrote the record.
            if !isThere, contents[name] == nil { continue }
            let there = isThere ? try? sha256(ofFile: path) : nil
            if let there, there == contents[name] {
                hashes[name] = there
                continue
            }
            let digest = try sha256(text)
            hashes[name] = digest
            if there == digest {
                differs(RunContents.name, "expected the hashes of the run's files, found others")
            } else {
                writing.append((path, text))
                differs(name, "expected the file as ecdx wrote it, found \(isThere ? "other contents" : "none")")
            }
        }
        for name in contents.names where hashes[name] == nil {
            // A later version may have written more files.
            if !name.contains("/"), let there = try? sha256(ofFile: run.file(name)), there == contents[name] {
                hashes[name] = there
            } else {
                differs(RunContents.name, "expected the hashes of the run's files, found others")
            }
        }
        guard !damage.isEmpty else { return }
        let isMended = mend(run) {
            // Somebody may have computed it anew meanwhile, with its tables.
            guard try sha256(ofFile: run.file("result.json")) == found.digest else { return }
            for (path, text) in writing { try writeWhole(text, to: path) }
            try RunContents(hashes).write(to: run.path)
        }
        for diagnostic in damage {
            say(
                diagnostic,
                isMended
                    ? "it is written anew from `result.json`, which is as it was written"
                    : "it is a copy for people; ecdx reads `result.json`, which is as it was written")
        }
    }

    /// Writes into the folder of a run, unless nothing may be written or somebody is at it. Whether that was done.
    private func mend(_ run: RunFolder, _ write: () throws -> Void) -> Bool {
        guard mayWrite, let lease = try? run.lease() else { return false }
        defer { lease.release() }
        // What cannot be written is told of again the next time.
        do { try write() } catch { return false }
        return true
    }
}
