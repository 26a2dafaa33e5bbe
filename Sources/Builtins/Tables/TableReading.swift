import Datasets
import Diagnostics
import Language
import Storage

extension CheckContext {
    /// The table of a call whose rows the check knows, read or made again where a file changed since the last look. Throws `type` for
    /// a table of results, and what is wrong with the rows.
    public func table(_ call: Call) throws -> Table {
        switch library.role(of: call) {
        case .rows(let inside, let reader)?: return try tableOfFile(call, inside: inside, reader)
        case .derived(let make)?, .atHand(let make)?:
            let version = library.tablePaths(of: .call(call)).reduce(0) { $0 + self.version(ofFile: resolve($1)) }
            return try remembered(DerivedTable(call: call, version: version), most: 64) {
                try located(call.origin.span) { try make(call, self) }
            }
        default: throw Diagnostic("type", "expected rows of a file, found `\(call.builtin)`", at: call.origin.span)
        }
    }

    /// The table of a value whose rows the check knows. Throws `type` for another.
    func rows(_ value: Value) throws -> Table {
        guard let call = value.call else { throw Diagnostic("type", "expected rows of a file, found \(value.phrase)") }
        return try table(call)
    }

    private func tableOfFile(
        _ call: Call, inside: String?, _ read: (Call, _ path: String) throws -> Table
    ) throws -> Table {
        let path = resolve(call["path"].string ?? "")
        let version = version(ofFile: inside.map { joined(path, $0) } ?? path)
        return try remembered(TableOfFile(call: source(of: .call(call)), path: path, version: version)) {
            do {
                return try read(call, path)
            } catch let diagnostic as Diagnostic {
                let isOfSheet = diagnostic.id == "unknown-sheet" && call["sheet"].string != nil
                throw diagnostic.at(call.span(of: isOfSheet ? "sheet" : "path"))
            }
        }
    }
}

/// Key of a table that is made of others and remembered; versions of files only grow, and so does their sum.
private struct DerivedTable: Hashable {
    var call: Call
    var version: Int
}

/// Key of a table that is remembered.
private struct TableOfFile: Hashable {
    /// The call as it is written, with all its arguments.
    var call: String
    var path: String
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

    /// The paths of the files of tables that were looked at, sorted.
    public var filesLookedAt: [String] { remembered(VersionsOfFiles()) { FileVersions() }.known.keys.sorted() }

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
