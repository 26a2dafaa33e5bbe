import Diagnostics
import Glibc
import TestSupport
import Testing

@testable import Datasets

@Suite(.timed) struct PathTests {
    @Test func globFindsInNaturalOrder() throws {
        let names = ["CHGCAR-10.png", "CHGCAR-9.png", "CHGCAR-.png", "CHGCAR-1.jpg", ".CHGCAR-3.png", "XCHGCAR-4.png", "CHGCAR-1.png"]
        try withFolder(names) { folder in
            #expect(try glob(folder + "/CHGCAR-*.png").map(\.key) == ["", "1", "9", "10"])
            #expect(try glob(folder + "/CHGCAR-*.png").map(\.path).last == folder + "/CHGCAR-10.png")
            #expect(try glob(folder + "/*.jpg").map(\.key) == ["CHGCAR-1"])
            #expect(try glob(folder + "/.*").map(\.key) == ["CHGCAR-3.png"])
            let empty = diagnostic { _ = try glob(folder + "/*.tif") }
            #expect(empty.id == "empty-glob" && empty.message == "no file fits `\(folder)/*.tif`")
            // The star takes no character twice.
            try expectFault("empty-glob") { _ = try glob(folder + "/CHGCAR-1.pn*g.png") }
            try expectFault("cannot-read", "no such folder") { _ = try glob(folder + "/none/*.png") }
            for bad in ["x.png", "*/x.png", "**.png", "*a*.png", "", folder + "/"] {
                try expectFault("bad-glob") { _ = try glob(folder + "/sub/" + bad) }
                try expectFault("bad-glob") { _ = try glob(bad) }
            }
        }
    }

    private func withFolder(_ names: [String], _ body: (String) throws -> Void) throws {
        let scratch = try Scratch()
        mkdir(scratch.file("CHGCAR-5.png"), 0o700)
        for name in names { try scratch.file(name, []) }
        try body(scratch.path)
    }

    @Test func templatesFillInColumns() throws {
        let table = try withFile("t.csv", Array("material_id,part\nAl-fcc,x\n../secret,y\na/b,z\n..,u\n,v\n/etc,\"w\"\n".utf8)) {
            try readCSV(path: $0)
        }
        let template = RowTemplate(parts: [.text("densities/"), .column("material_id"), .text("."), .column("part"), .text(".gz")])
        #expect(template.columns == ["material_id", "part"])
        try template.check(table)
        #expect(try template.expand(table, row: 0) == "densities/Al-fcc.x.gz")
        #expect(try template.expand(table, row: 2) == "densities/a/b.z.gz")
        for row in [1, 3, 4, 5] {
            let fault = diagnostic { _ = try template.expand(table, row: row) }
            #expect(fault.id == "bad-data" && fault.data?.line == row + 2, "\(row)")
        }
        try expectFault("shape") { _ = try template.expand(table, row: 6) }
        let fault = diagnostic { try RowTemplate(parts: [.column("material_di")]).check(table) }
        #expect(fault.id == "unknown-column" && fault.hints == ["did you mean `material_id`?"])
    }
}
