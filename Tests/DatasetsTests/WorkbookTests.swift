import CSupport
import Diagnostics
import TestSupport
import Testing

@testable import Datasets

private func book(_ name: String) -> String { fixture("workbooks/" + name) }

@Suite(.timed) struct WorkbookTests {
    @Test func readsWhatOpenpyxlReads() throws {
        let table = try readXLSX(path: book("plain.xlsx"), sheet: "n & <m>")
        #expect(table.columnNames == ["id", "free text", "nümber", "whole", "gaps", "truth", "day"] && table.count == 60)
        #expect(table.lines == Array(2...61) && table.file == book("plain.xlsx"))
        #expect(table.columns.map(\.isNumeric) == [false, false, true, true, true, false, true])
        var cells = 0
        for line in try text(of: book("plain.txt")).split(separator: "\n") {
            let parts = line.split(separator: " ").map(String.init)
            let hex = Array(parts[2].utf8)
            let row = try #require(Int(parts[0]))
            let column = try #require(Int(parts[1]))
            let bytes =
                parts[2] == "-"
                ? []
                : stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(String(decoding: hex[$0..<($0 + 2)], as: UTF8.self), radix: 16) }
            let expected = String(decoding: bytes, as: UTF8.self)
            let found = row == 0 ? table.columns[column].name : table.columns[column].cells[row - 1]
            // A number is compared as one: 1e+20 and 1E20 are the same.
            if row > 0, let numbers = table.columns[column].numbers {
                #expect(
                    expected.isEmpty ? numbers[row - 1].isNaN && found.isEmpty : numbers[row - 1] == Double(expected),
                    "row \(row), column \(column)")
            } else {
                #expect(found == expected, "row \(row), column \(column)")
            }
            cells += 1
        }
        #expect(cells == 61 * 7)
        #expect(try readXLSX(path: book("plain.xlsx")).columns.map(\.cells) == table.columns.map(\.cells))
    }

    @Test func choosesTheSheetByName() throws {
        let path = book("sheets.xlsx")
        let table = try readXLSX(path: path, sheet: "SFEs")
        #expect(table.columnNames == ["Name", "serial_number", "SFEs"] && table.columns[0].cells[4] == "Ni-Fe-Cr-Co_4th_config")
        #expect(try table.targets(column: "serial_number") == [1, 2, 3, 138, 139])
        #expect(try table.targets(column: "SFEs").allSatisfy { (67...137).contains($0) })
        // A table need not begin in the corner.
        let legend = try readXLSX(path: path, sheet: "Sheet2")
        #expect(legend.columnNames == ["from", "to"] && legend.columns[1].numbers == [10] && legend.lines == [3])
        for (name, hint) in [
            ("SFE", "did you mean `SFEs`?"), ("sheet2", "did you mean `Sheet2`?"),
            ("other", "its sheets are SFEs, Sheet2, binary_ter_quat_prediction_31.3, empty, a chart"),
        ] {
            let fault = diagnostic { _ = try readXLSX(path: path, sheet: name) }
            #expect(
                fault.id == "unknown-sheet" && fault.message == "there is no sheet `\(name)`" && fault.hints == [hint]
                    && fault.data == DataPlace(file: path))
        }
        try expectFault("unknown-sheet", "expected the name of a sheet, found a workbook of 5") { _ = try readXLSX(path: path) }
        try expectFault("bad-data", "expected a header, found nothing in the sheet `empty`") {
            _ = try readXLSX(path: path, sheet: "empty")
        }
        try expectFault("bad-data", "expected cells in the sheet `a chart`, found none: it is a chart, or its part is missing") {
            _ = try readXLSX(path: path, sheet: "a chart")
        }
        let formula = diagnostic { _ = try readXLSX(path: path, sheet: "binary_ter_quat_prediction_31.3") }
        #expect(formula.id == "bad-data" && formula.message == "expected the value of a formula, found the formula alone in cell `C2`")
        #expect(formula.data == DataPlace(file: path, line: 2) && formula.hints.count == 1)
    }

    @Test func readsWhatOtherProgramsWrite() throws {
        let table = try readXLSX(path: book("kinds.xlsx"), sheet: "it's é α")
        #expect(table.columnNames == ["name", "value", "kind", "28"] && table.lines == [4, 5, 6])
        #expect(table.columns[0].cells == ["in runs", "<raw> & more", "ab"])
        #expect(table.columns[1].cells == ["2", "-0.5", ""] && table.columns[1].numbers?.prefix(2) == [2, -0.5])
        #expect(table.columns[2].cells == ["true", "#DIV/0!", "2024-01-01"] && table.columns[2].numbers == nil)
        #expect(table.columns[3].cells == ["1E-3", "", "3"] && table.columns[3].numbers?[0] == 0.001)
        let fault = diagnostic { _ = try table.targets(column: "value") }
        #expect(fault.message == "expected a finite number in column `value`, found an empty cell" && fault.data?.line == 6)
    }
}

