import Diagnostics
import Tensors

/// A split of a table's rows into training, validation and holdout by a column. The same rows in another order of the
/// table, with the same order of their ids, come into the same parts. Each part lists its items in ascending order.
public enum ColumnSplit: Sendable, Hashable {
    /// A group split: rows with the same value stay in one part.
    ///
    /// Groups as large as the smallest part or larger come first, the largest before the others; the others come in a random order. Each
    /// goes to the part that is then furthest below its share of the rows.
    case grouped(by: String, Shares, seed: UInt64)
    /// A stratified split: each class of rows is divided by the shares, to within one row of them. A class is a value of
    /// the column or, with `bins`, one of as many bins of its numbers with about as many rows each.
    case stratified(by: String, Shares, seed: UInt64, bins: Int?)
    /// A leave-one-group-out split: rows that have what is left out are the holdout. Of the others the share `validation`,
    /// drawn at random, validates.
    case leaveOut(LeftOut, in: String, validation: Double, seed: UInt64)
    /// A predefined split: the column says `train`, `validation` or `holdout`.
    case given(by: String)
}

/// The criterion by which rows are left out for the holdout.
public enum LeftOut: Sendable, Hashable {
    /// Rows whose chemical formula contains the element of this symbol.
    case element(String)
    /// Rows whose cell has this value.
    case value(String)
}

extension ColumnSplit: Splitting {
    /// The name of the column.
    public var column: String {
        switch self {
        case .grouped(let column, _, _), .stratified(let column, _, _, _), .leaveOut(_, let column, _, _), .given(let column): column
        }
    }

    /// Checks what can be checked without the data. Throws as `SplitRule.check()`, and `left-out` for an element that there
    /// is not.
    public func check() throws {
        switch self {
        case .grouped(_, let shares, _), .stratified(_, let shares, _, _): try shares.check()
        case .leaveOut(let leftOut, _, let validation, _):
            guard validation > 0, validation < 1 else {
                throw Diagnostic("split-part", "expected `validation` between 0 and 100 %, both excluded, found \(percent(validation))")
            }
            if case .element(let symbol) = leftOut, !elementSymbols.contains(symbol) {
                let near = nearMiss(symbol, among: elementSymbols.sorted())
                throw Diagnostic(
                    "left-out", "expected the symbol of an element, found `\(symbol.prefix(40))`",
                    hint: near.map { "did you mean `\($0)`?" } ?? "add `match: value` to leave out the rows that have this value")
            }
        case .given: break
        }
    }

    /// Divides the rows `rows` of a table by the column. Throws as `check()`; `unknown-column`; `bad-data`, with the line,
    /// for an empty cell, a number that is not finite or a formula that is none; `split-column` where the column cannot
    /// divide the rows so; `left-out` where no row or every row has what is left out; `split-empty` where a part would have
    /// no item.
    public func parts(of table: Table, rows: [Int]) throws -> Parts {
        try check()
        let values = try columnValues(table.column(column), of: table, rows: rows)
        let part: [Int]
        switch self {
        case .grouped(_, let shares, let seed): part = try grouped(values, shares, seed)
        case .stratified(_, let shares, let seed, let bins):
            part = try stratified(strata(values, bins: bins, table: table, rows: rows), shares, seed)
        case .leaveOut(let leftOut, _, let validation, let seed):
            let isLeftOut = try leftOut.marks(values, column: column, table: table, rows: rows)
            part = remaining(isLeftOut, validation: validation, seed: seed)
        case .given: part = try given(values, table: table, rows: rows)
        }
        let parts = Parts(train: places(of: 0, in: part), validation: places(of: 1, in: part), holdout: places(of: 2, in: part))
        try parts.checkNoneIsEmpty()
        return parts
    }

    private func places(of wanted: Int, in part: [Int]) -> [Int] { part.indices.filter { part[$0] == wanted } }

