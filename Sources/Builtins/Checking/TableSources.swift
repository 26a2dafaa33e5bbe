import Datasets
import Diagnostics
import Language

/// The builtins that read rows, each with the reading of its file.
private let tableReaders: [String: @Sendable (Call, _ path: String) throws -> Table] = [
    "csv": { _, path in try readCSV(path: path) },
    "xlsx": { call, path in try readXLSX(path: path, sheet: call["sheet"].string) },
]

extension Call {
    /// The path, as it was written, of the file whose rows this call reads; nil where it reads none.
    public var tablePath: String? { tableReaders[builtin] == nil ? nil : self["path"].string ?? "" }
}

extension CheckContext {
    /// The table of a call that reads one, read once.
    public func table(_ call: Call) throws -> Table {
        guard let read = tableReaders[call.builtin] else { throw Diagnostic("type", "expected rows of a file, found `\(call.builtin)`", at: call.origin.span) }
        let path = resolve(call["path"].string ?? "")
        return try remembered(TableOfFile(reader: call.builtin, path: path, sheet: call["sheet"].string)) {
            do {
                return try read(call, path)
            } catch let diagnostic as Diagnostic {
                let isOfSheet = diagnostic.id == "unknown-sheet" && call["sheet"].string != nil
                throw diagnostic.at(call.span(of: isOfSheet ? "sheet" : "path"))
            }
        }
    }
}

private struct TableOfFile: Hashable {
    var reader: String
    var path: String
    var sheet: String?
}
