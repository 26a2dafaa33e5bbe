import Diagnostics
import Storage

/// What the hub says of a model at a revision: the commit and the files with sizes and hashes.
public struct HubListing: Sendable, Hashable {
    /// A file of the listing.
    public struct File: Sendable, Hashable {
        /// The size in bytes; nil where the hub does not say.
        public var bytes: Int?
        /// The hash of the contents: SHA-256 of large files, that of Git for small ones; nil where the hub gives none.
        public var hash: PublishedHash?
    }

    /// The name that was asked for.
    public var name: HubName
    /// The name by which the hub answers; nil where it gives none.
    public var answered: String?
    /// The commit, 40 hexadecimal digits.
    public var commit: String
    /// The licence of the model's page, such as `mit`; nil where there is none.
    public var licence: String?
    /// Whether only those who were admitted get the files.
    public var isGated: Bool
    /// The files by their names.
    public var files: [String: File]

    /// Reads an answer of the hub. Throws `fetch-failed`, and `bad-data` where it is no JSON.
    init(_ bytes: [UInt8], name: HubName) throws {
        let json = try JSONValue(parsing: bytes)
        guard let commit = json["sha"]?.stringValue, isCommit(commit) else {
            throw failed("no commit `sha` of 40 hexadecimal digits in it")
        }
        guard let siblings = json["siblings"]?.arrayValue else { throw failed("no list `siblings` of files in it") }
        (self.name, self.commit) = (name, commit)
        answered = [json["id"], json["modelId"]].lazy.compactMap { $0?.stringValue }.first.flatMap { try? HubName($0).written }
        isGated = json["gated"].map { $0.boolValue ?? ($0.stringValue != nil) } ?? false
        licence = HubListing.licence(json)
        files = [:]
        for sibling in siblings {
            guard let file = sibling["rfilename"]?.stringValue, !file.isEmpty else { throw failed("a file without a name in it") }
            files[file] = try HubListing.file(sibling, named: file)
        }
    }

    /// The size and hash of a file. What Git LFS keeps has a SHA-256, and the `blobId` of it is that of a pointer.
    private static func file(_ json: JSONValue, named name: String) throws -> File {
        func size(_ value: JSONValue?) throws -> Int? {
            guard let value, value != .null else { return nil }
            guard let size = value.intValue, size >= 0 else { throw failed("a size of `\(name.prefix(80))` that is none") }
            return size
        }
        if let large = json["lfs"], large != .null {
            var text = (large["sha256"] ?? large["oid"])?.stringValue ?? ""
            if text.hasPrefix("sha256:") { text.removeFirst("sha256:".count) }
            guard let digest = Digest(hex: text) else { throw failed("a SHA-256 of `\(name.prefix(80))` that is none") }
            return try File(bytes: size(large["size"]) ?? size(json["size"]), hash: .sha256(digest))
        }
        guard let blob = json["blobId"], blob != .null else { return try File(bytes: size(json["size"]), hash: nil) }
        guard let text = blob.stringValue, isCommit(text) else { throw failed("a hash of `\(name.prefix(80))` that is none") }
        return try File(bytes: size(json["size"]), hash: .gitBlob(text))
    }

    /// The licence of the card, or else of the tags.
    private static func licence(_ json: JSONValue) -> String? {
        let card = json["cardData"]
        let names =
            [card?["license"], card?["license_name"]].compactMap { $0?.stringValue }
            + (card?["license"]?.arrayValue ?? []).compactMap(\.stringValue)
        let tags = (json["tags"]?.arrayValue ?? []).compactMap(\.stringValue).filter { $0.hasPrefix("license:") }.map {
            String($0.dropFirst(8))
        }
        let found = (names.isEmpty ? tags : names).map { text in String(text.prefix(60).filter { $0.isASCII && !$0.isNewline }) }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }

    /// The files to fetch but the weights: what the model is, then what its tokenizer needs. Throws `bad-weights` where the model has
    /// no description or no vocabulary.
    func smallFiles() throws -> [String] {
        guard files[EncoderFileNames.config] != nil else {
            let some = files.keys.sorted().prefix(6).joined(separator: ", ")
            throw Diagnostic(
                "bad-weights", "expected a model with `\(EncoderFileNames.config)` on the hub, found `\(name.id)` without",
                notes: files.isEmpty ? [] : ["it has \(files.count) files: \(some)\(files.count > 6 ? ", ..." : "")"],
                hint: "look at its page whether it is an encoder in the form of `transformers`")
        }
        guard EncoderFileNames.hasVocabulary({ files[$0] != nil }) else {
            throw Diagnostic(
                "bad-weights", "expected a model with a tokenizer on the hub, found `\(name.id)` without",
                notes: ["looked for \(EncoderFileNames.vocabularies)"],
                hint: "take the model that it was made from")
        }
        return ([EncoderFileNames.config] + EncoderFileNames.tokenizer + EncoderFileNames.sentences).filter { files[$0] != nil }
    }

    /// The file of weights, or the index of several. Throws `bad-weights` where the model has none in safetensors.
    func weights() throws -> String {
        if let found = [EncoderFileNames.weights, EncoderFileNames.index].first(where: { files[$0] != nil }) { return found }
        let foreign = EncoderFileNames.foreignWeights.filter { files[$0] != nil }
        let isPickle = foreign.contains { $0.hasPrefix("pytorch") }
        throw Diagnostic(
            "bad-weights",
            "expected weights of `\(name.id)` as `\(EncoderFileNames.weights)`, found "
                + (foreign.isEmpty ? "none" : "`\(foreign[0])` only" + (isPickle ? ", which is a pickle" : "")),
            notes: isPickle ? ["a pickle can run any program when it is read"] : [],
            hint: foreign.isEmpty
                ? "look at its page whether it is an encoder in the form of `transformers`"
                : "see whether a pull request on its page offers safetensors, and fetch \(name.id)@refs/pr/NUMBER")
    }

    /// Checks that the files of an index are in the listing. Throws `bad-weights`.
    func check(shards: [String]) throws {
        let missing = shards.filter { files[$0] == nil }
        guard missing.isEmpty else {
            throw Diagnostic(
                "bad-weights", "expected the \(shards.count) files of `\(EncoderFileNames.index)` on the hub, found no `\(missing[0])`",
                hint: "fetch another revision of \(name.id)")
        }
    }
}
