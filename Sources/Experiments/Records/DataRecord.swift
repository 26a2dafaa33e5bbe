import Builtins
import Diagnostics
import Storage

/// The descriptions of the data sets that runs were trained on, a file for each key of a data set: what the key is a hash of, so that
/// it can be told later in what another data set differs. Stores of older versions have none.
struct DataRecord {
    private let folder: String
    private var known: [String: JSONValue?] = [:]
    /// Descriptions that are not those which were written, each once.
    private(set) var damaged: [Diagnostic] = []
    /// The name of the hash in a description, which is that of the key and of all the rest.
    private static let hash = "sha256"

    /// The descriptions in the store at a path.
    init(store: String) { folder = joined(store, "data") }

    private func path(_ key: String) -> String { joined(folder, key + ".json") }

    /// Writes the description of a data set where there is none. Throws `cannot-write`.
    func write(_ key: Digest, _ description: () throws -> JSONValue) throws {
        guard fileStatus(path(key.hex)) == nil else { return }
        try createFolder(folder)
        let text = try description().canonical
        var members = try JSONValue(parsing: text).objectValue ?? [:]
        members[Self.hash] = .string(try sha256(key.hex + text).hex)
        try writeWhole(JSONValue.object(members).canonical + "\n", to: path(key.hex))
    }

    /// The description of the data set with a key; nil where there is none that can be used.
    mutating func description(_ key: String) -> JSONValue? {
        if let found = known[key] { return found }
        var found: JSONValue?
        do { found = try read(key) } catch {
            if let damage = error as? Diagnostic { damaged.append(damage) }
        }
        known[key] = .some(found)
        return found
    }

    /// Reads a description, and checks its hash, which older versions did not write. Throws `bad-data` and `cannot-read`.
    private func read(_ key: String) throws -> JSONValue? {
        guard Digest(hex: key) != nil, fileStatus(path(key)) != nil else { return nil }
        let place = DataPlace(file: path(key))
        let hint = "remove the file; the next training on these data writes it anew"
        do {
            let found = try JSONValue(parsing: readFile(path(key), limit: 1 << 28), in: place)
            guard var members = found.objectValue, let said = members.removeValue(forKey: Self.hash) else { return found }
            let description = JSONValue.object(members)
            guard try sha256(key + description.canonical).hex == said.stringValue else {
                throw Diagnostic("bad-data", "expected the description of data as ecdx wrote it, found other contents", data: place)
            }
            return description
        } catch var diagnostic as Diagnostic {
            diagnostic.hints = [hint]
            throw diagnostic
        }
    }
}

/// The differences between two data sets, as they are described; none where the descriptions do not tell.
func dataDifferences(from old: JSONValue, to new: JSONValue) -> [Difference] {
    let rows = DescribedRows(from: old, to: new)
    var found: [Difference] = []
    let values = rows.changed { $0["targets"] }
    for field in ["column", "transform", "scale"] where old[field] != new[field] && (field != "column" || !values.isEmpty) {
        found.append(Difference(field: "target.\(field)", now: new[field].map(written), before: old[field].map(written)))
    }
    found += rows.differences
    if old["column"] == new["column"], !values.isEmpty {
        found.append(Difference(field: "target", remark: "other values in \(DescribedRows.list(values))"))
    }
    let moved = rows.moved()
    let split = fieldDifferences("split", old["split"], new["split"])
    if !moved.isEmpty || old["parts"] != new["parts"] && rows.differences.isEmpty || !split.isEmpty && !rows.differences.isEmpty {
        found += split
        if split.isEmpty, !moved.isEmpty, rows.differences.isEmpty {
            found.append(Difference(field: "split", remark: "other parts for \(DescribedRows.list(moved))"))
        }
    }
    let inputs = Set((old["inputs"]?.objectValue ?? [:]).keys).union((new["inputs"]?.objectValue ?? [:]).keys)
    for name in inputs.sorted() {
        // That one is read by one of both alone is said of the model.
        guard let before = old["inputs"]?[name], let now = new["inputs"]?[name] else { continue }
        found += pipelineDifferences("inputs.\(name)", before["pipeline"], now["pipeline"])
        let changed = rows.changed { $0["inputs"]?[name]?["files"] }
        if !changed.isEmpty {
            found.append(Difference(field: "files of inputs.\(name)", remark: "other contents in \(DescribedRows.list(changed))"))
        }
    }
    return found
}

