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
        gives: .sort(.table),
        """
        Mean and standard deviation of RMSE, MAE and R2 over repeated experiments, each baseline fitted anew on each, \
        and in how many the experiment has the smaller RMSE.
        """,
        examples: [
            Example(
                "let runs = for seed in 1..2 { bulk with { data.split.seed: seed } }\ntable repeats(runs, baselines: [mean])",
                with: .crystals)
        ], check: checkRepeats, computes: { call, context in .table(try context.repeatsTable(call)) })
])

/// Checks that the experiments are folded alike, since the rows that folds left out are not those of a validation part, and that
/// they have one target, since means are taken over them. Throws `type`, `unit`.
@Sendable private func checkRepeats(_ call: Call, _ context: CheckContext) throws -> Value {
    let call = call.tellingApart("of")
    let objects = try Arguments(call, library: context.library).objects("of")
    let experiments = try objects.map { try context.experiment($0) }
    if let first = experiments.first, let other = experiments.first(where: { $0.reportsAllFolds != first.reportsAllFolds }) {
        throw Diagnostic(
            "type",
            "`repeats` expected experiments that are folded alike, found `\(first.label ?? "one")` and `\(other.label ?? "another")`",
            at: call.span(of: "of"), hint: "`metrics` takes both, and names the rows of each")
    }
    let traits: [TargetTrait] = call["units"].word == "scaled" ? [.column, .unit, .transform, .scale] : [.column, .unit]
    try context.checkAgree(objects, in: traits, subject: "`repeats`", at: call.span(of: "of")) { _ in
        "make a table for each; `repeats` takes means over runs of one experiment"
    }
    return try checkBaselines(call, context)
}

extension ComputeContext {
    /// The table of means and standard deviations over repeated experiments.
    fileprivate func repeatsTable(_ call: Call) throws -> ResultTable {
        let arguments = arguments(of: call)
        let experiments = try experiments(call, "of")
        guard let first = experiments.first else {
            throw Diagnostic("empty-table", "`repeats` expected at least one experiment, found none", at: call.span(of: "of"))
        }
        let scaled = try arguments.word("units") == "scaled"
        let unit = scaled ? nil : first.plan.unit
        // The experiment first, then the baselines in their order: two of one kind are two models.
        let baselines = try arguments.items("baselines")
        let names = try ["experiment"] + namesOfBaselines(baselines, beside: ["experiment"])
        var models: [(name: String, scores: [String: [Score]])] = names.map { ($0, [:]) }
        func add(_ place: Int, _ parts: [PartScore]) throws {
            for part in parts { models[place].scores[part.part, default: []].append(try part.scored()) }
        }
        for experiment in experiments {
            try add(0, self.scores(of: experiment, scaled: scaled))
            for (index, value) in baselines.enumerated() {
                try add(index + 1, self.scores(of: value, beside: experiment, scaled: scaled))
            }
        }
        var columns: [ResultTable.Column] = [.init("model", isNumeric: false), .init("part", isNumeric: false), .init("runs"), .init("n")]
        for (header, unit) in [("RMSE", unit), ("MAE", unit), ("R2", nil)] {
            // In a file, where no column stands beside its number for the eye, each has a name of its own.
            columns += [.init(header, unit: unit), .init("+-", unit: unit, in: .screen), .init("\(header) +-", unit: unit, in: .file)]
        }
        columns.append(.init("experiment ahead"))
        var rows: [[ResultTable.Cell]] = []
        var chosen: [String?] = []
        for (place, model) in models.enumerated() {
            for part in partNames {
                guard let list = model.scores[part], let ours = models[0].scores[part] else { continue }
                var cells: [ResultTable.Cell] = [
                    .init(model.name), .init(first.shownPart(part)), .init(String(list.count)), .init(counts(list)),
                ]
                for values in [list.map(\.rmse.value), list.map(\.mae.value)] { cells += spread(values, threeDigits) }
                cells += spread(list.compactMap(\.r2?.value)) { fixed($0, 3) }
                let ahead = zip(ours, list).count { $0.rmse.value < $1.rmse.value }
                cells.append(place == 0 ? .init("") : .init("\(ahead) of \(list.count)"))
                rows.append(cells)
                chosen.append(place == 0 && part == "validation" ? validationChose(experiments) : nil)
            }
        }
        return ResultTable(
            columns: columns, rows: rows,
            notes: ["+- is the standard deviation over the runs; ahead: in how many the experiment has the smaller RMSE"]
                + first.partsNotes + notesOfTwins(experiments.map(\.declared), all: true)
                + (models[0].scores["validation"] == nil ? [] : notesOfChoice(experiments))
        ).marking(chosen)
    }

    /// The number of rows behind each score: one number, or the smallest and the largest.
    private func counts(_ scores: [Score]) -> String {
        let (least, most) = (scores.map(\.count).min() ?? 0, scores.map(\.count).max() ?? 0)
        return least == most ? String(most) : "\(least) to \(most)"
    }

    /// Mean and sample standard deviation, the latter for the screen and for files.
    private func spread(_ values: [Double], _ shown: (Double) -> String) -> [ResultTable.Cell] {
        guard !values.isEmpty else { return [.init("n/a", exact: ""), .init(""), .init("")] }
        let center = mean(values)
        guard values.count > 1 else { return [.init(shown(center), exact: exactly(center)), .init(""), .init("")] }
        let spread = ResultTable.Cell(shown(deviation(values)), exact: exactly(deviation(values)))
        // Once for the screen and once for a file.
        return [.init(shown(center), exact: exactly(center)), spread, spread]
    }
}
