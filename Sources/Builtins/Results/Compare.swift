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
                "repeats", .number(.count(2)), .fallback(.number(10)), "splits, of seeds one above the other, that both are trained on"),
            Parameter(
                "on", .monitor, .fallback(.word("holdout.rmse")),
                "what is compared, after both trainings: `rmse`, `mae` or `r2` of a part"),
        ],
        gives: .sort("table"),
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
    guard let a = call["a"].object, let b = call["b"].object, let repeats = call["repeats"].integer else { return .call(call) }
    guard let data = a["data"].object, data == b["data"].object else {
        throw Diagnostic("type", "`compare` expected two experiments on one data set, found two", at: call.span(of: "b"))
    }
    guard var split = data["split"].call, let seed = split["seed"].integer else {
        throw Diagnostic("type", "`compare` repeats a split that has a seed, and this one has none", at: data.span(of: "split"))
    }
    func repeated(_ experiment: Object) -> Value {
        .list(
            (0..<repeats).map { turn in
                split.arguments["seed"] = Field(.number(Double(seed + turn)), split.arguments["seed"]?.origin ?? Origin())
                var moved = data
                moved.fields["split"] = Field(.call(split), data.fields["split"]?.origin ?? Origin())
                moved.given["split"] = moved.fields["split"]
                var result = experiment
                result.fields["data"] = Field(.object(moved), experiment.fields["data"]?.origin ?? Origin())
                result.label = "\(experiment.label ?? "experiment") (split \(seed + turn))"
                return ListItem(.object(result))
            })
    }
    var result = call
    result.arguments["names"] = Field(
        .list([a, b].enumerated().map { ListItem(.text(Text($0.element.label ?? ["a", "b"][$0.offset]))) }), call.origin)
    result.arguments["a"] = Field(repeated(a), call.arguments["a"]?.origin ?? Origin())
    result.arguments["b"] = Field(repeated(b), call.arguments["b"]?.origin ?? Origin())
    return .call(result)
}

extension ComputeContext {
    /// The table of two experiments on repeated splits, with their paired differences.
    fileprivate func compareTable(_ call: Call) throws -> ResultTable {
        let on = (call["on"].word ?? "holdout.rmse").split(separator: ".").map(String.init)
        let metric = on.last ?? "rmse"
        let compared = on.first ?? "holdout"
        let names = (call["names"].items ?? []).compactMap(\.string)
        func values(_ name: String) throws -> [Double] {
            try (call[name].items ?? []).compactMap(\.object).map { experiment in
                guard let part = try results.result(of: experiment).parts[compared] else {
                    throw Diagnostic("metrics", "the run has no part `\(compared)`")
                }
                let score = try Score(truth: part.truth, predicted: part.predicted, resamples: 0)
                switch metric {
                case "mae": return score.mae.value
                case "r2":
                    guard let r2 = score.r2 else {
                        throw Diagnostic("metrics", "there is no R2 of `\(compared)`: \(score.r2Undefined?.rawValue ?? "it is undefined")")
                    }
                    return r2.value
                default: return score.rmse.value
                }
            }
        }
        let a = try values("a")
        let b = try values("b")
        let differences = zip(a, b).map { $0 - $1 }
        guard let first = (call["a"].items ?? []).first?.object, !differences.isEmpty else {
            throw Diagnostic("empty-table", "`compare` expected at least two repeats")
        }
        let unit = metric == "r2" ? nil : try plan(ofExperiment: first).unit
        let ahead = differences.count { metric == "r2" ? $0 > 0 : $0 < 0 }
        let interval = bootstrapMeanInterval(differences)
        func cell(_ value: Double) -> ResultTable.Cell {
            .init(metric == "r2" ? fixed(value, 3) : threeDigits(value), exact: String(value))
        }
        let label = ["rmse": "RMSE", "mae": "MAE", "r2": "R2"][metric] ?? metric
        let columns: [ResultTable.Column] = [
            .init("experiment", isNumeric: false), .init("splits"), .init("\(compared) \(label)", unit: unit), .init("+-", unit: unit),
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
        return ResultTable(
            columns: columns, rows: rows,
            notes: [
                """
                the difference is that of each split, the first less the second; \
                its interval is a bootstrap over splits, which share rows and so understate it
                """
            ])
    }
}
