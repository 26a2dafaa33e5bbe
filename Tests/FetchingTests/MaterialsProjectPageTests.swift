import Diagnostics
import Glibc
import Storage
import TestSupport
import Testing

@testable import Fetching

@Suite(.timed) struct MaterialsProjectPageTests {
    @Test func pagesAreKeptAsTheyCame() throws {
        let project = try MaterialsProjectServer()
        var progress: [[Int]] = []
        do {
            let client = try project.client()
            let outcome = try client.fetchMaterials { progress.append([$0, $1, $2]) }
            #expect(outcome == .init(asked: 2, documents: 11, total: 11))
        }
        #expect(progress.last == [11, 11, 7540] && progress.contains([8, 11, 5815]))
        #expect(project.paths.map { $0.prefix { $0 != "?" } } == ["/heartbeat", "/materials/summary/", "/materials/summary/"])
        let asked = MaterialsProjectServer.parameters(project.paths[1])
        #expect(
            asked["is_stable"] == "true" && asked["deprecated"] == "false" && asked["_limit"] == "8" && asked["_skip"] == "0"
                && asked["_fields"]?.contains("bulk_modulus") == true && asked["spacegroup_number"] == nil)
        #expect(project.server.requests.map { $0.headers["x-api-key"] } == [nil, secretKey, secretKey])
        let folder = try MaterialsProjectFolder(project.folder)
        let (answers, isComplete) = folder.answers(inSection: "summary/all")
        #expect(isComplete && answers.map(\.skip) == [0, 8] && answers.map(\.count) == [8, 3] && answers.map(\.total) == [11, 11])
        for (answer, name) in zip(answers, ["summary-page-1.json", "summary-page-2.json"]) {
            #expect(try readFile(joined(project.folder, answer.file)) == field(name))
            #expect(try answer.sha256 == sha256(field(name)) && answer.status == 200 && answer.database == "2026.11.1")
            #expect(answer.time.count == 20 && answer.time.hasSuffix("Z") && answer.url.hasPrefix(project.server.base))
        }
        #expect(
            try folder.materials().map(\.description) == [
                "mp-149", "mp-204", "mp-312", "mp-1138", "mp-8039", "mp-9999", "mp-3347529", "mp-hilze",
            ])
        // All is there: nothing is asked, and no key is needed.
        let before = project.paths.count
        #expect(try project.client(key: nil).fetchMaterials() == .init(asked: 0, documents: 11, total: 11))
        #expect(project.paths.count == before)
        #expect(try !APIKey(secretKey).isIn(everything(in: project.folder)))
        #expect(!project.paths.joined().contains(secretKey) && project.told.value == [])
    }

    @Test func aQuestionASpaceGroup() throws {
        let project = try MaterialsProjectServer()
        project.fault.value = { request, _ in
            request.path.contains("summary") ? .init(body: Array("{\"data\": [], \"meta\": {\"total_doc\": 0}}".utf8)) : nil
        }
        #expect(try project.client(MaterialsProjectQuery(spaceGroups: [225, 196])).fetchMaterials().asked == 2)
        #expect(project.paths.dropFirst().map { MaterialsProjectServer.parameters($0)["spacegroup_number"] } == ["196", "225"])
        #expect(try MaterialsProjectFolder(project.folder).answers(inSection: "summary/225").isComplete)
    }

    @Test func goesOnAtAnyPage() throws {
        let project = try MaterialsProjectServer()
        project.fault.value = { request, _ in request.path.contains("_skip=8") ? .init(status: 500) : nil }
        let fault = try diagnosticOf(project)
        #expect(fault.id == "fetch-failed" && fault.message.contains("4 attempts") && fault.message.contains("500"), "\(fault.message)")
        #expect(project.waited == 7 && project.told.value.count == 3 && project.paths.count == 6)
        #expect(project.told.value[1].contains("waiting 2 s, then attempt 3 of 4"))
        project.fault.value = { _, _ in nil }
        project.database.value = "2026.12.1"
        #expect(try project.client().fetchMaterials() == .init(asked: 1, documents: 11, total: 11))
        #expect(project.paths.suffix(2).map { $0.contains("heartbeat") || $0.contains("_skip=8") } == [true, true])
        #expect(project.told.value.last?.contains("from version 2026.11.1 to 2026.12.1") == true)
        // A damaged answer is asked for again.
        let file = joined(project.folder, "answers/summary/all-000000.json")
        #expect(fileStatus(file) != nil)
        try writeWhole("{}", to: file)
        #expect(diagnostic { try MaterialsProjectFolder(project.folder).materials() }.id == "wrong-hash")
        #expect(try project.client().fetchMaterials().asked == 1)
        #expect(try readFile(file) == field("summary-page-1.json"))
    }

    @Test func waitsAsLongAsItIsAsked() throws {
        let date = Shared("")
        let replies: [Int: FetchServer.Reply] = [
            0: .init(status: 429, headers: ["Retry-After": "7"], body: Array("{\"detail\": \"slow down\"}".utf8)),
            1: .init(status: 503, headers: ["Retry-After": "300"]), 3: .init(status: 504, headers: ["retry-after": "soon"]),
        ]
        let project = try MaterialsProjectServer()
        project.fault.value = { request, before in
            guard request.path.contains("_skip=0") else { return nil }
            return before == 2 ? .init(status: 502, headers: ["Retry-After": date.value]) : replies[before]
        }
        // A date of two hours ago asks for nothing.
        date.value = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(try project.client(options: project.options(attempts: 5)).fetchMaterials().documents == 11)
        #expect(project.waited == 319)
        #expect(
            project.told.value[0].contains("asked too often (status 429), as it asks: waiting 7 s")
                && project.told.value[1].contains("as it asks: waiting 300 s"), "\(project.told.value)")
    }

    /// Asking earlier than a server wants is what gets an address blocked.
    @Test func asksNoEarlier() throws {
        let project = try MaterialsProjectServer()
        project.fault.value = { request, _ in
            request.path.contains("_skip=") ? .init(status: 429, headers: ["Retry-After": "3600"]) : nil
        }
        let fault = diagnostic { try project.client().fetchMaterials() }
        #expect(fault.id == "fetch-failed" && fault.notes.contains { $0.contains("to come again in 3600 s") }, "\(fault)")
        #expect(project.waited == 0 && project.paths.filter { $0.contains("_skip=") }.count == 1)
    }

    /// A server that passes over `_skip` and does not say how many there are gives one page for ever.
    @Test func onePageForEver() throws {
        let project = try MaterialsProjectServer()
        let page = "{\"data\": [" + (0..<1000).map { "{\"material_id\": \"mp-\($0 + 1)\"}" }.joined(separator: ", ") 
        // Its time differs from page to page.
        project.fault.value = { request, before in
            let body = page + "], \"meta\": {\"time_stamp\": \"\(before)\"}}"
            return request.path.contains("_skip=") ? .init(body: Array(body.utf8)) : nil
        }
        let fault = diagnostic { try project.client().fetchMaterials() }
        #expect(fault.id == "fetch-failed" && fault.message.contains("some that came before"), "\(fault)")
        #expect(project.paths.filter { $0.contains("_skip=") }.count == 2)
        // The kept page is known when it is gone on with.
        #expect(diagnostic { try project.client().fetchMaterials() }.message.contains("some that came before"))
        #expect(project.paths.filter { $0.contains("_skip=") }.count == 3)
    }

    @Test func readsTimesToWait() {
        #expect(secondsToWait("120") == 120 && secondsToWait("0") == 0)
        #expect(secondsToWait("Sun, 06 Nov 1994 08:49:37 GMT", now: 784_111_700) == 77)
        #expect(secondsToWait("Thu, 31 Dec 1998 23:59:60 GMT", now: 0) == 915_148_800)
        for odd in [
            "", "-5", "1e3", "soon", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT",
        ] {
            #expect(secondsToWait(odd) == nil, "\(odd)")
        }
    }

    @Test func triesAgainWhatBroke() throws {
        let project = try MaterialsProjectServer()
        project.fault.value = { request, before in
            guard request.path.contains("_skip="), before < 2, let body = try? field("summary-page-1.json") else { return nil }
            // Once cut where the length is known, once where only the text shows it.
            return before == 0 ? .init(body: body, cut: 2000) : .init(body: Array(body.prefix(2000)), isEndless: true)
        }
        #expect(try project.client().fetchMaterials() == .init(asked: 2, documents: 11, total: 11))
        #expect(try MaterialsProjectFolder(project.folder).materials().count == 8 && project.waited == 6)
        project.fault.value = { _, _ in .init(raw: []) }
        let other = project.scratch.file("other")
        let fault = diagnostic { try project.client(folder: other).fetchMaterials() }
        #expect(fault.id == "fetch-failed" && fault.message.contains("after 4 attempts"), "\(fault.message)")
    }

    @Test func saysWhatIsWrong() throws {
        let html = Array("  <!DOCTYPE html><html>log in</html>".utf8)
        let cases: [(FetchServer.Reply, String, Int)] = [
            (.init(status: 429, body: try field("blocked-429.json")), "has blocked this machine's address (status 429)", 1),
            (.init(status: 403, body: Array("{\"version\": \"blocked\"}".utf8)), "has blocked this machine's address", 1),
            (.init(status: 403, body: Array("{\"message\": \"no\"}".utf8)), "the key does not allow it (status 403)", 1),
            (.init(status: 401, body: html), "does not accept the key (status 401)", 1),
            (.init(status: 404), "nothing at that address (status 404)", 1),
            (.init(status: 418), "found status 418", 1),
            (.init(body: html), "found a web page (HTML)", 1),
            (.init(headers: ["Content-Type": "text/html; charset=utf-8"], body: Array("hello".utf8)), "found a web page (HTML)", 1),
            (.init(body: Array("{\"data\": 5}".utf8)), "with a list `data`", 4),
            (.init(body: Array(repeating: UInt8(ascii: "["), count: 500)), "nested at most 64 deep", 4),
            (.init(body: [1], length: 1 << 29), "expected an answer of at most 268435456 bytes", 1),
        ]
        for (reply, said, attempts) in cases {
            let project = try MaterialsProjectServer()
            project.fault.value = { request, _ in request.path.contains("summary") ? reply : nil }
            let fault = try diagnosticOf(project)
            #expect(fault.id == "fetch-failed" && fault.message.contains(said) && fault.hints.count == 1, "\(fault)")
            #expect(project.paths.count == 1 + attempts, "\(said)")
            #expect(try MaterialsProjectFolder(project.folder).answers(inSection: "summary/all").answers == [])
        }
        let blocked = try MaterialsProjectServer()
        blocked.fault.value = { _, _ in .init(status: 403) }
        #expect(try diagnosticOf(blocked).message.contains("does not allow it (status 403)") && blocked.paths == ["/heartbeat"])
        let silent = try MaterialsProjectServer()
        silent.fault.value = { request, _ in request.path == "/heartbeat" ? .init(status: 404) : nil }
        #expect(try silent.client().fetchMaterials().documents == 11 && silent.told.value.count == 1)
        let detail = try MaterialsProjectServer()
        detail.fault.value = { request, _ in
            request.path.contains("_skip=0")
                ? .init(status: 422, body: Array("{\"detail\": [{\"loc\": [1], \"msg\": \"no field x\"}]}".utf8)) : nil
        }
        #expect(try diagnosticOf(detail).notes == ["it says: no field x"])
        let nobody = diagnostic { try detail.client(key: nil).fetchMaterials() }
        #expect(nobody.message.contains("expected a key") && nobody.hints.first?.contains("MP_API_KEY") == true)
    }

    @Test func tellsOfChanges() throws {
        let project = try MaterialsProjectServer()
        project.fault.value = { request, _ in
            guard request.path.contains("_skip=") else { return nil }
            let skip = MaterialsProjectServer.parameters(request.path)["_skip"].flatMap { Int($0) } ?? 0
            let total = skip == 0 ? 4 : 5
            let ids = skip == 4 ? "" : "{\"material_id\": \"mp-\(skip)\"}, {\"material_id\": \"mp-\(skip + 1)\"}"
            return .init(body: Array("{\"data\": [\(ids)], \"meta\": {\"total_doc\": \(total)}}".utf8))
        }
        #expect(try project.client().fetchMaterials() == .init(asked: 3, documents: 4, total: 5))
        #expect(
            project.told.value == [
                "the number of documents of summary/all has changed from 4 to 5",
                "an answer of summary/all is empty: 4 of 5 documents came",
            ])
    }

    @Test func stopsWhenAsked() throws {
        let project = try MaterialsProjectServer()
        let (stop, told) = (project.isStopped, project.told)
        project.fault.value = { request, before in
            if request.path.contains("_skip=8"), before == 0 { stop.value = true }
            return request.path.contains("_skip=8") ? .init(status: 503, headers: ["Retry-After": "100"]) : nil
        }
        #expect(throws: FetchStopped.self) { try project.client().fetchMaterials() }
        #expect(project.waited == 0 && told.value == [])
        let folder = try MaterialsProjectFolder(project.folder)
        #expect(folder.answers(inSection: "summary/all").answers.count == 1 && !folder.answers(inSection: "summary/all").isComplete)
    }

    @Test func aFolderAnswersOneQuestion() throws {
        let project = try MaterialsProjectServer()
        do {
            let client = try project.client()
            #expect(diagnostic { try project.client() }.message.contains("another `ecdx fetch`"))
            _ = client
        }
        let fault = diagnostic { try project.client(MaterialsProjectQuery()) }
        #expect(fault.id == "would-overwrite" && fault.notes.count == 2)
        try project.scratch.file("mine.txt", [1])
        #expect(diagnostic { try project.client(folder: project.scratch.path) }.id == "would-overwrite")
        #expect(try everything(in: project.folder).count > 100)
        #expect(diagnostic { try MaterialsProjectFolder(project.scratch.path) }.id == "missing-file")
        for odd in ["../x", "/etc/passwd", "a/../b", ""] {
            let line =
                "{\"file\": \"\(odd)\", \"section\": \"summary/all\", \"skip\": 0, \"url\": \"\", \"time\": \"\", \"status\": 200, "
                + "\"bytes\": 1, \"sha256\": \"\(try sha256("x"))\", \"count\": 1, \"total\": 1}\n"
            try writeWhole(line, to: joined(project.folder, "answers.jsonl"))
            let fault = diagnostic { try MaterialsProjectFolder(project.folder) }
            #expect(fault.id == "bad-data" && fault.data?.line == 1, "\(odd)")
        }
    }

    private func diagnosticOf(_ project: MaterialsProjectServer) throws -> Diagnostic {
        diagnostic { try project.client().fetchMaterials() }
    }
}
