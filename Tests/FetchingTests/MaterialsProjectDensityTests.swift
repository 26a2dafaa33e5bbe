import Diagnostics
import Glibc
import Storage
import TestSupport
import Testing

@testable import Fetching

private let wanted = ["mp-149", "mp-lxf", "mp-bru", "mp-312", "mp-hilze", "mp-9999"].compactMap { MaterialID($0) }

@Suite(.timed) struct MaterialsProjectDensityTests {
    @Test func densitiesOfTheLatestStaticTasks() throws {
        let project = try MaterialsProjectServer()
        let progress = Shared<[[Int]]>([])
        do {
            let outcome = try project.client().fetchDensities(of: wanted + wanted) { done, total, bytes in
                progress.change { $0.append([done, total, bytes]) }
            }
            #expect(outcome.fetched == 4 && outcome.there == 0 && outcome.missing.map(\.description) == ["mp-312", "mp-8039"])
        }
        #expect(progress.value.first == [0, 6, 0] && progress.value.last == [6, 6, 4 * 40_004])
        #expect(progress.value.map { $0[0] } == progress.value.map { $0[0] }.sorted())
        let folder = try MaterialsProjectFolder(project.folder)
        let tasks = folder.densities.mapValues { $0.task?.description }
        #expect(
            Dictionary(uniqueKeysWithValues: tasks.map { ($0.key.description, $0.value) }) == [
                "mp-149": "mp-1", "mp-312": nil, "mp-1138": "mp-20", "mp-8039": "mp-8039", "mp-9999": "mp-9999", "mp-hilze": "mp-hilze",
            ])
        let chosen = try #require(folder.densities[wanted[2]])
        #expect(chosen.candidates == 2 && chosen.lastUpdated == "2024-05-01T00:00:00.5" && chosen.file == "densities/mp-1138.json.gz")
        let bytes = MaterialsProjectServer.density("/bucket/chgcars/mp-20.json.gz")
        #expect(
            try readFile(joined(project.folder, chosen.file ?? "")) == bytes && chosen.sha256 == sha256(bytes)
                && chosen.bytes == bytes.count)
        #expect(folder.densities[wanted[1]]?.status == 404 && folder.densities[wanted[3]]?.status == 0)
        // The spelling of the server first, then the other one.
        #expect(folder.densities[wanted[4]]?.url == project.server.base + "/bucket/chgcars/mp-hilze.json.gz")
        #expect(project.paths.contains("/bucket/chgcars/mp-aaahilze.json.gz"))
        let bucket = project.server.requests.filter { $0.path.hasPrefix("/bucket") }
        #expect(bucket.count == 6 && bucket.allSatisfy { $0.headers["x-api-key"] == nil })
        let before = project.paths.count
        let again = try project.client(key: nil).fetchDensities(of: wanted)
        #expect(again.fetched == 0 && again.there == 4 && again.missing.count == 2 && project.paths.count == before)
        var options = project.options()
        options.asksForMissingAgain = true
        #expect(try project.client(options: options).fetchDensities(of: wanted).missing.count == 2 && project.paths.count > before)
        #expect(try !APIKey(secretKey).isIn(everything(in: project.folder)))
    }

    @Test func goesOnInTheMiddle() throws {
        let project = try MaterialsProjectServer()
        project.fault.value = { request, before in
            let path = request.path
            guard path.hasSuffix("/mp-1.json.gz") else { return nil }
            switch before {
            case 0: return .file(MaterialsProjectServer.density(path), etag: "\"\(path)\"", for: request, cut: 10_000)
            case 1: return .init(status: 500)
            case 2: return .init(status: 429, headers: ["Retry-After": "3"])
            case 3: return .file(MaterialsProjectServer.density(path), etag: "\"\(path)\"", for: request, cut: 5000)
            default: return nil
            }
        }
        #expect(try project.client(options: project.options(attempts: 5)).fetchDensities(of: [wanted[0]]).fetched == 1)
        #expect(project.server.requests.filter { $0.path.hasPrefix("/bucket") }.map(\.from) == [nil, 10_000, 10_000, 10_000, 15_000])
        #expect(project.waited == 14)
        #expect(
            try readFile(joined(project.folder, "densities/mp-149.json.gz"))
                == MaterialsProjectServer.density("/bucket/chgcars/mp-1.json.gz"))
        #expect(try listFolder(joined(project.folder, "densities")) == ["mp-149.json.gz"])
        // It gives up after so many attempts, keeps the part, and goes on from there the next time.
        project.fault.value = { request, before in
            request.path.hasSuffix("/mp-9999.json.gz") && before < 4
                ? .file(MaterialsProjectServer.density(request.path), etag: "\"e\"", for: request, cut: 1000) : nil
        }
        let fault = diagnostic { try project.client().fetchDensities(of: wanted) }
        #expect(fault.id == "fetch-failed" && fault.message.contains("after 4 attempts"), "\(fault)")
        #expect(fileStatus(joined(project.folder, "densities/mp-9999.json.gz.part"))?.bytes == 4000)
        #expect(try project.client().fetchDensities(of: wanted).missing.count == 2)
        #expect(try MaterialsProjectFolder(project.folder).densities.count == 6)
        // One question about the first material alone, one about all; the third call found its answer.
        #expect(project.paths.filter { $0.hasPrefix("/materials/core/") }.count == 2)
    }

    @Test func whatIsNoDensity() throws {
        let project = try MaterialsProjectServer()
        project.fault.value = { request, _ in request.path.hasPrefix("/bucket") ? .init(body: Array("<html>log in".utf8)) : nil }
        let fault = diagnostic { try project.client().fetchDensities(of: [wanted[0]]) }
        #expect(fault.id == "fetch-failed" && fault.message.contains("mp-149") && fault.message.contains("(HTML)"), "\(fault.message)")
        #expect(try listFolder(joined(project.folder, "densities")) == [] && MaterialsProjectFolder(project.folder).densities.isEmpty)
        // The 403 of a proxy says nothing of the object.
        project.fault.value = { request, _ in request.path.hasPrefix("/bucket") ? .init(status: 403) : nil }
        let refused = diagnostic { try project.client().fetchDensities(of: [wanted[0]]) }
        #expect(refused.id == "fetch-failed" && refused.message.contains("403"), "\(refused.message)")
        #expect(try MaterialsProjectFolder(project.folder).densities.isEmpty)
        // Every object refused by the bucket: counted, and told apart from those without a calculation.
        let denied = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        project.fault.value = { request, _ in
            request.path.hasPrefix("/bucket") ? .init(status: 403, body: Array(denied.utf8)) : nil
        }
        #expect(try project.client().fetchDensities(of: wanted).missing.count == 6)
        #expect(try MaterialsProjectFolder(project.folder).densities.values.map(\.status).sorted() == [0, 403, 403, 403, 403, 403])
        let foreign = try MaterialsProjectServer()
        do { _ = try foreign.client() }
        try createFolder(joined(foreign.folder, "densities"))
        try writeWhole("mine", to: joined(foreign.folder, "densities/mp-149.json.gz"))
        #expect(diagnostic { try foreign.client().fetchDensities(of: [wanted[0]]) }.id == "would-overwrite")
        #expect(try text(of: joined(foreign.folder, "densities/mp-149.json.gz")) == "mine")
    }

    /// A list whose last line a kill tore, and a file that is gone: both come again, the rest stays.
    @Test func afterAKill() throws {
        let project = try MaterialsProjectServer()
        #expect(try project.client().fetchDensities(of: wanted).fetched == 4)
        let list = joined(project.folder, "densities.jsonl")
        try writeWhole(try readFile(list) + Array("{\"material\": \"mp-7".utf8), to: list)
        try removeTree(joined(project.folder, "densities/mp-149.json.gz"))
        let again = try project.client().fetchDensities(of: wanted)
        #expect(again.fetched == 1 && again.there == 3)
        #expect(try text(of: list).split(separator: "\n").count == 7 && project.told.value == [])
        #expect(try MaterialsProjectFolder(project.folder).densities.count == 6)
        // One that is another now is not kept.
        try removeTree(joined(project.folder, "densities/mp-149.json.gz"))
        project.fault.value = { request, _ in
            request.path.hasSuffix("/mp-1.json.gz") ? .init(body: MaterialsProjectServer.density("other")) : nil
        }
        #expect(diagnostic { try project.client().fetchDensities(of: wanted) }.id == "wrong-hash")
        #expect(try !listFolder(joined(project.folder, "densities")).contains { $0.hasPrefix("mp-149") })
    }

    @Test func stopsInTheMiddle() throws {
        let project = try MaterialsProjectServer()
        let stop = project.isStopped
        project.fault.value = { request, _ in
            guard request.path.hasPrefix("/bucket") else { return nil }
            return .file(MaterialsProjectServer.density(request.path), etag: "\"e\"", for: request, pause: 20_000)
        }
        let client = try project.client()
        #expect(throws: FetchStopped.self) {
            try client.fetchDensities(of: wanted) { _, _, bytes in if bytes > 5000 { stop.value = true } }
        }
        let parts = try listFolder(joined(project.folder, "densities"))
        #expect(parts.contains { $0.hasSuffix(".part") } && !parts.contains("mp-149.json.gz"))
    }

    /// Many at a time: four connections to the bucket, each file its own.
    @Test func fourAtATime() throws {
        let project = try MaterialsProjectServer()
        let ids = (1...60).compactMap { MaterialID(number: 10_000 + $0) }
        var options = project.options()
        options.batch = 25
        let outcome = try project.client(options: options).fetchDensities(of: ids)
        #expect(outcome.fetched == 60 && outcome.missing == [])
        #expect(project.paths.filter { $0.hasPrefix("/materials/core/") }.count == 3)
        #expect(project.server.connections <= 5)
        for id in ids {
            #expect(
                try readFile(joined(project.folder, "densities/\(id).json.gz"))
                    == MaterialsProjectServer.density("/bucket/chgcars/\(id).json.gz"))
        }
    }

    @Test func descriptions() throws {
        let project = try MaterialsProjectServer()
        var options = project.options()
        options.batch = 4
        #expect(try project.client(options: options).fetchDescriptions(of: wanted) == .init(asked: 2, documents: 5, total: 5))
        let asked = project.paths.filter { $0.hasPrefix("/materials/robocrys/") }.map { MaterialsProjectServer.parameters($0) }
        #expect(asked.map { $0["material_ids"] } == ["mp-149,mp-312,mp-1138,mp-8039", "mp-9999,mp-hilze"])
        #expect(asked[0]["_fields"] == "material_id,description")
        #expect(try project.client(key: nil, options: options).fetchDescriptions(of: wanted.reversed()).asked == 0)
    }
}
