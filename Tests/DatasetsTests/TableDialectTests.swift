import Diagnostics
import TestSupport
import Testing

@testable import Datasets

private func read(_ text: String, pieceSize: Int? = nil) throws -> Table {
    try withFile("table.csv", Array(text.utf8)) { try readCSV(path: $0, pieceSize: pieceSize) }
}

@Suite(.timed) struct TableDialectTests {
    @Test(arguments: [
        ("a,b;c\n1,2\n", ",", ["a", "b;c"]), ("a;b\n1,5;2\n", ";", ["a", "b"]), ("a\tb c\n1\t2\n", "\t", ["a", "b c"]),
        ("\"a,1\";b\n1;2\n", ";", ["a,1", "b"]), ("\"a,\"\"x\"\"\"\tb;c\td\n1\t2\t3\n", "\t", ["a,\"x\"", "b;c", "d"]),
        ("a\n1\n", ",", ["a"]),
        ("\n \r\n\u{9}\na;b\r1;2\r", ";", ["a", "b"]), ("5\";b\n1;2\n", ";", ["5\"", "b"]),
        ("id;E (eV, PBE)\na;1,5\n", ";", ["id", "E (eV, PBE)"]), ("id,E (eV;b\n1,2\n", ",", ["id", "E (eV;b"]),
        // Where a header has commas and others, the first row tells.
        ("id;E, eV;K, GPa\na;1,5;2,5\n", ";", ["id", "E, eV", "K, GPa"]), ("id;E, eV\na;1.5\n", ";", ["id", "E, eV"]),
        ("id\tE, eV\na\t1,5\n", "\t", ["id", "E, eV"]), ("a,b;c\nx y,z;t\n", ",", ["a", "b;c"]),
        ("id|K\na|1\n", "|", ["id", "K"]), ("a|b\n1\n", ",", ["a|b"]),
        ("sep=;\na,b;c\n1;2\n", ";", ["a,b", "c"]), ("SEP=,\r\na;b,c\r\n1,2\r\n", ",", ["a;b", "c"]),
        ("# made by hand\n# in 2024, again\n\nid,K,G\na,1,2\n", ",", ["id", "K", "G"]), ("#id,K\na,1\n", ",", ["#id", "K"]),
        ("# by hand, 2024\nid,K\na,1\n", ",", ["id", "K"]), ("# x,y\n1,2\n", ",", ["# x", "y"]), ("# notes\nx\n1\n", ",", ["x"]),

    ])
    func theHeaderTellsTheSeparator(_ text: String, _ separator: Character, _ names: [String]) throws {
        let table = try read(text)
        #expect(table.separator == separator && table.columnNames == names && table.count == 1)
    }

    @Test func blankLinesArePassedOver() throws {
        let table = try read("\u{FEFF}\n\na,b\n\n1,2\n  \n\t\r\n\r\n3,\"x\n\ny\"\n\n5,6\n \n")
        #expect(table.lines == [5, 9, 13] && table.columns[0].numbers == [1, 3, 5] && table.columns[1].cells == ["2", "x\n\ny", "6"])
        // A line of separators is a row, also where they are tabs.
        let tabs = try read("a\tb\n1\t2\n\t\n")
        #expect(tabs.count == 2 && tabs.columns[1].cells == ["2", ""])
        #expect(try read("a\n1\n\n2\n").columns[0].cells == ["1", "2"])
    }