    /// The part of each item, 0 to 2.
    private func grouped(_ values: [String], _ shares: Shares, _ seed: UInt64) throws -> [Int] {
        let groups = classes(values)
        guard groups.count >= 3 else {
            throw Diagnostic("split-column", "expected at least 3 groups in column `\(column)`, one for each part, found \(groups.count)")
        }
        var room = roundedSizes(shares.list, count: values.count)
        let smallest = room.filter { $0 > 0 }.min() ?? 0
        var generator = Philox(RandomKey(seed: seed, purpose: .split))
        let order = generator.permutation(groups.count)
        let large = order.enumerated().filter { groups[$0.element].items.count >= smallest }
            .sorted { a, b in
                let x = groups[a.element].items.count
                let y = groups[b.element].items.count
                return x != y ? x > y : a.offset < b.offset
            }.map(\.element)
        let queue = large + order.filter { groups[$0].items.count < smallest }
        var part = [Int](repeating: 0, count: values.count)
        var empty = Set(shares.list.indices.filter { shares.list[$0] > 0 })
        for (place, group) in queue.enumerated() {
            // The last groups go to parts that have none yet: a share may be too small to come first by itself.
            let choice = queue.count - place <= empty.count ? empty.sorted() : Array(room.indices)
            guard let chosen = choice.max(by: { room[$0] != room[$1] ? room[$0] < room[$1] : $0 > $1 }) else { continue }
            for item in groups[group].items { part[item] = chosen }
            room[chosen] -= groups[group].items.count
            empty.remove(chosen)
        }
        return part
    }

    private func strata(_ values: [String], bins: Int?, table: Table, rows: [Int]) throws -> [ItemClass] {
        var strata = classes(values)
        var hint = try table.column(column).isNumeric ? "add `bins` to make classes of ranges of numbers" : nil
        if let bins {
            guard let numbers = try table.column(column).numbers else {
                throw Diagnostic(
                    "split-column", "`bins` divides a column of numbers, found text in column `\(column)`",
                    hint: "leave `bins` out: each text is a class")
            }
            strata = quantileBins(rows.map { numbers.indices.contains($0) ? numbers[$0] : .nan }, count: bins)
            hint = "take fewer bins"
        }
        guard strata.count > 1 else {
            throw Diagnostic("split-column", "expected at least 2 classes in column `\(column)`, found \(strata.count)")
        }
        if let small = strata.first(where: { $0.items.count < 3 }) {
            let rowsFound = small.items.count == 1 ? "1 row" : "\(small.items.count) rows"
            throw Diagnostic(
                "split-column",
                """
                expected at least 3 rows of each class in column `\(column)`, \
                found \(rowsFound) \(bins == nil ? "with `\(small.name.prefix(40))`" : "in \(small.name)")
                """,
                hint: hint)
        }
        return strata
    }

    private func stratified(_ strata: [ItemClass], _ shares: Shares, _ seed: UInt64) throws -> [Int] {
        var part = [Int](repeating: 0, count: strata.reduce(0) { $0 + $1.items.count })
        // What each part has got too little of so far: rows that do not divide go where most is owed, so that the errors of many
        // small classes do not add up.
        var owed = [0.0, 0, 0]
        for (index, stratum) in strata.enumerated() {
            let count = Double(stratum.items.count)
            let exact = shares.list.map { $0 * count }
            var sizes = exact.map { Int(($0 + 1e-12 * count).rounded(.down)) }
            let rests = zip(exact, sizes).map { $0 - Double($1) }
            for place in owed.indices { owed[place] += rests[place] }
            let left = stratum.items.count - sizes.reduce(0, +)
            let order = owed.indices.filter { rests[$0] > 1e-9 }.sorted { owed[$0] != owed[$1] ? owed[$0] > owed[$1] : $0 < $1 }
            for place in order.prefix(max(0, left)) {
                sizes[place] += 1
                owed[place] -= 1
            }
            var generator = Philox(RandomKey(seed: seed, purpose: .split, item: UInt32(truncatingIfNeeded: index)))
            for (rank, place) in generator.permutation(stratum.items.count).enumerated() {
                part[stratum.items[place]] = rank < sizes[1] ? 1 : rank < sizes[1] + sizes[2] ? 2 : 0
            }
        }
        return part
    }

    private func remaining(_ isLeftOut: [Bool], validation: Double, seed: UInt64) -> [Int] {
        var part = isLeftOut.map { $0 ? 2 : 0 }
        let rest = isLeftOut.indices.filter { !isLeftOut[$0] }
        let sizes = roundedSizes([1 - validation, validation], count: rest.count)
        var generator = Philox(RandomKey(seed: seed, purpose: .split))
        for place in generator.permutation(rest.count).dropFirst(sizes[0]) { part[rest[place]] = 1 }
        return part
    }

    private func given(_ values: [String], table: Table, rows: [Int]) throws -> [Int] {
        let names = ["train", "validation", "holdout"]
        return try values.indices.map { item in
            guard let part = names.firstIndex(of: values[item]) else {
                throw Diagnostic(
                    "split-column", "expected `train`, `validation` or `holdout` in column `\(column)`, found `\(values[item].prefix(40))`",
                    data: table.place(ofRow: rows[item]), hint: nearMiss(values[item], among: names).map { "did you mean `\($0)`?" })
            }
            return part
        }
    }
}
