import Datasets
import Engine
import SessionTestSupport
import Storage
import Tensors
import TestSupport
import Testing

@testable import Builtins
@testable import Experiments

/// Tables as people and other programs get them: pages of long ones, texts that begin like formulas, quotes.
@Suite(.timed) struct PrintedTableTests {
    @Test func aLongTableIsShownAsAPage() throws {
        let scratch = try Scratch()
        func table(rows: Int) throws -> Table {
            try writeWhole("id,y\n" + (0..<rows).map { "p\($0),\($0)\n" }.joined(), to: scratch.file("t.csv"))
            return try readCSV(path: scratch.file("t.csv"))
        }
        let short = ResultTable.page(of: try table(rows: 200))
        #expect(short.rows.count == 200 && short.notes == [])
        let long = ResultTable.page(of: try table(rows: 201))
        #expect(long.rows.map { $0[0].text } == (0..<40).map { "p\($0)" })
        #expect(long.notes == ["the first 40 of 201 rows; `table ... to \"FILE.csv\"` writes them all"])
        // The same of a table that was computed.
        let computed = ResultTable(try table(rows: 201))
        #expect(computed.rows.count == 201 && computed.page == long && short.page == short)
    }

    @Test func showPrintsThePageAndTableWritesAll() throws {
        let scratch = try Scratch()
        try writeWhole("id,y\n" + (0..<300).map { "p\($0),\($0)\n" }.joined(), to: scratch.file("t.csv"))
        var options = SessionOptions()
        options.standardLibrary = Place.library
        options.store = scratch.file(".ecdx")
        let reporter = LineReporter()
        let session = try Session(base: scratch.path + "/", options: options, reporter: reporter)
        try session.perform(session.check("show csv(\"t.csv\")\ntable csv(\"t.csv\") to \"all.csv\"\n", file: "script.ecdx"))
        let page = ["id | y"] + (0..<40).map { "p\($0) | \($0)" }
        #expect(reporter.lines == page + page + ["wrote all.csv"])
        #expect(try readText(scratch.file("all.csv"), limit: 1 << 20) == readText(scratch.file("t.csv"), limit: 1 << 20))
    }

    @Test func noTextIsAFormulaWhereTheTableIsOpened() {
        let table = ResultTable(
            columns: [.init("=1+1", isNumeric: false), .init("label", isNumeric: false), .init("-x", unit: "GPa")],
            rows: [
                ["=HYPERLINK(\"http://x\")", "+1", "-1.5"], ["@SUM(A1)", "-0.5 to 3", "1e-3"], ["-", "+", "nan"], ["-fcc", "a=b", ""],
                ["\t=1", "-1e-5", "-2"],
            ].map { $0.map { ResultTable.Cell($0) } })
        #expect(
            table.csv == """
                '=1+1,label,-x [GPa]
                "'=HYPERLINK(""http://x"")",+1,-1.5
                '@SUM(A1),-0.5 to 3,1e-3
                -,+,nan
                -fcc,a=b,
                '\t=1,-1e-5,-2

                """)
    }

    @Test func idsOfPredictionsAreQuoted() throws {
        let scratch = try Scratch()
        let run = try Store(at: scratch.file(".ecdx"), base: scratch.path).run("r")
        let ids = ["Al, fcc \"p0\"", "two\nlines", "plain"]
        let part = RunResult.Part(ids: ids, truth: [1, 2, 3], predicted: [1.5, 2.5, 3.5])
        let result = RunResult(parts: ["holdout": part], history: [], keptEpoch: 0, stoppedEarly: false)
        _ = try RunRecord.write(result, parameters: ParameterStore(), begunWith: nil, values: sha256(""), to: run)
        let table = try readCSV(path: run.file("predictions.csv"))
        #expect(table.columnNames == ["id", "part", "truth", "predicted"])
        #expect(try table.column("id").cells == ids && table.column("predicted").numbers == [1.5, 2.5, 3.5])
    }

    @Test func rowsWrittenInAStreamAreThoseOfTheWholeTable() throws {
        let scratch = try Scratch()
        let rows = (0..<300).map { "p\($0),\($0 % 7 == 0 ? "NaN" : "\($0).50"),\($0 % 5 == 0 ? "\"=a,\"\"é\"\"\"" : "b \($0)")\n" }
        try writeWhole("id,y [GPa],=text\n" + rows.joined(), to: scratch.file("t.csv"))
        let table = try readCSV(path: scratch.file("t.csv"))
        let thirds = Column(name: "z", unit: "eV", numbers: (0..<300).map { Double($0) / 3 })
        for table in [table, try table.selecting(rows: [299, 0, 5]), try table.adding([thirds])] {
            let bytes = ByteList()
            try ResultTable.writeCSV(of: table, to: bytes)
            #expect(String(decoding: bytes.bytes, as: UTF8.self) == ResultTable(table).csv)
        }
    }
}
