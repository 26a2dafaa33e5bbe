import Diagnostics

/// A class of items that have something in common; they are listed by their numbers in ascending order.
struct ItemClass {
    var name: String
    var items: [Int]
}

/// The values of a column in the given rows, blanks around them taken off. Numbers are written in one way, so that `1` and
/// `1.0` are the same value. Throws `bad-data` for an empty cell and a number that is not finite, `shape` for a row that is
/// not there.
func columnValues(_ column: Column, of table: Table, rows: [Int]) throws -> [String] {
    let numbers = column.numbers
    return try rows.map { row in
        guard row >= 0, row < column.count else {
            throw Diagnostic("shape", "expected a row below \(table.count), found \(row)", data: DataPlace(file: table.file))
        }
        let cell = withoutBlanks(column.text(row))
        guard !cell.isEmpty else {
            throw Diagnostic(
                "bad-data", "expected a value in column `\(column.name)`, found an empty cell", data: table.place(ofRow: row),
                hint: "remove the row, or fill the cell in")
        }
        guard let number = numbers?[row] else { return cell }
        guard number.isFinite else {
            throw Diagnostic(
                "bad-data", "expected a finite number in column `\(column.name)`, found `\(cell.prefix(40))`", data: table.place(ofRow: row)
            )
        }
        return writtenOneWay(number)
    }
}

private func writtenOneWay(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
}

/// Classes of the items of equal value, in natural order of the values.
func classes(_ values: [String]) -> [ItemClass] {
    Dictionary(grouping: values.indices) { values[$0] }.map { ItemClass(name: $0.key, items: $0.value) }.sorted {
        naturalLess($0.name, $1.name)
    }
}

/// Quantile bins: classes of about as many items each, in ascending order. Equal numbers share a bin, so there may be fewer
/// bins than asked for.
func quantileBins(_ numbers: [Double], count: Int) -> [ItemClass] {
    let order = numbers.indices.sorted { numbers[$0] != numbers[$1] ? numbers[$0] < numbers[$1] : $0 < $1 }
    var bins: [ItemClass] = []
    var bin = -1
    var last = Double.nan
    for (rank, item) in order.enumerated() {
        // The first of equal numbers decides for all of them.
        let next = numbers[item] == last ? bin : Int(Double(rank) * Double(count) / Double(order.count))
        last = numbers[item]
        if next != bin {
            bin = next
            bins.append(ItemClass(name: "bin \(bin + 1) of \(count)", items: []))
        }
        bins[bins.count - 1].items.append(item)
    }
    return bins.map { ItemClass(name: $0.name, items: $0.items.sorted()) }
}

extension LeftOut {
    /// Whether each item is left out. Throws `left-out` where none or every one is, `bad-data` for a formula that is none.
    func marks(_ values: [String], column: String, table: Table, rows: [Int]) throws -> [Bool] {
        let marks: [Bool]
        let what: String
        let hint: String?
        switch self {
        case .element(let symbol):
            var all: Set<String> = []
            marks = try values.indices.map { item in
                guard let found = elements(ofFormula: values[item]) else {
                    throw Diagnostic(
                        "bad-data", "expected a chemical formula in column `\(column)`, found `\(values[item].prefix(40))`",
                        data: table.place(ofRow: rows[item]))
                }
                all.formUnion(found)
                return found.contains(symbol)
            }
            what = symbol
            hint = "its elements are \(listed(all.sorted()))"
        case .value(let value):
            let isNumeric = try table.column(column).isNumeric
            let wanted = withoutBlanks(value)
            what = isNumeric ? cellNumber(wanted).map { $0.isFinite ? writtenOneWay($0) : wanted } ?? wanted : wanted
            marks = values.map { $0 == what }
            let all = classes(values).map(\.name)
            hint = nearMiss(what, among: all).map { "did you mean `\($0)`?" } ?? "its values are \(listed(all))"
        }
        guard marks.contains(true) else {
            throw Diagnostic("left-out", "no row has `\(what.prefix(40))` in column `\(column)`", hint: hint)
        }
        guard marks.contains(false) else {
            throw Diagnostic("left-out", "every row has `\(what.prefix(40))` in column `\(column)`: nothing is left to train on")
        }
        return marks
    }

    private func listed(_ names: [String]) -> String { names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", ..." : "") }
}
