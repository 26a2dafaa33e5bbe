import Diagnostics

/// The folder of one model in a cache laid out as that of Hugging Face: `refs` with a commit for each branch, `snapshots` with the
/// files of each commit by their names, and in caches of Python's `huggingface_hub` `blobs` with their contents under hashes.
///
/// What `ecdx fetch` makes has the same layout with plain files, no `blobs`, and a `HubRecord` for each whole snapshot.
public struct HubFolder: Sendable, Hashable {
    /// Path of the folder, such as `.../hub/models--FacebookAI--roberta-base`.
    public var path: String

    /// The folder of a model in the cache at `root`, under the name that it has today or had before.
    public init(_ root: String, folderName: String) { path = joined(root, folderName) }

    /// Path of the folder with the commits of branches.
    public var refs: String { joined(path, "refs") }
    /// Path of the folder with a folder for each commit.
    public var snapshots: String { joined(path, "snapshots") }
    /// Path of the folder with contents under their hashes.
    public var blobs: String { joined(path, "blobs") }
    /// Path of the files of a commit.
    public func snapshot(_ commit: String) -> String { joined(snapshots, commit) }
    /// Path of the file that lists what a commit has on the hub, which `huggingface_hub` keeps since 2026.
    public func tree(_ commit: String) -> String { joined(path, "trees/\(commit).json") }
    /// Path of a mark that the hub has no such file in a commit.
    public func absence(_ file: String, _ commit: String) -> String { joined(path, ".no_exist/\(commit)/\(file)") }
    /// Path of the record of a snapshot that `ecdx fetch` made.
    public func record(_ commit: String) -> String { joined(path, "records/\(commit).json") }

    /// The commits that there are snapshots of, sorted.
    public var commits: [String] { ((try? listFolder(snapshots)) ?? []).filter(isCommit) }

    /// The commit that a branch, a tag or `refs/pr/NUMBER` stood for when it was asked last; nil where it never was. Throws
    /// `bad-weights` where the file does not hold a commit.
    public func commit(ofRef revision: String) throws -> String? {
        let file = joined(refs, revision)
        guard fileStatus(file)?.kind == .file else { return nil }
        let text = String(decoding: try readFile(file, limit: 1 << 12), as: UTF8.self)
        let commit = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        guard isCommit(commit) else {
            throw Diagnostic(
                "bad-weights", "expected a commit of 40 hexadecimal digits, found `\(text.prefix(60))`", data: DataPlace(file: file),
                hint: "remove it and fetch the model again")
        }
        return commit
    }
}

/// What `ecdx fetch` notes of a whole snapshot, as its last act: where each file came from and that it is what the hub has.
public struct HubRecord: Sendable, Hashable, Codable {
    /// A file of the snapshot.
    public struct File: Sendable, Hashable, Codable {
        /// Size in bytes.
        public var bytes: Int
        /// SHA-256 of the contents.
        public var sha256: Digest
        /// The hash that the hub gave and that was compared, `sha256` or `git` (the SHA-1 of Git); nil where it gave none.
        public var checked: String?

        /// Makes the note of a file.
        public init(bytes: Int, sha256: Digest, checked: String?) { (self.bytes, self.sha256, self.checked) = (bytes, sha256, checked) }
    }

    /// The name that was asked for, `ORGANISATION/NAME`.
    public var id: String
    /// The name by which the hub answered, where that is another.
    public var answered: String?
    /// The commit.
    public var commit: String
    /// The revision that was asked for and led to the commit.
    public var revision: String
    /// The address of the hub.
    public var hub: String
    /// When the snapshot became whole, in UTC: `2026-11-28T09:37:46Z`.
    public var time: String
    /// The licence that the model's page gives, such as `mit`; nil where it gives none.
    public var licence: String?
    /// Whether the hub gives it only to those who were admitted.
    public var isGated: Bool
    /// The files by their names.
    public var files: [String: File]

    /// Makes a record.
    public init(
        id: String, answered: String?, commit: String, revision: String, hub: String, time: String, licence: String?, isGated: Bool,
        files: [String: File]
    ) {
        (self.id, self.answered, self.commit, self.revision, self.hub, self.time) = (id, answered, commit, revision, hub, time)
        (self.licence, self.isGated, self.files) = (licence, isGated, files)
    }

    /// Reads a record; nil where there is none. Throws `bad-data` and `cannot-read`.
    public init?(at path: String) throws {
        guard fileStatus(path) != nil else { return nil }
        self = try JSONValue(parsing: readFile(path, limit: 1 << 20), in: DataPlace(file: path)).decoded(in: DataPlace(file: path))
    }
}

/// The names of the files that an encoder is made of, on the hub and in a folder.
public enum EncoderFileNames {
    /// What the model is.
    public static let config = "config.json"
    /// The weights in one file.
    public static let weights = "model.safetensors"
    /// The list of weights in several files.
    public static let index = "model.safetensors.index.json"
    /// Files by which texts become numbers, and by which hidden states become vectors; a model has some of them.
    public static let tokenizer = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt",
        "spiece.model",
    ]
    /// Files of sentence-transformers: the length of texts and how hidden states are pooled.
    public static let sentences = ["modules.json", "sentence_bert_config.json", "1_Pooling/config.json"]
    /// The vocabularies, one of which must be there, for messages.
    public static let vocabularies = "tokenizer.json, vocab.json with merges.txt, vocab.txt and spiece.model"
    /// Whether one of the vocabularies is there.
    public static func hasVocabulary(_ isThere: (String) -> Bool) -> Bool {
        ["tokenizer.json", "vocab.txt", "spiece.model"].contains(where: isThere) || isThere("vocab.json") && isThere("merges.txt")
    }
    /// Weights as pickles or for other frameworks, which are not read.
    public static let foreignWeights = [
        "pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5", "flax_model.msgpack", "rust_model.ot",
    ]

    /// The names of the files in an index of weights, sorted; each stands beside it. Throws `bad-weights`.
    public static func shards(ofIndex bytes: [UInt8], at path: String) throws -> [String] {
        func bad(_ found: String) -> Diagnostic {
            Diagnostic("bad-weights", "expected an index of weights in several files, found \(found)", data: DataPlace(file: path))
        }
        let document = try JSONValue(parsing: bytes, in: DataPlace(file: path))
        guard let map = document["weight_map"]?.objectValue, !map.isEmpty else { throw bad("no object `weight_map` with names of files") }
        var names: Set<String> = []
        for (tensor, file) in map {
            guard let name = file.stringValue, name.hasSuffix(".safetensors"), name.utf8.count <= 200, !name.hasPrefix("."),
                name.utf8.allSatisfy({ (0x21...0x7E).contains($0) && ![0x2F, 0x5C, 0x25, 0x3F, 0x23].contains($0) })
            else { throw bad("no name of a file beside it for `\(tensor.prefix(80))`") }
            names.insert(name)
        }
        return names.sorted()
    }
}
