import Datasets
import Diagnostics
import Language

extension CheckContext {
    /// The table of a call that reads one, read once.
    public func table(_ call: Call) throws -> Table {
        guard case .rows(let read)? = library.role(of: call) else {
            throw Diagnostic("type", "expected rows of a file, found `\(call.builtin)`", at: call.origin.span)
        }
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

/// Key of a table that is remembered.
private struct TableOfFile: Hashable {
    var reader: String
    var path: String
    var sheet: String?
}
