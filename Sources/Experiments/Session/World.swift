import Diagnostics
import Language
import Storage

/// A world of files: modules from the script's folder and the library from the installation.
public struct FileWorld: World {
    /// Folder of the script.
    public let folder: String
    /// The folder of the library; nil where it is not installed.
    public let library: String?
    /// Folders of other scripts, which modules may stand in too.
    public let others: [String]
    /// Creates a world with the folder of a script, that of the library and those of other scripts.
    public init(folder: String, library: String? = Installation.standardLibrary, others: [String] = []) {
        self.folder = folder
        self.others = others
        self.library = library
    }

    /// The text of a module in the script's folder or below it. Throws `missing-file`, `outside` and what reading throws.
    public func module(_ path: String) throws -> (file: String, text: String) {
        guard path.hasSuffix(".ecdx") else { throw Diagnostic("missing-file", "a module ends in `.ecdx`, found `\(path)`") }
        do {
            let full = try contained(path, relativeTo: folder, in: [folder] + others)
            let root = try resolvedPath(folder)
            let prefix = root == "/" ? root : root + "/"
            let name = full.hasPrefix(prefix) ? String(full.dropFirst(prefix.count)) : full
            return (name, try readText(full, limit: 1 << 24))
        } catch var diagnostic as Diagnostic {
            if diagnostic.id == "outside" { diagnostic.hints = ["modules stand in the script's folder or below it"] }
            throw diagnostic
        }
    }

    /// The files of the library in the order of their names; none where it is not installed.
    public func standardLibrary() -> [(file: String, text: String)] {
        guard let folder = library, let names = try? listFolder(folder) else { return [] }
        return names.sorted().filter { $0.hasSuffix(".ecdx") }.compactMap { name in
            (try? readText(joined(folder, name), limit: 1 << 24)).map { (file: "stdlib/" + name, text: $0) }
        }
    }
}

/// A world that remembers the texts that were read, so that diagnostics can show them.
final class RecordingWorld: World {
    private let inner: FileWorld
    var read: [(file: String, text: String)] = []
    init(_ inner: FileWorld) { self.inner = inner }

    func module(_ path: String) throws -> (file: String, text: String) {
        let module = try inner.module(path)
        read.append(module)
        return module
    }

    func standardLibrary() -> [(file: String, text: String)] {
        let files = inner.standardLibrary()
        read += files
        return files
    }
}
