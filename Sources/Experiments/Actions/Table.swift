import Builtins
import Datasets
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
        if performer.runner.library.givesRows(call) { return try perform(action, ofRows: call, with: performer) }
        let table = try performer.showTable(call)
        if let target = action.target { try performer.write(Array(table.csv.utf8), to: target, span: action.targetSpan) }
    }

    /// Prints rows that the check knows, and writes them one behind the other: there may be more of them than go into memory as texts.
    /// They are read from their file in any case, and stand in no store.
    private func perform(_ action: CheckedScript.Action, ofRows call: Call, with performer: Performer) throws {
        let table = try performer.showRows(call)
        guard let target = action.target else { return }
        try performer.write(to: target, span: action.targetSpan) { sink in
            try ResultTable.writeCSV(of: table, to: sink) { try performer.runner.stopIfAsked("writing a table") }
        }
    }
}

extension Performer {
    /// Prints a page of the rows that a call gives, which the check knows; returns them.
    @discardableResult
    func showRows(_ call: Call) throws -> Table {
        // Nobody reads a million rows, so they are not made ready for it.
        let table = try runner.table(call)
        try runner.stopIfAsked("reading a table")
        reporter.show(.table(ResultTable.page(of: table), title: ""))
        return table
    }

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
