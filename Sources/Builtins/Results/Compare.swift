import Diagnostics
import Language
import Training

/// The table `compare`: two experiments on repeated splits.
let comparisons = Vocabulary([
    Word(
        "compare", family: "Results",
        [
            Parameter("a", .object("experiment"), "an experiment"), Parameter("b", .object("experiment"), "another, on the same data set"),
            Parameter(
                "repeats", .number(.whole(2, 1000)), .fallback(.number(10)),
                "splits, of seeds one above the other, that both are trained on"),
            Parameter(
                "on", .monitor, .fallback(.word("holdout.rmse")),
                "what is compared, after both trainings: `rmse`, `mae` or `r2` of a part"),
        ],
        gives: .sort(.table),
        """
        Two experiments on the same repeated splits: both means, the mean of the paired differences with a 95 % interval, \
        and in how many the first is ahead.
        """,
        examples: [Example("table compare(bulk with { epochs: 2 }, bulk with { epochs: 3 }, repeats: 2)", with: .crystals)],
        check: checkCompare, computes: { call, context in .table(try context.compareTable(call)) })
])

/// Turns two experiments into lists of them on splits of other seeds.
@Sendable private func checkCompare(_ call: Call, _ context: CheckContext) throws -> Value {
    if let on = call["on"].word, on.hasSuffix(".loss") || on.hasSuffix(".mse") {
        throw Diagnostic(
            "unknown-monitor", "`compare` cannot look at `\(on)`", at: call.span(of: "on"),
            hint: "compare by `rmse`, `mae` or `r2` of a part")
    }
    let both = toldApart([ListItem(call["a"]), ListItem(call["b"])]).compactMap(\.value.object)
    guard both.count == 2, let a = both.first, let b = both.last, let repeats = call["repeats"].integer else { return .call(call) }
    let data = try context.experiment(a).data
    guard try data == context.experiment(b).data else {
        throw Diagnostic("type", "`compare` expected two experiments on one data set, found two", at: call.span(of: "b"))
    }
    guard let split = data.split, let seed = split["seed"].integer else {
        throw Diagnostic("type", "`compare` repeats a split that has a seed, and this one has none", at: data.span(of: "split"))
    }
    let (part, metric) = try Arguments(call, library: context.library).partMetric("on")
    if metric == .r2 { try context.checkR2(of: part, in: a, at: call.span(of: "on") ?? call.origin.span) }
    func repeated(_ experiment: Object) -> Value {
        .list(
            (0..<repeats).map { turn in
                var split = split
                split.arguments["seed"] = Field(.number(Double(seed + turn)), split.arguments["seed"]?.origin ?? Origin())
                return ListItem(.object(experiment.onSplit(split, label: "\(experiment.nameInTables) (split \(seed + turn))")))
            })
    }
    var result = call
    result.arguments["names"] = Field(.list([a.label ?? "a", b.label ?? "b"].map { ListItem(.text(Text($0))) }), call.origin)
    result.arguments["a"] = Field(repeated(a), call.arguments["a"]?.origin ?? Origin())
    result.arguments["b"] = Field(repeated(b), call.arguments["b"]?.origin ?? Origin())
    return .call(result)
}

extension ComputeContext {
    /// The table of two experiments on repeated splits, with their paired differences.
    fileprivate func compareTable(_ call: Call) throws -> ResultTable {
        let arguments = arguments(of: call)
        let (compared, metric) = try arguments.partMetric("on")
        let names = try arguments.items("names").compactMap(\.string)
        func values(_ name: String) throws -> [Double] {
            try experiments(call, name).map { try metric.value(of: compared, in: results.result(of: $0)) }
        }
        let a = try values("a")
        let b = try values("b")
        let differences = zip(a, b).map { $0 - $1 }
        guard let first = try experiments(call, "a").first else {
            throw Diagnostic("empty-table", "`compare` expected at least two repeats")
        }
        let unit = metric.hasUnit ? first.plan.unit : nil
        let ahead = differences.count { metric == .r2 ? $0 > 0 : $0 < 0 }
        let interval = bootstrapMeanInterval(differences)
        func cell(_ value: Double) -> ResultTable.Cell {
            .init(metric == .r2 ? fixed(value, 3) : threeDigits(value), exact: exactly(value))
        }
        let columns: [ResultTable.Column] = [
            .init("experiment", isNumeric: false), .init("splits"), .init("\(compared) \(metric.header)", unit: unit),
            .init("+-", unit: unit),
            .init("95 % interval", isNumeric: false), .init("ahead", isNumeric: false),
        ]
        let rows: [[ResultTable.Cell]] = [
            [
                .init(names.first ?? "a"), .init(String(a.count)), cell(mean(a)), cell(deviation(a)), .init(""),
                .init("\(ahead) of \(a.count)"),
            ],
            [.init(names.last ?? "b"), .init(String(b.count)), cell(mean(b)), cell(deviation(b)), .init(""), .init("")],
            [
                .init("difference"), .init(String(differences.count)), cell(mean(differences)), cell(deviation(differences)),
                .init("[\(cell(interval.lower).text), \(cell(interval.upper).text)]"), .init(""),
            ],
        ]
        let pair = try [first] + experiments(call, "b").prefix(1)
        let showsValidation = compared == "validation"
        let choices = showsValidation ? notesOfChoice(pair, names: names) : []
        let chosen = showsValidation ? pair.map { validationChose([$0]) } + [validationChose(pair)] : []
        let twins = pair.count == 2 && pair[0].declared == pair[1].declared ? ["\(listed(names)) are one and the same experiment"] : []
        return ResultTable(
            columns: columns, rows: rows,
            notes: [
                """
                the difference is that of each split, the first less the second; \
                its interval is a bootstrap over splits, which share rows and so understate it
                """
            ] + twins + choices
        ).marking(chosen)
    }
}

extension Arguments {
    /// The part and the metric that a word such as `holdout.rmse` names.
    fileprivate func partMetric(_ name: String) throws -> (part: String, metric: PartMetric) {
        let halves = try word(name).split(separator: ".").map(String.init)
        guard halves.count == 2, partNames.contains(halves[0]), let metric = PartMetric(rawValue: halves[1]) else {
            throw Diagnostic("internal", "`\(call.builtin)` cannot compare by `\(halves.joined(separator: "."))`", at: call.span(of: name))
        }
        return (halves[0], metric)
    }
}
