import Builtins
import Diagnostics
import Language
import Storage

/// One thing that is not the same in two declarations: `epochs`, 20 now, 200 before.
public struct Difference: Sendable, Hashable {
    /// The field, `optimizer.rate`.
    public var field: String
    /// As the language writes it; nil where it is not there.
    public var now: String?
    public var before: String?
    /// Where the two values cannot be shown: what can be said of them.
    public var remark: String?

    public init(field: String, now: String? = nil, before: String? = nil, remark: String? = nil) {
        self.field = field
        self.now = now
        self.before = before
        self.remark = remark
    }

    /// `epochs: 20 (was 200)`.
    public var text: String {
        if let remark { return "\(field): \(remark)" }
        return switch (now, before) {
        case (let now?, let before?): "\(field): \(now) (was \(before))"
        case (let now?, nil): "\(field): \(now) (was not given)"
        case (nil, let before?): "no \(field) (was \(before))"
        case (nil, nil): field
        }
    }
}

/// Where two experiments, each as its `resolved.json` has it, differ. The data are a hash there: all that can be said of them
/// is whether they are the same.
public func differences(from before: JSONValue, to now: JSONValue) -> [Difference] {
    var found: [Difference] = []
    let old = before.objectValue ?? [:], new = now.objectValue ?? [:]
    for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
        switch name {
        case "node": continue
        case "version": found.append(Difference(field: "the version of training in ecdx", now: new[name].map(written), before: old[name].map(written)))
        case "data": found.append(Difference(field: "data", remark: "other rows, files or split"))
        case "model": found += networkDifferences(old[name], new[name])
        default: found += fieldDifferences(name, old[name], new[name])
        }
    }
    return found
}

/// Fields of calls and records are compared one by one, so that `optimizer.rate` is named and not the whole optimizer.
private func fieldDifferences(_ field: String, _ old: JSONValue?, _ new: JSONValue?) -> [Difference] {
    if old == new { return [] }
    if let old, let new, let a = old.parts, let b = new.parts, old["call"] == new["call"] {
        return Set(a.keys).union(b.keys).sorted().flatMap { fieldDifferences("\(field).\($0)", a[$0], b[$0]) }
    }
    return [Difference(field: field, now: new.map(written), before: old.map(written))]
}

private func networkDifferences(_ old: JSONValue?, _ new: JSONValue?) -> [Difference] {
    let before = layers(of: old), now = layers(of: new)
    func shapes(_ value: JSONValue?) -> String {
        (value?["inputs"]?.arrayValue ?? []).map { input in "\(input["name"]?.stringValue ?? "input") \(input["shape"].map(written) ?? "")" }.joined(separator: ", ")
    }
    var found: [Difference] = []
    if shapes(old) != shapes(new) { found.append(Difference(field: "model inputs", now: shapes(new), before: shapes(old))) }
    guard before.count == now.count else {
        found.append(Difference(field: "model", now: "\(now.count) layers", before: "\(before.count)"))
        return found
    }
    for (index, pair) in zip(before, now).enumerated() where pair.0 != pair.1 {
        let place = "layer \(index + 1)"
        found += fieldDifferences(place, pair.0["layer"], pair.1["layer"]).map { difference in
            guard difference.field.hasPrefix(place + ".") else { return difference }
            var named = difference
            named.field = "\(difference.field.dropFirst(place.count + 1)) of \(place)"
            return named
        }
        if pair.0["of"] != pair.1["of"] { found.append(Difference(field: place, remark: "applied to another")) }
    }
    return found.isEmpty ? [Difference(field: "model", remark: "another output")] : found
}

private func layers(of network: JSONValue?) -> [JSONValue] { network?["applications"]?.arrayValue ?? [] }

private extension JSONValue {
    /// The arguments of a call or the entries of a record.
    var parts: [String: JSONValue]? {
        guard let members = objectValue else { return nil }
        if members["call"] != nil { return members["arguments"]?.objectValue }
        return members.count == 1 && (members["text"] ?? members["word"] ?? members["range"] ?? members["function"]) != nil ? nil : members
    }
}

/// A resolved value as the language writes it.
private func written(_ value: JSONValue) -> String {
    switch value {
    case .null: "none"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): Language.written(value)
    case .string(let text): text
    case .array(let items): "[" + items.map(written).joined(separator: ", ") + "]"
    case .object(let members): written(members, of: value)
    }
}

private func written(_ members: [String: JSONValue], of value: JSONValue) -> String {
    if let text = members["text"]?.stringValue { return source(of: .text(Text(text))) }
    if let word = members["word"]?.stringValue { return word }
    if let ends = members["range"]?.arrayValue { return ends.prefix(2).map(written).joined(separator: "..") }
    let inner = (value.parts ?? members).sorted { $0.key < $1.key }.map { "\($0.key): \(written($0.value))" }.joined(separator: ", ")
    return members["call"]?.stringValue.map { "\($0)(\(inner))" } ?? "{ \(inner) }"
}

/// Why an experiment would be computed, or why it need not be.
public enum Reason: Sendable, Hashable {
    /// The run that holds its result.
    case computed(run: String)
    /// The run that was begun and goes on.
    case begun(run: String)
    /// No run is of this experiment; the recorded run that is most like it, and where the two differ.
    case differs(run: String, [Difference])
    /// Nothing is recorded that it could be compared with.
    case new
}

extension Runner {
    /// Why an experiment would be computed. Writes nothing.
    public func reason(for experiment: Object) throws -> Reason {
        switch try status(of: experiment) {
        case .done(let run): return .computed(run: run)
        case .begun(let run): return .begun(run: run)
        case .absent: break
        }
        let resolved = try keys.experiment(experiment).resolved
        var best: (run: String, differences: [Difference])?
        for run in store.runs() where fileStatus(run.file("result.json"))?.kind == .file {
            // A record that cannot be read says nothing.
            guard let bytes = try? readFile(run.resolved, limit: 1 << 24), let record = try? JSONValue(parsing: bytes), record["node"] == resolved["node"] else { continue }
            // Numbers that are whole read back as whole ones.
            guard let now = try? JSONValue(parsing: resolved.canonical) else { continue }
            let found = differences(from: record, to: now)
            if found.count < best?.differences.count ?? .max { best = (run.id, found) }
        }
        return best.map { .differs(run: $0.run, $0.differences) } ?? .new
    }

    /// Where an experiment differs from the one it was made from; `sharesData` where both train on the same.
    public func comparison(of experiment: Object, with base: Object) throws -> (found: [Difference], sharesData: Bool) {
        let now = try keys.experiment(experiment).resolved, before = try keys.experiment(base).resolved
        return (differences(from: before, to: now), now["data"] == before["data"])
    }
}
