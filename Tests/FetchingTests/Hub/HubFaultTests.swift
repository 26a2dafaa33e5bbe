import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Fetching

@Suite(.timed) struct HubFaultTests {
    /// Refusals of the listing: each is one diagnostic, and nothing is left.
    @Test func refusals() throws {
        let cases: [(status: Int, code: String?, token: String?, said: [String])] = [
            (401, "GatedRepo", nil, ["is gated", "(status 401)", "HF_TOKEN", "/FacebookAI/roberta-base"]),
            (403, "GatedRepo", hubToken, ["is gated", "(status 403)", "with the account whose token HF_TOKEN holds"]),
            (401, "RepoNotFound", nil, ["no such model, or shows it to nobody without a token (status 401)"]),
            (401, nil, nil, ["no such model, or shows it to nobody without a token (status 401)"]),
            (401, nil, hubToken, ["does not accept the token in HF_TOKEN (status 401)"]),
            (404, "RepoNotFound", hubToken, ["no such model (status 404)"]), (404, nil, nil, ["no such model"]),
            (403, nil, hubToken, ["does not allow it (status 403)", "whether the token in HF_TOKEN may read this model"]),
            (418, nil, nil, ["found status 418"]),
        ]
        let server = try HubServer()
        for (status, code, token, said) in cases {
            server.fault.value = { request, _ in HubServer.refusal(status, code) }
            let before = server.hub.requests.count
            let fault = diagnostic { try server.fetch(token: token) }
            #expect(fault.id == "fetch-failed" && server.hub.requests.count == before + 1 && server.waits.value.isEmpty)
            let text = ([fault.message] + fault.notes + fault.hints).joined(separator: "\n")
            for words in said { #expect(text.contains(words), "\(status): \(text)") }
            #expect(fileStatus(server.root) == nil && !text.contains(hubToken))
        }
        server.fault.value = { _, _ in nil }
        // Names that are nearly known.
        for (name, near) in [("someone/roberta-bse", "roberta-base"), ("nobody/all-MiniLM-L6-v2", "all-MiniLM-L6-v2")] {
            let fault = diagnostic { try server.fetch(name) }
            #expect(fault.hints == ["did you mean `\(near)`?"], "\(fault.hints)")
        }
    }

    /// Trouble that passes: waits as long as the server asks, else twice as long each time.
    @Test func troubleThatPasses() throws {
        let server = try HubServer()
        server.fault.value = { request, before in
            guard request.path.hasPrefix("/api/models/") else { return nil }
            return [HubServer.refusal(429, nil, wait: "7"), HubServer.refusal(503, nil)].dropFirst(before).first
        }
        #expect(try server.fetch().fetched == 5 && server.waited == 9)
        #expect(
            server.told.value == [
                "`127.0.0.1` was asked too often (status 429), as it asks: waiting 7 s, then attempt 2 of 4",
                "`127.0.0.1` has trouble of its own (status 503): waiting 2 s, then attempt 3 of 4",
            ], "\(server.told.value)")

        let limited = try HubServer()
        limited.fault.value = { request, before in
            before == 0 && request.path.hasSuffix("config.json")
                ? .init(status: 429, headers: ["RateLimit": "\"resolvers\";r=0;t=55"], body: []) : nil
        }
        #expect(try limited.fetch().fetched == 5 && limited.waited == 112, "\(limited.waited)")
        #expect(
            secondsUntilReset("\"api\";r=3;t=55") == nil && secondsUntilReset("r=0") == nil && secondsUntilReset("\"api\"; r=0; t=5") == 6)

        // An address of the other server that holds no longer: the hub gives another.
        let expired = try HubServer()
        expired.cdnFault.value = { _, before in before == 0 ? .init(status: 403, body: Array("<Error/>".utf8)) : nil }
        #expect(try expired.fetch().fetched == 5 && expired.cdn.requests.count == 2)
        #expect(expired.hub.requests.filter { $0.path.hasSuffix("resolve/\(hubCommit)/model.safetensors") }.count == 2)

