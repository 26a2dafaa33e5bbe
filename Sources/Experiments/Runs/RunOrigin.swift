import Storage

/// The mark of a run that was brought from elsewhere, in `imported.json` beside its record: whether it has been checked here that its
/// weights give the predictions it holds. Marks of other stores are not taken over.
enum RunOrigin {
    static let name = "imported.json"

    /// Whether the run in a folder was checked here; nil for a run that was computed here, or brought by an older version.
    static func isChecked(_ folder: String) -> Bool? {
        let path = joined(folder, name)
        guard fileStatus(path) != nil else { return nil }
        return (try? JSONValue(parsing: readFile(path, limit: 1 << 12)))?["checked"]?.boolValue ?? false
    }

    /// Marks the run in a folder as one from elsewhere. Throws `cannot-write`.
    static func mark(_ folder: String, checked: Bool) throws {
        try writeWhole(JSONValue.object(["checked": .bool(checked)]).pretty, to: joined(folder, name))
    }
}
