import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Fetching

@Suite(.timed) struct HubFetchTests {
    @Test func oneCommitWholeAndFound() throws {
        let server = try HubServer()
        let model = server.model.value
        let outcome = try server.fetch()
        #expect(outcome.fetched == 5 && outcome.folder == server.snapshot)
        #expect(
            try listFolder(server.snapshot) == [
                "config.json", "fetched.json", "merges.txt", "model.safetensors", "tokenizer.json", "vocab.json",
            ])
        for name in ["config.json", "merges.txt", "model.safetensors"] {
            #expect(try readFile(joined(server.snapshot, name)) == model.files[name])
        }
        // The record is checked against what Git and Python say: `git hash-object` of the two lines.
        let record = try #require(try HubRecord(at: joined(server.root, "models--FacebookAI--roberta-base/records/\(hubCommit).json")))
        #expect(record == outcome.record && record.commit == hubCommit && record.revision == "main" && record.licence == "mit")
        #expect(record.files["model.safetensors"]?.checked == "sha256" && record.files["config.json"]?.checked == "git")
        #expect(try record.files["model.safetensors"]?.sha256 == sha256(model.files["model.safetensors"] ?? []) && !record.isGated)
        #expect(try readText(joined(server.root, "models--FacebookAI--roberta-base/refs/main")) == hubCommit)

        // The commit is pinned: nothing was asked of `main` but the listing.
        let paths = server.hub.requests.map(\.path)
        #expect(paths[0] == "/api/models/FacebookAI/roberta-base/revision/main?blobs=true")
        #expect(paths.dropFirst().allSatisfy { $0.contains(hubCommit) } && paths.count == 1 + 4 * 2 + 1)
        #expect(server.cdn.requests.map(\.path) == ["/cdn/model.safetensors?Expires=1&Signature=s"])

        let caches = HubCaches(huggingFace: server.scratch.file("none"), own: server.root)
        for name in [
            "roberta-base", "FacebookAI/roberta-base", "roberta-base@main", "roberta-base@\(hubCommit)", "roberta-base@0123456789",
        ] {
            let files = try EncoderFiles.find(name, relativeTo: server.scratch.path, caches: caches)
            #expect(files.folder == server.snapshot && files.pinned == "FacebookAI/roberta-base@\(hubCommit)" && files.remark == nil)
            #expect(files.tokenizer.keys.sorted() == ["merges.txt", "tokenizer.json", "vocab.json"])
        }

