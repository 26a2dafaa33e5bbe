import Datasets
import Densities
import Diagnostics
import Language
import Storage

/// Key of a warning about files that belong to no row, given once for each pattern.
private struct SurplusOf: Hashable { var pattern: String }

extension CheckContext {
    /// The rows of a data set before it is known which of them have NaN in an input.
    func candidates(of data: Object) throws -> Candidates {
        guard case .call(let source) = data[field: "rows"], let idName = data[field: "id"].string else {
            throw Diagnostic("type", "a data set expected rows and an id", at: data.origin.span)
        }
        guard let target = data[field: "target"].record else {
            let ground = try ground(of: data, source, idName)
            let (rows, absent) = try present(ground.rows, ground, data: data)
            return Candidates(ground: ground, target: nil, rows: rows, absent: absent)
        }
        guard !data[field: "split"].isNone else {
            throw Diagnostic(
                "missing-field", "`\(data.label ?? "dataset")` expected the field `split` (which rows train, validate and are held out)",
                at: data.origin.span)
        }
        let ground = try ground(of: data, source, idName)
        let column = try located(target["column"]?.origin.span) { try ground.table.column(target["column"]?.value.string ?? "") }
        var rows = ground.rows
        if data[field: "missing"].word == "drop" { rows = rows.filter { !isMissing(column.text($0)) } }
        guard !rows.isEmpty else {
            throw Diagnostic(
                "bad-data", "every row is without a target", at: target["column"]?.origin.span, data: DataPlace(file: ground.table.file))
        }
        let withTarget = rows.count
        let (present, absent) = try present(rows, ground, data: data)
        return Candidates(
            ground: ground, target: column, rows: present, withoutTarget: ground.rows.count - withTarget, absent: absent)
    }

    /// The rows whose files are all there, and those whose are not, where the data set leaves such rows out; all of them else. Throws
    /// `missing-file` where no row would be left.
    private func present(_ rows: [Int], _ ground: Ground, data: Object) throws -> (present: [Int], absent: [Int]) {
        guard data[field: "absent"].word == "drop" else { return (rows, []) }
        var absent: Set<Int> = []
        var example: String?
        for source in ground.sources.values.joined() where library.literalPath(of: source) == nil {
            guard source["pair"].word != "position" else {
                throw Diagnostic(
                    "type", "files that meet the rows by position are there or not for all of them", at: data.span(of: "absent"))
            }
            for (row, path) in zip(rows, try expected(source, ground, rows: rows, data: data)) {
                if let path, fileStatus(path)?.kind == .file { continue }
                absent.insert(row)
                example = example ?? path
            }
        }
        let present = rows.filter { !absent.contains($0) }
        guard !present.isEmpty || rows.isEmpty else {
            throw Diagnostic(
                "missing-file",
                "no row has its files\(example.map { ", the first that is not there is `\($0)`" } ?? "")",
                at: data.span(of: "inputs"), data: ground.table.place(ofRow: rows[0]), hint: "see whether the paths are right")
        }
        return (present, rows.filter(absent.contains))
    }

    /// The path of the file that each row should have; nil where none matches its id.
    private func expected(_ source: Call, _ ground: Ground, rows: [Int], data: Object) throws -> [String?] {
        guard let text = library.path(of: source) else { return [] }
        guard text.string.contains("*"), text.placeholders.isEmpty else {
            let template = try template(text, of: source, ground.table)
            return try rows.map { resolve(try template.expand(ground.table, row: $0)) }
        }
        let matches = try located(library.pathSpan(of: source)) { try glob(resolve(text.string)) }
        let paths = Dictionary(matches.map { ($0.key, $0.path) }) { first, _ in first }
        return rows.map { paths[ground.ids[$0]] }
    }

    /// The path of a source with columns in braces. Throws `bad-template`.
    private func template(_ text: Text, of source: Call, _ table: Table) throws -> RowTemplate {
        let template = RowTemplate(
            parts: text.pieces.map {
                if case .placeholder(let name) = $0 {
                    .column(name)
                } else if case .plain(let text) = $0 {
                    .text(text)
                } else {
                    .text("")
                }
            })
        try located(library.pathSpan(of: source)) { try template.check(table) }
        return template
    }

    /// What every data set rests on, with a target or without.
    struct Ground {
        var table: Table
        /// The cell of the id column of each row of the table.
        var ids: [String]
        /// The rows in the natural order of their ids, or in the order of the table where files meet them by position.
        var rows: [Int]
        var byPosition: Bool
        var inputs: Fields
        /// The calls that read files, by name of the input.
        var sources: [String: [Call]]
    }

    /// The rows that a data set may use, as far as its table tells.
    struct Candidates {
        var ground: Ground
        /// The column of the target; nil where the data set has none.
        var target: Column?
        var rows: [Int]
        /// How many rows were left out since they have no target.
        var withoutTarget = 0
        /// Rows that were left out since a file of theirs is not there.
        var absent: [Int] = []
    }

