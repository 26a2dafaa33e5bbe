import Storage
import TestSupport
import Testing

/// `ecdx fetch materials` against a server of this machine, and a script that reads what it brought without one.
@Suite(.timed) struct FetchMaterialsTests {
    private static let key = "Kq7Zt0vXw2RbN5sYd9LmC3pJh6GfA1eU"

    private static func reply(_ request: FetchServer.Request) -> FetchServer.Reply {
        func json(_ text: String) -> FetchServer.Reply { .init(headers: ["Content-Type": "application/json"], body: Array(text.utf8)) }
        let path = String(request.path.prefix { $0 != "?" })
        if path == "/heartbeat" { return json("{\"db_version\": \"2026.11.1\"}") }
        guard request.headers["x-api-key"] == key else { return .init(status: 401, body: Array("{}".utf8)) }
        func material(_ id: String, _ formula: String, _ modulus: String) -> String {
            """
            {"material_id": "\(id)", "formula_pretty": "\(formula)", "deprecated": false, "is_stable": true, "nelements": 1, \
            "symmetry": {"number": 225, "symbol": "Fm-3m"}, "bulk_modulus": \(modulus)}
            """
        }
        switch path {
        case "/materials/summary/":
            let found = [
                material("mp-30", "Cu", "{\"vrh\": 151.0}"), material("mp-134", "Al", "{\"vrh\": 83.5}"), material("mp-ft", "Si", "null"),
            ]
            return json("{\"data\": [\(found.joined(separator: ", "))], \"meta\": {\"total_doc\": 3}}")
        case "/materials/robocrys/":
            return json(
                """
                {"data": [{"material_id": "mp-30", "description": "Cu is Copper structured. All Cu(1)-Cu(1) bond lengths are 2.55 Å."}], \
                "meta": {"total_doc": 1}}
                """)
        default: return .init(status: 404)
        }
    }

    @Test func fetchesOnceAndReadsWithoutTheNetwork() throws {
        let server = try FetchServer(Self.reply)
        let project = try Project(
            script: """
                let t = materialsProject("mp", descriptions: true)
                show t.count
                show t |> where(row["k_vrh"] > 100)
                show t |> where(not missing(row["description"])) |> derive({ key: variant(row["description"], key) })
                """)
        let order = ["fetch", "materials", project.file("mp"), "--space-groups", "225", "--descriptions"]
        let environment = ["MP_API_KEY": Self.key, "MP_API_ENDPOINT": server.base]
        let without = try project.ecdx("check", "SCRIPT")
        #expect(without.status == 3 && without.err.contains("ecdx fetch materials FOLDER"), "\(without.err)")
        let first = try project.start(order, environment: environment).wait()
        #expect(first.status == 0, "\(first.err)")
        #expect(
            first.out.contains("3 materials in 3 documents; 1 answers asked for now") && first.out.contains("CC BY 4.0"), "\(first.out)")
        let asked = server.requests.count
        let again = try project.start(order, environment: environment).wait()
        #expect(again.status == 0 && server.requests.count == asked, "\(again.err)")
        let run = try project.ecdx("run", "SCRIPT")
        #expect(run.status == 0 && server.requests.count == asked, "\(run.err)")
        #expect(run.out.hasPrefix("3\n") && run.out.contains("151") && !run.out.contains("83.5"), "\(run.out)")
        #expect(run.out.contains("Cu. All Cu(1)-Cu(1) bond lengths are 2.55 Å."), "\(run.out)")
        #expect(run.err.contains("warning[answers-left-out]"))
        #expect(run.err.contains("2 of 3 have no description: `mp-134`, `mp-149`"), "\(run.err)")
        for text in [first.out, first.err, again.out, again.err, run.out, run.err] { #expect(!text.contains(Self.key)) }
        let wrong = try project.start(
            ["fetch", "materials", project.file("other")], environment: ["MP_API_KEY": "nothing", "MP_API_ENDPOINT": server.base]
        ).wait()
        #expect(wrong.status == 1 || wrong.status == 2, "\(wrong.err)")
        #expect(wrong.err.contains("error["), "\(wrong.err)")
    }
}
