import Diagnostics
import Storage

/// The values that a run used, in `resolved.json`. The id of a run is the beginning of their hash, so that they can be checked wherever
/// they are read. The hash of the file stands among those of a finished run, which ties what the run came to to its id: a folder that
/// holds another run is told from one whose values alone were changed.
enum ResolvedValues {
    /// The name of the file.
    static let name = "resolved.json"

    /// Reads the values of the run in a folder of a store, with the key that they are described by. Throws `bad-data` where there are
    /// none, where the id of the run does not follow from them, or where the folder holds a run of other values, and `cannot-read`.
    static func read(_ run: RunFolder) throws -> (values: JSONValue, key: Digest) {
        let place = DataPlace(file: run.resolved)
        let recorded = (try? RunContents(in: run.path))?[name]
        // A training that goes on writes them anyway. Where the files of a run have no hash of its values, nothing says whose they are.
        let hint = recorded != nil || fileStatus(run.file("result.json")) == nil ? mending : another
        guard fileStatus(run.resolved) != nil else {
            throw Diagnostic("bad-data", "expected the values that the run used, found none", data: place, hint: hint)
        }
        let bytes = try readFile(run.resolved, limit: longest)
        let values: JSONValue
        do { values = try JSONValue(parsing: bytes, in: place) } catch var diagnostic as Diagnostic {
            if diagnostic.isDamage, diagnostic.hints.isEmpty { diagnostic.hints = [hint] }
            throw diagnostic
        }
        let (key, digest) = try (sha256(values.canonical), sha256(bytes))
        // A copy from elsewhere has the name of its machine behind the id.
        guard run.id.prefix(while: { $0 != "-" }) == key.hex.prefix(16) else {
            let expected = "expected the values that the id of the run is the hash of, found "
            guard recorded == digest else { throw Diagnostic("bad-data", expected + "others", data: place, hint: hint) }
            throw Diagnostic("bad-data", expected + "those of run `\(key.hex.prefix(16))`", data: place, hint: another)
        }
        // Spaces alone do not make them others.
        if let recorded, recorded != digest, try recorded != sha256(values.pretty) {
            throw Diagnostic(
                "bad-data", "expected the hashes of the files of the run, found those of a run of other values",
                data: DataPlace(file: run.file(RunContents.name)), hint: another)
        }
        return (values, key)
    }

    /// The most bytes of the file: those of a record that may be imported.
    static let longest = 1 << 24
    private static let mending = "run the script of the run again with `--verify`, which writes the file anew"
    private static let another =
        "run the script of the run again with `--verify`, which trains it anew: nothing says that what the folder holds is this run's"
}
