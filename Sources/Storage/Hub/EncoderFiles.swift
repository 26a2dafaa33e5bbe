import Diagnostics

/// The files of a text encoder on this machine: in a folder, in the cache of Hugging Face, or in that of ecdx.
///
/// Paths are those in the snapshot, which may be links; they end in the names that the files have on the hub.
public struct EncoderFiles: Sendable, Hashable {
    /// Path of the folder.
    public var folder: String
    /// Path of `config.json`.
    public var config: String
    /// Path of `model.safetensors`, or of the index of several files: what `readSafetensorsWeights` takes.
    public var weights: String
    /// Paths of the files with tensors: that of `weights`, or those that the index lists, sorted.
    public var shards: [String]
    /// Paths of the files of the tokenizer that are there, by their names: `tokenizer.json`, `vocab.txt`, `merges.txt`, ...
    public var tokenizer: [String: String]
    /// Paths of the files of sentence-transformers that are there, by their names: `1_Pooling/config.json`, ...
    public var sentences: [String: String]
    /// The name on the hub; nil for a plain folder.
    public var name: HubName?
    /// The commit on the hub; nil for a plain folder.
    public var commit: String?
    /// What people should know of the choice, where it was not plain: that no branch was noted, and which snapshot was taken.
    public var remark: String?

    /// The model and its commit, `FacebookAI/roberta-base@COMMIT`; nil for a plain folder.
    public var pinned: String? { name.flatMap { name in commit.map { "\(name.id)@\($0)" } } }

    /// All files that the encoder rests on, sorted by their paths.
    public var all: [String] {
        (Set([config, weights] + shards + tokenizer.values + sentences.values)).sorted()
    }

    /// Finds the files of the encoder that is written as a folder, or as a name of the hub.
    ///
    /// `written` is a path, relative to `base`, where it begins with `/`, `./`, `../` or `~/`, has several `/` before any `@`, or is
    /// that of a folder with a `config.json`; else a `HubName`. Models of the hub are looked for in the cache of Hugging Face, then in
    /// that of ecdx, under the name of today, then under that of before, as far as `places` says; the first that is
    /// whole is taken.
    ///
    /// Throws `missing-file` for a path with nothing there, `unknown-weights` for what is no name, `missing-weights` where files
    /// are not on this machine, and `bad-weights` where they are of another kind, not whole, or of several snapshots without a word
    /// which.
    public static func find(
        _ written: String, relativeTo base: String, caches: HubCaches = .usual, in places: [HubCaches.Place] = HubCaches.Place.allCases
    ) throws -> EncoderFiles {
        let path = joined(base, inHome(written))
        let isPath =
            ["/", "./", "../", "~/"].contains { written.hasPrefix($0) } || [".", "..", "~"].contains(written)
            || written.prefix { $0 != "@" }.count { $0 == "/" } > 1
        // A folder that is there is meant, unless it is one of the hub's short names without a model in it.
        let isThere = fileStatus(path)?.kind == .folder && (try? HubName(written))?.known == nil
        if isPath || isThere || fileStatus(joined(path, EncoderFileNames.config)) != nil { return try inFolder(path, written: written) }
        let name = try HubName(written)
        var fault: Diagnostic?
        for place in places {
            for folderName in name.folderNames {
                let folder = HubFolder(caches.folder(place), folderName: folderName)
                guard fileStatus(folder.path)?.kind == .folder else { continue }
                do {
                    if let found = try HubReading(name: name, place: folder, isOwn: place == .own).files() { return found }
                } catch let problem as Diagnostic {
                    // What lies in the other place may be whole.
                    if fault == nil { fault = problem }
                }
            }
        }
        throw fault ?? missing(name, caches)
    }

    private static func inFolder(_ path: String, written: String) throws -> EncoderFiles {
        switch fileStatus(path)?.kind {
        case .folder: break
        case nil: throw Diagnostic("missing-file", "there is no folder `\(written)` with an encoder", hint: "see whether the path is right")
        default:
            throw Diagnostic(
                "bad-weights", "expected the folder of an encoder, with `\(EncoderFileNames.config)` and its tokenizer, found a file",
                data: DataPlace(file: path), hint: "write the folder that the file is in")
        }
        return try SnapshotFiles(folder: path, what: "`\(written)`", fetch: nil, notes: { _ in [] }, bytes: { _ in nil }).files()
    }

