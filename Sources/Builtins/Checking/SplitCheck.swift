import Datasets
import Diagnostics
import Language

/// The split a call describes.
private func splitting(_ call: Call) throws -> any Splitting {
    func share(_ name: String) -> Double { call[name].number ?? 0 }
    func text(_ name: String) -> String { call[name].string ?? "" }
    let shares = Shares(train: share("train"), validation: share("validation"), holdout: share("holdout"))
    if call.builtin == "given" { return ColumnSplit.given(by: text("by")) }
    guard let number = call["seed"].integer, let seed = UInt64(exactly: number) else {
        throw Diagnostic("type", "expected a split, found \(Value.call(call).phrase)", at: call.origin.span)
    }
    switch call.builtin {
    case "trainTestSplit": return SplitRule.trainTestSplit(rest: share("rest"), holdoutOfRest: share("holdoutOfRest"), seed: seed)
    case "grouped": return ColumnSplit.grouped(by: text("by"), shares, seed: seed)
    case "stratified": return ColumnSplit.stratified(by: text("by"), shares, seed: seed, bins: call["bins"].integer)
    case "leaveOut":
        let what = call["what"].string ?? source(of: call["what"])
        return ColumnSplit.leaveOut(
            call["match"].word == "value" ? .value(what) : .element(what), in: text("in"), validation: share("validation"), seed: seed)
    default: return SplitRule.random(train: shares.train, validation: shares.validation, holdout: shares.holdout, seed: seed)
    }
}

/// Where in a split a fault lies: its shares, its column, or what it leaves out.
private func place(of diagnostic: Diagnostic, in call: Call) -> SourceSpan? {
    switch diagnostic.id {
    case "left-out": call.span(of: "what")
    case "split-column", "unknown-column", "bad-data": call.span(of: call.builtin == "leaveOut" ? "in" : "by")
    default: call.origin.span
    }
}

/// Checks what a split says by itself, before there is a table.
@Sendable func checkSplit(_ call: Call) throws {
    do {
        try splitting(call).check()
    } catch var diagnostic as Diagnostic {
        if let hint = diagnostic.hints.first {
            diagnostic.label = hint
            diagnostic.hints = []
        }
        throw diagnostic.at(place(of: diagnostic, in: call))
    }
}

/// The parts into which a split divides rows of a table.
func splitParts(_ value: Value, table: Table, rows: [Int]) throws -> Parts {
    guard case .call(let call) = value else { throw Diagnostic("type", "expected a split, found \(value.phrase)") }
    do {
        return try splitting(call).parts(of: table, rows: rows)
    } catch let diagnostic as Diagnostic {
        // The shares of a split may be set from afar: `data.split.train`. What is wrong with them stands in the data set then.
        throw diagnostic.id.hasPrefix("split-") && diagnostic.id != "split-column" ? diagnostic : diagnostic.at(place(of: diagnostic, in: call))
    }
}
