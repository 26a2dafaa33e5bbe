import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Datasets

private func read(_ text: String, _ name: String = "table.csv") throws -> Table {
    try withFile(name, Array(text.utf8)) { try readCSV(path: $0) }
}

@Suite(.timed) struct TableOperationTests {
    private let text = "id,k [GPa],family\nmp-10,3,cubic\nmp-2,NaN,Cubic\nmp-1,-1,\nmp-3,3,hexagonal\n"

    @Test func selectsRowsAndKeepsTheirLines() throws {
        let table = try read(text)
        let some = try table.selecting(rows: [3, 0, 0])
        #expect(some.lines == [5, 2, 2] && some.columns[0].cells == ["mp-3", "mp-10", "mp-10"] && some.columns[1].numbers == [3, 3, 3])
        #expect(some.columns[1].unit == "GPa" && some.file == table.file && some.separator == ",")
        let fewer = try some.selecting(rows: [2, 0]).selecting(rows: [1])
        #expect(fewer.lines == [5] && fewer.columns[0].text(0) == "mp-3" && fewer.columns[1].number(0) == 3)
        #expect(
            fewer.columns[0].store.source is ShownCells && (fewer.columns[0].store.source as? ShownCells)?.base === table.columns[0].store)
        let none = try table.selecting { _ in false }
        #expect(none.count == 0 && none.columns[1].isNumeric && none.columns[1].numbers == [] && !none.columns[0].isNumeric)
        for wrong in [-1, 4] { try expectFault("shape") { _ = try table.selecting(rows: [wrong]) } }
        #expect(try table.selecting(rows: [0, 1, 2, 3]) == table && some != table)
        // Whoever takes out the row with a word means the rest, which are numbers.
        #expect(try read("x\n1\na\n").selecting(rows: [0]).columns[0].numbers == [1])
        #expect(try !read("x\n1\na\n").selecting(rows: [0, 1]).columns[0].isNumeric)
    }

    @Test func addsAndKeepsColumns() throws {
        let table = try read(text)
        let more = try table.adding([
            Column(name: "double", unit: "GPa", numbers: [6, .nan, -2, 0.5]), Column(name: "family", cells: ["1", "2", "", "4"]),
        ])
        #expect(more.columnNames == ["id", "k", "family", "double"] && more.columns[3].cells == ["6", "", "-2", "0.5"])
        #expect(more.columns[2].numbers?[0] == 1 && more.columns[2].numbers?[2].isNaN == true)
        try expectFault("shape") { _ = try table.adding([Column(name: "x", numbers: [1])]) }
        try expectFault("shape") { _ = try table.adding([Column(name: "x", cells: ["", "", "", ""], numbers: [1])]) }
        let fewer = try more.selecting(rows: [1, 2]).keeping(columns: ["double", "k [GPa]", "double"])
        #expect(fewer.columnNames == ["double", "k"] && fewer.columns[0].numbers?[1] == -2 && fewer.lines == [3, 4])
        let fault = diagnostic { _ = try table.keeping(columns: ["familly"]) }
        #expect(fault.id == "unknown-column" && fault.hints == ["did you mean `family`?"])
    }

    @Test func ordersRows() throws {
        let table = try read(text)
        func ids(_ orders: [RowOrder]) throws -> [String] { try table.ordered(by: orders).column("id").cells }
        #expect(try ids([RowOrder("id")]) == ["mp-1", "mp-2", "mp-3", "mp-10"])
        #expect(try ids([RowOrder("id", descending: true)]) == ["mp-10", "mp-3", "mp-2", "mp-1"])
        #expect(try ids([RowOrder("k")]) == ["mp-1", "mp-10", "mp-3", "mp-2"])
        #expect(try ids([RowOrder("k", descending: true)]) == ["mp-10", "mp-3", "mp-1", "mp-2"])
        #expect(try ids([RowOrder("k", descending: true), RowOrder("id")]) == ["mp-3", "mp-10", "mp-1", "mp-2"])
        #expect(try ids([RowOrder("family")]) == ["mp-2", "mp-10", "mp-3", "mp-1"])
        #expect(try ids([RowOrder("family", descending: true)]) == ["mp-3", "mp-10", "mp-2", "mp-1"])
        #expect(try ids([]) == table.column("id").cells)
        #expect(try table.rowsInOrder(by: [RowOrder("k [GPa]")]) == [2, 0, 3, 1])
        try expectFault("unknown-column") { _ = try table.ordered(by: [RowOrder("z")]) }
    }

    @Test func tellsIdsInTwoSpellings() throws {
        let table = try read(
            "id\nmp-149\nmp-ft\nmvc-160\nmp-160\n mvc-ge\nMP-149\nmp-aaaaaaft\nmp-ft7\nmp-0\nmp-a\nmp-hilze\nmp-3347530\nx\nmp-007\n")
        let found = try table.idsSpeltTwice(ofID: "id")
        #expect(found.map(\.row) == [0, 2, 0, 0, 8, 10] && found.map(\.other) == [1, 4, 5, 6, 9, 11])
        #expect(try read("id\na\nb\na\n").idsSpeltTwice(ofID: "id").isEmpty)
        let zeros = try read("id\n7\n007\nx1\nx01\nB1\nb1\nz\nz \n7.0\n1.1\n1.10\n").idsSpeltTwice(ofID: "id")
        // Beyond 2^53 neighbours are one in double precision.
        #expect(try read("id\n1234567890123456789\n1234567890123456788\n").idsSpeltTwice(ofID: "id").isEmpty)
        #expect(zeros.map(\.row) == [0, 2, 4, 6, 0] && zeros.map(\.other) == [1, 3, 5, 7, 8])
        // Numbers too large, and what is no id.
        for id in ["mp-zzzzzzzzzzzzzzzzzzzzz", "mp-", "mp", "", "mp-1-2", "mp-99999999999999999999"] { #expect(sharedSpelling(id) == id) }
    }

    @Test func readsTheSpellingsOfTheField() throws {
        let table = try readCSV(path: fixture("field/ids.csv"))
        let (given, padded, short) = try (table.column("given"), table.column("padded_8"), table.column("short"))
        let numbers = try table.numbers(ofColumn: "number")
        #expect(table.count == 19)
        for row in 0..<table.count {
            let wanted = (given.text(row).hasPrefix("mvc") ? "mvc-" : "mp-") + "\(Int(numbers[row]))"
            for spelling in [given, padded, short] { #expect(sharedSpelling(spelling.text(row)) == wanted) }
        }
    }
}

@Suite(.timed) struct TableJoinTests {
    private let left = "id,k,formula\nb,1,Cu\na,2,Al\nc,3,Ni\na,4,Al\n,5,Fe\n"
    private let right = "name,text,formula\na,first,Al\nb,second,Cu\nz,third,Zn\n,fourth,\n"

    @Test func joinsByAKey() throws {
        let (table, report) = try read(left).joined(with: read(right), on: [JoinKey(left: "id", right: "name")])
        #expect(table.columnNames == ["id", "k", "formula", "text"] && table.lines == [2, 3, 5])
        #expect(table.columns[0].cells == ["b", "a", "a"] && table.columns[1].numbers == [1, 2, 4])
        #expect(table.columns[3].cells == ["second", "first", "first"])
        #expect(report.matched == 3 && report.onlyLeft.count == 2 && report.onlyLeft.first == ["c", ""])
        #expect(report.onlyRight.count == 2 && report.onlyRight.first == ["z", ""] && report.same == ["formula"])
    }

    @Test func partnersLostToSpellingAreTold() throws {
        let ids = try read("id\na\n1\n2\n").joined(with: read("id,w\na,1\n2.0,2\n"), on: ["id"]).report
        #expect(ids.matched == 1 && ids.spelling == "`2` and `2.0` differ only in how the number is written")
        #expect(try read(left).joined(with: read(right), on: [JoinKey(left: "id", right: "name")]).report.spelling == nil)
    }

    @Test func leftJoinsKeepAllRows() throws {
        let (table, report) = try read(left).joined(with: read("id,m [GPa]\nb,2.5\nc,7\n"), on: ["id"], how: .left)
        #expect(table.lines == [2, 3, 4, 5, 6] && table.columns[3].unit == "GPa")
        let m = try #require(table.column("m").numbers)
        #expect(m[0] == 2.5 && m[1].isNaN && m[2] == 7 && m[3].isNaN && m[4].isNaN && table.columns[3].cells == ["2.5", "", "7", "", ""])
        #expect(report.matched == 2 && report.onlyLeft.first == ["a", "a", ""] && report.onlyRight == JoinReport.Alone())
        // A view of a view of a join.
        let view = try table.selecting(rows: [4, 2]).ordered(by: [RowOrder("m")])
        #expect(try view.column("id").cells == ["c", ""] && view.lines == [4, 6])
    }

    @Test func joinsBySeveralKeys() throws {
        let a = try read("x,y,v\na,b c,1\na b,c,2\n1,2,3\n")
        let b = try read("y,x,w\nc,a b,20\nb c,a,10\n2,1,30\n1,2,40\n")
        let (table, report) = try a.joined(with: b, on: ["x", "y"])
        #expect(
            table.columnNames == ["x", "y", "v", "w"] && table.columns[3].numbers == [10, 20, 30] && report.onlyRight.first == ["2 1"])
    }

    @Test func refusesKeysThatStandTwice() throws {
        let found = diagnostic { _ = try read(left).joined(with: read("id,w\na,1\nb,2\na,3\n", "other.csv"), on: ["id"]) }
        #expect(found.id == "duplicate-id" && found.data?.line == 4 && found.data?.file.hasSuffix("other.csv") == true)
        #expect(found.message == "expected each key of a join once in column `id`, found `a` again; it is on line 2 too")
        try expectFault("missing-argument") { _ = try read(left).joined(with: read(right), on: []) }
        try expectFault("unknown-column") { _ = try read(left).joined(with: read(right), on: ["id"]) }
    }

    @Test func columnsOfOneNameAreEqualOrNamed() throws {
        let (a, b) = (try read(left), try read("id,k,w\na,2.0,x\nb,9,y\nc,3,z\n"))
        let found = diagnostic { _ = try a.joined(with: b, on: ["id"]) }
        #expect(
            found.id == "twice" && found.data?.line == 2
                && found.message.hasPrefix("both tables have a column `k`, which is `1` here and `9` on line 3 of"))
        let (table, report) = try a.joined(with: b, on: ["id"], suffix: "_2")
        #expect(
            table.columnNames == ["id", "k", "formula", "k_2", "w"] && table.columns[3].numbers == [9, 2, 3, 2] && report.same.isEmpty)
        // Where the units alone differ they are named.
        let (inGPa, ineV) = (try read("id,K [GPa]\nb,1\n"), try read("id,K [eV]\nb,1\n"))
        #expect(
            diagnostic { _ = try inGPa.joined(with: ineV, on: ["id"]) }.message.hasPrefix(
                "both tables have a column `K`, which is `1` GPa here and `1` eV on line 2 of"))
        // The suffix gives a name that is taken too.
        try expectFault("twice") { _ = try a.joined(with: read("id,k,k_2\nb,9,1\n").adding([]), on: ["id"], suffix: "") }
    }

    @Test(arguments: [
        ("Mp-149", "mp-149", "case"), ("mp-149 ", "mp-149", "blanks around them"), ("007", "7", "how the number is written"),
        ("image-07", "image-7", "zeros before digits"), ("300.0", "300", "how the number is written"),
        ("mp-ft", "mp-149", "the form of a Materials Project id, a number or letters"),
    ])
    func aJoinThatMatchesNothingSaysWhy(_ a: String, _ b: String, _ difference: String) throws {
        let found = diagnostic {
            _ = try read("id,k\nq,0\n\(a),1\n").joined(with: read("name,w\nr,1\n\(b),2\n"), on: [JoinKey(left: "id", right: "name")])
        }
        #expect(found.id == "no-partner" && found.data?.line == 3)
        #expect(found.message.contains("column `id` has `q` here, column `name` has `r` there"))
        #expect(found.message.hasSuffix("`\(a)` and `\(b)` differ only in \(difference)"))
    }

    @Test func aJoinThatMatchesNothingShowsIds() throws {
        for how in JoinKind.allCases {
            let found = diagnostic { _ = try read("id,k\nq,0\n").joined(with: read("id,w\nr,1\n"), on: ["id"], how: how) }
            #expect(found.id == "no-partner" && found.message.hasSuffix("column `id` has `q` here, column `id` has `r` there"))
            #expect(found.hints == ["join by columns that hold the same ids"])
        }
    }

    @Test func writesLinesWithoutHoldingThem() throws {
        let cells = ["plain", "a,b", "say \"no\"", "two\nlines", "=1+1", "@x", "\t7", "é", " 1.50", "", "-OH", "+1e3"]
        let text = "t,n\n" + cells.enumerated().map { "\"\($1.replacing("\"", with: "\"\""))\",\($0 == 3 ? "NaN" : " \($0)")\n" }.joined()
        let table = try read(text)
        func lines(_ table: Table) throws -> String {
            let bytes = ByteList()
            // What is not plain comes by this way, the rest as it lies in the file.
            try table.writeLines(to: bytes) { "<\($0)\($1 ? "|" : "")>" }
            return String(decoding: bytes.bytes, as: UTF8.self)
        }
        let wanted = ["plain", "<a,b>", "<say \"no\">", "<two\nlines>", "<=1+1>", "<@x>", "<\t7>", "<é>", " 1.50", "", "-OH", "+1e3"]
        let expected = wanted.enumerated().map { "\($1),\($0 == 3 ? "NaN" : " \($0)")\n" }
        #expect(try lines(table) == expected.joined())
        #expect(try lines(table.selecting(rows: [4, 0])) == expected[4] + expected[0])
        #expect(try lines(table.showing([-1, 0], lines: [1, 2])) == ",\n" + expected[0])
        let halves = Column(name: "m", numbers: cells.indices.map { $0 == 1 ? .nan : Double($0) / 2 })
        let made = try table.adding([halves]).keeping(columns: ["m"])
        #expect(try lines(made).hasPrefix("0\n\n1\n1.5\n2\n"))
        // More rows than are made ready at a time, in their order.
        let long = try read("n\n" + (0..<50_000).map { "\($0)\n" }.joined())
        #expect(try lines(long) == (0..<50_000).map { "\($0)\n" }.joined())
    }

    @Test func whatIsOfNumbersIsKnownWithoutThem() throws {
        let columns = ["1\n2", "1\nNaN", "NaN\nNA", "1\nx", "x\n1", "\"\"\n1", "1\n\"2\""].map { "a\n\($0)\n" }
        for text in columns {
            let (asked, known) = (try read(text), try read(text))
            #expect(asked.columns[0].isOfNumbers == known.columns[0].isNumeric, "\(text)")
            let (some, same) = (try asked.selecting(rows: [1, 0]), try known.selecting(rows: [1, 0]))
            #expect(some.columns[0].isOfNumbers == same.columns[0].isNumeric, "\(text)")
            let (one, other) = (try asked.selecting(rows: [0]), try known.selecting(rows: [0]))
            #expect(one.columns[0].isOfNumbers == other.columns[0].isNumeric, "\(text)")
        }
        #expect(Column(name: "x", numbers: [.nan]).isOfNumbers && !Column(name: "x", cells: ["a"]).isOfNumbers)
    }
}
