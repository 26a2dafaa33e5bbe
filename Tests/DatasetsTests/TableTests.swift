import Diagnostics
import TestSupport
import Testing

@testable import Datasets

private func read(_ text: String) throws -> Table {
    try withFile("table.csv", Array(text.utf8)) { try readCSV(path: $0) }
}

@Suite(.timed) struct TableTests {
    @Test func readsWhatPythonReads() throws {
        let table = try readCSV(path: fixture("quoted.csv"))
        #expect(table.count == 120 && table.columnNames == ["id", "free text", "nümber"])
        var cells = 0
        for line in try text(of: fixture("quoted.txt")).split(separator: "\n") {
            let parts = line.split(separator: " ").map(String.init)
            let row = try #require(Int(parts[0]))
            let column = try #require(Int(parts[1]))
            let hex = Array(parts[2].utf8)
            let bytes =
                parts[2] == "-"
                ? []
                : stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(String(decoding: hex[$0..<($0 + 2)], as: UTF8.self), radix: 16) }
            let cell = row == 0 ? table.columns[column].name : table.columns[column].cells[row - 1]
            #expect(Array(cell.utf8) == bytes, "row \(row), column \(column)")
            cells += 1
        }
        #expect(cells == 121 * 3)
        let numbers = try #require(table.column("nümber").numbers)
        #expect(numbers == table.columns[2].cells.compactMap(Double.init))
        #expect(!table.columns[0].isNumeric)
        // The line of a row counts the line feeds inside the cells before it.
        let bytes = try bytes(of: fixture("quoted.csv"))
        for (row, line) in table.lines.enumerated() {
            let start = bytes.split(separator: 10, omittingEmptySubsequences: false)[line - 1]
            #expect(start.starts(with: "row-\(row),".utf8))
        }
    }

    @Test(arguments: [
        "a,b\n1,x\n2,y\n", "a,b\r\n1,x\r\n2,y\r\n", "a,b\r1,x\r2,y", "\u{FEFF}a,b\n1,x\n2,y\n\n\r\n\n", "\"a\",\"b\"\n\"1\",x\n2,\"y\"",
        " a ,\tb\n1,x\n2,y",
    ])
    func readsEveryLineEnd(_ text: String) throws {
        let table = try read(text)
        #expect(table.columnNames == ["a", "b"])
        #expect(table.columns[0].numbers == [1, 2] && table.columns[1].cells == ["x", "y"] && table.columns[1].numbers == nil)
        #expect(table.lines == [2, 3])
    }

    @Test func tellsNumbersFromText() throws {
        let table = try read("plain,gaps,words,special,empty,fortran,code,blank\n1e3,,x,nan,,1D2,007, 4 \n-.5,2,3,-Infinity,,1-100,08,\n")
        #expect(table.columns.map(\.isNumeric) == [true, true, false, true, false, false, true, true])
        #expect(table.columns[0].numbers == [1000, -0.5])
        #expect(try #require(table.columns[1].numbers)[0].isNaN && table.columns[1].cells == ["", "2"])
        #expect(try #require(table.columns[3].numbers)[0].isNaN && table.columns[3].numbers?[1] == -.infinity)
        #expect(table.columns[6].cells == ["007", "08"] && table.columns[6].numbers == [7, 8])
        #expect(table.columns[7].numbers?[0] == 4 && table.columns[7].cells[0] == " 4 ")
    }

    @Test(arguments: [
        ("", 1, "expected a header, found an empty file"),
        ("\n\n", 1, "expected a header, found an empty file"),
        ("a,b\n", 1, "expected rows under the header, found none"),
        ("a,b\n1,2\n3\n", 3, "expected 2 cells, found 1"),
        ("a,b\n1,2\n3,4,5\n", 3, "expected 2 cells, found 3"),
        ("a,b\n1,2\n\n\r\n3\n", 5, "expected 2 cells, found 1"),
        ("a,b,a\n1,2,3\n", 1, "expected each column to have a name of its own, found `a` twice"),
        ("a,b\n1,2\n\"x\n\ny,4\n5,6\n", 3, "expected a closing quote for the cell that opens here, found the end of the file"),
        ("a,b\n\"x\ny\"z,4\n", 3, "expected a comma or the end of the line behind a quoted cell, found more text"),
    ])
    func refuses(_ text: String, _ line: Int, _ message: String) throws {
        let found = diagnostic { _ = try read(text) }
        #expect(found.id == "bad-data" && found.message == message && found.data?.line == line)
    }

    @Test func refusesBytesThatAreNotText() throws {
        try withFile("table.csv", Array("a,b\n1,2\n3,".utf8) + [0xFF, 10]) { path in
            let found = diagnostic { _ = try readCSV(path: path) }
            #expect(
                found.id == "bad-data" && found.message == "expected UTF-8 text, found other bytes"
                    && found.data == DataPlace(file: path, line: 3))
        }
        try expectFault("cannot-read", "no such file") { _ = try readCSV(path: "/nowhere/table.csv") }
    }

    @Test func refusesTargetsThatAreNoNumbers() throws {
        let table = try read("id,k_vrh,m\na,1.5,1\nb,nan,2\nc,inf,3\nd,,4\ne,ten,5\n")
        #expect(try table.targets(column: "m") == [1, 2, 3, 4, 5])
        #expect(try table.targets(column: "k_vrh", rows: [0, 0]) == [1.5, 1.5])
        for (row, found) in [(1, "`nan`"), (2, "`inf`"), (3, "an empty cell"), (4, "`ten`")] {
            let fault = diagnostic { _ = try table.targets(column: "k_vrh", rows: [0, row]) }
            #expect(fault.id == "bad-data" && fault.data?.line == row + 2)
            #expect(fault.message == "expected a finite number in column `k_vrh`, found \(found)")
        }
        let fault = diagnostic { _ = try table.targets(column: "k_vhr") }
        #expect(fault.id == "unknown-column" && fault.hints == ["did you mean `k_vrh`?"])
        try expectFault("shape") { _ = try table.targets(column: "m", rows: [9]) }
    }

    @Test func readsTheCrystals() throws {
        let table = try readCSV(path: crystals("properties.csv"))
        #expect(table.count == 144 && table.columns.count == 19)
        #expect(try table.targets(column: "k_vrh").reduce(0, +) > 1000)
        #expect(try readCSV(path: crystals("descriptions.csv")).count == 144)
    }
}