    private func ground(of data: Object, _ source: Call, _ idName: String) throws -> Ground {
        let table = try table(source)
        guard table.count > 0 else {
            throw Diagnostic(
                "bad-data", "expected rows below the header, found none", at: source.span(of: "path"), data: DataPlace(file: table.file))
        }
        let ids = try located(data.span(of: "id")) { try table.column(idName) }
        let inputs = data[field: "inputs"].record ?? [:]
        guard !inputs.isEmpty else {
            throw Diagnostic("missing-field", "`inputs` expected at least one input, found none", at: data.span(of: "inputs"))
        }
        let sources = Dictionary(inputs.map { ($0.key, library.fileSources(of: $0.value.value)) }) { $1 }
        let byPosition = sources.values.joined().contains { $0["pair"].word == "position" }
        let isFree = byPosition && data[field: "target"].isNone
        let ordered = isFree ? [] : try located(data.span(of: "id")) { try table.rowsInOrder(ofID: idName) }
        return Ground(
            table: table, ids: ids.cells, rows: byPosition ? Array(0..<table.count) : ordered, byPosition: byPosition, inputs: inputs,
            sources: sources)
    }

    /// An input with the items of these rows, its type not yet known. Of several sources some may be one file for all rows, but not
    /// all of them.
    func input(_ name: String, _ field: Field, _ ground: Ground, rows: [Int], data: Object) throws -> DatasetInput {
        let sources = ground.sources[name] ?? []
        if !library.columnsOfRow(field.value).isEmpty { return try columnInput(name, field, ground.table, rows: rows, data: data) }
        guard let first = sources.first else {
            throw Diagnostic(
                "type",
                "an input expected a source of files such as `chgcar(\"{\(data[field: "id"].string ?? "id")}.CHGCAR\")`, "
                    + "or a column such as `row[\"volume\"]`",
                at: field.origin.span)
        }
        guard sources.contains(where: { library.literalPath(of: $0) == nil }) else {
            throw Diagnostic(
                "bad-template", "this path is the same for every row", at: library.pathSpan(of: first),
                hint: "name a column in braces, as in `{\(data[field: "id"].string ?? "id")}`")
        }
        let columns = try sources.map { source in
            if let path = library.literalPath(of: source) { return [String](repeating: resolve(path), count: rows.count) }
            return try paths(source, table: ground.table, rows: rows, data: data)
        }
        let items = rows.indices.map { row in RowItem(files: columns.map { row < $0.count ? $0[row] : "" }) }
        return DatasetInput(name: name, field: field, sources: sources, items: items, type: nil, isFitted: library.isFitted(field.value))
    }

    /// The path of each row's file. Throws `bad-template` and `missing-file`.
    private func paths(_ source: Call, table: Table, rows: [Int], data: Object) throws -> [String] {
        guard let text = library.path(of: source) else { return [] }
        let span = library.pathSpan(of: source)
        var paths: [String]
        if text.string.contains("*") {
            guard text.placeholders.isEmpty else {
                throw Diagnostic("bad-template", "a path holds `*` or columns in braces, not both", at: span)
            }
            paths = try globbed(
                resolve(text.string), byPosition: source["pair"].word == "position", table: table, rows: rows,
                idName: data[field: "id"].string ?? "", mayLack: data[field: "absent"].word == "drop", span: span)
        } else {
            let template = try template(text, of: source, table)
            paths = try located(span) { try rows.map { resolve(try template.expand(table, row: $0)) } }
        }
        let missing = paths.indices.filter { fileStatus(paths[$0])?.kind != .file }
        if let first = missing.first {
            throw Diagnostic(
                "missing-file",
                missing.count == 1
                    ? "there is no file `\(paths[first])`"
                    : "\(missing.count) of \(paths.count) files are not there, the first is `\(paths[first])`",
                at: span, data: table.place(ofRow: rows[first]),
                hint: missing.count < paths.count ? "say `absent: drop` to leave such rows out" : nil)
        }
        return paths
    }

    /// The path of each row's file among those that match a pattern with `*`. Warns of files that belong to no row.
    private func globbed(
        _ pattern: String, byPosition: Bool, table: Table, rows: [Int], idName: String, mayLack: Bool, span: SourceSpan?
    ) throws -> [String] {
        let matches = try located(span) { try glob(pattern) }
        let pairs: [(row: Int, path: String)] = try located(span) {
            byPosition
                ? try table.pairByPosition(matches.map(\.path))
                : mayLack ? try table.partners(of: matches, id: idName) : try table.join(matches, id: idName)
        }
        let surplus = matches.count - pairs.count
        if surplus > 0, isFirst(SurplusOf(pattern: pattern)) {
            let used = Set(pairs.map(\.path))
            let example = matches.first { !used.contains($0.path) }?.path ?? pattern
            reported.append(
                Diagnostic(
                    "unmatched-files", "\(surplus) of \(matches.count) files belong to no row, the first is `\(example)`",
                    severity: .warning, at: span))
        }
        let byRow = Dictionary(pairs.map { ($0.row, $0.path) }) { first, _ in first }
        return rows.compactMap { byRow[$0] }
    }
}
