import CSupport
import Glibc
import Storage
import TestSupport
import Testing

/// A copy of the published stacking-fault data as far as its form goes: a workbook whose serial numbers skip two, and 137 small
/// pictures, each another.
private struct Published: Sendable {
    let files: [String: [UInt8]]
    let table: String

    init() {
        var files: [String: [UInt8]] = [:]
        var rows = "<row><c t='str'><v>Name</v></c><c t='str'><v>serial_number</v></c><c t='str'><v>SFEs</v></c></row>"
        var table = "image,system,serial_number,sfe_mJ_per_m2\n"
        for number in 1...137 {
            let serial = number > 135 ? number + 2 : number
            let energy = 67.25 + Double(number) / 8
            let name = number == 3 ? "Ni, 3d" : "Ni-\(number)"
            rows += "<row><c t='str'><v>\(name)</v></c><c><v>\(serial)</v></c><c><v>\(energy)</v></c></row>"
            table += "images/CHGCAR-\(number).png,\(number == 3 ? "\"Ni, 3d\"" : name),\(serial),\(energy)\n"
            files["/CNN/CHGCAR_images/CHGCAR-\(number).png"] = Published.picture(number)
        }
        files["/CNN/SFE_information.xlsx"] = Published.workbook(rows)
        (self.files, self.table) = (files, table)
    }

    func reply(_ request: FetchServer.Request) -> FetchServer.Reply {
        guard let bytes = files[request.path] else { return .init(status: 404) }
        return .file(bytes, etag: "\"\(request.path)\"", for: request)
    }

    private static func little(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: $0 < 8 ? value >> (8 * $0) : 0) }
    }
    private static func numbers(_ all: [(Int, Int)]) -> [UInt8] { all.flatMap { little($0.0, $0.1) } }
    private static func big(_ value: Int) -> [UInt8] { little(value, 4).reversed() }

    /// A workbook whose archive packs nothing.
    static func workbook(_ rows: String) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        let parts = [
            (
                "xl/workbook.xml",
                "<workbook xmlns:r='x'><sheets><sheet name='legend' r:id='2'/><sheet name='SFEs' r:id='1'/></sheets></workbook>"
            ),
            (
                "xl/_rels/workbook.xml.rels",
                """
                <Relationships><Relationship Id='1' Type='x/worksheet' Target='a.xml'/>\
                <Relationship Id='2' Type='x/worksheet' Target='b.xml'/></Relationships>
                """
            ),
            ("xl/a.xml", "<worksheet><sheetData>\(rows)</sheetData></worksheet>"),
            ("xl/b.xml", "<worksheet><sheetData></sheetData></worksheet>"),
        ]
        for (name, text) in parts {
            let name = Array(name.utf8)
            let contents = Array(text.utf8)
            let start = file.count
            let checksum = Int(ecdx_crc32(contents, contents.count))
            let common = numbers([(0, 8), (checksum, 4), (contents.count, 4), (contents.count, 4), (name.count, 2)])
            file += numbers([(0x0403_4B50, 4), (20, 2)]) + common + little(0, 2) + name + contents
            directory += numbers([(0x0201_4B50, 4), (20, 2), (20, 2)]) + common + numbers([(0, 12), (start, 4)]) + name
        }
        return file + directory
            + numbers([(0x0605_4B50, 4), (0, 4), (parts.count, 2), (parts.count, 2), (directory.count, 4), (file.count, 4), (0, 2)])
    }

    /// A PNG of 4 x 2 pixels.
    static func picture(_ number: Int) -> [UInt8] {
        func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
            let all = Array(name.utf8) + data
            return big(data.count) + all + big(Int(ecdx_crc32(all, all.count)))
        }
        let row = [UInt8](arrayLiteral: 0) + (0..<12).map { UInt8(truncatingIfNeeded: number &* 7 &+ $0) }
        let rows = row + row
        var a = 1
        var b = 0
        for byte in rows { (a, b) = ((a + Int(byte)) % 65521, (b + a + Int(byte)) % 65521) }
        var packed: [UInt8] = [0x78, 0x01, 0x01]
        for piece in [little(rows.count, 2), little(~rows.count, 2), rows, big(b << 16 | a)] { packed += piece }
        let header: [UInt8] = big(4) + big(2) + [8, 2, 0, 0, 0]
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]
        return signature + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", [])
    }
}

@Suite(.timed) struct FetchDataTests {
    private static let published = Published()

    /// Whether each file is the published one, or has not its name yet.
    private func isWhole(_ folder: String) -> Bool {
        for (path, bytes) in Self.published.files {
            let name = path.hasSuffix(".png") ? joined("images", lastName(of: path)) : lastName(of: path)
            if let found = try? readFile(joined(folder, name)), found != bytes { return false }
        }
        return true
    }

