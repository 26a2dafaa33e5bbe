import Diagnostics
import Language
import Storage

/// The table `reported`: numbers that stand in a publication. The check turns a call into the reading of its file.
let reportedTables: [Builtin] = [
    Builtin(
        "reported", family: "Results",
        [
            Parameter(
                "of", .path, "the name of a table, `\"table8\"` for `reported/table8.csv` beside the script, or a path that ends in `.csv`")
        ],
        gives: .sort(.table), "A table of numbers that others have published, as it was printed.",
        examples: [Example("show reported(\"paper/reported/table8.csv\")[\"ho_r2\"]")], check: checkReported)
]

@Sendable private func checkReported(_ call: Call, _ context: CheckContext) throws -> Value {
    let name = try Arguments(call, library: context.library).text("of")
    let isPath = name.hasSuffix(".csv") || name.contains("/") && fileStatus(context.resolve(name))?.kind == .file
    // The name of a table in another folder, as of a script that was loaded, stands behind that folder.
    let folder = name.contains("/") ? joined(parentFolder(of: name), "reported") : "reported"
    let path = isPath ? name : joined(folder, lastName(of: name) + ".csv")
    if !isPath, fileStatus(context.resolve(path))?.kind != .file {
        let known = ((try? listFolder(context.resolve(folder))) ?? []).filter { $0.hasSuffix(".csv") }.map { String($0.dropLast(4)) }
            .sorted()
        throw Diagnostic(
            "missing-file", "there is no reported table `\(name)`", at: call.span(of: "of"),
            label: nearMiss(name, among: known).map { "did you mean `\($0)`?" },
            hint: known.isEmpty ? "it would be the file `\(path)` beside the script" : nil)
    }
    let source = Call("csv", ["path": Field(.text(Text(path)), Origin(call.span(of: "of")))], type: .sort(.table), origin: call.origin)
    _ = try context.table(source)
    return .call(source)
}
