import Storage
import Synchronization
import TestSupport

@testable import Fetching

/// The secret of these tests; nothing that is written may hold it.
let secretKey = "Kq7Zt0vXw2RbN5sYd9LmC3pJh6GfA1eU"

func field(_ name: String) throws -> [UInt8] { try bytes(of: fixture("field/\(name)")) }

/// A copy of the Materials Project as far as these tests go.
final class MaterialsProjectServer: Sendable {
    /// What stands in for the usual reply, by a request and how many of its path came before it.
    typealias Fault = @Sendable (FetchServer.Request, Int) -> FetchServer.Reply?

    let server: FetchServer
    let fault = Shared<Fault>({ _, _ in nil })
    let database = Shared("2026.11.1")
    /// The seconds that were waited, in slices.
    let waits = Shared<[Double]>([])
    let told = Shared<[String]>([])
    let isStopped = Shared(false)
    let scratch: Scratch

    /// Answers of the summary, by what `_skip` says.
    static let pages: [Int: String] = [0: "summary-page-1.json", 8: "summary-page-2.json"]

    init() throws {
        scratch = try Scratch()
        let (fault, database) = (fault, database)
        let counts = Shared<[String: Int]>([:])
        server = try FetchServer { request in
            let before = counts.change { all in
                all[request.path, default: 0] += 1
                return all[request.path, default: 1] - 1
            }
            return fault.value(request, before) ?? Self.reply(request, database.value)
        }
    }

    var folder: String { scratch.file("mp") }
    /// The seconds that were waited in all, to a tenth.
    var waited: Double {
        let seconds = waits.value.reduce(0, +)
        return (seconds * 10).rounded() / 10
    }
    var paths: [String] { server.requests.map(\.path) }

    func options(attempts: Int = 4) -> MaterialsProjectOptions {
        var options = MaterialsProjectOptions()
        let (waits, told, isStopped) = (waits, told, isStopped)
        options.attempts = attempts
        options.isStopped = { isStopped.value }
        options.sleep = { seconds in waits.change { $0.append(seconds) } }
        options.tell = { line in told.change { $0.append(line) } }
        return options
    }

    func client(
        _ query: MaterialsProjectQuery? = nil, key: String? = secretKey, options: MaterialsProjectOptions? = nil, folder: String? = nil,
        densities: String? = nil
    ) throws -> MaterialsProjectClient {
        try MaterialsProjectClient(
            folder: folder ?? self.folder, query: query ?? Self.query(), key: key.map { try APIKey($0) },
            endpoints: MaterialsProjectEndpoints(interface: server.base + "/", densities: densities ?? server.base + "/bucket"),
            agent: "ecdx/test", options: options ?? self.options())
    }

    static func query() throws -> MaterialsProjectQuery { try MaterialsProjectQuery(spaceGroups: [], pageSize: 8) }

    static func parameters(_ path: String) -> [String: String] {
        var found: [String: String] = [:]
        for pair in path.split(separator: "?").dropFirst().joined().split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { found[parts[0]] = parts[1] }
        }
        return found
    }

    /// A density as the bucket has it, another for every name: 40 kB that begin as gzip does.
    static func density(_ name: String) -> [UInt8] {
        [0x1F, 0x8B, 8, 0] + fetchBytes(40_000, seed: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) } & 0xFFFF))
    }

    private static func reply(_ request: FetchServer.Request, _ database: String) -> FetchServer.Reply {
        let path = String(request.path.prefix { $0 != "?" })
        let parameters = parameters(request.path)
        func json(_ text: String) -> FetchServer.Reply { .init(headers: ["Content-Type": "application/json"], body: Array(text.utf8)) }
        func list(_ documents: [String]) -> FetchServer.Reply {
            json("{\"data\": [\(documents.joined(separator: ", "))], \"meta\": {\"total_doc\": \(documents.count)}}")
        }
        if path == "/heartbeat" { return json("{\"db_version\": \"\(database)\"}") }
        if path.hasPrefix("/bucket/") {
            // mp-8039 has no object; new names are not filled up here.
            if path.hasSuffix("/mp-8039.json.gz") || path.contains("aaa") { return .init(status: 404, body: Array("<Error/>".utf8)) }
            return .file(density(path), etag: "\"\(path)\"", for: request)
        }
        guard request.headers["x-api-key"] == secretKey else {
            return .init(status: 401, body: Array("{\"message\": \"No API key\"}".utf8))
        }
        let ids = (parameters["material_ids"] ?? parameters["task_ids"])?.split(separator: ",").map(String.init) ?? []
        switch path {
        case "/materials/summary/":
            guard let skip = parameters["_skip"].flatMap({ Int($0) }), let name = pages[skip], let body = try? field(name) else {
                return .init(status: 422, body: Array("{\"detail\": [{\"loc\": [\"_skip\"], \"msg\": \"no such page\"}]}".utf8))
            }
            return .init(headers: ["Content-Type": "application/json"], body: body)
        case "/materials/core/":
            return list(
                ids.map { id in
                    let types =
                        switch id {
                        case "mp-149": "\"mp-1\": \"GGA Static\", \"mp-aab\": \"GGA Structure Optimization\""
                        case "mp-1138": "\"mp-20\": \"GGA Static\", \"mp-21\": \"GGA+U Static\", \"mp-22\": \"R2SCAN Static\""
                        case "mp-hilze": "\"mp-aaahilze\": \"GGA Static\""
                        case "mp-312": ""
                        default: "\"\(id)\": \"GGA Static\""
                        }
                    return "{\"material_id\": \"\(MaterialID(id)?.padded ?? id)\", \"calc_types\": {\(types)}}"
                })
        case "/materials/tasks/":
            return list(
                ids.map {
                    "{\"task_id\": \"\($0)\", \"last_updated\": \"\($0 == "mp-20" ? "2024-05-01T00:00:00.5" : "2021-01-01T00:00:00Z")\"}"
                })
        case "/materials/robocrys/":
            return list(
                ids.filter { $0 != "mp-9999" }.map { "{\"material_id\": \"\($0)\", \"description\": \"\($0) is Copper structured.\"}" })
        default: return .init(status: 404)
        }
    }
}

/// All that lies in a folder, names and contents, one after the other.
func everything(in folder: String) throws -> [UInt8] {
    var found: [UInt8] = []
    for name in try listFolder(folder) {
        let path = joined(folder, name)
        found += Array(name.utf8)
        found += fileStatus(path)?.kind == .folder ? try everything(in: path) : try bytes(of: path)
    }
    return found
}
