import Diagnostics
import Storage

/// The values that a run used, in `resolved.json`. The id of a run is the beginning of their hash, so that they can be checked wherever
/// they are read.
enum ResolvedValues {
    /// Reads the values of the run in a folder of a store, with the key that they are described by. Throws `bad-data` where there are
    /// none, or where the id of the run does not follow from them, and `cannot-read`.
    static func read(_ run: RunFolder) throws -> (values: JSONValue, key: Digest) {
        let place = DataPlace(file: run.resolved)
        guard fileStatus(run.resolved) != nil else {
            throw Diagnostic("bad-data", "expected the values that the run used, found none", data: place, hint: hint)
        }
        let values: JSONValue
        do { values = try JSONValue(parsing: readFile(run.resolved, limit: longest), in: place) } catch var diagnostic as Diagnostic {
            if diagnostic.isDamage, diagnostic.hints.isEmpty { diagnostic.hints = [hint] }
            throw diagnostic
        }
        let key = try sha256(values.canonical)
        // A copy from elsewhere has the name of its machine behind the id.
        guard run.id.prefix(while: { $0 != "-" }) == key.hex.prefix(16) else {
            throw Diagnostic(
                "bad-data", "expected the values that the id of the run is the hash of, found others", data: place, hint: hint)
        }
        return (values, key)
    }

    /// The most bytes of the file: those of a record that may be imported.
    static let longest = 1 << 24
    private static let hint = "run the script of the run again, which writes the file anew"
}
