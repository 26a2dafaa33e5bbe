import Diagnostics
import Glibc
import Host
import Storage
import TestSupport
import Testing

/// Fetching encoders from a hub on this machine: what is said, and where files go. The faults of the hub are tried in FetchingTests.
@Suite(.timed) struct FetchEncoderTests {
    private func order(_ server: HubServer, _ name: String = "roberta-base", huggingFace: String = "none") throws -> EncoderFetch {
        let caches = HubCaches(huggingFace: server.scratch.file(huggingFace), own: server.scratch.file("ecdx/weights/hub"))
        return try EncoderFetch(HubName(name), caches: caches, hub: server.hub.base, withToken: false)
    }

    private func snapshot(_ server: HubServer, _ commit: String = hubCommit) -> String {
        server.scratch.file("ecdx/weights/hub/models--FacebookAI--roberta-base/snapshots/\(commit)")
    }

    @Test func fetchedOnce() throws {
        let server = try HubServer(HubModel(weights: 2_500_000))
        let screen = Screen()
        try order(server).run(on: screen.terminal)
        #expect(
            screen.out == """
                roberta-base: \(snapshot(server)) (fetched)
                licence: FacebookAI/roberta-base at 0123456789ab: mit, as its page on the hub says

                """)
        let lines = screen.err.split(separator: "\n")
        try #require(lines.count == 2, "\(screen.err)")
        #expect(
            lines[0] == "roberta-base: commit \(hubCommit) from \(server.hub.base) to \(server.scratch.file("ecdx/weights/hub"))"
                && lines[1].hasPrefix("roberta-base  MB 3/3  00:"), "\(screen.err)")

        // Again: nothing is asked, and what is there is compared.
        let asked = server.hub.requests.count
        let again = Screen()
        try order(server).run(on: again.terminal)
        #expect(again.out == screen.out.replacing("(fetched)", with: "(already there)") && again.err == "")
        try order(server, "roberta-base@\(hubCommit)").run(on: again.terminal)
        #expect(server.hub.requests.count == asked)

        // `main` moves on: the first stays what the name means until `@main` asks.
        let next = String(repeating: "d", count: 40)
        server.model.change { $0.commit = next }
        try order(server).run(on: again.terminal)
        #expect(server.hub.requests.count == asked)
        let moved = Screen()
        try order(server, "roberta-base@main").run(on: moved.terminal)
        #expect(moved.out.hasPrefix("roberta-base@main: \(snapshot(server, next)) (fetched)\n"), "\(moved.out)")
        #expect(try listFolder(parentFolder(of: snapshot(server))) == [hubCommit, next])

        try writeWhole("x", to: joined(snapshot(server, next), "vocab.json"))
        #expect(diagnostic { try order(server).run(on: Screen().terminal) }.id == "wrong-hash")
    }

    /// What Hugging Face's cache has of the commit is compared and not fetched; what it lacks comes to ours.
    @Test func inHuggingFacesCache() throws {
        let server = try HubServer()
        let place = HubFolder(server.scratch.file("hf"), folderName: "models--roberta-base")
        try createFolder(place.snapshot(hubCommit))
        for (name, bytes) in server.model.value.files where name != "README.md" {
            try writeWhole(bytes, to: joined(place.snapshot(hubCommit), name))
        }
        let screen = Screen()
        try order(server, huggingFace: "hf").run(on: screen.terminal)
        #expect(
            screen.out.hasPrefix("roberta-base: \(place.snapshot(hubCommit)) (already there, in Hugging Face's cache)\nlicence: ")
                && server.hub.requests.count == 1 && fileStatus(server.scratch.file("ecdx")) == nil, "\(screen.out)")
        let weights = joined(place.snapshot(hubCommit), "model.safetensors")
        try writeWhole(fetchBytes(300_000, seed: 5), to: weights)
        let changed = diagnostic { try order(server, huggingFace: "hf").run(on: Screen().terminal) }
        #expect(changed.id == "wrong-hash" && changed.data?.file == weights, "\(changed.message)")
        try removeTree(weights)
        let fetched = Screen()
        try order(server, huggingFace: "hf").run(on: fetched.terminal)
        #expect(fetched.out.hasPrefix("roberta-base: \(snapshot(server)) (fetched)\n"), "\(fetched.out)")
        // An older snapshot there would be taken by scripts: that is said.
        let older = String(repeating: "e", count: 40)
        try createFolder(place.snapshot(older))
        try createFolder(place.refs)
        try writeWhole(older, to: joined(place.refs, "main"))
        for (name, bytes) in server.model.value.files { try writeWhole(bytes, to: joined(place.snapshot(older), name)) }
        let said = Screen()
        try order(server, huggingFace: "hf").run(on: said.terminal)
        #expect(said.err.contains("take commit \(older) in") && said.err.contains("write \"roberta-base@\(hubCommit)\""), "\(said.err)")
    }

    @Test func namesAndLicences() throws {
        var model = HubModel()
        (model.licence, model.hasBlobs) = (nil, false)
        let server = try HubServer(model)
        let text = try model.listing().replacing("\"id\": \"FacebookAI/roberta-base\"", with: "\"id\": \"new/name\"")
        server.fault.value = { request, _ in request.path.hasSuffix("blobs=true") ? .init(body: Array(text.utf8)) : nil }
        let screen = Screen()
        try order(server, "FacebookAI/roberta-base").run(on: screen.terminal)
        #expect(screen.err.contains("FacebookAI/roberta-base: the hub has it as new/name\n"))
        #expect(screen.err.contains("the hub gave no hash of config.json, merges.txt, model.safetensors, tokenizer.json, vocab.json\n"))
        #expect(screen.out.hasSuffix("licence: FacebookAI/roberta-base at 0123456789ab: its page on the hub does not say\n"))
    }

    /// The built command: the environment's hub and token, a stop in the middle, and a hub that may not be asked.
    @Test func atTheCommand() throws {
        let project = try Project()
        let server = try HubServer()
        let bytes = server.model.value.files["model.safetensors"] ?? []
        let isWell = Shared(false)
        server.cdnFault.value = { request, _ in isWell.value ? nil : .file(bytes, etag: "\"1\"", for: request, pause: 20_000) }
        let environment = ["XDG_CACHE_HOME": server.scratch.path, "HF_ENDPOINT": server.hub.base, "HF_TOKEN": hubToken]
        func run(_ arguments: [String], _ more: [String: String] = [:]) throws -> Command.Outcome {
            try project.start(["fetch", "weights"] + arguments, environment: environment.merging(more) { $1 }).wait()
        }
        let offline = try run(["roberta-base"], ["HF_HUB_OFFLINE": "1"])
        #expect(
            offline.status == 1 && offline.err.contains("error[fetch-failed]: expected to ask 127.0.0.1 for `roberta-base`")
                && offline.err.contains("HF_HUB_OFFLINE") && server.hub.requests.isEmpty, "\(offline.err)")

        let command = try project.start(["fetch", "weights", "roberta-base"], environment: environment)
        let part = joined(snapshot(server), "model.safetensors.part")
        try #require(try command.waitUntil { fileStatus(part)?.bytes ?? 0 > 0 })
        command.send(SIGINT)
        let stopped = try command.wait()
        #expect(stopped.status == 130 && stopped.out == "" && stopped.err.hasSuffix("stopped; the same command goes on from there\n"))
        isWell.value = true
        let done = try run(["roberta-base"])
        #expect(done.status == 0 && done.out.hasPrefix("roberta-base: \(snapshot(server)) (fetched)\n"), "\(done.err)")
        #expect(server.cdn.requests.last?.from ?? 0 > 0 && server.cdn.requests.allSatisfy { $0.headers["authorization"] == nil })
        #expect(server.hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer \(hubToken)" })
        let there = try run(["roberta-base"], ["HF_HUB_OFFLINE": "1"])
        #expect(there.status == 0 && there.out.contains("(already there)"), "\(there.err)")

        server.fault.value = { _, _ in HubServer.refusal(401, "GatedRepo") }
        let gated = try run(["albert-base-v2"])
        #expect(gated.status == 1 && gated.out == "" && gated.err.matches(of: /error\[/).count == 1 && gated.err.contains("is gated"))
        for outcome in [offline, stopped, done, there, gated] { #expect(!(outcome.out + outcome.err).contains(hubToken)) }

        let asked = server.hub.requests.count
        for (arguments, more, said) in [
            (["roberta-bse"], [:], "did you mean `roberta-base`?"), (["a/b@x..y"], [:], "a branch, a tag or a commit behind `@`"),
            (["roberta-base", "--from", "https://example.org"], [:], "HF_ENDPOINT"),
            (["a/b"], ["HF_ENDPOINT": "http://example.org"], "error[refused-address]: expected https"),
            (["a/b"], ["HF_TOKEN": "with blank"], "error[fetch-failed]: expected a key"),
        ] as [([String], [String: String], String)] {
            let outcome = try run(arguments, more)
            #expect(outcome.status == 2 && outcome.out == "" && outcome.err.contains(said), "\(arguments): \(outcome.err)")
        }
        #expect(server.hub.requests.count == asked)
    }
}
