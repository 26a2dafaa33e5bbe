import Diagnostics

/// The reading of one model's folder in a cache: from a revision to a commit, and from that to files.
struct HubReading {
    let name: HubName
    let place: HubFolder
    /// Whether it is the cache of ecdx, where a snapshot without a record is not whole.
    let isOwn: Bool

    /// The files; nil where the folder has nothing of the model. Throws `missing-weights` and `bad-weights`.
    func files() throws -> EncoderFiles? {
        guard let (commit, remark) = try commit() else { return nil }
        let record = isOwn ? try HubRecord(at: place.record(commit)) : nil
        guard !isOwn || record != nil else {
            throw Diagnostic(
                "missing-weights", "weights of `\(name)` are not all on this machine: fetching them was not finished",
                data: DataPlace(file: place.snapshot(commit)), hint: "the same command goes on from there: \(fetchLine(name))")
        }
        let sizes = record.map { $0.files.mapValues(\.bytes) } ?? listedSizes(commit)
        let files = SnapshotFiles(
            folder: place.snapshot(commit), what: "`\(name)`", fetch: fetchLine(name), notes: { notes($0, commit) }, bytes: { sizes[$0] })
        var found = try files.files()
        (found.name, found.commit, found.remark) = (name, commit, remark)
        return found
    }

    /// The commit that is asked for, with a remark where nothing said which. Throws where it is not there or not to be known.
    private func commit() throws -> (commit: String, remark: String?)? {
        let commits = place.commits
        let revision = name.revision ?? HubName.usualRevision
        if isCommit(revision) {
            guard commits.contains(revision) else { throw absent("revision \(revision) of `\(name.written)`", commits) }
            return (revision, nil)
        }
        if let commit = try place.commit(ofRef: revision) {
            guard commits.contains(commit) else {
                // A branch that was asked for and of which nothing came.
                throw absent("revision \(commit) of `\(name.written)`, which `\(revision)` stands for,", commits)
            }
            return (commit, nil)
        }
        guard name.revision == nil else {
            let near = revision.utf8.count >= 7 ? commits.filter { $0.hasPrefix(revision) } : []
            if near.count == 1 { return (near[0], nil) }
            throw absent("revision `\(revision)` of `\(name.written)`", commits)
        }
        guard let first = commits.first else { return nil }
        guard commits.count == 1 else {
            throw Diagnostic(
                "bad-weights", "expected one snapshot of `\(name)`, or a note which is `main`, found \(commits.count) and no note",
                data: DataPlace(file: place.path), notes: ["there are: \(commits.joined(separator: ", "))"],
                hint: "say which: weights: \"\(name.written)@\(first)\"")
        }
        return (first, "nothing notes which commit `main` of `\(name)` is: its only snapshot was taken, \(first)")
    }

    private func absent(_ what: String, _ commits: [String]) -> Diagnostic {
        Diagnostic(
            "missing-weights", "\(what) is not on this machine", data: DataPlace(file: place.path),
            notes: [commits.isEmpty ? "there is no snapshot" : "there are: \(commits.joined(separator: ", "))"], hint: fetchLine(name))
    }

    /// The sizes that `huggingface_hub` noted of what the commit has on the hub; empty where it noted none.
    private func listedSizes(_ commit: String) -> [String: Int] {
        let path = place.tree(commit)
        guard fileStatus(path)?.kind == .file, let bytes = try? readFile(path, limit: 1 << 26), let json = try? JSONValue(parsing: bytes),
            json["format_version"]?.intValue == 1, let files = json["files"]?.objectValue
        else { return [:] }
        return files.compactMapValues { ($0["lfs_size"] ?? $0["size"])?.intValue }
    }

    /// What the cache says of a file that is missing: that the hub has none, or that downloads were broken off.
    private func notes(_ file: String, _ commit: String) -> [String] {
        var notes: [String] = []
        if fileStatus(place.absence(file, commit)) != nil { notes.append("the hub had no `\(file)` in commit \(commit)") }
        let halves = ((try? listFolder(place.blobs)) ?? []).filter { $0.hasSuffix(".incomplete") }
        if !halves.isEmpty {
            let sizes = halves.prefix(3).map { "\(fileStatus(joined(place.blobs, $0))?.bytes ?? 0) bytes" }.joined(separator: ", ")
            notes.append(
                "\(halves.count == 1 ? "a download was" : "\(halves.count) downloads were") broken off in \(place.blobs) after \(sizes)")
        }
        return notes
    }
}
