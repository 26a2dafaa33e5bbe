import Storage

/// The token of the tests; nothing that is written may hold it.
public let hubToken = "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"

/// The commit of the tests.
public let hubCommit = "0123456789abcdef0123456789abcdef01234567"

/// A model as the hub has it: small files under the hash of Git, large ones by Git LFS under SHA-256, given out by another server.
public struct HubModel: Sendable {
    /// The contents of the files by their names.
    public var files: [String: [UInt8]] = [:]
    /// The names of the files that Git LFS keeps.
    public var large: Set<String> = ["model.safetensors"]
    /// The commit, 40 digits.
    public var commit = hubCommit
    /// The name of the model.
    public var id = "FacebookAI/roberta-base"
    /// The licence of its page.
    public var licence: String? = "mit"
    /// Whether it is gated, as JSON.
    public var gated = "false"
    /// Whether sizes and hashes are given.
    public var hasBlobs = true

    /// A model with one file of weights.
    public init(weights: Int = 300_000, seed: UInt64 = 1) {
        files = [
            "config.json": Array(#"{"model_type": "roberta"}"#.utf8), "tokenizer.json": Array(#"{"version": "1.0"}"#.utf8),
            "vocab.json": Array("{}".utf8), "merges.txt": Array("#version: 0.2\n".utf8), "README.md": Array("# A model\n".utf8),
            "model.safetensors": fetchBytes(weights, seed: seed), "pytorch_model.bin": Array("pickle".utf8),
        ]
    }

    /// The hash that the hub gives.
    public func hash(_ name: String) throws -> String {
        let bytes = files[name] ?? []
        if large.contains(name) { return try sha256(bytes).hex }
        return try withFile("blob", bytes) { try gitBlobHash(ofFile: $0) }
    }

    /// The answer to a question about the model.
    public func listing() throws -> String {
        let siblings = try files.keys.sorted().map { name in
            let size = files[name]?.count ?? 0
            guard hasBlobs else { return #"{"rfilename": "\#(name)"}"# }
            let pointer = String(repeating: "ab", count: 20)
            return large.contains(name)
                ? #"""
                {"rfilename": "\#(name)", "size": \#(size), "blobId": "\#(pointer)", \#
                "lfs": {"sha256": "\#(try hash(name))", "size": \#(size), "pointerSize": 134}}
                """#
                : #"{"rfilename": "\#(name)", "size": \#(size), "blobId": "\#(try hash(name))"}"#
        }
        let card = licence.map { #", "cardData": {"license": "\#($0)"}, "tags": ["license:\#($0)"]"# } ?? ""
        return #"""
            {"_id": "621ffdc0", "id": "\#(id)", "modelId": "\#(id)", "sha": "\#(commit)", "private": false, "gated": \#(gated), \#
            "siblings": [\#(siblings.joined(separator: ", "))]\#(card)}
            """#
    }
}

/// A copy of the hub as far as fetching goes, after the sources of its client `huggingface_hub`: a listing, redirects within for
/// small files, a server elsewhere for large ones.
public final class HubServer: Sendable {
    /// What stands in for a reply, by a request and how many of its path came before it; nil leaves the usual one.
    public typealias Fault = @Sendable (FetchServer.Request, Int) -> FetchServer.Reply?

    /// The hub, which gives listings and small files.
    public let hub: FetchServer
    /// The other server, which gives large files.
    public let cdn: FetchServer
    /// The model.
    public let model: Shared<HubModel>
    /// What stands in for the usual reply of the hub.
    public let fault = Shared<Fault>({ _, _ in nil })
    /// The same of the other server.
    public let cdnFault = Shared<Fault>({ _, _ in nil })
    /// The seconds that were waited, in slices.
    public let waits = Shared<[Double]>([])
    /// What was told.
    public let told = Shared<[String]>([])
    /// Whether fetching is to stop.
    public let isStopped = Shared(false)
    /// A folder of the test.
    public let scratch: Scratch

    /// Starts both servers.
    public init(_ model: HubModel = HubModel()) throws {
        scratch = try Scratch()
        let shared = Shared(model)
        self.model = shared
        let (fault, cdnFault) = (fault, cdnFault)
        let counts = Shared<[String: Int]>([:])
        @Sendable func before(_ path: String) -> Int {
            counts.change { all in
                all[path, default: 0] += 1
                return all[path, default: 1] - 1
            }
        }
        let cdn = try FetchServer { request in
            if let reply = cdnFault.value(request, before("cdn " + request.path)) { return reply }
            let name = String(request.path.split(separator: "?")[0].dropFirst("/cdn/".count))
            guard let bytes = shared.value.files[name] else { return .init(status: 403) }
            return .file(bytes, etag: "\"\((try? shared.value.hash(name)) ?? "")\"", for: request)
        }
        self.cdn = cdn
        let base = cdn.base
        hub = try FetchServer { request in
            if let reply = fault.value(request, before(request.path)) { return reply }
            return HubServer.reply(request, shared.value, cdn: base)
        }
    }

    /// A refusal with the hub's words.
    public static func refusal(_ status: Int, _ code: String?, _ text: String = "no", wait: String? = nil) -> FetchServer.Reply {
        var headers = ["Content-Type": "application/json; charset=utf-8", "X-Error-Message": text]
        headers["X-Error-Code"] = code
        headers["Retry-After"] = wait
        return .init(status: status, headers: headers, body: Array(#"{"error": "\#(text)"}"#.utf8))
    }

    /// The usual reply of the hub.
    public static func reply(_ request: FetchServer.Request, _ model: HubModel, cdn: String) -> FetchServer.Reply {
        let path = request.path
        let api = "/api/models/\(model.id)/revision/"
        if path.hasPrefix(api), path.hasSuffix("?blobs=true") {
            let revision = String(path.dropFirst(api.count).dropLast("?blobs=true".count)).replacing("%2F", with: "/")
            guard ["main", "refs/pr/1", model.commit].contains(revision) else { return refusal(404, "RevisionNotFound", "Invalid rev id") }
            let text = (try? model.listing()) ?? ""
            return .init(headers: ["Content-Type": "application/json; charset=utf-8"], body: Array(text.utf8))
        }
        let resolve = "/\(model.id)/resolve/\(model.commit)/"
        if path.hasPrefix(resolve) {
            let name = String(path.dropFirst(resolve.count))
            guard model.files[name] != nil else { return refusal(404, "EntryNotFound", "Entry not found") }
            guard model.large.contains(name) else {
                return .redirect("/api/resolve-cache/models/\(model.id)/\(model.commit)/\(name)", status: 307)
            }
            var reply = FetchServer.Reply.redirect("\(cdn)/cdn/\(name)?Expires=1&Signature=s")
            reply.headers["X-Linked-Etag"] = "\"\((try? model.hash(name)) ?? "")\""
            reply.headers["X-Linked-Size"] = "\(model.files[name]?.count ?? 0)"
            reply.headers["X-Repo-Commit"] = model.commit
            return reply
        }
        let cache = "/api/resolve-cache/models/\(model.id)/\(model.commit)/"
        if path.hasPrefix(cache), let bytes = model.files[String(path.dropFirst(cache.count))] {
            let name = String(path.dropFirst(cache.count))
            return .file(bytes, etag: "\"\((try? model.hash(name)) ?? "")\"", for: request)
        }
        return refusal(404, "RepoNotFound", "Repository not found")
    }
}