    /// Killed in the middle again and again, it goes on, and asks for nothing that is there.
    @Test func killedAndContinued() throws {
        let project = try Project()
        let published = Self.published
        let server = try FetchServer { request in
            usleep(4000)
            return published.reply(request)
        }
        let folder = project.file("data/sfe")
        let arguments = ["fetch", "data", "sfe", "--from", server.base + "/CNN/", "--to", folder]
        for asked in [1, 40, 90] {
            let command = try project.start(arguments)
            try #require(try command.waitUntil { server.requests.count > asked })
            command.send(SIGKILL)
            #expect(try command.wait().status == 128 + SIGKILL)
            #expect(isWhole(folder) && fileStatus(joined(folder, "sfe.csv")) == nil)
        }
        let outcome = try project.start(arguments).wait()
        #expect(outcome.status == 0, "\(outcome.err)")
        // What was under way when the kill came is asked for once more, or twice where all of it had come.
        #expect(server.requests.count <= 138 + 6 && Set(server.requests.map(\.path)) == Set(published.files.keys))
        #expect(try String(decoding: readFile(joined(folder, "sfe.csv")), as: UTF8.self) == published.table)
        #expect(try isWhole(folder) && listFolder(joined(folder, "images")).count == 137)
        #expect(try listFolder(folder) == ["SFE_information.xlsx", "fetched.json", "images", "sfe.csv"])
        for said in ["\(folder)/sfe.csv: 137 rows", "publisher: github.com/", "licence: the authors state none", "cite: G. Arora"] {
            #expect(outcome.out.contains(said), "\(outcome.out)")
        }
        #expect(outcome.err.contains("sfe  file 138/138"), "\(outcome.err)")

        let before = server.requests.count
        let again = try project.start(arguments).wait()
        #expect(again.status == 0 && again.out.contains("all there already") && server.requests.count == before)
        // An edited table is somebody's work.
        try writeWhole("mine\n", to: joined(folder, "sfe.csv"))
        let refused = try project.start(arguments).wait()
        #expect(refused.status == 1 && refused.err.contains("error[would-overwrite]") && refused.err.contains("sfe.csv"), "\(refused.err)")
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))]) func stops(signal: Int32, status: Int32) throws {
        let project = try Project()
        let published = Self.published
        let server = try FetchServer { request in
            var reply = published.reply(request)
            // A picture that takes its time: it is stopped within one.
            if request.path.hasSuffix("-3.png"), request.from == nil {
                (reply.body, reply.pause) = (reply.body + [UInt8](repeating: 0, count: 1 << 16), 100_000)
            }
            return reply
        }
        let arguments = ["fetch", "data", "sfe", "--from", server.base + "/CNN", "--to", project.file("set")]
        let command = try project.start(arguments)
        try #require(try command.waitUntil { fileStatus(project.file("set/images/CHGCAR-3.png.part"))?.bytes ?? 0 > 0 })
        command.send(signal)
        let outcome = try command.wait()
        #expect(
            outcome.status == status && outcome.err.hasSuffix("stopped; the same command goes on from there\n") && outcome.out == "",
            "\(outcome.err)")
        #expect(isWhole(project.file("set")) && fileStatus(project.file("set/images/CHGCAR-3.png")) == nil)
    }

    @Test func failures() throws {
        let project = try Project()
        let published = Self.published
        func run(_ change: @escaping @Sendable (FetchServer.Request) -> FetchServer.Reply?) throws -> Command.Outcome {
            let server = try FetchServer { change($0) ?? published.reply($0) }
            return try project.ecdx("fetch", "data", "sfe", "--from", server.base + "/CNN", "--to", project.file("set"))
        }
        let page = try run { $0.path.hasSuffix("-2.png") ? .init(body: Array("<html>sign in</html>".utf8)) : nil }
        #expect(page.status == 1 && page.err.contains("error[bad-image]") && page.err.contains("CHGCAR-2.png"), "\(page.err)")
        let missing = try run { $0.path.hasSuffix("-2.png") ? .init(status: 404) : nil }
        #expect(
            missing.status == 1 && missing.err.contains("error[fetch-failed]") && missing.err.contains("404")
                && missing.err.contains("CHGCAR-2.png"), "\(missing.err)")
        #expect(try listFolder(project.file("set/images")) == ["CHGCAR-1.png"])
        try removeTree(project.file("set"))
        let short = try run {
            $0.path.hasSuffix(".xlsx")
                ? .init(
                    body: Published.workbook(
                        "<row><c t='str'><v>Name</v></c><c t='str'><v>serial_number</v></c><c t='str'><v>SFEs</v></c></row>")) : nil
        }
        #expect(short.status == 1 && short.err.contains("error[bad-data]"), "\(short.err)")
        #expect(try listFolder(project.file("set")) == [])
    }

    @Test func wrongCommandLines() throws {
        let project = try Project()
        for (arguments, said) in [
            (["fetch", "data"], "expected NAME, found nothing"),
            (["fetch", "data", "sfes"], "did you mean `sfe`?"), (["fetch", "stars"], "stars"),
            (["fetch", "data", "sfe", "--from", "http://example.org/CNN"], "expected https"),
            (["fetch", "data", "sfe", "--from", "https://example.org/?a"], "file names can follow"),
            (["fetch", "data", "sfe", "--from", "CNN"], "error[refused-address]"),
        ] {
            let outcome = try project.start(arguments).wait()
            #expect(
                outcome.status == 2 && outcome.out == "" && outcome.err.contains(said), "\(arguments): \(outcome.status) \(outcome.err)")
        }
        for arguments in [["fetch", "--help"], ["fetch", "data", "--help"], ["help", "fetch"], ["help", "fetch", "data"]] {
            let outcome = try project.start(arguments).wait()
            #expect(outcome.status == 0 && outcome.out.contains("data") && outcome.err == "")
        }
        #expect(fileStatus(project.file("data/sfe")) == nil)
        let script = try project.ecdx("--generate-completion-script", "fish").out
        #expect(script.split(separator: "\n").contains { $0.contains("fetch data") && $0.contains("sfe") })
    }
}
