import Datasets
import Diagnostics
import Language
import Training

/// The table `repeats`: means of metrics over repeated experiments.
let repeatTables = Vocabulary([
    Word(
        "repeats", family: "Results",
        [
            Parameter("of", .list(.object("experiment"), count: nil), "experiments that repeat one another on other splits or seeds"),
            baselinesParameter, unitsParameter,
        ],
        gives: .sort("table"),
        """
        Mean and standard deviation of RMSE, MAE and R2 over repeated experiments, each baseline fitted anew on each, \
        and in how many the experiment has the smaller RMSE.
        """,
        examples: [
            Example(
                "let runs = for seed in 1..2 { bulk with { data.split.seed: seed } }\ntable repeats(runs, baselines: [mean])",
                with: .crystals)
        ], check: checkBaselines, computes: { call, context in .table(try context.repeatsTable(call)) })
])

extension ComputeContext {
    /// The table of means and standard deviations over repeated experiments.
    fileprivate func repeatsTable(_ call: Call) throws -> ResultTable {
        let arguments = arguments(of: call)
        let experiments = try arguments.objects("of")
        guard let first = experiments.first else {
            throw Diagnostic("empty-table", "`repeats` expected at least one experiment, found none", at: call.span(of: "of"))
        }
        let scaled = try arguments.word("units") == "scaled"
        let unit = scaled ? nil : try plan(ofExperiment: first).unit
        var order: [String] = []
        var scores: [String: [String: [Score]]] = [:]
        func add(_ model: String, _ parts: [PartScore]) throws {
            if scores[model] == nil { order.append(model) }
            for part in parts { scores[model, default: [:]][part.part, default: []].append(try part.scored()) }
        }
        let name = "experiment"
        for experiment in experiments {
            try add(name, self.scores(of: experiment, scaled: scaled))
            let baseline = try BaselineData(experiment: experiment, source: results)
            for value in try arguments.items("baselines") {
                let parts = try self.scores(of: value, baseline, scaled: scaled)
                try add(parts.first?.model ?? "baseline", parts)
            }
        }
        var columns: [ResultTable.Column] = [.init("model", isNumeric: false), .init("part", isNumeric: false), .init("runs")]
        for (header, unit) in [("RMSE", unit), ("MAE", unit), ("R2", nil)] {
            columns += [.init(header, unit: unit), .init("+-", unit: unit)]
        }
        columns.append(.init("experiment ahead"))
        var rows: [[ResultTable.Cell]] = []
        for model in order {
            for part in partNames {
                guard let list = scores[model]?[part], let ours = scores[name]?[part] else { continue }
                var cells: [ResultTable.Cell] = [.init(model), .init(part), .init(String(list.count))]
                for values in [list.map(\.rmse.value), list.map(\.mae.value)] { cells += spread(values, threeDigits) }
                cells += spread(list.compactMap(\.r2?.value)) { fixed($0, 3) }
                let ahead = zip(ours, list).count { $0.rmse.value < $1.rmse.value }
                cells.append(model == name ? .init("") : .init("\(ahead) of \(list.count)"))
                rows.append(cells)
            }
        }
        return ResultTable(
            columns: columns, rows: rows,
            notes: ["+- is the standard deviation over the runs; ahead: in how many the experiment has the smaller RMSE"]
                + (scores[name]?["validation"] == nil ? [] : notesOfChoice(experiments)))
    }

    /// Mean and sample standard deviation as two cells.
    private func spread(_ values: [Double], _ shown: (Double) -> String) -> [ResultTable.Cell] {
        guard !values.isEmpty else { return [.init("n/a"), .init("")] }
        let mean = values.reduce(0, +) / Double(values.count)
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        guard values.count > 1 else { return [.init(shown(mean), exact: String(mean)), .init("")] }
        let deviation = (square / Double(values.count - 1)).squareRoot()
        return [.init(shown(mean), exact: String(mean)), .init(shown(deviation), exact: String(deviation))]
    }
}
