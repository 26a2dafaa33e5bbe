import Datasets
import Diagnostics
import Language
import Storage
import Tensors

private let tableParameter = Parameter("table", .sort(.table), "rows of a file, or a table made from such")

/// What may stand in a column that is added to a table.
private let columnType: ValueType = .either([.number(.any), .text, anyTensor, .sort(.texts), .sort(.condition)])

private func example(_ code: String) -> [Example] { [Example("let t = csv(\"data/fcc-dft/elements.csv\")\n" + code)] }

/// The words that make tables from tables of files: all of it is known to the check, so that data sets may rest on them.
let tableWords = Vocabulary([
    derived(
        "where", [tableParameter, Parameter("condition", .sort(.condition), "what has to hold; `row[\"name\"]` is a column of the table")],
        "The rows of a table in which a condition holds. Of a row without a value a comparison is not known, and the row is left out.",
        examples: example("show t |> where(row[\"energy_per_atom_eV\"] < -4 and row[\"phase\"] == \"fcc\")")
    ) { call, context in
        let table = try context.rows(call["table"])
        try context.checkOwnColumns(call["condition"], of: call["table"], at: call.span(of: "condition"))
        let mask = try context.computedRows(call["condition"], count: table.count, at: call.span(of: "condition"))
        let kept = mask.indices.filter { mask[$0] == 1 }
        guard !kept.isEmpty else { throw context.noneLeft(call["condition"], of: table, at: call.span(of: "condition")) }
        return try table.selecting(rows: kept)
    },
    derived(
        "derive",
        [
            tableParameter,
            Parameter(
                "columns", .map(columnType), "the new columns by name; `row[\"name\"]` is a column of the table, as it is without them"),
        ],
        "A table with further columns, made of its own. A column of a name that there is takes its place.",
        examples: example("show t |> derive({ half: row[\"energy_per_atom_eV\"] / 2 }) |> first(3)")
    ) { call, context in
        let table = try context.rows(call["table"])
        let columns = try (call["columns"].record ?? [:]).map { name, field in
            let span = field.origin.span ?? call.span(of: "columns")
            try context.checkOwnColumns(field.value, of: call["table"], at: span)
            return try context.column(name, field.value, count: table.count, at: span)
        }
        for (index, column) in columns.enumerated() where columns[..<index].contains(where: { $0.name == column.name }) {
            throw Diagnostic(
                "twice", "two of the new columns have the name `\(column.name)`, which is theirs without the unit",
                at: call.span(of: "columns"), hint: "give them names that differ before the unit too")
        }
        return try table.adding(columns)
    },
    derived(
        "sort",
        [
            Parameter(
                "table", .either([.sort(.table), .list(.either([.number(.any), .text]), count: nil)]),
                "rows of a file, or a table made from such; or a list of numbers or of texts"),
            Parameter(
                "by", .optional(.either([.text, .list(.text, count: nil)])), .fallback(.none), "a column, or several; of a list none"),
            Parameter("descending", .bool, .fallback(.bool(false)), "from the largest to the smallest"),
        ],
        "The rows of a table in the order of a column: numbers by size, texts naturally (`a2` before `a10`), rows without a value last.",
        examples: example("show t |> sort(by: \"energy_per_atom_eV\") |> first(5)\nshow sort([3, 1, 2], descending: true)"),
        ofList: { items, call in
            guard call["by"].isNone else {
                throw Diagnostic("type", "a list has no columns to sort by", at: call.span(of: "by"), hint: "leave `by` out")
            }
            return try sortedList(items, descending: call["descending"].bool ?? false, at: call.span(of: "table"))
        }
    ) { call, context in
        guard !call["by"].isNone else {
            throw Diagnostic("missing-argument", "`sort` of a table expected `by` (a column, or several)", at: call.origin.span)
        }
        let table = try context.rows(call["table"])
        let names = call["by"].items?.compactMap(\.string) ?? [call["by"].string ?? ""]
        try located(call.span(of: "by")) { for name in names { try table.checkOrder(by: name) } }
        let descending = call["descending"].bool ?? false
        return try located(call.span(of: "by")) { try table.ordered(by: names.map { RowOrder($0, descending: descending) }) }
    },
    derived(
        "first", [tableParameter, Parameter("count", .number(.count()), "how many rows")],
        "The first rows of a table; all of them where it has no more.", examples: example("show t |> first(3)")
    ) { call, context in
        let table = try context.rows(call["table"])
        return try table.selecting(rows: Array(0..<min(table.count, call["count"].integer ?? 0)))
    },
    derived(
        "pick", [tableParameter, Parameter("columns", .list(.text, count: nil), "names of columns, in the order they are to have")],
        "A table with these of its columns alone.", examples: example("show t |> pick([\"phase\", \"element\"]) |> first(2)")
    ) { call, context in
        let table = try context.rows(call["table"])
        let names = call["columns"].items?.compactMap(\.string) ?? []
        guard !names.isEmpty else {
            throw Diagnostic(
                "missing-argument", "`pick` expected at least one column, found an empty list", at: call.span(of: "columns"),
                hint: "its columns are \(table.columnNames.prefix(20).joined(separator: ", "))")
        }
        return try located(call.span(of: "columns")) { try table.keeping(columns: names) }
    },
    derived(
        "join",
        [
            Parameter(
                "table", .either([.sort(.table), .list(.text, count: nil)]),
                "rows of a file, or a table made from such; or a list of texts"),
            Parameter("other", .optional(.sort(.table)), .fallback(.none), "a table with further columns; of texts none"),
            Parameter(
                "by", .optional(.either([.text, .list(.text, count: nil), .map(.text)])), .fallback(.none),
                "the columns that name a row in both; a record where they have other names in the second: `{ id: \"MPID\" }`; of texts "
                    + "what stands between them"),
            Parameter(
                "how", .word(["inner": "those with a partner", "left": "all of the first table"]), .fallback(.word("inner")),
                "which rows stay"),
            Parameter(
                "suffix", .optional(.text), .fallback(.none),
                "what is put behind the names of columns of the second table that the first has too, as in `K_2`"),
        ],
        "A table with the columns of another beside its own, in the rows of one id. Rows without a partner are counted in a warning.",
        examples: example(
            "show t |> join(csv(\"data/fcc-dft/elements.csv\"), by: \"element\") |> first(2)\nshow join([\"a\", \"b\"], by: \", \")"),
        ofList: joinedTexts
    ) { call, context in
        for (name, what) in [("other", "a table with further columns"), ("by", "the columns that name a row in both")]
        where call[name].isNone {
            throw Diagnostic("missing-argument", "`join` of tables expected `\(name)` (\(what))", at: call.origin.span)
        }
        return try context.joined(call)
    },
])

