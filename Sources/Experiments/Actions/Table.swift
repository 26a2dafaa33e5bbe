import Builtins
import Diagnostics
import Language
import Storage

/// `table`: prints a table, and writes it as CSV where a path is given.
struct TableAction: ActionMeaning {
    var subject: String { "the table" }

    func checkFormat(of target: String, for action: CheckedScript.Action) throws {
        guard target.hasSuffix(".csv") else {
            throw Diagnostic("unknown-format", "a table's path ends in `.csv`, found `\(target)`")
        }
    }

    func perform(_ action: CheckedScript.Action, with performer: Performer) throws {
        guard case .call(let call) = action.value else { return }
        let table = try performer.showTable(call)
        if let target = action.target { try performer.write(Array(table.csv.utf8), to: target, span: action.targetSpan) }
    }
}

extension Performer {
    /// Prints a table; returns all of it.
    @discardableResult
    func showTable(_ call: Call) throws -> ResultTable {
        let table = try table(call)
        try runner.stopIfAsked("computing a table")
        reporter.show(.table(table.page, title: ""))
        return table
    }

    /// A table, from the cache where nothing it rests on has changed.
    private func table(_ call: Call) throws -> ResultTable {
        try warnOfCopies(call)
        func key() throws -> Digest { try runner.resultKey(call, node: "table", version: NodeVersion.table) }
        if let bytes = try runner.cached("table.json", of: key()), let json = try? JSONValue(parsing: bytes),
            let table = TableFile.table(json)
        {
            return table
        }
        guard case .table(let table) = try computing.compute(.call(call)) else {
            throw Diagnostic("type", "expected a table", at: call.origin.span)
        }
        // What was trained for it is a part of its key now.
        try runner.store.cache.insert(key()) { try writeWhole(TableFile.json(table).canonical, to: joined($0, "table.json")) }
        return table
    }
}
