import Diagnostics
import Language
import Plotting
import Training

/// One trial of a search: what it tried and what came of it.
public struct TrialRecord: Sendable {
    public var experiment: Object
    /// In the order of the experiment's spaces.
    public var values: [Value]
    /// What is made small; nil for a trial that failed.
    public var score: Double?
    /// The most epochs that one of its trainings ran.
    public var epochs: Int
    /// Why it failed.
    public var message: String?

    public init(experiment: Object, values: [Value], score: Double?, epochs: Int, message: String? = nil) {
        self.experiment = experiment
        self.values = values
        self.score = score
        self.epochs = epochs
        self.message = message
    }
}

extension Computer {
    /// The trials of a search, the best marked.
    func trialsTable(_ call: Call) throws -> ResultTable {
        let experiment = try object(call, "of")
        let (_, spaces, monitor) = try search(of: experiment)
        let records = try supplies.trials(of: experiment)
        let best = records.indices.filter { records[$0].score != nil }.min { (records[$0].score ?? 0) < (records[$1].score ?? 0) }
        let columns: [ResultTable.Column] = [.init("trial")] + spaces.map { .init($0.name, isNumeric: $0.isNumeric) }
            + [.init("epochs"), .init(monitor.description), .init("best", isNumeric: false)]
        let rows = records.enumerated().map { index, record -> [ResultTable.Cell] in
            let values = record.values.map { value in
                value.number.map { ResultTable.Cell(briefNumber($0), exact: written($0)) } ?? ResultTable.Cell(value.string ?? source(of: value))
            }
            let score = record.score.map { ResultTable.Cell(threeDigits($0), exact: String($0)) } ?? ResultTable.Cell("failed", exact: "")
            return [.init(String(index + 1))] + values + [.init(String(record.epochs)), score, .init(index == best ? "best" : "")]
        }
        let failed = records.count { $0.score == nil }
        return ResultTable(columns: columns, rows: rows, notes: failed > 0 ? ["\(failed) of \(records.count) trials failed: they diverged"] : [])
    }

    /// Scores of trials along one of the spaces.
    func trialsPlot(_ call: Call) throws -> Figure {
        let experiment = try object(call, "of")
        let (_, spaces, monitor) = try search(of: experiment)
        guard let place = call["x"].string.map({ name in spaces.firstIndex { $0.name == name } }) ?? (spaces.isEmpty ? nil : 0) else {
            let names = spaces.map(\.name)
            throw Diagnostic(
                "unknown-column", "the search has no space `\(call["x"].string ?? "")`", at: call.span(of: "x"),
                label: nearMiss(call["x"].string ?? "", among: names).map { "did you mean `\($0)`?" }, hint: "it has \(names.map { "`\($0)`" }.joined(separator: ", "))")
        }
        let space = spaces[place], records = try supplies.trials(of: experiment)
        // Choices that are no numbers stand at their places in the list.
        let choices = space.space["of"].items ?? []
        let points = records.compactMap { record -> Point? in
            guard let score = record.score, record.values.indices.contains(place) else { return nil }
            let value = record.values[place]
            return (value.number ?? choices.firstIndex(of: value).map(Double.init)).map { Point($0, score) }
        }
        guard !points.isEmpty else { throw Diagnostic("search", "every trial of the search failed", at: call.span(of: "of")) }
        var x = Axis(space.name), y = Axis(monitor.description)
        if space.space.builtin == "loguniform" { x.scale = .logarithmic }
        if points.allSatisfy({ $0.y > 0 }) { y.scale = .logarithmic }
        return .scatter([Series("", points)], x: x, y: y)
    }

