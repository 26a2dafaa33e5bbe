import Datasets
import Densities
import Diagnostics
import Language
import Storage

/// A data set resolved to rows, files and parts: everything but the contents of the files.
public struct DatasetPlan: Sendable {
    /// Name of the data set, for messages and tables.
    public var label: String
    /// Table that the rows belong to.
    public var table: Table
    /// Rows of the table that are used, in the order of the data set.
    public var rows: [Int]
    /// Id of each row.
    public var ids: [String]
    /// Target of each row, in the column's unit; empty where the data set has no target.
    public var targets: [Double]
    /// Name of the target's column; empty where the data set has no target.
    public var column: String
    /// Unit of the target; nil where neither the target nor its column has one.
    public var unit: String?
    /// Transform of the target before training.
    public var transform: TargetSpace.Transform
    /// Scaling of the target after the transform, fitted on the training part.
    public var scale: TargetSpace.Scale
    /// The inputs, in the order of their names.
    public var inputs: [DatasetInput]
    /// Rows of each part, as positions in `rows`.
    public var parts: Parts
    /// Number of rows left out because their target was empty.
    public var dropped: Int
    /// Ids of the rows left out because an input of theirs holds NaN or infinity.
    public var notFinite: [String]
    /// Whether rows and files are paired by position, not by id.
    public var pairsByPosition: Bool

    /// Identity of the plan, which tells it from every other plan without comparing their contents.
    public var identity = Identity()

    /// The rows that were left out, as a phrase such as `1 without a target`; nil where none was.
    public var leftOut: String? {
        let parts = [
            dropped > 0 ? "\(dropped) without a target" : nil,
            notFinite.isEmpty ? nil : "\(notFinite.count) with NaN or infinity in an input (\(notFiniteNames))",
        ].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " and ")
    }

    /// The first ids of the rows with NaN or infinity, in backticks, and how many more there are.
    public var notFiniteNames: String {
        notFinite.prefix(6).map { "`\($0)`" }.joined(separator: ", ") + (notFinite.count > 6 ? " and \(notFinite.count - 6) more" : "")
    }

    /// Number of rows.
    public var count: Int { rows.count }

    /// The input of that name; nil where there is none.
    public func input(_ name: String) -> DatasetInput? { inputs.first { $0.name == name } }

    /// The identity of a plan, which its copies share.
    public final class Identity: Sendable, Hashable {
        /// Creates an identity that equals no other.
        public init() {}
        public static func == (a: Identity, b: Identity) -> Bool { a === b }
        public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    /// Rows of a part as positions in `rows`, in order; none for another name.
    public func rows(of part: String) -> [Int] { parts.rows(of: part) }
}

/// Key of a plan that is remembered.
private struct PlannedData: Hashable {
    var data: Object
    var version: Int
    var notFinite: [Int]
}
/// Key of a warning about files that belong to no row, given once for each pattern.
private struct SurplusOf: Hashable { var pattern: String }

/// Names of the parts of a data set, in order.
public let partNames = ["train", "validation", "holdout"]

extension Parts {
    /// The rows of a part, in order; none for another name.
    public func rows(of part: String) -> [Int] {
        switch part {
        case "train": train
        case "validation": validation
        case "holdout": holdout
        default: []
        }
    }
}

extension DatasetPlan {
    /// The plan with `Smoke.rows` rows: each part keeps at least `Smoke.least` (or what it has), the others go to the parts
    /// by their shares, and the rows of a part are spread evenly over it.
    var smoked: DatasetPlan {
        let all = [parts.train, parts.validation, parts.holdout]
        guard count > Smoke.rows else { return self }
        var sizes = all.map { min($0.count, Smoke.least) }
        while sizes.reduce(0, +) < Smoke.rows {
            let lacking = all.indices.filter { sizes[$0] < all[$0].count }
                .max { share(all[$0].count) - Double(sizes[$0]) < share(all[$1].count) - Double(sizes[$1]) }
            guard let lacking else { break }
            sizes[lacking] += 1
        }
        // Rows to predict for are in no part.
        let isPlain = all.allSatisfy(\.isEmpty)
        let kept =
            isPlain
            ? [Array(0..<Smoke.rows), [], []]
            : zip(all, sizes).map { part, size in (0..<size).map { part[(2 * $0 + 1) * part.count / (2 * size)] } }
        let order = kept.flatMap { $0 }.sorted()
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
        func renumbered(_ part: [Int]) -> [Int] { part.compactMap { places[$0] } }
        var result = self
        result.identity = Identity()
        result.rows = order.map { rows[$0] }
        result.ids = order.map { ids[$0] }
        result.targets = targets.isEmpty ? [] : order.map { targets[$0] }
        result.inputs = inputs.map { $0.keeping(order) }
        if isPlain { return result }
        result.parts = Parts(train: renumbered(kept[0]), validation: renumbered(kept[1]), holdout: renumbered(kept[2]))
        return result
    }

