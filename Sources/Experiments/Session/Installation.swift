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

    /// The folder of the documents and examples: `share/doc/ecdx` beside the library where it is installed, the folder above it where it
    /// is not; nil where there is none.
    public static let documents: String? = {
        guard let library = standardLibrary else { return nil }
        let above = parentFolder(of: library)
        let installed = joined(joined(parentFolder(of: above), "doc"), "ecdx")
        return [installed, above].first { fileStatus(joined($0, "LANGUAGE.md"))?.kind == .file }
    }()
}