        // And trouble that does not pass.
        for status in [429, 500, 504] {
            let server = try HubServer()
            server.fault.value = { request, _ in request.path.hasSuffix("vocab.json") ? HubServer.refusal(status, nil) : nil }
            let fault = diagnostic { try server.fetch(attempts: 3) }
            #expect(
                fault.id == "fetch-failed"
                    && fault.message.hasPrefix("expected `vocab.json` of `roberta-base`, found after 3 attempts that")
                    && fault.message.contains("status \(status)")
                    && fault.hints == ["try again later: the same command goes on from there"],
                "\(fault.message)")
            #expect(server.isNothingWhole)
            server.fault.value = { _, _ in nil }
            #expect(try server.fetch().fetched > 0 && !server.isNothingWhole)
        }
    }

    /// A connection that is cut goes on from there, at this call and at the next.
    @Test func cutAndContinued() throws {
        let server = try HubServer()
        let bytes = server.model.value.files["model.safetensors"] ?? []
        let tag = "\"\(try server.model.value.hash("model.safetensors"))\""
        server.cdnFault.value = { request, before in before < 5 ? .file(bytes, etag: tag, for: request, cut: 40_000) : nil }
        let fault = diagnostic { try server.fetch(attempts: 3) }
        #expect(fault.id == "fetch-failed" && fault.message.contains("after 3 attempts") && fault.hints[0].contains("goes on from there"))
        #expect(server.isNothingWhole && fileStatus(joined(server.snapshot, "model.safetensors.part"))?.bytes == 120_000)
        #expect(try server.fetch(attempts: 3).fetched == 1)
        #expect(server.cdn.requests.map(\.from) == [nil, 40_000, 80_000, 120_000, 160_000, 200_000])
        #expect(try readFile(joined(server.snapshot, "model.safetensors")) == bytes && server.told.value.count == 4)
        #expect(try listFolder(server.snapshot).allSatisfy { !$0.contains(".part") })

        // Stopped by its user in the middle, and taken up again.
        let slow = try HubServer()
        slow.cdnFault.value = { request, before in before == 0 ? .file(bytes, etag: tag, for: request, pause: 3000) : nil }
        let client = try slow.client()
        let listing = try client.listing(of: HubName("roberta-base"))
        #expect(throws: FetchStopped.self) {
            try client.fetch(listing, into: slow.root, progress: { if $0.bytes > 100_000 { slow.isStopped.value = true } })
        }
        slow.isStopped.value = false
        #expect(slow.isNothingWhole)
        #expect(try slow.fetch().fetched == 1 && slow.cdn.requests.last?.from ?? 0 > 50_000)
    }

    /// The file changes between two attempts: it is begun anew, and has to have the hash that was announced.
    @Test func changedInTheMiddle() throws {
        for isSame in [true, false] {
            let server = try HubServer()
            let bytes = server.model.value.files["model.safetensors"] ?? []
            let other = isSame ? bytes : fetchBytes(bytes.count, seed: 9)
            server.cdnFault.value = { request, before in
                before == 0 ? .file(bytes, etag: "\"first\"", for: request, cut: 70_000) : .file(other, etag: "\"second\"", for: request)
            }
            if isSame {
                #expect(try server.fetch().fetched == 5)
                #expect(server.cdn.requests.map(\.from) == [nil, 70_000] && server.cdn.requests[1].headers["if-range"] == "\"first\"")
            } else {
                let fault = diagnostic { try server.fetch() }
                #expect(fault.id == "wrong-hash" && fault.message.contains("SHA-256") && server.isNothingWhole, "\(fault.message)")
                #expect(fileStatus(joined(server.snapshot, "model.safetensors.part")) == nil)
            }
        }
    }

    /// Files and answers that are not what was announced.
    @Test func wrongContents() throws {
        func check(
            _ id: String, _ said: String, _ name: String, _ place: SourceLocation = #_sourceLocation, weights: Int = 1 << 30,
            model: HubModel = HubModel(), _ reply: @escaping @Sendable (FetchServer.Request) -> FetchServer.Reply?
        ) throws {
            let server = try HubServer(model)
            let fault: HubServer.Fault = { request, _ in request.path.split(separator: "?")[0].hasSuffix(name) ? reply(request) : nil }
            (server.fault.value, server.cdnFault.value) = name == "model.safetensors" ? ({ _, _ in nil }, fault) : (fault, { _, _ in nil })
            let found = diagnostic { try server.fetch(attempts: 2, weights: weights) }
            #expect(found.id == id && found.message.contains(said), "\(found.id): \(found.message)", sourceLocation: place)
            #expect(found.hints.count <= 1 && !found.message.hasSuffix(".") && server.isNothingWhole, sourceLocation: place)
            #expect(fileStatus(joined(server.snapshot, name + ".part")) == nil, sourceLocation: place)
        }
        let page = Array("<!doctype html><html>Log in</html>".utf8)
        let html = FetchServer.Reply(headers: ["Content-Type": "text/html; charset=utf-8"], body: page)
        let size = HubModel().files["model.safetensors"]?.count ?? 0
        try check("fetch-failed", "found a web page (HTML)", "revision/main") { _ in html }
        try check("fetch-failed", "found a web page (HTML)", "revision/main") { _ in .init(body: page) }
        try check("fetch-failed", "found no JSON", "revision/main") { _ in .init(body: Array("{\"sha\": ".utf8)) }
        try check("fetch-failed", "no commit `sha`", "revision/main") { _ in .init(body: Array("{}".utf8)) }
        try check("fetch-failed", "no commit `sha`", "revision/main") { _ in .init(body: Array(#"{"sha": "../../x"}"#.utf8)) }
        try check("fetch-failed", "no list `siblings`", "revision/main") { _ in .init(body: Array(#"{"sha": "\#(hubCommit)"}"#.utf8)) }
        try check("fetch-failed", "a size of `a` that is none", "revision/main") { _ in
            .init(body: Array(#"{"sha": "\#(hubCommit)", "siblings": [{"rfilename": "a", "size": -1}]}"#.utf8))
        }
        try check("fetch-failed", "of at most", "revision/main") { _ in .init(body: [123], length: 1 << 30) }
        try check("fetch-failed", "found a web page (HTML)", "config.json") { _ in html }
        try check("fetch-failed", "found a web page (HTML)", "model.safetensors") { _ in html }
        try check("fetch-failed", "as was announced, found 34", "config.json") { _ in .init(body: page) }
        try check("wrong-hash", "with the SHA-1 of Git", "config.json") { _ in .init(body: Array(#"{"model_type": "robertx"}"#.utf8)) }
        try check("wrong-hash", "with the SHA-256", "model.safetensors") { _ in .init(body: fetchBytes(size, seed: 4)) }
        try check("fetch-failed", "as was announced, found \(size + 1)", "model.safetensors") { _ in .init(body: fetchBytes(size + 1)) }
        try check("fetch-failed", "expected \(size) bytes", "model.safetensors") { _ in .init(body: fetchBytes(size + 1), isEndless: true) }
        try check("fetch-failed", "expected \(size) bytes", "model.safetensors") { _ in .init(body: fetchBytes(size - 1), isEndless: true) }
        try check("fetch-failed", "the hub announces \(size)", "nothing", weights: size - 1) { _ in nil }
        var silent = HubModel()
        silent.hasBlobs = false
        try check("fetch-failed", "at most \(size - 1) bytes", "model.safetensors", weights: size - 1, model: silent) { _ in nil }
        try check("fetch-failed", "it is not there (status 404), though the hub lists it", "merges.txt") { _ in
            HubServer.refusal(404, "EntryNotFound")
        }
        try check("refused-address", "expected https", "config.json") { _ in .redirect("http://example.org/config.json") }
    }

    /// Models that cannot be used are refused before anything is fetched.
    @Test func modelsOfOtherKinds() throws {
        let cases: [(gone: [String], id: String, said: String)] = [
            (["model.safetensors"], "bad-weights", "found `pytorch_model.bin` only, which is a pickle"),
            (["model.safetensors", "pytorch_model.bin"], "bad-weights", "found none"),
            (["config.json"], "bad-weights", "expected a model with `config.json`"),
            (["tokenizer.json", "vocab.json"], "bad-weights", "expected a model with a tokenizer"),
        ]
        for (gone, id, said) in cases {
            var model = HubModel()
            for name in gone { model.files[name] = nil }
            let server = try HubServer(model)
            let fault = diagnostic { try server.fetch() }
            #expect(fault.id == id && fault.message.contains(said) && fault.hints.count == 1, "\(fault.message)")
            #expect(server.hub.requests.count == 1 && fileStatus(server.root) == nil)
        }
    }

    @Test func endpoints() throws {
        #expect(
            try HubEndpoint("").address.text == "https://huggingface.co"
                && HubEndpoint("https://hub.example.org//").address.host == "hub.example.org")
        for odd in ["http://hub.example.org", "https://a:b@hub.example.org", "https://hub.example.org/?a", "ftp://x"] {
            #expect(diagnostic { try HubEndpoint(odd) }.id == "refused-address", "\(odd)")
        }
        let nobody = try HubClient(endpoint: HubEndpoint("http://127.0.0.1:1"), token: nil, agent: "ecdx/test")
        let fault = diagnostic { try nobody.listing(of: HubName("roberta-base")) }
        #expect(fault.id == "fetch-failed" && fault.hints[0].contains("HF_ENDPOINT"), "\(fault.message)")
    }
}
