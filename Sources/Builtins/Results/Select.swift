import Diagnostics
import Language
import Training

/// A choice among experiments, made when their results are known.
struct Selection: Sendable {
    var among: [ListItem]
}

/// The builtin `select`: the choice of the best of several experiments.
let selections = Vocabulary<Selection>([
    Word(
        "select", family: "Search",
        [
            Parameter("of", .list(.object("experiment"), count: nil), "experiments to choose among, as a `for` makes them"),
            Parameter(
                "on", .monitor, .fallback(.word("validation.loss")),
                "the quantity that is small in the best: in its best epoch, the mean over folds, that of the best trial"),
            Parameter(
                "within", .optional(.text), .fallback(.none),
                "a variable of the `for`: the best for each of its values; the best of all where not given"),
        ],
        gives: .sort(.selection), "The best of several experiments, for `metrics`.",
        examples: [
            Example(
                """
                let tried = for rate in [0.001, 0.01], epochs in [1, 2] { bulk with { optimizer: adam(rate: rate), epochs: epochs } }
                table metrics(select(tried, within: "epochs"))
                """,
                with: .crystals)
        ],
        check: checkSelect
    ) { Selection(among: experimentItems($0.call["of"])) }
])

/// The experiments of a table with the labels they carry: one, a list, or those that a call such as `select` chooses among.
func experimentItems(_ value: Value) -> [ListItem] {
    if case .list(let items) = value { return items }
    if let call = value.call, call.type == .sort(.selection) { return experimentItems(call["of"]) }
    return [ListItem(value)]
}

/// Checks that there are experiments to choose among, that all have the label `within`, and that what is to be small can be
/// compared; tells them apart. Throws `empty-table`, `unknown-label`, `unit`, `type`, and what `refuseHoldout` throws.
@Sendable private func checkSelect(_ call: Call, _ context: CheckContext) throws -> Value {
    _ = try refuseHoldout("select")(call, context)
    guard case .list(let items) = call["of"], !items.isEmpty else {
        throw Diagnostic("empty-table", "`select` expected at least one experiment, found none", at: call.span(of: "of"))
    }
    if let within = call["within"].string {
        let known = Set(items.flatMap { $0.labels.keys }).sorted()
        guard items.allSatisfy({ $0.labels[within] != nil }) else {
            throw Diagnostic(
                "unknown-label", "these experiments have no label `\(within)`", at: call.span(of: "within"),
                label: nearMiss(within, among: known).map { "did you mean `\($0)`?" },
                hint: known.isEmpty ? "labels are the variables of the `for` that made a list" : nil)
        }
    }
    let told = call.tellingApart("of")
    try checkComparable(told, context)
    return .call(told)
}

/// Checks that the experiments among which one is chosen have one target, and, where the least loss is chosen, one space of
/// training, in which the loss is computed. Throws `unit`, `type`.
private func checkComparable(_ call: Call, _ context: CheckContext) throws {
    let monitor = try Arguments(call, library: context.library).monitor("on")
    let traits: [TargetTrait] = monitor.quantity == .loss ? [.column, .unit, .transform, .scale] : [.column, .unit]
    let items = experimentItems(call["of"])
    // Each choice is made among the experiments of one group.
    let groups = Dictionary(grouping: items.indices) { call.group(of: items[$0]) }.values.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
    for group in groups {
        try context.checkAgree(
            group.compactMap { items[$0].value.object }, in: traits, subject: "`select` on `\(monitor)`",
            at: call.span(of: "on") ?? call.span(of: "of")
        ) { trait in
            switch trait {
            case .column, .unit: "make a table for each"
            case .transform, .scale: "losses are computed after both; choose in the target's unit, `on: \(monitor.part.rawValue).rmse`"
            }
        }
    }
}

extension Call {
    /// The group in which `select` chooses an experiment: the value of its label `within`, or one group of all.
    fileprivate func group(of item: ListItem) -> String {
        self["within"].string.flatMap { item.labels[$0] }.map { source(of: $0) } ?? ""
    }
}

extension ComputeContext {
    /// The experiments of a table, where a selection stands for those that it chooses, the first among equals.
    func chosenItems(_ value: Value) throws -> [ListItem] {
        let items = experimentItems(value)
        guard let call = value.call, library.means(call, Selection.self) else { return items }
        let monitor = try arguments(of: call).monitor("on")
        var order: [String] = []
        var best: [String: (item: ListItem, score: Double)] = [:]
        for item in items {
            guard let object = item.value.object else { continue }
            let group = call.group(of: item)
            let score = try results.score(of: results.experiment(object), on: monitor)
            if best[group] == nil { order.append(group) }
            if best[group].map({ score < $0.score }) ?? true { best[group] = (item, score) }
        }
        return order.compactMap { best[$0]?.item }
    }
}