/// Archives made byte by byte.
struct Zip {
    struct Part {
        var name: String, contents: [UInt8]
        var flags = 0, method = 0
        /// What the directory says, where it lies.
        var size: Int?, packed: Int?, checksum: UInt32?, header: Int?
    }

    static func bytes(_ parts: [Part], count: Int? = nil, comment: String = "") -> [UInt8] {
        func little(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for part in parts {
            let name = Array(part.name.utf8)
            let start = file.count
            let sum = part.checksum ?? ecdx_crc32(part.contents, part.contents.count)
            let sizes = little(Int(sum), 4) + little(part.packed ?? part.contents.count, 4) + little(part.size ?? part.contents.count, 4)
            file +=
                little(0x0403_4B50, 4) + little(20, 2) + little(part.flags, 2) + little(part.method, 2) + little(0, 4) + sizes
                + little(name.count, 2) + little(0, 2)
            file += name + part.contents
            directory +=
                little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + little(part.flags, 2) + little(part.method, 2) + little(0, 4)
                + sizes
            directory += little(name.count, 2) + little(0, 12) + little(part.header ?? start, 4) + name
        }
        let total = count ?? parts.count
        return file + directory + little(0x0605_4B50, 4) + little(0, 4) + little(total, 2) + little(total, 2) + little(directory.count, 4)
            + little(file.count, 4) + little(comment.utf8.count, 2) + Array(comment.utf8)
    }

    static let workbook = "<workbook xmlns:r='x'><sheets><sheet name='a' r:id='1'/></sheets></workbook>"
    static let relations = "<Relationships><Relationship Id='1' Type='x/worksheet' Target='sheet.xml'/></Relationships>"

    static func book(sheet: String, workbook: String = Zip.workbook, relations: String = Zip.relations) -> [Part] {
        [("xl/workbook.xml", workbook), ("xl/_rels/workbook.xml.rels", relations), ("xl/sheet.xml", sheet)].map {
            Part(name: $0.0, contents: Array($0.1.utf8))
        }
    }
}

@Suite(.timed) struct BadWorkbookTests {
    private static let sheet = "<worksheet><sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c></row></sheetData></worksheet>"

    private func read(_ bytes: [UInt8]) throws -> Table { try withFile("a.xlsx", bytes) { try readXLSX(path: $0) } }

    private func message(_ bytes: [UInt8]) throws -> String {
        try withFile("a.xlsx", bytes) { path in
            let fault = diagnostic { _ = try readXLSX(path: path) }
            #expect(fault.id == "bad-data" && fault.data?.file == path)
            return fault.message
        }
    }

    private func message(rows: String) throws -> String {
        try message(Zip.bytes(Zip.book(sheet: "<worksheet><sheetData>\(rows)</sheetData></worksheet>")))
    }

