import Language

/// The experiments of a table with labels that tell them apart. Rows, notes, progress and keys all go by the label, so this is
/// the one place where several under one name get names of their own. Those without a name are called `experiment`.
func toldApart(_ items: [ListItem]) -> [ListItem] {
    let places = items.indices.filter { items[$0].value.object != nil }
    let names = namesApart(places.map { items[$0].value.object?.nameInTables ?? "" }, of: places.map { items[$0].value })
    var result = items
    for (index, name) in zip(places, names) {
        guard var object = items[index].value.object else { continue }
        object.label = name
        result[index].value = .object(object)
    }
    return result
}

extension Call {
    /// The call with experiments in one of its lists that are told apart by their labels; as it is where there is no list.
    func tellingApart(_ name: String) -> Call {
        guard case .list(let items) = self[name] else { return self }
        var result = self
        result.arguments[name] = Field(.list(toldApart(items)), arguments[name]?.origin ?? Origin())
        return result
    }

    /// The call with experiments, in whatever it is made of, that are told apart by their labels. One that stands in several
    /// places under one name is one experiment, and keeps one name. An experiment without a name gets one where there are others.
    func tellingAllApart() -> Call {
        var distinct: [Labelled] = []
        var seen: Set<Labelled> = []
        for experiment in Value.call(self).experiments {
            let labelled = Labelled(experiment, experiment.nameInTables)
            if seen.insert(labelled).inserted { distinct.append(labelled) }
        }
        let names = namesApart(distinct.map(\.label), of: distinct.map { .object($0.object) })
        guard distinct.count > 1, names != distinct.map({ $0.object.label ?? "" }) else { return self }
        let renamed = Dictionary(zip(distinct, names)) { first, _ in first }
        return Value.call(self).renamed(renamed).call ?? self
    }
}

/// An experiment with its name: experiments alone are equal whatever their names.
private struct Labelled: Hashable {
    var object: Object
    var label: String

    init(_ object: Object, _ label: String) {
        self.object = object
        self.label = label
    }
}

extension Value {
    /// The value with other labels on the experiments in it.
    fileprivate func renamed(_ names: [Labelled: String]) -> Value {
        switch self {
        case .object(var object):
            guard object.kind == "experiment", let name = names[Labelled(object, object.nameInTables)] else { return self }
            object.label = name
            return .object(object)
        case .list(let items): return .list(items.map { ListItem($0.value.renamed(names), labels: $0.labels) })
        case .record(let fields): return .record(fields.mapValues { Field($0.value.renamed(names), $0.origin) })
        case .call(var call):
            // What holds none stays as it is, parts that it shares with others too.
            guard !experiments.isEmpty else { return self }
            call.arguments = call.arguments.mapValues { Field($0.value.renamed(names), $0.origin) }
            return .call(call)
        default: return self
        }
    }
}

/// Names that tell apart what stands in one table or figure. One that occurs once stays as it is. Where several things have one
/// name, each gets what differs between them, as in `bulk (seed 2)`. What nothing tells apart, such as the same thing given twice,
/// is numbered by its place, `bulk [2]`: each was asked for, and a row that is not there would hide that two of them are one.
func namesApart(_ names: [String], of values: [Value]) -> [String] {
    var result = names
    for same in places(names) where same.count > 1 {
        for (index, remark) in zip(same, remarks(same.map { values[$0] })) where !remark.isEmpty { result[index] += " (\(remark))" }
    }
    var taken = Set(result)
    for same in places(result) where same.count > 1 {
        var number = 1
        for index in same {
            while taken.contains("\(result[index]) [\(number)]") { number += 1 }
            result[index] += " [\(number)]"
            taken.insert(result[index])
        }
    }
    return result
}

/// The places of each name, the name that comes first first.
private func places(_ names: [String]) -> [[Int]] {
    Dictionary(grouping: names.indices) { names[$0] }.values.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
}

/// The notes under a table that shows one experiment in several rows, which are alike because they are one result. Experiments
/// that are the same by chance or by design under names of their own are told too where `all` is asked for: as repeats they count
/// several times.
func notesOfTwins(_ experiments: [Object], all: Bool = false) -> [String] {
    /// The label without the number of its place.
    func plain(_ label: String) -> String { label.replacing(#/ \[[0-9]+\]$/#, with: "") }
    var order: [Labelled] = []
    var names: [Labelled: [String]] = [:]
    for experiment in experiments {
        let key = Labelled(experiment, all ? "" : plain(experiment.nameInTables))
        if names[key] == nil { order.append(key) }
        names[key, default: []].append(experiment.nameInTables)
    }
    return order.compactMap { names[$0] }.filter { $0.count > 1 }.map {
        "\(listed($0, most: 4)) are one and the same experiment" + (all ? ", which counts \($0.count) times" : "")
    }
}