/// A word that gives a table which is known to the check. `ofList`: what it gives of a list in place of the table.
private func derived(
    _ name: String, _ parameters: [Parameter], _ summary: String, examples: [Example],
    ofList: (@Sendable ([ListItem], Call) throws -> Value)? = nil,
    makes make: @escaping @Sendable (Call, CheckContext) throws -> Table
) -> Word<ComputedWord> {
    Word(
        name, family: "Tables", parameters, gives: .sort(.table), summary, examples: examples, role: .derived(make),
        check: { call, context in
            if let ofList, case .list(let items) = call["table"] { return try ofList(items, call) }
            for name in ["table", "other"] where !call[name].isNone {
                guard let inner = call[name].call, context.library.givesRows(inner) else {
                    let found = call[name].call.map { "those of `\($0.builtin)`" } ?? "another table"
                    throw Diagnostic(
                        "deferred",
                        "`\(call.builtin)` expected rows of a file, found \(found)",
                        at: call.span(of: name), hint: "write the table to a file in a script of its own, and read that")
                }
            }
            _ = try context.table(call)
            return .call(call)
        }, row: "table", computes: computeTable)
}

/// What can be looked at behind the dot of a table whose rows are known.
let tableMembers = ValueMembers(
    of: .sort(.table), [Member("count", "a number", "rows"), Member("columns", "a list of text", "the names of its columns")]
) { subject, name, _, context in
    guard let call = subject.value.call, context.library.givesRows(call) else {
        throw Diagnostic(
            "deferred", "the \(name == "count" ? "rows" : "columns") of a table of results are not known before it is computed")
    }
    let table = try context.table(call)
    return name == "count"
        ? .number(Double(table.count)) : .list(table.columnNames.map { ListItem(.text(Text($0))) })
}

@Sendable func computeTable(_ call: Call, _ context: ComputeContext) throws -> Computed {
    .table(ResultTable(try context.results.table(call)))
}

extension CheckContext {
    /// Checks that columns which are taken row by row are those of the table at hand: the rows of another, or of the same in another
    /// order, belong to other things. A single number of another table, such as a mean, may stand anywhere. Throws `other-rows`.
    fileprivate func checkOwnColumns(_ value: Value, of table: Value, at span: SourceSpan?) throws {
        try value.descend { value in
            guard let call = value.call else { return .past }
            if try facts(of: value)?.shape == [] {
                // A number may be of another table, but not of two, row by row.
                let sources = columnSources(in: value)
                if sources.allSatisfy({ $0 == sources[0] }) { return .past }
            }
            guard isColumn(call) else { return .inside }
            guard call["x"] != table else { return .past }
            let name = call["name"].string ?? "name"
            throw Diagnostic(
                "other-rows",
                "expected a column of the table at hand, found `\(name)` of another, whose rows stand in an order of their own",
                at: call.origin.span ?? span, hint: "write `row[\"\(name)\"]`, or bring both together with `join`")
        }
    }

