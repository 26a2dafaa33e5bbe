import Diagnostics
import Dispatch
import Glibc
import Storage
import TestSupport
import Testing

@testable import Fetching

private func newConnection(stall: Int = 60) throws -> Connection {
    var patience = Connection.Patience()
    patience.stall = stall
    return try Connection(agent: "ecdx/test", patience: patience)
}

private func options(limit: Int = 1 << 30, attempts: Int = 1, isStopped: @escaping @Sendable () -> Bool = { false }) -> FetchOptions {
    var options = FetchOptions()
    (options.limit, options.attempts, options.isStopped) = (limit, attempts, isStopped)
    return options
}

private let bytes = fetchBytes(200_000)

@Suite(.timed) struct FetchTests {
    @Test func filesArriveOverOneConnection() throws {
        let place = try Scratch()
        let server = try FetchServer { .file($0.path == "/empty" ? [] : bytes, for: $0) }
        let connection = try newConnection()
        var told: [Int] = []
        let file = try connection.fetch(
            server.base + "/a", to: place.file("below/a"), expecting: .sha256(sha256(bytes)), options: options(),
            progress: { count, total in
                told.append(count)
                #expect(total == bytes.count)
            })
        #expect(file == FetchedFile(bytes: bytes.count, sha256: try sha256(bytes)))
        #expect(try readFile(place.file("below/a")) == bytes && told.last == bytes.count && told == told.sorted())
        #expect(try connection.fetch(server.base + "/empty", to: place.file("empty"), options: options()).bytes == 0)
        #expect(place.names == ["below", "empty"] && server.connections == 1)
        #expect(
            server.requests.allSatisfy { $0.headers["user-agent"] == "ecdx/test" && $0.headers["authorization"] == nil && $0.from == nil })
    }

    @Test func goesOnAfterACut() throws {
        let place = try Scratch()
        let isWell = Shared(false)
        let server = try FetchServer { .file(bytes, etag: "\"one\"", for: $0, cut: isWell.value ? nil : 70_000) }
        let fault = diagnostic { _ = try newConnection().fetch(server.base + "/a.bin", to: place.file("a.bin"), options: options()) }
        #expect(
            fault.id == "fetch-failed" && fault.message.hasPrefix("expected all of `a.bin` from `127.0.0.1`, found: ")
                && fault.hints == ["try again: the same command goes on from there"])
        #expect(place.names == ["a.bin.part", "a.bin.part.json"] && fileStatus(place.file("a.bin.part"))?.bytes == 70_000)
        isWell.value = true
        #expect(try newConnection().fetch(server.base + "/a.bin", to: place.file("a.bin"), options: options()).sha256 == sha256(bytes))
        #expect(server.requests.map(\.from) == [nil, 70_000] && server.requests.last?.headers["if-range"] == "\"one\"")
        #expect(place.names == ["a.bin"])
        // Three attempts in one call, each from where the one before it ended.
        isWell.value = false
        #expect(
            try newConnection().fetch(server.base + "/b.bin", to: place.file("b.bin"), options: options(attempts: 3)).sha256
                == sha256(bytes))
        #expect(server.requests.dropFirst(2).map(\.from) == [nil, 70_000, 140_000])
    }

    /// What cannot be gone on with is begun anew: another version, a server without versions, one that knows no parts, another
    /// address, a part that is longer than the file.
    @Test func beginsAnew() throws {
        let other = fetchBytes(150_000, seed: 2)
        func second(
            _ first: @escaping @Sendable (FetchServer.Request) -> FetchServer.Reply, path: String = "/a",
            _ then: @escaping @Sendable (FetchServer.Request) -> FetchServer.Reply
        ) throws -> [Int?] {
            let place = try Scratch()
            let isSecond = Shared(false)
            let server = try FetchServer { isSecond.value ? then($0) : first($0) }
            #expect(
                diagnostic { _ = try newConnection().fetch(server.base + "/a", to: place.file("a"), options: options()) }.id
                    == "fetch-failed")
            isSecond.value = true
            #expect(try newConnection().fetch(server.base + path, to: place.file("a"), options: options()).sha256 == sha256(other))
            #expect(try readFile(place.file("a")) == other && place.names == ["a"])
            return server.requests.map(\.from)
        }
        let cut: @Sendable (FetchServer.Request) -> FetchServer.Reply = { .file(bytes, etag: "\"one\"", for: $0, cut: 70_000) }
        #expect(try second(cut) { .file(other, etag: "\"two\"", for: $0) } == [nil, 70_000])
        #expect(try second(cut) { _ in .init(body: other) } == [nil, 70_000])
        #expect(try second(cut) { $0.from == nil ? .init(body: other) : .init(status: 416) } == [nil, 70_000, nil])
        #expect(try second(cut, path: "/b") { .file(other, etag: "\"one\"", for: $0) } == [nil, nil])
        for etag in [nil, "W/\"one\"", "one", "\"o\"ne\""] {
            #expect(
                try second({ .file(bytes, etag: etag, for: $0, cut: 70_000) }) { .file(other, for: $0) } == [nil, nil], "\(etag ?? "-")")
        }
    }

    @Test func refusesWrongParts() throws {
        let place = try Scratch()
        for (range, said) in [
            ("bytes 60000-199999/200000", "60000"), ("nothing", "none said"), ("bytes 70000-139999/200000", "expected 200000 bytes"),
        ] {
            let server = try FetchServer {
                $0.from == nil
                    ? .file(bytes, etag: "\"x\"", for: $0, cut: 70_000)
                    : .init(status: 206, headers: ["Content-Range": range], body: Array(bytes[70_000..<140_000]))
            }
            let fault = diagnostic { _ = try newConnection().fetch(server.base + "/a", to: place.file("a"), options: options(attempts: 2)) }
            #expect(fault.id == "fetch-failed" && fault.message.contains(said), "\(fault.message)")
            #expect(fileStatus(place.file("a")) == nil)
            try? removeTree(place.file("a.part"))
            try? removeTree(place.file("a.part.json"))
        }
    }

    @Test func refusals() throws {
        let place = try Scratch()
        let server = try FetchServer { .init(status: Int($0.path.dropFirst()) ?? 400, body: Array("<html>no</html>".utf8)) }
        for (status, said) in [
            (404, "found status 404 (not there)"), (410, "410"), (403, "(not allowed)"), (429, "(asked too often)"), (500, "own trouble"),
            (503, "503"), (204, "204"), (304, "304"),
        ] {
            let fault = diagnostic { _ = try newConnection().fetch("\(server.base)/\(status)", to: place.file("a"), options: options()) }
            #expect(
                fault.id == "fetch-failed" && fault.message.contains(said) && fault.message.contains("127.0.0.1") && fault.hints.count == 1,
                "\(fault.message)")
        }
        #expect(place.names == [])
        let nobody = diagnostic { _ = try newConnection().fetch("http://127.0.0.1:1/a", to: place.file("a"), options: options()) }
        #expect(nobody.id == "fetch-failed" && nobody.hints == ["see whether this machine reaches `127.0.0.1`"] && place.names == [])
        for raw in ["hello", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc", ""] {
            let odd = try FetchServer { _ in .init(raw: Array(raw.utf8)) }
            #expect(
                diagnostic { _ = try newConnection().fetch(odd.base + "/a", to: place.file("a"), options: options()) }.id == "fetch-failed",
                "\(raw)")
        }
        #expect(fileStatus(place.file("a")) == nil)
    }

    @Test func wrongHashes() throws {
        let place = try Scratch()
        let server = try FetchServer { .file(Array("abc".utf8), etag: "\"x\"", for: $0) }
        // RFC 1321, A.5.
        let right = "900150983cd24fb0d6963f7d28e17f72"
        let wrong = String(right.reversed())
        #expect(try newConnection().fetch(server.base + "/a", to: place.file("a"), expecting: .md5(right), options: options()).bytes == 3)
        for expected in [PublishedHash.md5(wrong), .sha256(try sha256("abcd"))] {
            let fault = diagnostic {
                _ = try newConnection().fetch(server.base + "/b", to: place.file("b"), expecting: expected, options: options())
            }
            #expect(fault.id == "wrong-hash" && fault.message.contains(expected.hex) && fault.message.contains("`b`"), "\(fault.message)")
        }
        #expect(throws: TestFailure.self) {
            try newConnection().fetch(
                server.base + "/b", to: place.file("b"), options: options(),
                accept: { _, _ in throw TestFailure(description: "not accepted") })
        }
        #expect(place.names == ["a"])
    }

    @Test func redirects() throws {
        let place = try Scratch()
        let server = try FetchServer { request in
            let path = request.path
            if path == "/loop" { return .redirect("/loop") }
            if path == "/nowhere" { return .redirect(nil) }
            if let steps = Int(path.dropFirst()) {
                return steps == 0 ? .file(bytes, for: request) : .redirect("\(steps - 1)", status: [301, 302, 303, 307, 308][steps % 5])
            }
            if path.hasPrefix("/to/") { return .redirect(String(path.dropFirst(4))) }
            return .init(status: 404)
        }
        #expect(try newConnection().fetch(server.base + "/10", to: place.file("a"), options: options()).bytes == bytes.count)
        #expect(server.connections == 1)
        for path in ["/11", "/loop"] {
            let fault = diagnostic { _ = try newConnection().fetch(server.base + path, to: place.file("b"), options: options()) }
            #expect(fault.id == "fetch-failed" && fault.message.contains("at most 10 redirects"), "\(fault.message)")
        }
        #expect(
            diagnostic { _ = try newConnection().fetch(server.base + "/nowhere", to: place.file("b"), options: options()) }.message
                .contains("does not say where"))
        for target in [
            "http://example.org/a", "file:///etc/passwd", "ftp://127.0.0.1/a", "http://me:secret@127.0.0.1:\(server.port)/0",
            "http://127.0.0.1.example.org/a",
        ] {
            let fault = diagnostic { _ = try newConnection().fetch(server.base + "/to/" + target, to: place.file("b"), options: options()) }
            #expect(
                fault.id == "refused-address" && fault.message.contains("a redirect of `127.0.0.1` leads to")
                    && !fault.message.contains("secret"), "\(fault.message)")
        }
        #expect(place.names == ["a"])
    }

    @Test func addresses() throws {
        for good in [
            "https://example.org/a", "HTTPS://Example.org", "http://127.0.0.1:80/a", "http://localhost/a", "http://[::1]:8080/a",
            "http://127.9.8.7/",
        ] {
            #expect(throws: Never.self, "\(good)") { try Address(good) }
        }
        for bad in [
            "", "x", "http://example.org/a", "http://127.0.0.1.example.org/", "http://localhost.example.org/", "http://0.0.0.0/",
            "ftp://localhost/", "file:///a", "https://", "https://a:b@example.org/", "https://a@example.org/",
            "http://127.0.0.1@example.org/", "https://a\0b/",
        ] {
            #expect(diagnostic { _ = try Address(bad) }.id == "refused-address", "\(bad)")
        }
        let outside = try Address("https://example.org/a")
        #expect(diagnostic { _ = try Address("https://localhost/a", from: outside) }.id == "refused-address")
        #expect(diagnostic { _ = try Address("http://127.0.0.1/a", from: outside) }.id == "refused-address")
        #expect(throws: Never.self) { try Address("https://example.com/b", from: outside) }
    }

    @Test func moreThanPromised() throws {
        let place = try Scratch()
        let server = try FetchServer {
            $0.path == "/more"
                ? .init(body: bytes, length: 1000) : $0.path == "/endless" ? .init(body: bytes, isEndless: true) : .init(body: bytes)
        }
        // What comes behind the promised length belongs to no file.
        #expect(try newConnection().fetch(server.base + "/more", to: place.file("more"), options: options()).bytes == 1000)
        #expect(try readFile(place.file("more")) == Array(bytes[..<1000]))
        for path in ["/said", "/endless"] {
            let fault = diagnostic {
                _ = try newConnection().fetch(server.base + path, to: place.file("b"), options: options(limit: 100_000))
            }
            #expect(fault.id == "fetch-failed" && fault.message.contains("expected at most 100000 bytes"), "\(fault.message)")
        }
        #expect(place.names == ["more"])
    }

    @Test func stopsAndGivesUp() throws {
        let place = try Scratch()
        let isStopped = Shared(false)
        let server = try FetchServer { .file(bytes, etag: "\"x\"", for: $0, pause: $0.from == nil ? 5000 : 0) }
        #expect(throws: FetchStopped.self) {
            try newConnection().fetch(
                server.base + "/a", to: place.file("a"), options: options { isStopped.value },
                progress: { count, _ in if count > 10_000 { isStopped.value = true } })
        }
        #expect(place.names == ["a.part", "a.part.json"] && (fileStatus(place.file("a.part"))?.bytes ?? 0) > 10_000)
        #expect(try newConnection().fetch(server.base + "/a", to: place.file("a"), options: options()).sha256 == sha256(bytes))
        let silent = try FetchServer { _ in .init(body: Array(bytes[..<2048]), pause: 30_000_000) }
        let fault = diagnostic { _ = try newConnection(stall: 1).fetch(silent.base + "/b", to: place.file("b"), options: options()) }
        #expect(fault.id == "fetch-failed" && fault.hints == ["try again: the same command goes on from there"], "\(fault.message)")
        #expect(fileStatus(place.file("b")) == nil)
    }

    @Test func manyAtOnce() throws {
        let place = try Scratch()
        let server = try FetchServer { request in
            guard let number = UInt64(request.path.split(separator: "/").last ?? "") else { return .init(status: 404) }
            return request.path.hasPrefix("/from/")
                ? .redirect("/to/\(number)") : .file(fetchBytes(10_000, seed: number), etag: "\"\(number)\"", for: request)
        }
        let right = Tally()
        let group = DispatchGroup()
        let path = place.path
        let base = server.base
        for number in 0..<20 {
            DispatchQueue(label: "ecdx.test.\(number)").async(group: group) {
                let connection = try? newConnection()
                for round in 0..<3 {
                    let seed = UInt64(number * 3 + round)
                    let name = joined(path, "\(seed)")
                    let file = try? connection?.fetch("\(base)/from/\(seed)", to: name, options: options())
                    if file?.sha256 == (try? sha256(fetchBytes(10_000, seed: seed))), (try? sha256(ofFile: name)) == file?.sha256 {
                        right.add()
                    }
                }
            }
        }
        group.wait()
        #expect(right.value == 60 && place.names.count == 60 && server.requests.count == 120 && server.connections == 20)
    }

    @Test func oneAtATime() throws {
        let place = try Scratch()
        let server = try FetchServer { .file(bytes, for: $0) }
        let part = try PartFile(of: place.file("a"))
        let fault = diagnostic { _ = try newConnection().fetch(server.base + "/a", to: place.file("a"), options: options()) }
        #expect(fault.id == "fetch-failed" && fault.message.contains("another `ecdx fetch`") && server.requests.isEmpty)
        try part.remove()
        let folder = try FetchFolder(place.file("set"), connection: newConnection())
        #expect(throws: Diagnostic.self) { try FetchFolder(place.file("set"), connection: newConnection()) }
        #expect(folder.entries.isEmpty)
    }

    @Test func foldersRemember() throws {
        let place = try Scratch()
        let isChanged = Shared(false)
        let server = try FetchServer { .file(isChanged.value ? Array("new".utf8) : bytes, for: $0) }
        func get(_ name: String) throws -> FetchFolder.Outcome {
            try FetchFolder(place.path, connection: newConnection()).get(name, from: server.base + "/" + name, options: options())
        }
        #expect(try get("x/a") == .fetched && get("x/a") == .there && server.requests.count == 1)
        let list = try JSONValue(parsing: readFile(place.file("fetched.json")))
        #expect(list["x/a"]?["sha256"]?.stringValue == (try sha256(bytes).hex) && list["x/a"]?["url"]?.stringValue == server.base + "/x/a")
        // Lost: what comes again must be the same.
        try removeTree(place.file("x/a"))
        #expect(try get("x/a") == .fetched)
        try removeTree(place.file("x/a"))
        isChanged.value = true
        #expect(diagnostic { _ = try get("x/a") }.message.contains("as it was at the first fetch"))
        #expect(try listFolder(place.file("x")) == [])
        // Edited, and from elsewhere: left alone.
        try writeWhole("mine", to: place.file("x/a"))
        #expect(diagnostic { _ = try get("x/a") }.id == "wrong-hash")
        try writeWhole("mine", to: place.file("b"))
        #expect(diagnostic { _ = try get("b") }.id == "would-overwrite")
        #expect(try readText(place.file("x/a")) == "mine" && readText(place.file("b")) == "mine")
        try writeWhole("{", to: place.file("fetched.json"))
        #expect(throws: Diagnostic.self) { try get("c") }
    }
}