    @Test func raggedRowsAreSaidOnce() throws {
        let long = diagnostic { _ = try read("a;b\n1;2\n\n1;2;3\n1\n") }
        #expect(long.id == "bad-data" && long.data?.line == 4 && long.message == "expected 2 cells, found 3")
        #expect(long.hints == ["does a cell hold a semicolon? put quotes around it"])
        let short = diagnostic { _ = try read("a,b\n1\n") }
        #expect(
            short.data?.line == 2 && short.hints == ["write an empty cell for each that is missing, and see whether a quote is left open"])
    }

    @Test func otherMarksInARowAreSaid() throws {
        let short = diagnostic { _ = try read("a,b,c\n1,2,3\n1;2;3\n") }
        #expect(
            short.data?.line == 3
                && short.hints == [
                    "the header has commas between its cells, and this row has semicolons: write one of them in all lines"
                ])
        let comment = diagnostic { _ = try read("a,b\n1,2\n# note\n") }
        #expect(comment.data?.line == 3 && comment.hints == ["comments stand before the header alone: remove the line"])
        let lines = try read("# note\nsep=;\n\na;b\n1;2\n\n3;4\n")
        #expect(lines.lines == [5, 7] && lines.columnNames == ["a", "b"] && lines.separator == ";")
        let blanks = try read("id K G\na 1 2\n")
        #expect(
            diagnostic { _ = try blanks.column("bulk") }.hints == [
                "its only column is `id K G`: commas, semicolons, tabs or bars part the cells of a file"
            ])
    }

    @Test func otherCodingsAreSaid() throws {
        func fault(_ bytes: [UInt8]) throws -> Diagnostic {
            try withFile("table.csv", bytes) { path in diagnostic { _ = try readCSV(path: path) } }
        }
        let text = Array("id,K\na,1\n".utf8)
        let wide: [UInt8] = text.flatMap { [$0, 0] }
        let turned: [UInt8] = text.flatMap { [0, $0] }
        let codings: [(bytes: [UInt8], name: String)] = [
            ([0xFF, 0xFE] + wide, "UTF-16"), ([0xFE, 0xFF] + turned, "UTF-16"), (wide, "UTF-16LE"), (turned, "UTF-16BE"),
        ]
        for (bytes, coding) in codings {
            let found = try fault(bytes)
            #expect(found.message == "expected UTF-8 text, found \(coding)" && found.data?.line == 1)
            #expect(found.hints == ["make it so: `iconv -f \(coding) -t UTF-8 table.csv > new.csv`"])
        }
        let zero = try fault(text + [97, 0, 44, 50, 10])
        #expect(zero.message == "expected text, found a zero byte" && zero.data?.line == 3)
        #expect(try fault(text + [0xE4, 44, 50, 10]).hints == ["make it so: `iconv -f WINDOWS-1252 -t UTF-8 table.csv > new.csv`"])
    }

    @Test func decimalCommasAreSaid() throws {
        let table = try read("id;k;m\na;1,5;1\nb;2.500,25;2\n")
        #expect(try table.targets(column: "m") == [1, 2] && !table.column("k").isNumeric)
        for row in [0, 1] {
            let found = diagnostic { _ = try table.targets(column: "k", rows: [row]) }
            #expect(found.id == "bad-data" && found.data?.line == row + 2)
            #expect(found.hints == [row == 0 ? "write decimal points: `1.5`" : "write decimal points: `2500.25`"])
        }
        let found = diagnostic { _ = try table.numbers(ofColumn: "k") }
        #expect(found.message == "expected numbers in column `k`, found `1,5`" && found.hints == ["write decimal points: `1.5`"])
        // It may stand between thousands.
        let quoted = try read("k\n\"1,500\"\n")
        #expect(
            diagnostic { _ = try quoted.targets(column: "k") }.hints == [
                "write `1.500` where the comma stands before decimals, `1500` where it stands between thousands"
            ])
    }

    @Test func wordsForMissingCountAmongNumbersAlone() throws {
        let words = ["", " ", "NaN", "nan", "NAN", "-nan", "None", "NA", "N/A", "n/a", "null", "NULL", "<NA>", " NA "]
        for word in words {
            #expect(isMissing(word), "\(word)")
            let table = try read("x,y,z\n1,Cu,\(word)\n\(word),\(word),\(word)\n")
            #expect(try #require(table.columns[0].numbers)[1].isNaN, "\(word)")
            #expect(table.columns[0].isMissing(1) && !table.columns[0].isMissing(0))
            #expect(table.columns[1].numbers == nil && table.columns[1].cells[1] == word)
            #expect(table.columns[1].isMissing(1) == isBlankCell(word) && (table.columns[2].numbers == nil) == isBlankCell(word))
            let found = diagnostic { _ = try table.targets(column: "x") }
            #expect(found.data?.line == 3 && found.hints == ["say `missing: drop` to leave such rows out, or fill the cell in"])
        }
        for text in ["Na", "none of it", "inf", "0", "-", "N.A.", "Nan1", "ナン"] { #expect(!isMissing(text), "\(text)") }
    }

    @Test func headersSayUnits() throws {
        let table = try read("id,K_VRH [GPa],E [eV/atom],note [see (1],[GPa],d[A],m [eV],m [K]\na,1,2,3,4,5,6,7\n")
        #expect(table.columnNames == ["id", "K_VRH", "E", "note [see (1]", "[GPa]", "d", "m [eV]", "m [K]"])
        #expect(table.columns.map(\.unit) == [nil, "GPa", "eV/atom", nil, nil, "A", "eV", "K"])
        for name in ["K_VRH", "K_VRH [GPa]", "K_VRH  [ GPa ]"] { #expect(try table.column(name).numbers == [1]) }
        #expect(try table.column("d [A]").numbers == [5] && table.column("d[A]").numbers == [5] && table.column("m [K]").numbers == [7])
        try expectFault("unknown-column") { _ = try table.column("K_VRH [MPa]") }
        let set = try table.settingUnit("MPa", ofColumn: "K_VRH [GPa]")
        #expect(set.columns[1].unit == "MPa" && set.columns[1].name == "K_VRH" && set != table)
    }
}

@Suite(.timed) struct TableStorageTests {
    /// A table with quoted cells that hold everything a guess may stumble over.
    private func awkward(_ rows: Int, quoted: String) -> (text: String, cells: [[String]], lines: [Int]) {
        var text = "a,b,c\n"
        var cells: [[String]] = []
        var lines: [Int] = []
        var line = 2
        for row in 0..<rows {
            let middle = row % 7 == 3 ? quoted : row % 5 == 0 ? "5\" pipe" : "x\(row)"
            cells.append(["\(row)", middle, "é\(row % 3)"])
            let isQuoted = row % 7 == 3
            text += "\(row)," + (isQuoted ? "\"" + middle.replacing("\"", with: "\"\"") + "\"" : middle) + ",é\(row % 3)\n"
            lines.append(line)
            line += 1 + (isQuoted ? middle.utf8.count { $0 == 10 } : 0)
            if row % 11 == 0 {
                text += "\n"
                line += 1
            }
        }
        return (text, cells, lines)
    }

    @Test(arguments: ["1,2,3\n4,5,6\n\"7\",8\n", "\n", "say \"yes\"\nand \",\"\n,,\n", String(repeating: "1,2,3\n", count: 200), "plain"])
    func piecesAreOneTable(_ quoted: String) throws {
        let (text, cells, lines) = awkward(120, quoted: quoted)
        let whole = try read(text, pieceSize: 1 << 20)
        #expect(whole.lines == lines)
        for size in [1, 2, 7, 31, 100, 1000] {
            let table = try read(text, pieceSize: size)
            #expect(table.lines == lines, "\(size)")
            for column in 0..<3 {
                #expect(table.columns[column].cells == cells.map { $0[column] }, "\(size)")
                #expect(cells.indices.allSatisfy { table.columns[column].text($0) == cells[$0][column] })
            }
            #expect(table.columns[0].numbers == (0..<120).map(Double.init) && table.columns[1].numbers == nil)
        }
    }

    @Test func faultsInPiecesAreThoseOfTheWhole() throws {
        let good = awkward(60, quoted: "1,2,3,4\n\"\n").text
        for bad in ["1,2\n", "1,2,3,4\n", "1,\"x\"y,3\n", "1,\"x\n", "1,\"2\n3\n4,5"] {
            for text in [good + bad + good, good + bad, bad + good] {
                let expected = diagnostic { _ = try read("a,b,c\n" + text, pieceSize: 1 << 20) }
                #expect(expected.id == "bad-data" && expected.data?.line != nil)
                for size in [1, 13, 50, 400] {
                    let found = diagnostic { _ = try read("a,b,c\n" + text, pieceSize: size) }
                    #expect(found.message == expected.message && found.data?.line == expected.data?.line, "\(size)")
                }
            }
        }
        for size in [1, 13, 400] {
            try withFile("t.csv", Array(good.utf8) + [0xC3, 10] + Array(good.utf8)) { path in
                let found = diagnostic { _ = try readCSV(path: path, pieceSize: size) }
                #expect(found.message == "expected UTF-8 text, found other bytes" && found.data?.line == good.utf8.count { $0 == 10 } + 1)
            }
        }
    }

    @Test func readsRowsLongerThanTwoBytesCanSay() throws {
        let long = String(repeating: "x", count: 70_000)
        let table = try read("a,b,c\n1,2,3\n4,\(long),6\n7,8,9\n")
        #expect(table.columns[2].cells == ["3", "6", "9"] && table.columns[2].numbers == [3, 6, 9])
        #expect(table.columns[1].text(1) == long && table.columns[0].number(2) == 7)
    }

    @Test func textIsCheckedAsTheLibraryDoes() {
        var generator = SystemRandomNumberGenerator()
        let pieces: [[UInt8]] = [
            [65], [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0x80], [0xE0, 0x80, 0x80], [0xF5], [0xEF, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xE2, 0x82], Array("plain text".utf8),
        ]
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...6, using: &generator)).flatMap { _ in pieces.randomElement(using: &generator) ?? [] }
            let isText = bytes.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { firstNotUTF8($0, from: 0, to: buffer.count) == nil } ?? true
            }
            #expect(isText == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }

    @Test func oneCellIsReadAsAllAre() throws {
        let table = try read("x,t\n1.5,a\n ,\"b \"\"c\"\"\"\n\"-2e3\",\nNA,NA\ninf,1d5\n")
        let (x, t) = (table.columns[0], table.columns[1])
        #expect((0..<5).map(x.text) == x.cells && (0..<5).map(t.text) == t.cells && t.cells == ["a", "b \"c\"", "", "NA", "1d5"])
        #expect(x.number(0) == 1.5 && x.number(1)?.isNaN == true && x.number(2) == -2000 && x.number(4) == .infinity)
        #expect(t.number(0) == nil && t.number(2)?.isNaN == true && t.number(4) == nil)
        #expect(x.text(-1).isEmpty && x.text(5).isEmpty && x.number(5) == nil)
    }

    @Test func columnsAreMadeOnceOnAnyThread() async throws {
        let table = try read("x,t\n" + (0..<5000).map { "\($0),t\($0)\n" }.joined(), pieceSize: 256)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    table.columns[0].numbers?.last == 4999 && table.columns[1].cells.last == "t4999" && !table.columns[1].isNumeric
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
