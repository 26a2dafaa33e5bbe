import Datasets
import Diagnostics
import Language
import Storage

extension CheckContext {
    /// The table of a call that reads one, read again where its file changed since the last look.
    public func table(_ call: Call) throws -> Table {
        guard case .rows(let read)? = library.role(of: call) else {
            throw Diagnostic("type", "expected rows of a file, found `\(call.builtin)`", at: call.origin.span)
        }
        let path = resolve(call["path"].string ?? "")
        return try remembered(TableOfFile(reader: call.builtin, path: path, sheet: call["sheet"].string, version: version(ofFile: path))) {
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
    var version: Int
}

/// The states in which files were seen.
private final class FileVersions {
    var known: [String: (look: Int, status: FileStatus?, version: Int)] = [:]
}

/// Key of the states of files.
private struct VersionsOfFiles: Hashable {}

extension CheckContext {
    /// Whether a file looks as it did at the last look, which what is known of it is of.
    public func isCurrent(_ path: String) -> Bool {
        guard let known = remembered(VersionsOfFiles(), { FileVersions() }).known[path] else { return true }
        return fileStatus(path) == known.status
    }

    /// The number of times that a file was found changed; one look at the disk for each `look`.
    func version(ofFile path: String) -> Int {
        let versions = remembered(VersionsOfFiles()) { FileVersions() }
        let before = versions.known[path]
        if let before, before.look == look { return before.version }
        let status = fileStatus(path)
        let version = before.map { $0.status == status ? $0.version : $0.version + 1 } ?? 0
        versions.known[path] = (look, status, version)
        return version
    }
}