    private func isColumn(_ call: Call) -> Bool {
        let source = call["x"]
        return source.object != nil || source.call.map(library.givesRows) ?? false
    }

    /// The tables whose columns a value is made of, each as often as it is named.
    private func columnSources(in value: Value) -> [Value] {
        value.collect { part in part.call.flatMap { isColumn($0) ? $0["x"] : nil } }
    }

    /// The numbers of a condition or a column for each row of a table. Throws `shape` where there are not as many.
    fileprivate func computedRows(_ value: Value, count: Int, at span: SourceSpan?) throws -> [Double] {
        let found = try located(span) { try ComputeContext(source: TablesAlone(self)).array(value).array.values }
        guard found.count == count || found.count == 1 else {
            throw Diagnostic(
                "shape", "expected something of each of \(count) rows, found \(found.count)", at: span,
                hint: "`row[\"name\"]` is a column of the table at hand")
        }
        return found.count == count ? found : [Double](repeating: found[0], count: count)
    }

    /// A column of a table from what it is made of.
    fileprivate func column(_ name: String, _ value: Value, count: Int, at span: SourceSpan?) throws -> Column {
        if value.string != nil || value.isColumn {
            let texts = try located(span) { try ComputeContext(source: TablesAlone(self)).texts(value) }
            guard texts.count == count || texts.count == 1 else {
                throw Diagnostic("shape", "expected something of each of \(count) rows, found \(texts.count)", at: span)
            }
            return Column(name: name, cells: texts.count == count ? texts : [String](repeating: texts[0], count: count), numbers: nil)
        }
        let numbers = try computedRows(value, count: count, at: span)
        let unit = try facts(of: value)?.unit
        // As headers of files are read, and written.
        if case (let short, let said?) = nameAndUnit(ofHeader: name) {
            guard unit == nil || isSameUnit(unit, said) else {
                throw Diagnostic("unit", "the name of the column says \(said), and its numbers are in \(unit ?? "")", at: span)
            }
            return Column(name: short, unit: said, numbers: numbers)
        }
        return Column(name: name, unit: unit, numbers: numbers)
    }

    /// The two tables of a call side by side, with a warning of the rows that have no partner.
    fileprivate func joined(_ call: Call) throws -> Table {
        let (left, right) = (try rows(call["table"]), try rows(call["other"]))
        let keys: [JoinKey]
        if let record = call["by"].record {
            keys = record.map { JoinKey(left: $0.key, right: $0.value.value.string ?? "") }
        } else {
            keys = (call["by"].items?.compactMap(\.string) ?? [call["by"].string ?? ""]).map { JoinKey($0) }
        }
        let how: JoinKind = call["how"].word == "left" ? .left : .inner
        let (table, report) = try located(call.span(of: "by")) {
            try left.joined(with: right, on: keys, how: how, suffix: call["suffix"].string)
        }
        // Said once, with the first of the two warnings.
        warn(call, report.onlyLeft, of: left, isLeftOut: how == .inner, spelling: report.spelling)
        warn(call, report.onlyRight, of: right, isLeftOut: true)
        return table
    }

    private func warn(_ call: Call, _ alone: JoinReport.Alone, of table: Table, isLeftOut: Bool, spelling: String? = nil) {
        guard alone.count > 0, isFirst(RowsWithoutPartner(call: call, file: table.file, isLeftOut: isLeftOut)) else { return }
        let more = alone.count > 5 ? " and \(alone.count - 5) more" : ""
        let names = alone.first.prefix(5).map { "`\($0)`" }.joined(separator: ", ") + more
        let outcome =
            isLeftOut ? alone.count == 1 ? "is left out" : "are left out" : alone.count == 1 ? "keeps empty cells" : "keep empty cells"
        reported.append(
            Diagnostic(
                "unmatched-rows",
                """
                \(alone.count) of \(table.count) rows of `\(lastName(of: table.file))` \(alone.count == 1 ? "has" : "have") no partner \
                and \(outcome): \(names)\(spelling.map { "; \($0)" } ?? "")
                """,
                severity: .warning, at: call.origin.span, hint: spelling.map { _ in "spell the ids of both tables in one way" }))
    }
}

/// Key of a warning of rows without a partner, given once.
private struct RowsWithoutPartner: Hashable {
    var call: Call
    var file: String
    var isLeftOut: Bool
}
