import Language

/// A field in which values differ, with the text of each value.
private struct Distinction {
    var path: String
    var texts: [String]

    func phrase(_ index: Int) -> String { path.isEmpty ? texts[index] : "\(path) \(texts[index])" }
}

/// The most fields that are named to tell values apart.
private let mostNamed = 4

/// For each of several values what tells it from the others, as in `optimizer.rate 0.01, seed 2`; empty texts where nothing does.
func remarks(_ values: [Value]) -> [String] {
    var found: [Distinction] = []
    distinguish(values, at: "", into: &found)
    var named = found
    if found.count > mostNamed {
        // Those that tell something which the ones before them do not.
        named = []
        var known = values.map { _ in "" }
        for distinction in found where named.count < mostNamed {
            let now = zip(known, distinction.texts).map { "\($0)\u{1F}\($1)" }
            guard Set(now).count > Set(known).count else { continue }
            named.append(distinction)
            known = now
        }
    }
    let more = found.count > named.count ? " and \(found.count - named.count) more" : ""
    return values.indices.map { index in named.map { $0.phrase(index) }.joined(separator: ", ") + more }
}

/// Appends the fields in which values differ, each by its path as a `with` or a table of trials names it.
private func distinguish(_ values: [Value], at path: String, into found: inout [Distinction]) {
    guard let first = values.first, values.contains(where: { $0 != first }) else { return }
    let calls = values.compactMap(\.call)
    if calls.count == values.count, Set(calls.map(\.builtin)).count == 1, first.isWordOfFields {
        return distinguish(calls.map(\.arguments), at: path, into: &found)
    }
    let records = values.compactMap(\.record)
    if records.count == values.count { return distinguish(records, at: path, into: &found) }
    let objects = values.compactMap(\.object)
    if objects.count == values.count, Set(objects.map(\.kind)).count == 1 {
        // What was declared under names of its own goes by them.
        let labels = objects.map { $0.label ?? "" }
        if path.isEmpty || !tells(labels, values) {
            let networks = objects.compactMap(\.network)
            if networks.count == objects.count { distinguish(networks, at: path, into: &found) }
            return distinguish(objects.map(\.fields), at: path, into: &found)
        }
    }
    let lists = values.compactMap(\.items)
    if lists.count == values.count, let count = lists.first?.count, lists.allSatisfy({ $0.count == count }),
        lists.allSatisfy({ $0.allSatisfy { $0.object != nil || $0.isWordOfFields } })
    {
        for index in 0..<count {
            let items = lists.map { $0[index] }
            let labels = Set(items.map { $0.object?.label })
            let label = labels.count == 1 ? items.first?.object?.label : nil
            distinguish(items, at: label ?? "\(path)[\(index)]", into: &found)
        }
        return
    }
    found.append(Distinction(path: path, texts: texts(values)))
}

private func distinguish(_ fields: [Fields], at path: String, into found: inout [Distinction]) {
    for name in Set(fields.flatMap(\.keys)).sorted() {
        distinguish(fields.map { $0[name]?.value ?? .none }, at: path.isEmpty ? name : "\(path).\(name)", into: &found)
    }
}

/// Appends the layers in which networks of one form differ, as a search names them: `conv 2.filters`. Of others the number of
/// layers, where that differs.
private func distinguish(_ networks: [Network], at path: String, into found: inout [Distinction]) {
    guard let first = networks.first, networks.contains(where: { $0 != first }) else { return }
    let isAlike = networks.allSatisfy {
        $0.inputs.map(\.name) == first.inputs.map(\.name) && $0.applications.map(\.inputs) == first.applications.map(\.inputs)
            && $0.output == first.output
    }
    guard isAlike else {
        let counts = networks.map { "\($0.applications.count) layers" }
        if Set(counts).count > 1 { found.append(Distinction(path: path, texts: counts)) }
        return
    }
    for (index, input) in first.inputs.enumerated() {
        distinguish(networks.map { $0.inputs[index].shape }, at: "input \(input.name)", into: &found)
    }
    for index in first.applications.indices {
        let layers = networks.map { $0.applications[index].layer }
        let words = Set(layers.map { $0.call?.builtin })
        let word = words.count == 1 ? layers.first?.call?.builtin : nil
        distinguish(layers, at: "\(word ?? "layer") \(index + 1)", into: &found)
    }
}

/// The values as texts: short ones where these tell all that differ, else as the language writes them.
private func texts(_ values: [Value]) -> [String] {
    let short = values.map { $0.isWordOfFields ? $0.call?.builtin ?? "" : $0.object?.label ?? brief($0) }
    return tells(short, values) ? short : values.map { source(of: $0).shortened }
}

/// Whether no two values that differ have the same text.
private func tells(_ texts: [String], _ values: [Value]) -> Bool {
    var known: [String: Value] = [:]
    for (text, value) in zip(texts, values) {
        if text.isEmpty { return false }
        if let other = known[text], other != value { return false }
        known[text] = value
    }
    return true
}

extension Value {
    /// Whether the value is a call that is told by its word and its arguments: not an operator, and not a search space, which are
    /// short as they are written.
    fileprivate var isWordOfFields: Bool { call?.builtin.first?.isLetter == true && searchSpace == nil }
}
