import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Datasets

private func field(_ name: String) throws -> [UInt8] { try bytes(of: fixture("field/\(name)")) }

/// A folder as `ecdx fetch` leaves it, with these answers one after the other.
private func answered(
    _ scratch: Scratch, _ query: MaterialsProjectQuery, _ pages: [[UInt8]], section: String = "summary/all", total: Int? = nil,
    densities: String = ""
) throws -> MaterialsProjectFolder {
    try writeWhole(query.canonical + "\n", to: scratch.file("query.json"))
    try createFolder(scratch.file("answers"))
    let list = try Journal(scratch.file("answers.jsonl"))
    var skip = 0
    for page in pages {
        let (documents, all) = try MaterialsProjectFolder.documents(inAnswer: page, nil)
        let name = "answers/\(section.split(separator: "/").joined(separator: "-"))-\(skip).json"
        try writeWhole(page, to: scratch.file(name))
        try list.append(
            encoding: MaterialsProjectFolder.Answer(
                file: name, section: section, skip: skip, url: "https://example.org", time: "2026-11-28T00:00:00Z", status: 200,
                bytes: page.count, sha256: sha256(page), count: documents.count, total: total ?? all ?? documents.count,
                database: "2026.11.1"))
        skip += documents.count
    }
    if !densities.isEmpty { try writeWhole(densities, to: scratch.file("densities.jsonl")) }
    return try MaterialsProjectFolder(scratch.path)
}

private func list(_ documents: String) -> [UInt8] { Array("{\"data\": [\(documents)]}".utf8) }

@Suite(.timed) struct MaterialsProjectTests {
    private let everything: MaterialsProjectQuery
    private let pages: [[UInt8]]

    init() throws {
        everything = try MaterialsProjectQuery(isStable: nil, spaceGroups: [], deprecated: nil)
        pages = [try field("summary-page-1.json"), try field("summary-page-2.json")]
    }

