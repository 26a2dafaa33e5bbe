import Diagnostics
import Glibc
import Storage
import TestSupport
import Testing

@testable import Fetching
@testable import Host

/// The hashes of the published crystals are fixed, so that a success needs the files themselves, which are not part of the project,
/// or a set of other files in their place.
@Suite(.timed) struct FetchCrystalsTests {
    private static let set: [String: [UInt8]] = [
        "FCC_descriptions.csv": fetchBytes(3000, seed: 1), "kept/filtered.csv": fetchBytes(900, seed: 2),
        "kept/normalized_data_mp-1.png": fetchBytes(70_000, seed: 3), "kept/normalized_data_mp-30.png": fetchBytes(500, seed: 4),
    ]

    private func list() throws -> [PublishedFile] {
        try Self.set.sorted { $0.key < $1.key }.map { path, bytes in
            let name = lastName(of: path)
            return PublishedFile(name: name.hasSuffix(".png") ? "images/" + name : name, path: path, sha256: try sha256(bytes))
        }
    }

    private static func reply(_ request: FetchServer.Request, cut: Int? = nil) -> FetchServer.Reply {
        guard let bytes = set[String(request.path.dropFirst("/data/".count))] else { return .init(status: 404) }
        return .file(bytes, etag: "\"\(request.path)\"", for: request, cut: cut)
    }

    private func isWhole(_ folder: String) throws -> Bool {
        try list().allSatisfy { try sha256(ofFile: joined(folder, $0.name)) == $0.sha256 }
    }

    /// A connection that breaks in the middle of a file; the next time it goes on from there and asks for nothing that is there.
    @Test func fetchesAndGoesOn() throws {
        let place = try Scratch()
        let isBroken = Shared(true)
        let server = try FetchServer { request in
            let isCut = isBroken.value && request.path.hasSuffix("mp-1.png")
            return isCut ? .init(status: 503) : Self.reply(request)
        }
        let data = PublishedData.crystals(try list())
        let folder = place.file("set")
        let screen = Screen()
        let fault = try #require(throws: Diagnostic.self) { try data.fetch(to: folder, base: server.base + "/data/", on: screen.terminal) }
        #expect(fault.id == "fetch-failed" && fault.message.contains("503") && fault.message.contains("normalized_data_mp-1.png"))
        #expect(try listFolder(folder).contains("filtered.csv") && fileStatus(joined(folder, "images/normalized_data_mp-1.png")) == nil)
        isBroken.value = false
        let before = server.requests.count
        try data.fetch(to: folder, base: server.base + "/data", on: screen.terminal)
        #expect(server.requests.count == before + 2)
        #expect(try isWhole(folder) && listFolder(folder) == ["FCC_descriptions.csv", "fetched.json", "filtered.csv", "images"])
        #expect(
            screen.out.contains("\(folder): 781 crystals with their properties and descriptions, 2 with a picture (2 files fetched)"),
            "\(screen.out)")
        for said in ["publisher: github.com/d-massa", "commit ea217cd", "licence: the authors state none", "CC BY 4.0", "cite: A. Jain"] {
            #expect(screen.out.contains(said), "\(screen.out)")
        }
        let after = server.requests.count
        try data.fetch(to: folder, base: server.base + "/data", on: screen.terminal)
        #expect(server.requests.count == after && screen.out.contains("all there already"))
    }

    /// Files that somebody put there are taken where they are the published ones; others are never written over.
    @Test func takesWhatIsThere() throws {
        let place = try Scratch()
        let server = try FetchServer { Self.reply($0) }
        let data = PublishedData.crystals(try list())
        let folder = place.file("set")
        try createFolder(folder)
        try writeWhole(Self.set["FCC_descriptions.csv"] ?? [], to: joined(folder, "FCC_descriptions.csv"))
        try data.fetch(to: folder, base: server.base + "/data", on: Screen().terminal)
        #expect(try isWhole(folder) && server.requests.count == 3)
        try writeWhole("mine\n", to: joined(folder, "filtered.csv"))
        try expectFault("wrong-hash") { try data.fetch(to: folder, base: server.base + "/data", on: Screen().terminal) }
        #expect(try readFile(joined(folder, "filtered.csv")) == Array("mine\n".utf8))
    }

    /// The built command against a place that has other files, or none.
    @Test func wrongFiles() throws {
        let project = try Project()
        let other = try FetchServer { .file(Array("MPID,Description\n".utf8), etag: "\"1\"", for: $0) }
        let arguments = { ["fetch", "data", "mp-fcc", "--from", $0 + "/data", "--to", project.file("set")] }
        let wrong = try project.start(arguments(other.base)).wait()
        #expect(
            wrong.status == 1 && wrong.err.contains("error[wrong-hash]") && wrong.err.contains("FCC_properties_w_dens.csv")
                && wrong.err.contains("476a5c82c3a0"), "\(wrong.err)")
        #expect(other.requests.map(\.path) == ["/data/FCC_properties_w_dens.csv"] && wrong.out == "")
        let none = try FetchServer { _ in .init(status: 404) }
        let missing = try project.start(arguments(none.base)).wait()
        #expect(missing.status == 1 && missing.err.contains("error[fetch-failed]") && missing.err.contains("404"), "\(missing.err)")
        #expect(try listFolder(project.file("set")) == [])
        let near = try project.ecdx("fetch", "data", "mp-fc")
        #expect(near.status == 2 && near.err.contains("did you mean `mp-fcc`?"), "\(near.err)")
    }

    /// The list of what was published, by the hash of all its lines, which was made from the files themselves.
    @Test func listOfThePublishedFiles() throws {
        let list = crystalFiles()
        #expect(list.count == 596 && Set(list.map(\.name)).count == 596 && Set(list.map(\.path)).count == 596)
        #expect(list[4].name == "images/normalized_data_mp-30.png")
        #expect(list[4].path == "Newdata_normalized_zscore_interval/normalized_data_mp-30.png")
        let lines = list.map { "\($0.name) \($0.sha256)\n" }.joined()
        #expect(try sha256(lines).hex == "c29bd97a306cb6c8df5042276ec461086fcd605f228af2b552ada2a8a71d834d")
    }

    /// The published files themselves, from a server of this machine, killed and continued.
    @Test(.enabled(if: crystalFolder != nil, "set ECDX_MP_FCC to the folder of the 781 crystals"))
    func publishedFiles() throws {
        let source = try #require(crystalFolder)
        let project = try Project()
        var files: [String: [UInt8]] = [:]
        for file in crystalFiles() { files["/d/" + file.path] = try readFile(joined(source, file.name)) }
        let published = files
        let server = try FetchServer { request in
            guard let bytes = published[request.path] else { return .init(status: 404) }
            return .file(bytes, etag: "\"\(request.path)\"", for: request)
        }
        let folder = project.file("mp-fcc")
        let arguments = ["fetch", "data", "mp-fcc", "--from", server.base + "/d", "--to", folder]
        let killed = try project.start(arguments)
        try #require(try killed.waitUntil { server.requests.count > 100 })
        killed.send(SIGKILL)
        _ = try killed.wait()
        let outcome = try project.start(arguments).wait()
        #expect(outcome.status == 0 && outcome.out.contains("592 with a picture"), "\(outcome.err)")
        #expect(server.requests.count <= 598)
        for file in crystalFiles() { #expect(try sha256(ofFile: joined(folder, file.name)) == file.sha256) }
    }
}

private let crystalFolder = PublishedData.crystals.folder(for: "the test of fetching the 781 crystals")