    /// Each fold on what it left out, then all of them together.
    func foldsTable(_ call: Call) throws -> ResultTable {
        let experiment = try object(call, "of")
        let results = try supplies.folds(of: experiment)
        let unit = try supplies.plan(of: object(in: experiment, "data")).unit
        var scores: [Score] = [], rows: [[ResultTable.Cell]] = []
        func row(_ name: String, _ score: Score, _ kept: String) -> [ResultTable.Cell] {
            [
                .init(name), .init(String(score.count)), .init(threeDigits(score.rmse.value), exact: String(score.rmse.value)),
                .init(threeDigits(score.mae.value), exact: String(score.mae.value)),
                score.r2.map { .init(fixed($0.value, 3), exact: String($0.value)) } ?? .init("n/a", exact: ""), .init(kept),
            ]
        }
        for (index, result) in results.enumerated() {
            guard let part = result.parts["validation"] else { continue }
            let score = try Score(truth: part.truth, predicted: part.predicted, resamples: 0)
            scores.append(score)
            rows.append(row(String(index + 1), score, String(result.keptEpoch)))
        }
        func spread(_ name: String, _ of: ([Double]) -> Double) -> [ResultTable.Cell] {
            let r2 = scores.compactMap(\.r2?.value)
            return [.init(name), .init("")] + [of(scores.map(\.rmse.value)), of(scores.map(\.mae.value))].map { .init(threeDigits($0), exact: String($0)) }
                + [r2.isEmpty ? .init("n/a", exact: "") : .init(fixed(of(r2), 3), exact: String(of(r2))), .init("")]
        }
        rows.append(spread("mean", mean))
        rows.append(spread("+-", deviation))
        if let best = scores.indices.min(by: { scores[$0].rmse.value < scores[$1].rmse.value }) { rows.append(row("best: \(best + 1)", scores[best], "")) }
        let all = try supplies.outOfFold(of: experiment)
        rows.append(row("out of fold", try Score(truth: all.truth, predicted: all.predicted, resamples: 0), ""))
        let columns: [ResultTable.Column] = [
            .init("fold", isNumeric: false), .init("n"), .init("RMSE", unit: unit), .init("MAE", unit: unit), .init("R2"), .init("kept epoch"),
        ]
        return ResultTable(columns: columns, rows: rows, notes: ["+- is the standard deviation over the folds; out of fold: all rows, each as the fold that left it out predicts it"])
    }

    /// Two experiments on repeated splits.
    func compareTable(_ call: Call) throws -> ResultTable {
        let on = (call["on"].word ?? "holdout.rmse").split(separator: ".").map(String.init)
        let metric = on.last ?? "rmse", compared = on.first ?? "holdout", names = (call["names"].items ?? []).compactMap(\.string)
        func values(_ name: String) throws -> [Double] {
            try (call[name].items ?? []).compactMap(\.object).map { experiment in
                guard let part = try supplies.result(of: experiment).parts[compared] else { throw Diagnostic("metrics", "the run has no part `\(compared)`") }
                let score = try Score(truth: part.truth, predicted: part.predicted, resamples: 0)
                switch metric {
                case "mae": return score.mae.value
                case "r2":
                    guard let r2 = score.r2 else { throw Diagnostic("metrics", "there is no R2 of `\(compared)`: \(score.r2Undefined?.rawValue ?? "it is undefined")") }
                    return r2.value
                default: return score.rmse.value
                }
            }
        }
        let a = try values("a"), b = try values("b")
        let differences = zip(a, b).map { $0 - $1 }
        guard let first = (call["a"].items ?? []).first?.object, !differences.isEmpty else { throw Diagnostic("empty-table", "`compare` expected at least two repeats") }
        let unit = metric == "r2" ? nil : try supplies.plan(of: object(in: first, "data")).unit
        let ahead = differences.count { metric == "r2" ? $0 > 0 : $0 < 0 }
        let interval = bootstrapMeanInterval(differences)
        func cell(_ value: Double) -> ResultTable.Cell { .init(metric == "r2" ? fixed(value, 3) : threeDigits(value), exact: String(value)) }
        let label = ["rmse": "RMSE", "mae": "MAE", "r2": "R2"][metric] ?? metric
        let columns: [ResultTable.Column] = [
            .init("experiment", isNumeric: false), .init("splits"), .init("\(compared) \(label)", unit: unit), .init("+-", unit: unit), .init("95 % interval", isNumeric: false), .init("ahead", isNumeric: false),
        ]
        let rows: [[ResultTable.Cell]] = [
            [.init(names.first ?? "a"), .init(String(a.count)), cell(mean(a)), cell(deviation(a)), .init(""), .init("\(ahead) of \(a.count)")],
            [.init(names.last ?? "b"), .init(String(b.count)), cell(mean(b)), cell(deviation(b)), .init(""), .init("")],
            [
                .init("difference"), .init(String(differences.count)), cell(mean(differences)), cell(deviation(differences)),
                .init("[\(cell(interval.lower).text), \(cell(interval.upper).text)]"), .init(""),
            ],
        ]
        return ResultTable(
            columns: columns, rows: rows,
            notes: ["the difference is that of each split, the first less the second; its interval is a bootstrap over splits, which share rows and so understate it"])
    }

    private func mean(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }

    private func deviation(_ values: [Double]) -> Double {
        let center = mean(values)
        return values.count < 2 ? 0 : (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)).squareRoot()
    }
}

extension ExperimentSpace {
    var isNumeric: Bool { space.builtin != "choice" || (space["of"].items ?? []).allSatisfy { $0.number != nil } }
}