    private static func missing(_ name: HubName, _ caches: HubCaches) -> Diagnostic {
        guard !name.isShortAndUnknown else {
            return Diagnostic(
                "unknown-weights", "expected a folder or a model of the hub, found `\(name)`, which is neither here nor known",
                notes: ["known under short names: \(HubName.known.map(\.short).joined(separator: ", "))"], hint: name.hintOfUnknown)
        }
        return Diagnostic(
            "missing-weights", "weights of `\(name)` are not on this machine",
            notes: ["looked in \(caches.huggingFace) and \(caches.own)"], hint: fetchLine(name))
    }
}

/// The command that fetches a model, with the size of its weights where it is known.
func fetchLine(_ name: HubName) -> String {
    "ecdx fetch weights \(name)" + (name.known?.megabytes.map { " (\($0) MB)" } ?? "")
}

/// The files of an encoder in one folder, each looked for by its name.
struct SnapshotFiles {
    let folder: String
    /// What it is, for messages.
    let what: String
    /// The command that would bring what is missing; nil for a plain folder.
    let fetch: String?
    /// What is known of a file that is missing.
    let notes: (String) -> [String]
    /// The bytes that a file must have, where that is known.
    let bytes: (String) -> Int?

    /// All of them. Throws `missing-weights` and `bad-weights`.
    func files() throws -> EncoderFiles {
        let config = try needed(EncoderFileNames.config)
        let weights = try self.weights()
        var shards = [weights]
        if lastName(of: weights) == lastName(of: EncoderFileNames.index) {
            shards = try EncoderFileNames.shards(ofIndex: try readFile(weights, limit: 1 << 26), at: weights).map(needed)
        }
        let tokenizer = try these(EncoderFileNames.tokenizer)
        guard EncoderFileNames.hasVocabulary({ tokenizer[$0] != nil }) else {
            throw Diagnostic(
                "missing-weights", "expected the tokenizer of \(what), found no vocabulary", data: DataPlace(file: folder),
                notes: ["looked for \(EncoderFileNames.vocabularies)"] + notes("tokenizer.json"),
                hint: fetch ?? "put the files of the tokenizer into the folder")
        }
        return EncoderFiles(
            folder: folder, config: config, weights: weights, shards: shards, tokenizer: tokenizer,
            sentences: try these(EncoderFileNames.sentences), name: nil, commit: nil, remark: nil)
    }

    private func weights() throws -> String {
        if let found = try present(EncoderFileNames.weights) ?? present(EncoderFileNames.index) { return found }
        if let foreign = EncoderFileNames.foreignWeights.first(where: { fileStatus(joined(folder, $0)) != nil }) {
            let isPickle = foreign.hasPrefix("pytorch")
            throw Diagnostic(
                "bad-weights",
                "expected weights of \(what) as `\(EncoderFileNames.weights)`, found `\(foreign)` only"
                    + (isPickle ? ", which is a pickle" : ""),
                data: DataPlace(file: joined(folder, foreign)),
                notes: (isPickle ? ["a pickle can run any program when it is read"] : []) + notes(EncoderFileNames.weights),
                hint: fetch.map { $0 + ", which asks for safetensors" }
                    ?? "save it with `save_pretrained`, which writes safetensors")
        }
        return try needed(EncoderFileNames.weights)
    }

    private func needed(_ name: String) throws -> String {
        if let path = try present(name) { return path }
        throw Diagnostic(
            "missing-weights", "expected `\(name)` of \(what), found no such file", data: DataPlace(file: folder), notes: notes(name),
            hint: fetch ?? "put it into the folder")
    }

    private func these(_ names: [String]) throws -> [String: String] {
        var found: [String: String] = [:]
        for name in names { found[name] = try present(name) }
        return found
    }

    /// The path of a file; nil where there is none. Throws where it is a link to nothing or not of its size.
    private func present(_ name: String) throws -> String? {
        let path = joined(folder, name)
        guard let status = fileStatus(path) else {
            guard fileStatus(path, followingLinks: false) != nil else { return nil }
            throw Diagnostic(
                "missing-weights", "expected `\(name)` of \(what), found a link to a file that is not there", data: DataPlace(file: path),
                notes: notes(name), hint: fetch ?? "put the file into the folder itself")
        }
        guard status.kind == .file else {
            throw Diagnostic(
                "bad-weights", "expected `\(name)` of \(what) to be a file, found a folder or a device", data: DataPlace(file: path),
                hint: fetch)
        }
        if let bytes = bytes(name), bytes != status.bytes {
            throw Diagnostic(
                "bad-weights", "expected `\(name)` of \(what) with \(bytes) bytes, as the hub has it, found \(status.bytes)",
                data: DataPlace(file: path), notes: notes(name), hint: "remove it, then \(fetch ?? "fetch it again")")
        }
        return path
    }
}
