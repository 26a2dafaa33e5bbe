import Builtins
import Language

/// The library written in the language itself, as a reference tells of it.
public enum StandardLibrary {
    /// The functions of the library, file by file; none where it is not installed.
    public static func functions(in folder: String? = Installation.standardLibrary) -> [DocumentedFunction] {
        FileWorld(folder: "", library: folder).standardLibrary().flatMap { catalogue.parse($0.text, file: $0.file).documentedFunctions }
    }
}
