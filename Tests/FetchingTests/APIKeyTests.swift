import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Fetching

@Suite(.timed) struct APIKeyTests {
    @Test func showsItselfToNobody() throws {
        let key = try APIKey(" \(secretKey)\n")
        var dumped = ""
        dump(key, to: &dumped)
        dump(["in": key], to: &dumped)
        let shown = "\(key) \(String(reflecting: key)) \(String(describing: [key])) \(String(describing: Optional(key))) \(dumped)"
        #expect(!shown.contains(secretKey) && !shown.contains(secretKey.prefix(8)), "\(shown)")
        #expect(key.header == "x-api-key: \(secretKey)")
        for odd in [
            "", "short", "with blank inside 123456", "with\r\nx-header: 1234567", String(repeating: "a", count: 257),
            "Ünïcödé-key-1234",
        ] {
            let fault = diagnostic { try APIKey(odd) }
            #expect(fault.id == "fetch-failed" && (odd.isEmpty || !"\(fault)".contains(odd)))
        }
        #expect(
            key.isIn(Array("..\(secretKey.prefix(5))\(secretKey)".utf8)) && !key.isIn(Array(secretKey.dropLast().utf8)) && !key.isIn([]))
    }

    /// A redirect to another server is refused before that one is asked anything; one within the server is followed, key and all.
    @Test(arguments: [301, 302, 303, 307, 308]) func followsNoRedirectElsewhere(_ status: Int) throws {
        let other = try FetchServer { _ in .init(body: Array("{\"data\": [], \"meta\": {\"total_doc\": 0}}".utf8)) }
        let project = try MaterialsProjectServer()
        let place = other.base + "/materials/summary/?stolen=1"
        project.fault.value = { request, before in request.path.contains("summary") ? .redirect(place, status: status) : nil }
        let fault = diagnostic { try project.client().fetchMaterials() }
        #expect(fault.id == "refused-address" && fault.message.contains("redirect"), "\(fault.message)")
        #expect(other.requests.isEmpty && other.connections == 0)
        // Another name of the same machine is another server too.
        let port = project.server.port
        project.fault.value = { request, _ in
            request.path.contains("summary") ? .redirect("http://localhost:\(port)/materials/summary/", status: status) : nil
        }
        #expect(diagnostic { try project.client().fetchMaterials() }.id == "refused-address")
        project.fault.value = { request, _ in
            request.path.hasPrefix("/materials/summary/")
                ? .redirect("/moved" + request.path, status: status)
                : request.path.hasPrefix("/moved") ? (try? field("summary-page-1.json")).map { .init(body: $0) } : nil
        }
        let elsewhere = project.scratch.file("elsewhere")
        let query = try MaterialsProjectQuery(spaceGroups: [], pageSize: 8)
        _ = try? project.client(query, folder: elsewhere).fetchMaterials()
        #expect(project.server.requests.contains { $0.path.hasPrefix("/moved") && $0.headers["x-api-key"] == secretKey })
        // A file without a key goes where it is led, and takes none along.
        let bucket = try FetchServer { _ in .redirect(other.base + "/object") }
        _ = try Connection(agent: "ecdx/test").fetch(bucket.base + "/a", to: project.scratch.file("a"))
        #expect(other.requests.map { $0.headers["x-api-key"] } == [nil])
    }

    @Test func answersThatRepeatIt() throws {
        let project = try MaterialsProjectServer()
        project.fault.value = { request, before in
            switch before {
            case 0 where request.path.contains("summary"):
                .init(body: Array("{\"data\": [], \"meta\": {\"total_doc\": 0}, \"you\": \"\(secretKey)\"}".utf8))
            case 1 where request.path.contains("summary"): .init(status: 401, body: Array("{\"message\": \"bad key \(secretKey)\"}".utf8))
            case 2 where request.path.contains("summary"): .redirect("ftp://host/\(secretKey)")
            case 3... where request.path.contains("summary"): .init(body: Array("{\"\(secretKey)\": 1".utf8))
            default: nil
            }
        }
        for _ in 0..<4 {
            let fault = diagnostic { try project.client().fetchMaterials() }
            #expect(fault.id != "none" && !"\(fault)".contains(secretKey), "\(fault.message)")
        }
        #expect(try !APIKey(secretKey).isIn(everything(in: project.folder)))
        #expect(!project.told.value.joined().contains(secretKey))
    }

    @Test func addresses() throws {
        let usual = try MaterialsProjectEndpoints(interface: nil, densities: "")
        #expect(
            usual.interface.text == "https://api.materialsproject.org" && usual.densities.host == "materialsproject-parsed.s3.amazonaws.com"
        )
        #expect(usual.interface.port == 443)
        for odd in ["http://example.org", "https://user:pass@example.org", "https://example.org/?a=b", "example", "file:///etc"] {
            #expect(diagnostic { try MaterialsProjectEndpoints(interface: odd, densities: nil) }.id == "refused-address", "\(odd)")
        }
    }
}