    private func share(_ part: Int) -> Double { Double(Smoke.rows) * Double(part) / Double(count) }
}

extension CheckContext {
    /// The plan of a data set: its rows, files and parts, made again where the file of its rows changed, or other rows are left out;
    /// cut short in a smoke run. Throws the first thing that is wrong with it.
    public func plan(of data: Object) throws -> DatasetPlan {
        let rows = data["rows"].call.flatMap { library.tablePath(of: $0) }
        let version = rows.map { self.version(ofFile: resolve($0)) } ?? 0
        let notFinite = try notFiniteRows(of: data, version: version)
        return try remembered(PlannedData(data: data, version: version, notFinite: notFinite)) {
            let whole = try makePlan(of: data, without: notFinite)
            return isSmoke ? whole.smoked : whole
        }
    }

    /// The rows of a data set before it is known which of them have NaN in an input.
    func candidates(of data: Object) throws -> Candidates {
        guard case .call(let source) = data["rows"], let idName = data["id"].string else {
            throw Diagnostic("type", "a data set expected rows and an id", at: data.origin.span)
        }
        guard let target = data["target"].record else {
            let ground = try ground(of: data, source, idName)
            return Candidates(ground: ground, target: nil, rows: ground.rows)
        }
        guard !data["split"].isNone else {
            throw Diagnostic(
                "missing-field", "`\(data.label ?? "dataset")` expected the field `split` (which rows train, validate and are held out)",
                at: data.origin.span)
        }
        let ground = try ground(of: data, source, idName)
        let column = try located(target["column"]?.origin.span) { try ground.table.column(target["column"]?.value.string ?? "") }
        var rows = ground.rows
        if data["missing"].word == "drop" { rows = rows.filter { !isMissing(column.cells[$0]) } }
        guard !rows.isEmpty else {
            throw Diagnostic(
                "bad-data", "every row is without a target", at: target["column"]?.origin.span, data: DataPlace(file: ground.table.file))
        }
        return Candidates(ground: ground, target: column, rows: rows)
    }

    private func makePlan(of data: Object, without notFinite: [Int]) throws -> DatasetPlan {
        let candidates = try candidates(of: data)
        let ground = candidates.ground
        let leftOut = Set(notFinite)
        let rows = candidates.rows.filter { !leftOut.contains($0) }
        let notFinite = notFinite.map { ground.ids[$0] }
        guard let target = data["target"].record, let targetColumn = candidates.target else {
            return try planWithoutTarget(of: data, ground, rows, notFinite)
        }
        let table = ground.table
        let column = target["column"]?.value.string ?? ""
        let targets = try located(target["column"]?.origin.span) { try table.targets(column: column, rows: rows) }
        try checkPaths(ground.sources, of: table, target: targetColumn, rows: rows, id: data["id"].string ?? "")
        let transform: TargetSpace.Transform = target["transform"]?.value.word == "log" ? .log : .none
        let bad = targets.filter { $0 <= 0 }.count
        if transform == .log, bad > 0 {
            let example = rows[targets.firstIndex { $0 <= 0 } ?? 0]
            throw Diagnostic(
                "log-domain", "`transform: log` needs positive targets; `\(column)` is not positive in \(bad) of \(targets.count) rows",
                at: target["transform"]?.origin.span, data: table.place(ofRow: example))
        }
        let parts = try located(data.span(of: "split")) { try library.parts(data["split"], table: table, rows: rows) }
        return DatasetPlan(
            label: data.label ?? "dataset", table: table, rows: rows, ids: rows.map { ground.ids[$0] }, targets: targets, column: column,
            unit: target["unit"]?.value.string ?? targetColumn.unit, transform: transform,
            scale: target["scale"]?.value.word.flatMap(TargetSpace.Scale.init(rawValue:)) ?? .none,
            inputs: try resolved(ground, rows: rows, data: data), parts: parts, dropped: ground.rows.count - candidates.rows.count,
            notFinite: notFinite,
            pairsByPosition: ground.byPosition)
    }