    /// The right values of the field files' README, in old and new spelling.
    @Test func twoPages() throws {
        let scratch = try Scratch()
        let reading = try readMaterialsProject(answered(scratch, everything, pages))
        let table = reading.table
        #expect(
            try table.column("material_id").cells == [
                "mp-149", "mp-160", "mp-204", "mp-312", "mp-1138", "mp-8039", "mp-9999", "mp-3347529", "mp-hilze",
            ])
        #expect(try table.column("k_vrh").cells == ["82.5", "60.0", "30.0", "674.21", "69.5", "", "140.0", "100.0", "89.0"])
        #expect(try table.column("g_vrh").cells == ["49.0", "-4.0", "10.0", "9.5", "32.0", "", "60.0", "", "38.0"])
        #expect(try table.column("k_voigt").numbers?[6] == 141 && table.column("k_reuss").numbers?[6] == 139)
        #expect(try table.column("k_vrh").numbers?[5].isNaN == true && table.column("k_vrh").numbers?[3] == 674.21)
        #expect(try table.column("total_magnetization").cells[4] == "-2.5e-05")
        #expect(try table.column("energy_above_hull").cells[6] == "0.0")
        #expect(try table.column("formula_pretty").cells == ["Qa", "Qg", "Qh", "Qd", "Qc", "Qb", "Qi", "Qf", "Qe"])
        #expect(try table.column("space_group").numbers == [225, 225, 194, 225, 225, 225, 225, 227, 216])
        #expect(try table.column("space_group_symbol").cells[6...] == ["Fm-3m", "Fd-3m", "F-43m"])
        #expect(
            try ["k_vrh", "volume", "density", "total_magnetization_normalized_vol", "energy_per_atom", "nsites"].map {
                try table.column($0).unit
            }
                == ["GPa", "A^3", "g/cm^3", "mu_B/A^3", "eV/atom", nil])
        #expect(table.columns.count == 30 && table.lines == Array(1...9) && reading.databases == ["2026.11.1"])
        #expect(reading.documents == 11 && reading.total == 11 && reading.repeated == 2 && reading.contradicting == [])
        #expect(reading.deprecated == 0 && reading.otherSpaceGroup == 0 && reading.dropped == [])
    }

    @Test func countsThatAreNone() throws {
        for (name, number) in [("count", "-1"), ("skip", "-5"), ("total", "9223372036854775807"), ("bytes", "-9000000000000000000")] {
            let scratch = try Scratch()
            _ = try answered(scratch, everything, pages)
            let line = try text(of: scratch.file("answers.jsonl")).split(separator: "\n")[0]
            let parts = try #require(line.firstRange(of: "\"\(name)\":"))
            let rest = line[parts.upperBound...].drop { $0 != "," && $0 != "}" }
            try writeWhole("\(line[..<parts.upperBound])\(number)\(rest)\n", to: scratch.file("answers.jsonl"))
            let fault = diagnostic { try MaterialsProjectFolder(scratch.path) }
            #expect(fault.id == "bad-data" && fault.message.contains("`\(name)`") && fault.message.contains(number), "\(fault.message)")
            #expect(fault.data?.line == 1)
        }
    }

    @Test func whatThePaperAsks() throws {
        let scratch = try Scratch()
        var options = MaterialsProjectReading.Options()
        options.dropsIncompleteProperties = true
        let query = try MaterialsProjectQuery(spaceGroups: MaterialsProjectQuery.cubicFaceCentred)
        let sections = query.sections.map(\.name)
        var folder = try answered(scratch, query, pages, section: "summary/225")
        #expect(
            diagnostic { try readMaterialsProject(folder) }.message.contains("all answers of summary/196, found 0 of an unknown number"))
        for section in sections where section != "summary/225" { folder = try emptyAnswer(scratch, query, section) }
        let reading = try readMaterialsProject(folder, options: options)
        #expect(
            try reading.table.column("material_id").cells == [
                "mp-149", "mp-312", "mp-1138", "mp-8039", "mp-9999", "mp-3347529", "mp-hilze",
            ])
        #expect(reading.deprecated == 1 && reading.otherSpaceGroup == 1 && reading.otherStability == 0 && reading.repeated == 2)
        // Of the 25 only these are there for all seven.
        #expect(reading.dropped.count == 25 && reading.dropped.contains(.init(property: "k_vrh", missing: 1)), "\(reading.dropped)")
        #expect(
            reading.dropped.contains(.init(property: "nsites", missing: 1))
                && reading.dropped.contains(.init(property: "volume", missing: 7)))
        #expect(reading.table.columnNames == ["material_id", "formula_pretty", "space_group", "space_group_symbol", "elements"])
    }

    @Test func mergesAndContradicts() throws {
        let scratch = try Scratch()
        let page = list(
            """
            {"material_id": "mp-ft", "k_vrh": 80, "g_vrh": null, "elements": ["Al", "Ni"], "spacegroup": {"number": 225}, "symmetry": null},
            {"material_id": "mp-149", "k_vrh": 80.0, "g_vrh": 40, "band_gap": 1, "efermi": "nan"},
            {"material_id": "mp-aaaaaaft", "k_vrh": 81, "bulk_modulus": {"vrh": 1}},
            {"material_id": "mp-1", "elasticity": {"poisson_ratio": 0.3, "universal_anisotropy": 2}, "nelements": 3, "elements": ["Al"]}
            """)
        let reading = try readMaterialsProject(answered(scratch, everything, [page]))
        let table = reading.table
        #expect(try table.column("material_id").cells == ["mp-1", "mp-149"] && reading.repeated == 2)
        #expect(reading.contradicting.map(\.description) == ["mp-149"])
        #expect(try table.column("k_vrh").cells == ["", "80"] && table.column("g_vrh").cells == ["", "40"])
        #expect(try table.column("efermi").cells == ["", ""] && table.column("elements").cells == ["Al", "Al-Ni"])
        #expect(try table.column("nelements").numbers == [3, 2] && table.column("space_group").cells == ["", "225"])
        #expect(try table.column("homogeneous_poisson").cells[0] == "0.3" && table.column("universal_anisotropy").cells[0] == "2")
    }

    @Test func whatIsWrongHasItsPlace() throws {
        for (documents, said) in [
            ("{\"k_vrh\": 1}", "`material_id`"), ("{\"material_id\": 149}", "`material_id`"), ("{\"material_id\": \"mp_149\"}", "`mp_149`"),
            ("{\"material_id\": \"mp-149\", \"k_vrh\": \"80\"}", "`k_vrh` of mp-149"),
            ("{\"material_id\": \"mp-149\", \"bulk_modulus\": 80}", "`bulk_modulus.vrh` of mp-149"), ("7", "`material_id`"),
            ("", "found none among 0 documents"),
        ] {
            let scratch = try Scratch()
            let fault = diagnostic { try readMaterialsProject(answered(scratch, everything, [list(documents)])) }
            #expect(fault.id == "bad-data" && fault.data?.file.hasPrefix(scratch.path) == true, "\(fault)")
            // The first of the averages that is looked at may be another.
            #expect(fault.message.contains(said) || fault.message.contains(said.replacing("vrh", with: "voigt")), "\(fault.message)")
        }
    }

    @Test func lacksAnswers() throws {
        let scratch = try Scratch()
        let half = try answered(scratch, everything, [pages[0]])
        let fault = diagnostic { try readMaterialsProject(half) }
        #expect(fault.id == "missing-file" && fault.message.contains("found 8 of 11 documents") && fault.hints.count == 1)
        var options = MaterialsProjectReading.Options()
        options.allowsMissingAnswers = true
        #expect(try readMaterialsProject(half, options: options).table.count == 8)
        try writeWhole(Array(pages[0].reversed()), to: scratch.file("answers/summary-all-0.json"))
        #expect(diagnostic { try readMaterialsProject(half, options: options) }.id == "wrong-hash")
        try removeTree(scratch.file("answers/summary-all-0.json"))
        #expect(diagnostic { try readMaterialsProject(half, options: options) }.id == "missing-file")
    }

    @Test func descriptionsAndDensities() throws {
        let scratch = try Scratch()
        let here = try answered(scratch, everything, [list("{\"material_id\": \"mp-149\"}, {\"material_id\": \"mp-1\"}")])
        let hash = try sha256("x")
        try writeWhole(
            """
            {"material": "mp-149", "candidates": 1, "status": 404, "time": ""}
            {"material": "mp-ft", "task": "mp-20", "candidates": 2, "status": 200, "time": "", "file": "densities/mp-149.json.gz", \
            "bytes": 1, "sha256": "\(hash)"}
            {"material": "mp-1", "candidates": 0, "status": 0, "time": ""}

            """, to: scratch.file("densities.jsonl"))
        _ = here
        let whole = try answered(
            scratch, everything, [list("{\"material_id\": \"mp-b\", \"description\": \"Tungsten, W\"}, {\"material_id\": \"mp-149\"}")],
            section: "robocrys/0123456789ab")
        var options = MaterialsProjectReading.Options()
        (options.hasDescriptions, options.hasDensities) = (true, true)
        let reading = try readMaterialsProject(whole, options: options)
        #expect(try reading.table.column("description").cells == ["Tungsten, W", ""])
        #expect(try reading.table.column("density_file").cells == ["", "densities/mp-149.json.gz"])
        #expect(try reading.table.column("density_task").cells == ["", "mp-20"])
        // What rests on the folder: the texts only where they are asked for, times never.
        let (plain, all) = (try whole.contents(), try whole.contents(withDescriptions: true, withDensities: true))
        #expect(try plain == here.contents() && here.contents(withDescriptions: true) == plain && all != plain)
        let list = try text(of: scratch.file("answers.jsonl"))
        try writeWhole(list.replacing("2026-11-28", with: "2026-12-24"), to: scratch.file("answers.jsonl"))
        #expect(try MaterialsProjectFolder(scratch.path).contents(withDescriptions: true, withDensities: true) == all)
        #expect(reading.withoutDescription.map(\.description) == ["mp-149"] && reading.withoutDensity.map(\.description) == ["mp-1"])
    }
}

private func emptyAnswer(_ scratch: Scratch, _ query: MaterialsProjectQuery, _ section: String) throws -> MaterialsProjectFolder {
    try answered(scratch, query, [Array("{\"data\": [], \"meta\": {\"total_doc\": 0}}".utf8)], section: section)
}