    @Test func refusesOtherFiles() throws {
        let table = try read(Zip.bytes(Zip.book(sheet: BadWorkbookTests.sheet), comment: "a comment PK\u{5}\u{6} in it"))
        #expect(table.columnNames == ["1"] && table.columns[0].numbers == [2])
        try expectFault("cannot-read", "no such file") { _ = try readXLSX(path: "/nowhere/a.xlsx") }
        #expect(try message([]) == "expected a workbook (.xlsx), found an empty file")
        #expect(try message(Array("Name,SFEs\n".utf8)) == "expected a workbook (.xlsx), found another file")
        #expect(
            try message([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0])
                == "expected a workbook (.xlsx), found an encrypted one or one of the older kind (.xls)")
        #expect(try message(Zip.bytes([])) == "expected a workbook (.xlsx), found a zip archive without one")
        #expect(
            try message(Zip.bytes([Zip.Part(name: "a.txt", contents: [65])]))
                == "expected a workbook (.xlsx), found a zip archive without one")
    }

    @Test func refusesBadArchives() throws {
        func changed(_ change: (inout Zip.Part) -> Void) throws -> String {
            var parts = Zip.book(sheet: BadWorkbookTests.sheet)
            change(&parts[0])
            return try message(Zip.bytes(parts))
        }
        let size = Zip.workbook.utf8.count
        #expect(try changed { $0.flags = 1 } == "expected plain data, found the encrypted part `xl/workbook.xml`")
        #expect(try changed { $0.method = 14 } == "expected deflated data, found the part `xl/workbook.xml` packed by method 14")
        #expect(try changed { $0.checksum = 5 } == "the part `xl/workbook.xml` is damaged: its checksum is wrong")
        #expect(try changed { $0.method = 8 } == "the part `xl/workbook.xml` is damaged")
        #expect(try changed { $0.size = 9 } == "the part `xl/workbook.xml` has \(size) bytes, expected 9")
        #expect(try changed { $0.packed = 1 << 20 } == "the part `xl/workbook.xml` reaches beyond the archive")
        #expect(try changed { $0.header = 7 } == "the part `xl/workbook.xml` is not where the archive says it is")
        #expect(try changed { $0.header = 0xFFFF_FFFF } == "the part `xl/workbook.xml` is not where the archive says it is")
        for name in ["../up.xml", "/etc/passwd", "xl/../../up", "a\\b", "a/./b", ""] {
            #expect(try changed { $0.name = name } == "expected names of parts that stay within the archive, found `\(name)`")
        }
        #expect(try changed { $0.name = "xl/sheet.xml" } == "the archive has the part `xl/sheet.xml` twice")
        let parts = Zip.book(sheet: BadWorkbookTests.sheet)
        #expect(try message(Zip.bytes(parts, count: 5000)) == "expected at most 4096 parts in the archive, found 5000")
        #expect(try message(Zip.bytes(parts, count: 4)) == "the directory of the archive is damaged")
        #expect(try message(Zip.bytes(parts, count: 0xFFFF)) == "expected an archive below 4 GiB, found one of the kind zip64")
        let out = Zip.book(sheet: BadWorkbookTests.sheet, relations: Zip.relations.replacing("sheet.xml", with: "../../up.xml"))
        #expect(try message(Zip.bytes(out)) == "expected parts within the archive, found `../../up.xml`")
    }

    /// Deflate data of zeros: a stream of its longest matches, 258 zeros for 13 bits.
    private func bomb(pieces: Int) -> [UInt8] {
        // Fixed codes: block header 1, 01; a literal 0 (00110000); then length 258 (11000101) at distance 1 (00000); the end.
        var bits: [UInt8] = [1, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0]
        for _ in 0..<pieces { bits += [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0] }
        bits += [0, 0, 0, 0, 0, 0, 0]
        return stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start...].prefix(8).enumerated().reduce(0) { $0 | $1.element << UInt8($1.offset) }
        }
    }

    @Test func refusesBombs() throws {
        let packed = bomb(pieces: 1000)
        let size = 258_001
        func message(says size: Int, _ packed: [UInt8]) throws -> String {
            var parts = Zip.book(sheet: BadWorkbookTests.sheet)
            parts[0] = Zip.Part(
                name: "xl/workbook.xml", contents: packed, method: 8, size: size,
                checksum: ecdx_crc32([UInt8](repeating: 0, count: 258_001), 258_001))
            return try self.message(Zip.bytes(parts))
        }
        // Sound, and no XML.
        #expect(try message(says: size, packed).hasPrefix("the part `xl/workbook.xml` is damaged in its line 1"))
        #expect(try message(says: size - 1, packed) == "the part `xl/workbook.xml` does not hold the \(size - 1) bytes it says it does")
        #expect(try message(says: size + 1, packed) == "the part `xl/workbook.xml` does not hold the \(size + 1) bytes it says it does")
        #expect(try message(says: 15 << 20, packed) == "the part `xl/workbook.xml` cannot hold the \(15 << 20) bytes it says it does")
        for (size, packed) in [(0xFFFF_FFFF, packed), (100 << 20, bomb(pieces: 100_000))] {
            let found = try message(says: size, packed)
            #expect(
                found.hasPrefix("expected parts of at most ")
                    && found.hasSuffix(" unpacked bytes together, found more in `xl/workbook.xml`"))
        }
    }

    @Test(arguments: [
        ("<row><c><v>a</v></c></row>", "expected a number, found `a` in cell `A1`"),
        ("<row><c t='s'><v>0</v></c></row>", "expected one of 0 shared texts, found `0` in cell `A1`"),
        ("<row><c t='b'><v>2</v></c></row>", "expected 0 or 1, found `2` in cell `A1`"),
        ("<row><c t='q'><v>2</v></c></row>", "expected a number, a text or a truth value, found a cell of type `q` in cell `A1`"),
        ("<row r='0'/>", "expected a row from 1 to 1048576, found `0`"),
        ("<row r='2'/><row r='2'/>", "expected a row from 3 to 1048576, found `2`"),
        ("<row r='99999999999999999999'/>", "expected a row from 1 to 1048576, found `99999999999999999999`"),
        ("<row r='1'><c r='A2'/></row>", "expected a cell of this row behind those before it, found `A2`"),
        ("<row r='1'><c r='B1'><v>1</v></c><c r='A1'/></row>", "expected a cell of this row behind those before it, found `A1`"),
        ("<row r='1'><c r='ZZZ1'/></row>", "expected at most 16384 columns, found more"),
        ("<c r='A1'/>", "expected cells within rows, found one outside"),
        ("<row><c><c/></c></row>", "expected cells side by side, found one within another"),
        ("<row><c><v>1</v></c></row>", "expected rows under the header, found none in the sheet `a`"),
        ("<row><c><v>1</v></c><c><v>1</v></c></row><row/>", "expected each column to have a name of its own, found `1` twice"),
        ("<row><c><v>1</v></c></row><row><c/></row><row><c><v>3</v></c></row>", "expected values, found an empty row"),
        (
            "<row><c><v>1</v></c></row><row><c/><c><v>3</v></c></row>",
            "expected a name in the header for column `B`, found none above the value `3`"
        ),
        ("", "expected a header, found nothing in the sheet `a`"),
    ])
    func refusesBadSheets(_ rows: String, _ expected: String) throws {
        #expect(try message(rows: rows) == expected)
    }

    @Test func boundsTheCells() throws {
        // 16,384 names over 1,300 rows of one value would be 21 million cells.
        let header = "<row>" + String(repeating: "<c t='str'><v>#</v></c>", count: 16_384) + "</row>"
        var names = ""
        var count = 0
        for piece in header.split(separator: "#", omittingEmptySubsequences: false) {
            names += piece + (piece.hasSuffix("<v>") ? "n\(count)" : "")
            count += 1
        }
        #expect(
            try message(rows: names + String(repeating: "<row><c><v>1</v></c></row>", count: 1300))
                == "expected at most 20000000 cells, found 1301 rows of 16384 columns")
    }

    @Test func refusesEveryCutAndSurvivesEveryByte() throws {
        for (name, sheet) in [("kinds.xlsx", nil), ("plain.xlsx", nil), ("sheets.xlsx", "SFEs")] as [(String, String?)] {
            let whole = try bytes(of: fixture("workbooks/" + name))
            for length in stride(from: 0, to: whole.count, by: name == "kinds.xlsx" ? 1 : 37) {
                try withFile("a.xlsx", Array(whole.prefix(length))) { path in
                    try expectFault("bad-data") { _ = try readXLSX(path: path, sheet: sheet) }
                }
            }
            for (turn, place) in stride(from: 0, to: whole.count, by: name == "kinds.xlsx" ? 1 : 53).enumerated() {
                for change in turn % 5 == 0 ? [0x01, 0x80, 0xFF] : [0xFF] as [UInt8] {
                    var bytes = whole
                    bytes[place] ^= change
                    do {
                        let table = try withFile("a.xlsx", bytes) { try readXLSX(path: $0, sheet: sheet) }
                        #expect(table.count < 100)
                    } catch let fault as Diagnostic {
                        #expect(["bad-data", "unknown-sheet"].contains(fault.id))
                    }
                }
            }
        }
    }

    /// The same of the text inside, where no checksum stands in the way.
    @Test func survivesEveryByteOfItsXML() throws {
        let rows =
            "<row r='1'><c r='A1' t='inlineStr'><is><r><t>a&amp;&#65;</t></r></is></c><c r='B1'><v>1</v></c></row>"
            + "<row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2' t='b'><f>x</f><v>1</v></c></row>"
            + "<!-- c --><row><c t='str'><v><![CDATA[z]]></v></c></row>"
        let relations = Zip.relations.replacing(
            "</Relationships>", with: "<Relationship Id='2' Type='x/sharedStrings' Target='../s.xml'/></Relationships>")
        var parts = Zip.book(sheet: "<w xmlns='u'><sheetData>\(rows)</sheetData></w>", relations: relations)
        parts.append(Zip.Part(name: "s.xml", contents: Array("<sst><si><t>x</t><rPh><t>y</t></rPh></si></sst>".utf8)))
        #expect(try read(Zip.bytes(parts)).columns.map(\.cells) == [["x", "z"], ["true", ""]])
        var refused = 0
        var taken = 0
        for part in parts.indices {
            for place in parts[part].contents.indices {
                for byte in Array("<>&;'/:9\0".utf8) + [0xFF] {
                    var changed = parts
                    changed[part].contents[place] = byte
                    do {
                        _ = try read(Zip.bytes(changed))
                        taken += 1
                    } catch let fault as Diagnostic {
                        #expect(fault.id == "bad-data")
                        refused += 1
                    }
                }
            }
        }
        #expect(refused > taken && taken > 100)
    }
}
