import Diagnostics
import Tensors
import TestSupport
import Testing

@testable import Datasets

private let shares = Shares(train: 0.7, validation: 0.15, holdout: 0.15)

private func column(_ name: String, _ cells: [String]) -> Column {
    let numbers = cells.map { cellNumber($0) }
    return Column(name: name, cells: cells, numbers: numbers.contains(nil) ? nil : numbers.compactMap(\.self))
}

private func table(_ cells: [String], name: String = "kind") throws -> Table {
    try Table(file: "rows.csv", columns: [column(name, cells)], lines: cells.indices.map { $0 + 2 })
}

private func parts(_ split: ColumnSplit, _ cells: [String]) throws -> Parts {
    try split.parts(of: table(cells, name: split.column), rows: Array(cells.indices))
}

/// Values drawn with a fixed seed, a few of them often.
private func drawn(_ count: Int, of kinds: Int, seed: UInt64) -> [String] {
    var generator = Philox(RandomKey(seed: seed, purpose: .sampling))
    return (0..<count).map { _ in "g\(min(generator.nextInt(below: kinds), generator.nextInt(below: kinds)))" }
}

@Suite(.timed) struct ColumnSplitTests {
    private func checkEachItemOnce(_ parts: Parts, _ count: Int) {
        #expect((parts.train + parts.validation + parts.holdout).sorted() == Array(0..<count))
        for part in [parts.train, parts.validation, parts.holdout] { #expect(part == part.sorted() && !part.isEmpty) }
    }

    @Test(arguments: 0..<30 as Range<UInt64>) func groupsStayTogether(seed: UInt64) throws {
        let cells = drawn(200, of: 5 + Int(seed), seed: seed)
        let found = try parts(.grouped(by: "kind", shares, seed: seed), cells)
        checkEachItemOnce(found, 200)
        let kinds = [found.train, found.validation, found.holdout].map { Set($0.map { cells[$0] }) }
        #expect(kinds[0].isDisjoint(with: kinds[1]) && kinds[0].isDisjoint(with: kinds[2]) && kinds[1].isDisjoint(with: kinds[2]))
        // No part is above its share by as much as the largest group.
        let largest = Dictionary(grouping: cells) { $0 }.values.map(\.count).max() ?? 0
        for (part, share) in zip([found.train, found.validation, found.holdout], [140, 30, 30]) { #expect(part.count < share + largest) }
    }

    @Test func largeGroupsComeFirst() throws {
        // 60, 15 and 15 rows and ten of one: the shares are met exactly whatever the seed.
        let cells =
            [String](repeating: "a", count: 60) + [String](repeating: "b", count: 15) + [String](repeating: "c", count: 15)
            + (0..<10).map { "s\($0)" }
        for seed in 0..<10 as Range<UInt64> {
            let found = try parts(.grouped(by: "kind", shares, seed: seed), cells)
            #expect([found.train.count, found.validation.count, found.holdout.count] == [70, 15, 15])
        }
        // As many groups as parts: each has one, however small its share.
        let three = try parts(
            .grouped(by: "kind", Shares(train: 0.9, validation: 0.05, holdout: 0.05), seed: 1), ["a", "a", "b", "b", "c", "c"])
        #expect([three.train.count, three.validation.count, three.holdout.count] == [2, 2, 2])
    }

    @Test func seedsDrawOtherGroups() throws {
        let cells = (0..<60).map { "g\($0 / 3)" }
        let all = try (0..<20).map { try parts(.grouped(by: "kind", shares, seed: UInt64($0)), cells) }
        #expect(Set(all).count == 20)
        #expect(try parts(.grouped(by: "kind", shares, seed: 3), cells) == all[3])
    }

    /// The groups of a table decide, not the numbers of its rows: rows may stand in any order of the file.
    @Test func theOrderOfTheFileDoesNotMatter() throws {
        let cells = drawn(50, of: 12, seed: 4)
        let order = (0..<50).map { ($0 * 7) % 50 }
        let ids = column("id", (0..<50).map(String.init))
        let straight = try Table(file: "a.csv", columns: [ids, column("kind", cells)], lines: Array(2..<52))
        let turned = try Table(
            file: "b.csv", columns: [column("id", order.map(String.init)), column("kind", order.map { cells[$0] })], lines: Array(2..<52))
        for split in [ColumnSplit.grouped(by: "kind", shares, seed: 9), .leaveOut(.value("g2"), in: "kind", validation: 0.2, seed: 9)] {
            let a = try split.parts(of: straight, rows: straight.rowsInOrder(ofID: "id"))
            let b = try split.parts(of: turned, rows: turned.rowsInOrder(ofID: "id"))
            #expect(a == b)
        }
    }

    @Test(arguments: 0..<30 as Range<UInt64>) func strataKeepTheirShares(seed: UInt64) throws {
        let kinds = 2 + Int(seed) % 9
        let cells = drawn(300, of: kinds, seed: seed) + (0..<kinds).flatMap { kind in [String](repeating: "g\(kind)", count: 3) }
        let found = try parts(.stratified(by: "kind", shares, seed: seed, bins: nil), cells)
        checkEachItemOnce(found, cells.count)
        for kind in Set(cells) {
            let count = Double(cells.filter { $0 == kind }.count)
            for (part, share) in zip([found.train, found.validation, found.holdout], [0.7, 0.15, 0.15]) {
                #expect(abs(Double(part.filter { cells[$0] == kind }.count) - share * count) < 1)
            }
        }
        for (part, share) in zip([found.train, found.validation, found.holdout], [0.7, 0.15, 0.15]) {
            #expect(abs(Double(part.count) - share * Double(cells.count)) < 2)
        }
    }

    /// Classes of three rows: by the largest remainder in each alone, the holdout would have no row.
    @Test func smallClassesDoNotAddUpToAnEmptyPart() throws {
        let found = try parts(.stratified(by: "kind", shares, seed: 1, bins: nil), (0..<60).map { "g\($0 / 3)" })
        #expect([found.train.count, found.validation.count, found.holdout.count] == [42, 9, 9])
    }

    @Test func numbersFallIntoQuantileBins() throws {
        let bins = quantileBins([5, 1, 1, 1, 9, 7, 3, 8], count: 4)
        // 1 1 | 1 3 | 5 7 | 8 9, where the third 1 goes with the others.
        #expect(bins.map(\.items) == [[1, 2, 3], [6], [0, 5], [4, 7]])
        #expect(quantileBins([2, 2, 2], count: 3).map(\.items) == [[0, 1, 2]])
        #expect(quantileBins([], count: 3).isEmpty)
        var generator = Philox(RandomKey(seed: 5, purpose: .sampling))
        let numbers = (0..<100).map { _ in generator.nextNormal() }
        let found = try parts(
            .stratified(by: "x", Shares(train: 0.6, validation: 0.2, holdout: 0.2), seed: 2, bins: 5), numbers.map { "\($0)" })
        let ranks = Dictionary(
            uniqueKeysWithValues: numbers.indices.sorted { numbers[$0] < numbers[$1] }.enumerated().map { ($0.element, $0.offset) })
        for bin in 0..<5 { #expect(found.holdout.filter { (ranks[$0] ?? 0) / 20 == bin }.count == 4) }
    }

    @Test func readsTheElementsOfFormulas() {
        #expect(elements(ofFormula: "CaTiO3") == ["Ca", "Ti", "O"])
        #expect(elements(ofFormula: "Mg(OH)2") == ["Mg", "O", "H"])
        #expect(elements(ofFormula: "CO") == ["C", "O"] && elements(ofFormula: "Co") == ["Co"])
        #expect(elements(ofFormula: "Ni-Fe-Cr") == ["Ni", "Fe", "Cr"] && elements(ofFormula: "Ni0.5Fe0.5") == ["Ni", "Fe"])
        #expect(elements(ofFormula: "CuSO4·5H2O") == ["Cu", "S", "O", "H"])
        #expect(elementSymbols.count == 118)
        for text in ["", "12", "Ni-3d_single", "fcc", "Xx", "Nix", "NiO?", "É"] { #expect(elements(ofFormula: text) == nil, "\(text)") }
    }

    @Test func leavesOutAnElement() throws {
        let cells = ["Ni", "NiO", "N2", "BN", "NaN", "Nb", "Zn", "Ne", "C", "CO"]
        let found = try parts(.leaveOut(.element("N"), in: "formula", validation: 0.3, seed: 1), cells)
        #expect(found.holdout == [2, 3, 4])
        #expect(found.validation.count == 2 && found.train.count == 5)
        let nickel = try parts(.leaveOut(.element("Ni"), in: "formula", validation: 0.3, seed: 1), cells)
        #expect(nickel.holdout == [0, 1])
        let number = try parts(.leaveOut(.value("225.0"), in: "group", validation: 0.5, seed: 1), ["225", "1", "2.5", "225", "7"])
        #expect(number.holdout == [0, 3])
    }

    @Test func followsAColumn() throws {
        let found = try parts(.given(by: "part"), ["holdout", "train", " validation ", "train"])
        #expect(found == Parts(train: [1, 3], validation: [2], holdout: [0]))
    }

    @Test func refusesWhatCannotBe() throws {
        let grouped = ColumnSplit.grouped(by: "kind", shares, seed: 1)
        let stratified = ColumnSplit.stratified(by: "kind", shares, seed: 1, bins: nil)
        try expectFault("split-column", "expected at least 3 groups in column `kind`, one for each part, found 1") {
            _ = try parts(grouped, ["a", "a", "a", "a"])
        }
        try expectFault("split-column", "expected at least 3 groups in column `kind`, one for each part, found 2") {
            _ = try parts(grouped, ["1", "1.0", "2"])
        }
        try expectFault("bad-data", "expected a value in column `kind`, found an empty cell") {
            _ = try parts(grouped, ["a", "b", " ", "c"])
        }
        try expectFault("bad-data", "expected a finite number in column `kind`, found `inf`") {
            _ = try parts(grouped, ["1", "2", "inf", "3"])
        }
        try expectFault("split-column", "expected at least 2 classes in column `kind`, found 1") {
            _ = try parts(stratified, ["a", "a", "a", "a"])
        }
        try expectFault("split-column", "expected at least 3 rows of each class in column `kind`, found 2 rows with `b`") {
            _ = try parts(stratified, ["a", "a", "a", "b", "b"])
        }
        try expectFault("split-column", "expected at least 3 rows of each class in column `kind`, found 1 row in bin 1 of 4") {
            _ = try parts(.stratified(by: "kind", shares, seed: 1, bins: 4), ["1", "2", "3", "4"])
        }
        try expectFault("split-empty") {
            _ = try parts(
                .stratified(by: "kind", Shares(train: 0.8, validation: 0.2, holdout: 0), seed: 1, bins: nil),
                ["a", "a", "a", "b", "b", "b"])
        }
        try expectFault("split-empty") { _ = try parts(.leaveOut(.element("O"), in: "formula", validation: 0.5, seed: 1), ["O", "H"]) }
        try expectFault("split-under") {
            _ = try parts(.grouped(by: "kind", Shares(train: 0.5, validation: 0.1, holdout: 0.1), seed: 1), ["a", "b", "c"])
        }
        try expectFault("split-part") { try ColumnSplit.leaveOut(.element("O"), in: "formula", validation: .nan, seed: 1).check() }
        try expectFault("left-out", "every row has `O` in column `formula`: nothing is left to train on") {
            _ = try parts(.leaveOut(.element("O"), in: "formula", validation: 0.5, seed: 1), ["O", "H2O"])
        }
        try expectFault("unknown-column") { _ = try ColumnSplit.given(by: "part").parts(of: table(["a"]), rows: [0]) }
    }
}