    /// The plan of a data set without a target: rows to predict for, in no part.
    private func planWithoutTarget(of data: Object, _ ground: Ground, _ rows: [Int], _ notFinite: [String]) throws -> DatasetPlan {
        return DatasetPlan(
            label: data.label ?? "dataset", table: ground.table, rows: rows, ids: rows.map { ground.ids[$0] }, targets: [],
            column: "", unit: nil, transform: .none, scale: .none,
            inputs: try resolved(ground, rows: rows, data: data), parts: Parts(train: [], validation: [], holdout: []), dropped: 0,
            notFinite: notFinite, pairsByPosition: ground.byPosition)
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
    }

    private func ground(of data: Object, _ source: Call, _ idName: String) throws -> Ground {
        let table = try table(source)
        guard table.count > 0 else {
            throw Diagnostic(
                "bad-data", "expected rows below the header, found none", at: source.span(of: "path"), data: DataPlace(file: table.file))
        }
        let ids = try located(data.span(of: "id")) { try table.column(idName) }
        let inputs = data["inputs"].record ?? [:]
        guard !inputs.isEmpty else {
            throw Diagnostic("missing-field", "`inputs` expected at least one input, found none", at: data.span(of: "inputs"))
        }
        let sources = Dictionary(inputs.map { ($0.key, library.fileSources(of: $0.value.value)) }) { $1 }
        let byPosition = sources.values.joined().contains { $0["pair"].word == "position" }
        let isFree = byPosition && data["target"].isNone
        let ordered = isFree ? [] : try located(data.span(of: "id")) { try table.rowsInOrder(ofID: idName) }
        return Ground(
            table: table, ids: ids.cells, rows: byPosition ? Array(0..<table.count) : ordered, byPosition: byPosition, inputs: inputs,
            sources: sources)
    }

    /// The inputs of a data set with the items of these rows, in the order of their names.
    private func resolved(_ ground: Ground, rows: [Int], data: Object) throws -> [DatasetInput] {
        try ground.inputs.byName.map { name, field in
            var input = try self.input(name, field, ground, rows: rows, data: data)
            input.type = try itemType(input)
            return input
        }
    }

    /// An input with the items of these rows, its type not yet known. Of several sources some may be one file for all rows, but not
    /// all of them.
    func input(_ name: String, _ field: Field, _ ground: Ground, rows: [Int], data: Object) throws -> DatasetInput {
        let sources = ground.sources[name] ?? []
        guard let first = sources.first else {
            throw Diagnostic(
                "type", "an input expected a source of files such as `chgcar(\"{\(data["id"].string ?? "id")}.CHGCAR\")`",
                at: field.origin.span)
        }
        guard sources.contains(where: { library.literalPath(of: $0) == nil }) else {
            throw Diagnostic(
                "bad-template", "this path is the same for every row", at: library.pathSpan(of: first),
                hint: "name a column in braces, as in `{\(data["id"].string ?? "id")}`")
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
                idName: data["id"].string ?? "", span: span)
        } else {
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
            paths = try located(span) {
                try template.check(table)
                return try rows.map { resolve(try template.expand(table, row: $0)) }
            }
        }
        let missing = paths.indices.filter { fileStatus(paths[$0])?.kind != .file }
        if let first = missing.first {
            throw Diagnostic(
                "missing-file",
                missing.count == 1
                    ? "there is no file `\(paths[first])`"
                    : "\(missing.count) of \(paths.count) files are not there, the first is `\(paths[first])`",
                at: span, data: table.place(ofRow: rows[first]))
        }
        return paths
    }

    /// The path of each row's file among those that match a pattern with `*`. Warns of files that belong to no row.
    private func globbed(
        _ pattern: String, byPosition: Bool, table: Table, rows: [Int], idName: String, span: SourceSpan?
    ) throws -> [String] {
        let matches = try located(span) { try glob(pattern) }
        let pairs: [(row: Int, path: String)] = try located(span) {
            byPosition ? try table.pairByPosition(matches.map(\.path)) : try table.join(matches, id: idName)
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

/// Whether a cell of the target holds no number: it is blank, or `NaN`.
private func isMissing(_ cell: String) -> Bool {
    let text = cell.filter { $0 != " " && $0 != "\t" }.lowercased()
    return text.isEmpty || text == "nan"
}
