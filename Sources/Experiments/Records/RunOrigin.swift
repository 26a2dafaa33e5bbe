import Storage

/// The mark of a run that was brought from elsewhere, in `imported.json` beside its record: whether it has been checked here that its
/// weights give the predictions it holds. Marks of other stores are not taken over.
enum RunOrigin {
    static let name = "imported.json"

    /// Whether the run in a folder was brought from elsewhere; false for one that an older version brought.
    static func isImported(_ folder: String) -> Bool { fileStatus(joined(folder, name)) != nil }

    /// Whether the run in a folder was checked here; nil for one that was computed here and has the hashes of its files, so that
    /// there is nothing to check. `isHashed`: whether it has them, where that is known.
    static func isChecked(_ folder: String, isHashed: Bool? = nil) -> Bool? {
        guard isHashed ?? RunContents.areThere(in: folder) else { return false }
        guard isImported(folder) else { return nil }
        return (try? JSONValue(parsing: readFile(joined(folder, name), limit: 1 << 12)))?["checked"]?.boolValue ?? false
    }

    /// Marks the run in a folder as one from elsewhere. Throws `cannot-write`.
    static func mark(_ folder: String, checked: Bool) throws {
        try writeWhole(JSONValue.object(["checked": .bool(checked)]).pretty, to: joined(folder, name))
    }
}