@Suite(.timed) struct NaturalOrderTests {
    @Test func countsDigits() {
        let sorted = [
            "", "CHGCAR-1.png", "CHGCAR-2.png", "CHGCAR-10.png", "a", "a1", "a01", "a1b", "a2", "a10", "a10b2", "a10b10",
            "a99999999999999999999999998", "a99999999999999999999999999", "b",
        ]
        // a1 and a01 are one number; the bytes decide.
        let expected = [
            "", "CHGCAR-1.png", "CHGCAR-2.png", "CHGCAR-10.png", "a", "a01", "a1", "a1b", "a2", "a10", "a10b2", "a10b10",
            "a99999999999999999999999998", "a99999999999999999999999999", "b",
        ]
        #expect(sorted.reversed().sorted(by: naturalLess) == expected)
        #expect(sorted.shuffled().sorted(by: naturalLess) == expected)
    }

    @Test func isATotalOrder() {
        let names = [
            "a", "a0", "a00", "a0b", "a00b", "0", "00", "1", "01", "1a", "01a", "10", "9", "a1", "a01", "a1-2", "a01-1", "", "-", "a-",
        ]
        for a in names {
            #expect(!naturalLess(a, a))
            for b in names where a != b {
                #expect(naturalLess(a, b) != naturalLess(b, a), "\(a) \(b)")
                for c in names where naturalLess(a, b) && naturalLess(b, c) { #expect(naturalLess(a, c), "\(a) \(b) \(c)") }
            }
        }
    }
}