        // Again: what is there is compared, not fetched.
        let before = server.hub.requests.count
        let again = try server.fetch()
        #expect(again.fetched == 0 && again.record.files == record.files && server.hub.requests.count == before + 1)
        let whole = try HubClient.whole(HubName("roberta-base"), commit: hubCommit, in: server.root)
        #expect(whole?.record == again.record && server.hub.requests.count == before + 1)
        try writeWhole(fetchBytes(300_000, seed: 2), to: joined(server.snapshot, "model.safetensors"))
        #expect(diagnostic { try HubClient.whole(HubName("roberta-base"), commit: hubCommit, in: server.root) }.id == "wrong-hash")
        #expect(diagnostic { try server.fetch() }.id == "wrong-hash")
        try removeTree(joined(server.snapshot, "model.safetensors"))
        #expect(try HubClient.whole(HubName("roberta-base"), commit: hubCommit, in: server.root) == nil)
        #expect(try server.fetch().fetched == 1)
    }

    @Test func hashesOfGit() throws {
        // printf 'hello\n' | git hash-object --stdin
        #expect(try withFile("a", Array("hello\n".utf8)) { try gitBlobHash(ofFile: $0) } == "ce013625030ba8dba906f756967f9e9ca394464a")
        // git hash-object of an empty file
        #expect(try withFile("a", []) { try gitBlobHash(ofFile: $0) } == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
    }

    @Test func severalFilesOfWeights() throws {
        var model = HubModel()
        model.files["model.safetensors"] = nil
        let names = (1...3).map { "model-0000\($0)-of-00003.safetensors" }
        for (number, name) in names.enumerated() { model.files[name] = fetchBytes(50_000, seed: UInt64(number + 3)) }
        model.large = Set(names)
        let map = names.enumerated().map { #""t\#($0.offset)": "\#($0.element)""# }.joined(separator: ", ")
        model.files["model.safetensors.index.json"] = Array(#"{"weight_map": {\#(map)}}"#.utf8)
        let server = try HubServer(model)
        #expect(try server.fetch().fetched == 8)
        let caches = HubCaches(huggingFace: server.scratch.file("none"), own: server.root)
        let files = try EncoderFiles.find("roberta-base", relativeTo: "/", caches: caches)
        #expect(files.shards == names.map { joined(server.snapshot, $0) } && lastName(of: files.weights) == "model.safetensors.index.json")
        #expect(files.all.count == 8)

        // An index that names what the hub does not have, and one that leads elsewhere.
        let other = try HubServer(model)
        other.model.value.files[names[1]] = nil
        let missing = diagnostic { try other.fetch() }
        #expect(missing.id == "bad-weights" && missing.message.contains("found no `\(names[1])`"), "\(missing.message)")
        for name in ["../../evil.safetensors", "/tmp/evil.safetensors", "a/b.safetensors", "evil.bin", "a%2f.safetensors", ""] {
            let evil = try HubServer(model)
            evil.model.value.files["model.safetensors.index.json"] = Array(#"{"weight_map": {"t": "\#(name)"}}"#.utf8)
            #expect(diagnostic { try evil.fetch() }.id == "bad-weights", "\(name)")
            #expect(try listFolder(evil.scratch.path) == ["hub"])
        }
    }

    @Test func revisions() throws {
        let server = try HubServer()
        #expect(try server.fetch("roberta-base@refs/pr/1").record.revision == "refs/pr/1")
        #expect(server.hub.requests[0].path == "/api/models/FacebookAI/roberta-base/revision/refs%2Fpr%2F1?blobs=true")
        let place = joined(server.root, "models--FacebookAI--roberta-base")
        #expect(try readText(joined(place, "refs/refs/pr/1")) == hubCommit && fileStatus(joined(place, "refs/main")) == nil)
        let caches = HubCaches(huggingFace: server.scratch.file("none"), own: server.root)
        #expect(try EncoderFiles.find("roberta-base@refs/pr/1", relativeTo: "/", caches: caches).commit == hubCommit)
        _ = try server.fetch("roberta-base@\(hubCommit)")
        #expect(try listFolder(joined(place, "refs")) == ["refs"])
        let none = diagnostic { try server.fetch("roberta-base@v9") }
        #expect(none.id == "fetch-failed" && none.message.contains("no revision `v9`"), "\(none.message)")
        // A hub that gives another commit than the one that was asked for.
        let asked = String(repeating: "a", count: 40)
        let text = try server.model.value.listing()
        server.fault.value = { request, _ in request.path.contains(asked) ? .init(body: Array(text.utf8)) : nil }
        #expect(diagnostic { try server.fetch("roberta-base@\(asked)") }.message.contains("expected the commit \(asked)"))
    }

    @Test func theTokenStaysWithTheHub() throws {
        let server = try HubServer()
        _ = try server.fetch(token: hubToken)
        #expect(server.hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer \(hubToken)" })
        #expect(server.cdn.requests.count == 1 && server.cdn.requests.allSatisfy { $0.headers["authorization"] == nil })
        #expect(server.cdn.requests.allSatisfy { !"\($0)".contains(hubToken) })
        let key = try APIKey(hubToken, form: .bearer)
        #expect(try !key.isIn(allBytes(in: server.scratch.path)) && !"\(key)".contains(hubToken))

        // Not even where the other server leads back.
        let back = try HubServer()
        let hub = back.hub.base
        back.cdnFault.value = { request, _ in
            .redirect("\(hub)/api/resolve-cache/models/FacebookAI/roberta-base/\(hubCommit)/model.safetensors")
        }
        _ = try back.fetch(token: hubToken)
        #expect(back.hub.requests.last?.headers["authorization"] == nil && back.cdn.requests[0].headers["authorization"] == nil)

        // A hub that repeats it: in an answer, in a tag, in a redirect.
        let echo = try HubServer()
        echo.fault.value = { request, _ in
            request.path.hasPrefix("/api/models") ? .init(body: Array("{\"sha\": \"\(hubToken)\"}".utf8)) : nil
        }
        let repeats = diagnostic { try echo.fetch(token: hubToken) }
        #expect(repeats.message.contains("repeats the token") && !"\(repeats)".contains(hubToken))
        echo.fault.value = { request, _ in request.path.contains("resolve/") ? .redirect("http://\(hubToken).example.org/") : nil }
        let redirected = diagnostic { try echo.fetch(token: hubToken) }
        #expect(redirected.id == "refused-address" && !"\(redirected)".lowercased().contains(hubToken.lowercased()), "\(redirected)")
        echo.fault.value = { request, _ in
            request.path.contains("resolve/") ? .init(headers: ["ETag": "\"\(hubToken)\""], body: fetchBytes(20), length: 25, cut: 20) : nil
        }
        _ = diagnostic { try echo.fetch(token: hubToken) }
        #expect(try !key.isIn(allBytes(in: echo.scratch.path)))
    }

    @Test func withoutHashes() throws {
        var model = HubModel()
        (model.hasBlobs, model.licence) = (false, nil)
        let server = try HubServer(model)
        let record = try server.fetch().record
        #expect(record.files.values.allSatisfy { $0.checked == nil } && record.licence == nil && record.files.count == 5)
    }
}
