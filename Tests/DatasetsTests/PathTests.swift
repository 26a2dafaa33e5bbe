import Diagnostics
import Glibc
import Testing
@testable import Datasets

@Suite struct PathTests {
    @Test func globFindsInNaturalOrder() throws {
        let names = ["CHGCAR-10.png", "CHGCAR-9.png", "CHGCAR-.png", "CHGCAR-1.jpg", ".CHGCAR-3.png", "XCHGCAR-4.png", "CHGCAR-1.png"]
        try withFolder(names) { folder in
            #expect(try glob(folder + "/CHGCAR-*.png").map(\.key) == ["", "1", "9", "10"])
            #expect(try glob(folder + "/CHGCAR-*.png").map(\.path).last == folder + "/CHGCAR-10.png")
            #expect(try glob(folder + "/*.jpg").map(\.key) == ["CHGCAR-1"])
            #expect(try glob(folder + "/.*").map(\.key) == ["CHGCAR-3.png"])
            let empty = try diagnostic { _ = try glob(folder + "/*.tif") }
            #expect(empty.id == "empty-glob" && empty.message == "no file fits `\(folder)/*.tif`")
            // The star takes no character twice.
            try expectFault("empty-glob") { _ = try glob(folder + "/CHGCAR-1.pn*g.png") }
            try expectFault("cannot-read", "no such folder") { _ = try glob(folder + "/none/*.png") }
            for bad in ["x.png", "*/x.png", "**.png", "*a*.png", "", folder + "/"] {
                try expectFault("bad-glob") { _ = try glob(folder + "/sub/" + bad) }
                try expectFault("bad-glob") { try checkGlob(bad) }
            }
        }
    }

    private func withFolder(_ names: [String], _ body: (String) throws -> Void) throws {
        var template = Array("/tmp/ecdx-test-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        let folder = String(cString: made)
        mkdir(folder + "/CHGCAR-5.png", 0o700)
        for name in names { if let file = fopen(folder + "/" + name, "w") { fclose(file) } }
        defer {
            for name in names { unlink(folder + "/" + name) }
            rmdir(folder + "/CHGCAR-5.png")
            rmdir(folder)
        }
        try body(folder)
    }

    @Test func templatesFillInColumns() throws {
        let table = try withFile("t.csv", Array("material_id,part\nAl-fcc,x\n../secret,y\na/b,z\n..,u\n,v\n/etc,\"w\"\n".utf8)) { try readCSV(path: $0) }
        let template = try RowTemplate(parsing: "densities/{material_id}.{part}.gz")
        #expect(template.columns == ["material_id", "part"])
        #expect(template.parts == [.text("densities/"), .column("material_id"), .text("."), .column("part"), .text(".gz")])
        try template.check(table)
        #expect(try template.expand(table, row: 0) == "densities/Al-fcc.x.gz")
        #expect(try template.expand(table, row: 2) == "densities/a/b.z.gz")
        for row in [1, 3, 4, 5] {
            let fault = try diagnostic { _ = try template.expand(table, row: row) }
            #expect(fault.id == "bad-data" && fault.data?.line == row + 2, "\(row)")
        }
        try expectFault("shape") { _ = try template.expand(table, row: 6) }
        let fault = try diagnostic { try RowTemplate(parsing: "{material_di}").check(table) }
        #expect(fault.id == "unknown-column" && fault.hints == ["did you mean `material_id`?"])
        #expect(try RowTemplate(parsing: "").parts.isEmpty)
        #expect(try RowTemplate(parsing: "{a}{b}").columns == ["a", "b"])
        for bad in ["{", "}", "a{b", "a}b", "{a{b}}", "{}", "x{}y", "{a}}"] {
            try expectFault("bad-template", nil, "\(bad)") { _ = try RowTemplate(parsing: bad) }
        }
    }
}
