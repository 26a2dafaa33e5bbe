import Diagnostics
import TestSupport
import Testing

@testable import Datasets

private func read(_ text: String) throws -> Table { try withFile("table.csv", Array(text.utf8)) { try readCSV(path: $0) } }

/// Cells that are text where a number was asked for: which one, where, and what to write.
@Suite(.timed) struct TextForNumberTests {
    @Test(arguments: [
        ("1,5", "write decimal points: `1.5`"), ("-0,25", "write decimal points: `-0.25`"), ("2.500,25", "write decimal points: `2500.25`"),
        ("0,125", "write decimal points: `0.125`"), ("1,5e-3", "write decimal points: `1.5e-3`"),
        ("1,234", "write `1.234` where the comma stands before decimals, `1234` where it stands between thousands"),
        ("1,234,567", "write the digits with nothing between them: `1234567`"),
        ("1,234.5", "write the digits with nothing between them: `1234.5`"),
        ("1'234.5", "write the digits with nothing between them: `1234.5`"),
        ("12 345", "write the digits with nothing between them: `12345`"),
        ("\u{2212}5", "write the minus as `-`, which is on the keyboard: `-5`"),
        ("\u{2013}5.5", "write the minus as `-`, which is on the keyboard: `-5.5`"),
        ("5\u{A0}", "leave out the no-break space (U+00A0) in the cell, which cannot be seen: `5`"),
        ("5\u{200B}", "leave out the character (U+200B) in the cell, which cannot be seen: `5`"),
        ("5%", "write `5`, and the unit in the header: `x [%]`"), ("5.5 GPa", "write `5.5`, and the unit in the header: `x [GPa]`"),
        ("1.23(4)", "write `1.23`, and the uncertainty `0.04` in a column of its own"),
        ("12(3)", "write `12`, and the uncertainty `3` in a column of its own"),
        ("1.5 ± 0.2", "write `1.5`, and the uncertainty `0.2` in a column of its own"),
        ("1.5D+02", "write the exponent with `e`: `1.5e+02`"), ("<5", "write a number, or leave the cell empty"),
        ("True", "write `1` for true and `0` for false, or compare with the text, as in `row[\"x\"] == \"True\"`"),
    ])
    func numbersInAnotherWayOfWriting(_ cell: String, _ advice: String) throws {
        let table = try read("id;x\na;1\nb;\nc;\"\(cell)\"\nd;NA\n")
        let found = try #require(table.textForNumber(in: table.column("x")))
        #expect(found.reason == "one cell of `x` is no number: `\(cell)`" && found.hint == advice && found.place.line == 4)
        let target = diagnostic { _ = try table.targets(column: "x", rows: [0, 2]) }
        #expect(target.data?.line == 4 && target.hints == [advice])
    }

    @Test func wordsForNothingAreLeftEmpty() throws {
        for cell in ["-", "--", "\u{2014}", "n.a.", "none", "#N/A", "#DIV/0!", "?", "nd", "missing", "..", "<na>"] {
            let table = try read("x;y\n1;1\n\(cell);2\n")
            #expect(table.textForNumber(in: try table.column("x"))?.hint == "leave the cell empty where there is no value", "\(cell)")
        }
        for text in ["Na", "Nd", "mp-149", "fcc", "1-2", "2020-01-02", "Al2O3", "1.2.3", "x5", "5x", "12 Al 13", "", "e5", "(5)"] {
            #expect(NumberInWords(text) == nil, "\(text)")
        }
    }

    @Test func columnsOfNamesLeadToColumnsOfNumbers() throws {
        let table = try read("id,K,phase,G\na,1,fcc,2\nb,2,bcc,\n")
        let names = try #require(table.textForNumber(in: table.column("phase")))
        #expect(names.reason == "no cell of `phase` is a number, the first is `fcc`" && names.hint == "columns of numbers are `K` and `G`")
        #expect(table.textForNumber(in: try table.column("K")) == nil)
        let mixed = try read("id,K\na,1\nb,bad\nc,2\nd,worse \"x\"\n")
        let found = try #require(mixed.textForNumber(in: mixed.column("K")))
        #expect(found.reason == "2 of 4 cells of `K` are no numbers, the first is `bad`" && found.place.line == 3)
        #expect(found.hint == "put a number there, or leave such rows out: `where(row[\"K\"] != \"bad\")`")
        let blank = try read("id,K\na,\nb,\n")
        #expect(blank.textForNumber(in: try blank.column("K"))?.reason == "no row has anything in `K`")
    }

    /// In natural order `1,25` stands behind `1,5`.
    @Test func rowsAreNotOrderedByNumbersInWords() throws {
        let table = try read("id;E;share;label\na;1,5;5%;5 nm\nb;1,25;10%;10 nm\n")
        let found = diagnostic { try table.checkOrder(by: "E") }
        #expect(found.message == "expected numbers in column `E` to order its rows, found text: `1,5`" && found.data?.line == 2)
        #expect(found.hints == ["write decimal points: `1.5`"])
        try table.checkOrder(by: "label")
        let words = try read("id,E\na,1\nb,n.d.\nc,-2\n")
        #expect(diagnostic { try words.checkOrder(by: "E") }.hints == ["leave the cell empty where there is no value"])
    }

    @Test func infinityIsNamedByABound() throws {
        let table = try read("x\n1\ninf\n-inf\n")
        #expect(diagnostic { _ = try table.targets(column: "x") }.hints == ["leave such rows out: `where(row[\"x\"] < 1e300)`"])
        #expect(diagnostic { _ = try table.targets(column: "x", rows: [2]) }.hints == ["leave such rows out: `where(row[\"x\"] > -1e300)`"])
    }

    @Test func columnsOfWordsForMissingAreOfNumbers() throws {
        let table = try read("id,x,y,z\na,NA,,NA\nb,NaN,,fcc\n")
        let x = try table.column("x")
        #expect(try #require(x.numbers).allSatisfy(\.isNaN) && x.isMissing(0) && x.isMissing(1))
        // Blanks tell nothing, and words among texts are texts, also where they alone are left.
        #expect(try table.column("y").numbers == nil && table.column("y").isMissing(0))
        let left = try table.selecting(rows: [0]).column("z")
        #expect(left.numbers == nil && !left.isMissing(0))
        #expect(Column(name: "x", cells: ["None", ""]).isNumeric && !Column(name: "x", cells: ["", " "]).isNumeric)
    }
}