/// The rows of two data sets that are compared by their ids.
private struct DescribedRows {
    private let old: JSONValue
    private let new: JSONValue
    private let ids: [String]
    private let before: [String]
    private let places: [String: Int]

    init(from old: JSONValue, to new: JSONValue) {
        (self.old, self.new) = (old, new)
        func texts(_ value: JSONValue) -> [String] { (value["ids"]?.arrayValue ?? []).map { $0.stringValue ?? "" } }
        (ids, before) = (texts(new), texts(old))
        places = Dictionary(before.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The difference in which rows there are, or in their order.
    var differences: [Difference] {
        if ids == before { return [] }
        let now = Set(ids)
        let removed = before.filter { !now.contains($0) }
        let added = ids.filter { places[$0] == nil }
        if removed.isEmpty, added.isEmpty { return [Difference(field: "rows", remark: "in another order")] }
        var texts: [String] = []
        if !removed.isEmpty { texts.append("\(removed.count) fewer (\(Self.names(removed)))") }
        if !added.isEmpty { texts.append("\(added.count) more (\(Self.names(added)))") }
        return [Difference(field: "rows", remark: texts.joined(separator: " and "))]
    }

    /// The ids of rows in both whose entries in a list of the descriptions differ.
    func changed(_ list: (JSONValue) -> JSONValue?) -> [String] {
        guard let now = list(new)?.arrayValue, let then = list(old)?.arrayValue else { return [] }
        return ids.enumerated().compactMap { index, id in
            guard let place = places[id], now.indices.contains(index), then.indices.contains(place), now[index] != then[place] else {
                return nil
            }
            return id
        }
    }

    /// The ids of rows in both that stand in another part.
    func moved() -> [String] {
        let (then, now) = (parts(of: old, before), parts(of: new, ids))
        return ids.filter { places[$0] != nil && then[$0] != now[$0] }
    }

    private func parts(of description: JSONValue, _ ids: [String]) -> [String: String] {
        var found: [String: String] = [:]
        for name in partNames {
            for row in description["parts"]?[name]?.arrayValue ?? [] {
                if let row = row.intValue, ids.indices.contains(row) { found[ids[row]] = name }
            }
        }
        return found
    }

    /// Rows as a phrase such as ``2 rows (`a`, `b`)``.
    static func list(_ ids: [String]) -> String { "\(ids.count) row\(ids.count == 1 ? "" : "s") (\(names(ids)))" }

    private static func names(_ ids: [String]) -> String {
        ids.prefix(3).map { "`\($0)`" }.joined(separator: ", ") + (ids.count > 3 ? " and \(ids.count - 3) more" : "")
    }
}

/// The differences between two pipelines: of a step by its field where the steps are the same, else the steps.
private func pipelineDifferences(_ field: String, _ old: JSONValue?, _ new: JSONValue?) -> [Difference] {
    guard let old, let new, old != new else { return [] }
    let (before, now) = (steps(of: old), steps(of: new))
    let (names, former) = (now.map(name), before.map(name))
    if names == former { return zip(before, now).flatMap { fieldDifferences("\(field).\(name($0))", $0, $1) } }
    return [Difference(field: field, now: names.joined(separator: " |> "), before: former.joined(separator: " |> "))]
}

private func name(_ step: JSONValue) -> String { step["call"]?.stringValue ?? written(step) }

/// The calls of a pipeline in the order in which they are done, each without the one before it. What combines several is one step.
private func steps(of value: JSONValue) -> [JSONValue] {
    guard let name = value["call"]?.stringValue, let arguments = value["arguments"]?.objectValue else { return [value] }
    let inner = arguments.filter { $0.value["call"] != nil }
    guard inner.count == 1, let first = inner.first else { return [value] }
    let rest = arguments.filter { $0.key != first.key }
    return steps(of: first.value) + [.object(["call": .string(name), "arguments": .object(rest)])]
}
