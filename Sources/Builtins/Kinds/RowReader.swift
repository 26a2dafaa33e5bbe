import Datasets
import Diagnostics
import Language
import Storage
import Synchronization
import Tensors
import Training

/// Computes the items of rows from their files, on several threads. A row rests on its own files alone, so the numbers are the same
/// whatever the number of threads.
public struct RowReader: Sendable {
    let library: Library
    /// The folder that relative paths begin at.
    let folder: String
    /// Number of threads.
    let threads: Int

    /// Creates a reader. Paths of the rows are whole already; `folder` is that of others, such as a file that all rows share.
    public init(library: Library, folder: String, threads: Int) {
        (self.library, self.folder, self.threads) = (library, folder, max(1, threads))
    }

    /// Calls `make` for each of the rows on several threads, and `take` with what it gave, row by row in order on the caller's own.
    /// The first row in order for which `make` throws is the one whose error is thrown, as if they had been made one by one;
    /// `between` is called now and then before rows are made, to stop.
    func inOrder<Made: Sendable>(
        _ rows: [Int], between: () throws -> Void, _ make: @escaping @Sendable (Int) throws -> Made, _ take: (Int, Made) throws -> Void
    ) throws {
        // Few at a time, since whole items are waiting meanwhile; several for each thread, since some take longer than others.
        let ahead = 4 * max(2, threads)
        try between()
        try Storage.inOrder(rows.count, threads: threads, ahead: ahead, make: { try make(rows[$0]) }) { place, made in
            if place > 0, place % ahead == 0 { try between() }
            try take(rows[place], made)
        }
    }

    /// The item that an input has of a row. Throws what computing it throws.
    public func item(_ input: DatasetInput, row: Int) throws -> Tensor { try item(input, row: row, asksForNaN: false) }

    func item(_ input: DatasetInput, row: Int, asksForNaN: Bool) throws -> Tensor {
        try item(input, row: row, from: FilesAlone(library: library, folder: folder), asksForNaN: asksForNaN)
    }

    private func item(_ input: DatasetInput, row: Int, from source: FilesAlone, asksForNaN: Bool) throws -> Tensor {
        try ComputeContext(source: source, files: input.choice(row: row), asksForNaN: asksForNaN).item(input.pipeline)
    }

    /// Reads the items of an input and calls `take` with each, in the order of the rows. `known`: the items of rows that need not be
    /// read. `between` is called now and then, to stop; `keep` with what was odd about a row; `warn` at the end, once for what was odd in
    /// one way about any number of rows. Throws `bad-data` with the row and its file for an item that holds NaN or infinity.
    public func read(
        _ input: DatasetInput, of plan: DatasetPlan, known: [Int: KnownItem] = [:], between: () throws -> Void,
        keep: (Int, [Diagnostic]) -> Void, warn: (Diagnostic) -> Void, _ take: (Int, Tensor) throws -> Void
    ) throws {
        var odd = OddRows()
        try inOrder(
            Array(0..<plan.count), between: between,
            { row -> (Tensor, [Diagnostic]) in
                if let item = known[row] { return (try item.tensor(), item.warnings) }
                let source = FilesAlone(library: library, folder: folder)
                let item = try located(input.span) { try self.item(input, row: row, from: source, asksForNaN: false) }
                try item.withUnsafeBuffer { try input.checkFinite($0, of: plan, row: row) }
                return (item, source.warnings)
            }
        ) { row, made in
            odd.add(made.1, row: row)
            if !made.1.isEmpty { keep(row, made.1) }
            try take(row, made.0)
        }
        for warning in odd.summed(input, of: plan) { warn(warning) }
    }
}

/// An item that was computed before, and its place among others.
public struct KnownItem: Sendable {
    /// The items that it is one of.
    public var items: Items
    /// The place of the item, from 0.
    public var place: Int
    /// What was odd about its row.
    public var warnings: [Diagnostic]

    /// Names an item.
    public init(items: Items, place: Int, warnings: [Diagnostic]) { (self.items, self.place, self.warnings) = (items, place, warnings) }

