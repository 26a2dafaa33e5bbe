import Builtins
import Diagnostics
import Language
import Storage

/// A difference between two declarations: `epochs`, 20 now, 200 before.
public struct Difference: Sendable, Hashable {
    /// Name of the field, such as `optimizer.rate`.
    public var field: String
    /// Value now, as the language writes it; nil where it is not there.
    public var now: String?
    /// Value before, as the language writes it; nil where it is not there.
    public var before: String?
    /// Text in place of two values that cannot be shown.
    public var remark: String?

    /// Creates a difference in a field.
    public init(field: String, now: String? = nil, before: String? = nil, remark: String? = nil) {
        self.field = field
        self.now = now
        self.before = before
        self.remark = remark
    }

    /// The difference as text, such as `epochs: 20 (was 200)`.
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

/// The differences between two experiments, each as its `resolved.json` has it. What is a hash there is said to be the same or
/// another: weights of backbones, and data of which no more is known. `stages`: the names of the stages of the second, which are no
/// part of what it is. `data`: the differences between two data sets by their keys; none where they cannot be told.
public func differences(
    from before: JSONValue, to now: JSONValue, stages: [String] = [],
    data: (_ before: String, _ now: String) -> [Difference] = { _, _ in [] }
) -> [Difference] {
    var found: [Difference] = []
    let old = before.objectValue ?? [:]
    let new = now.objectValue ?? [:]
    var names = Set(old.keys).union(new.keys)
    if (old["stages"] == nil) != (new["stages"] == nil) {
        // These stand in the stages then.
        names.subtract(["epochs", "batch", "stop", "keep"])
    }
    for name in names.sorted() where old[name] != new[name] {
        switch name {
        case "node": continue
        case "version":
            found.append(Difference(field: "the version of training in ecdx", now: new[name].map(written), before: old[name].map(written)))
        case "data":
            let told = data(old[name]?.stringValue ?? "", new[name]?.stringValue ?? "")
            found += told.isEmpty ? [Difference(field: "data", remark: "other rows, files or split")] : told
        case "model": found += networkDifferences(old[name], new[name])
        case "stages": found += stageDifferences(old[name]?.arrayValue, new[name]?.arrayValue, names: stages)
        case "fold": found.append(Difference(field: "fold", now: new[name].map(fold), before: old[name].map(fold)))
        case "optimizer" where (old["stages"] == nil) != (new["stages"] == nil):
            found += fieldDifferences(name, old[name], new[name]).filter { $0.field != "optimizer.rate" }
        default: found += fieldDifferences(name, old[name], new[name])
        }
    }
    // A backbone stands in the model and in what its stages train.
    var seen: Set<String> = []
    return found.filter { seen.insert($0.text).inserted }
}

/// The differences between two values of a field. Fields of calls and records are compared one by one, so that `optimizer.rate`
/// is named and not the whole optimizer; lists too, where they hold the same calls in the same order.
func fieldDifferences(_ field: String, _ old: JSONValue?, _ new: JSONValue?) -> [Difference] {
    if old == new { return [] }
    if let old, let new {
        if old["backbone"] != nil, new["backbone"] != nil { return backboneDifferences(old, new) }
        if let a = old.parts, let b = new.parts, old["call"] == new["call"] {
            return Set(a.keys).union(b.keys).sorted().flatMap { fieldDifferences("\(field).\($0)", a[$0], b[$0]) }
        }
        if let a = old.arrayValue, let b = new.arrayValue, a.count == b.count,
            zip(a, b).allSatisfy({ $0 == $1 || $0["call"] != nil && $0["call"] == $1["call"] })
        {
            return zip(a, b).flatMap { fieldDifferences("\(field).\($0["call"]?.stringValue ?? "")", $0, $1) }
        }
    }
    return [Difference(field: field, now: new.map(written), before: old.map(written))]
}

/// The differences between two backbones. Their weights are hashes of their contents.
private func backboneDifferences(_ old: JSONValue, _ new: JSONValue) -> [Difference] {
    let name = written(new["backbone"] ?? .null)
    guard old["backbone"] == new["backbone"] else {
        return [Difference(field: "backbone", now: name, before: written(old["backbone"] ?? .null))]
    }
    return ["channels", "preprocess", "weights"].filter { old[$0] != new[$0] }.map { field in
        guard field == "weights" else {
            return Difference(field: "\(field) of \(name)", now: new[field].map(written), before: old[field].map(written))
        }
        if new[field] == .null { return Difference(field: "weights of \(name)", now: "none", before: "from a file") }
        if old[field] == .null { return Difference(field: "weights of \(name)", now: "from a file", before: "none") }
        return Difference(field: name, remark: "other weights")
    }
}

/// The differences between two schedules, stage by stage.
private func stageDifferences(_ old: [JSONValue]?, _ new: [JSONValue]?, names: [String]) -> [Difference] {
    func count(_ stages: [JSONValue]?) -> String { stages.map { "\($0.count) stage\($0.count == 1 ? "" : "s")" } ?? "none" }
    var found = old?.count == new?.count ? [] : [Difference(field: "schedule", now: count(new), before: count(old))]
    for (index, pair) in zip(old ?? [], new ?? []).enumerated() {
        let stage = names.indices.contains(index) ? names[index] : String(index + 1)
        found += fieldDifferences("", pair.0, pair.1).map { difference in
            guard difference.field.hasPrefix(".") else { return difference }
            var named = difference
            named.field = "\(difference.field.dropFirst()) of stage \(stage)"
            return named
        }
    }
    return found
}

/// The fold of an experiment as text, such as `2 of 10`.
func fold(_ value: JSONValue) -> String {
    if let index = value["index"]?.doubleValue, let count = value["of"]?.doubleValue {
        return "\(Diagnostics.written(index + 1)) of \(Diagnostics.written(count))"
    }
    return value["refit"] == nil ? written(value) : "all of them"
}

/// The differences between two models: inputs, then layer by layer.
private func networkDifferences(_ old: JSONValue?, _ new: JSONValue?) -> [Difference] {
    let before = layers(of: old)
    let now = layers(of: new)
    func shapes(_ value: JSONValue?) -> String {
        (value?["inputs"]?.arrayValue ?? []).map { input in "\(input["name"]?.stringValue ?? "input") \(input["shape"].map(written) ?? "")"
        }.joined(separator: ", ")
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

extension JSONValue {
    /// The arguments of a call or the entries of a record.
    fileprivate var parts: [String: JSONValue]? {
        guard let members = objectValue else { return nil }
        if members["call"] != nil { return members["arguments"]?.objectValue }
        return members.count == 1 && (members["text"] ?? members["word"] ?? members["range"] ?? members["function"]) != nil ? nil : members
    }
}

/// A resolved value as the language writes it.
func written(_ value: JSONValue) -> String {
    switch value {
    case .null: "none"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): Diagnostics.written(value)
    case .string(let text): text
    case .array(let items): "[" + items.map(written).joined(separator: ", ") + "]"
    case .object(let members): written(members, of: value)
    }
}

private func written(_ members: [String: JSONValue], of value: JSONValue) -> String {
    if let backbone = members["backbone"] { return written(backbone) }
    if let text = members["text"]?.stringValue { return source(of: .text(Text(text))) }
    if let word = members["word"]?.stringValue { return word }
    if let ends = members["range"]?.arrayValue { return ends.prefix(2).map(written).joined(separator: "..") }
    let inner = (value.parts ?? members).sorted { $0.key < $1.key }.map { "\($0.key): \(written($0.value))" }.joined(separator: ", ")
    return members["call"]?.stringValue.map { "\($0)(\(inner))" } ?? "{ \(inner) }"
}
