import Diagnostics
import Glibc
import Language
import Storage

/// The places of the installed parts of ecdx.
public enum Installation {
    /// Version of ecdx.
    public static let version = "0.1.0"

    /// The folder of the library written in the language itself: `ECDX_STDLIB`, else `share/ecdx/stdlib` beside the folder of
    /// the program, else a `stdlib` above it, as in a build folder; nil where there is none.
    public static let standardLibrary: String? = {
        if let given = environment("ECDX_STDLIB") { return given }
        guard let program = try? resolvedPath("/proc/self/exe") else { return nil }
        var folder = parentFolder(of: program)
        let shared = joined(joined(joined(parentFolder(of: folder), "share"), "ecdx"), "stdlib")
        if fileStatus(shared)?.kind == .folder { return shared }
        for _ in 0..<6 {
            let candidate = joined(folder, "stdlib")
            if fileStatus(joined(candidate, "networks.ecdx"))?.kind == .file { return candidate }
            let above = parentFolder(of: folder)
            if above == folder { return nil }
            folder = above
        }
        return nil
    }()
}

/// A world of files: modules from the script's folder and the library from the installation.
public struct FileWorld: World {
    /// Folder of the script.
    public let folder: String
    /// The folder of the library; nil where it is not installed.
    public let library: String?
    /// Creates a world with the folder of a script and that of the library.
    public init(folder: String, library: String? = Installation.standardLibrary) {
        self.folder = folder
        self.library = library
    }

    /// The text of a module in the script's folder or below it. Throws `missing-file`, `outside` and what reading throws.
    public func module(_ path: String) throws -> (file: String, text: String) {
        guard path.hasSuffix(".ecdx") else { throw Diagnostic("missing-file", "a module ends in `.ecdx`, found `\(path)`") }
        do {
            let full = try contained(path, relativeTo: folder, in: [folder])
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