    /// The item itself. Throws what reading throws.
    func tensor() throws -> Tensor { try items.withItem(place) { try Tensor(shape: items.shape, values: Array($0)) } }
}

extension DatasetInput {
    /// What was odd about rows, once for each way, as reading them tells it.
    public func summed(_ warnings: [Int: [Diagnostic]], of plan: DatasetPlan) -> [Diagnostic] {
        var odd = OddRows()
        for (row, found) in warnings.sorted(by: { $0.key < $1.key }) { odd.add(found, row: row) }
        return odd.summed(self, of: plan)
    }

    /// Checks that an item holds numbers alone: a network makes a number of what is none, as a ReLU makes 0 of it, and nothing would
    /// show. Throws `bad-data` with the row and its file.
    public func checkFinite(_ item: UnsafeBufferPointer<Float>, of plan: DatasetPlan, row: Int) throws {
        guard let first = item.first(where: { !$0.isFinite }) else { return }
        let count = item.count { !$0.isFinite }
        let paths = items.indices.contains(row) ? items[row].files : []
        throw Diagnostic(
            "bad-data",
            """
            expected numbers in `\(plan.label).inputs.\(name)` of the row `\(plan.ids[row])`, \
            found \(first.isNaN ? "NaN" : "infinity") (\(count) of \(item.count) values)
            """,
            at: span, data: paths.first.map { DataPlace(file: $0) },
            notes: paths.count > 1 ? ["the row's files: \(paths.map { "`\($0)`" }.joined(separator: ", "))"] : [],
            hint: !columns.isEmpty
                ? "take the row out of the table with `where`"
                : "put the file right, take the row out of the table, or leave such rows out with `missing: drop`")
    }
}

/// What was odd about rows: each kind of warning once, with the rows it is of.
private struct OddRows {
    private var kinds: [(first: Diagnostic, row: Int, count: Int)] = []

    mutating func add(_ warnings: [Diagnostic], row: Int) {
        for warning in warnings {
            if let known = kinds.firstIndex(where: { $0.first.id == warning.id && $0.first.span == warning.span }) {
                kinds[known].count += 1
            } else {
                kinds.append((warning, row, 1))
            }
        }
    }

    /// The warnings, each of the first row that has it, with the number of the others.
    func summed(_ input: DatasetInput, of plan: DatasetPlan) -> [Diagnostic] {
        kinds.map { kind in
            var warning = kind.first
            let id = plan.ids.indices.contains(kind.row) ? plan.ids[kind.row] : ""
            warning.notes.append(
                kind.count == 1
                    ? "this is the row `\(id)` of `\(plan.label).inputs.\(input.name)`"
                    : "this is the row `\(id)`, the first of \(kind.count) of \(plan.count) in `\(plan.label).inputs.\(input.name)`")
            if warning.data == nil, input.items.indices.contains(kind.row) {
                warning.data = input.items[kind.row].files.first.map { DataPlace(file: $0) }
            }
            return warning
        }
    }
}

/// The source of results for the items of rows: there are files and no results. Has no state but the warnings of a row, so that each
/// thread may have one.
private final class FilesAlone: WithoutResults, Sendable {
    let library: Library
    private let folder: String
    private let told = Mutex<[Diagnostic]>([])

    /// The warnings so far.
    var warnings: [Diagnostic] { told.withLock { $0 } }

    init(library: Library, folder: String) { (self.library, self.folder) = (library, folder) }

    func resolve(_ path: String) -> String { CheckContext.resolve(path, in: folder) }
    // Whoever keeps what was read asks whether the files are what they were, when it has been read.
    func confirm(_ path: String) throws {}
    func warn(_ diagnostic: Diagnostic) { told.withLock { $0.append(diagnostic) } }

    /// An input is made from the files of its row alone, which the check made sure of before.
    var isNoResult: Diagnostic { Diagnostic("internal", "an input of a data set rests on a result") }
}
