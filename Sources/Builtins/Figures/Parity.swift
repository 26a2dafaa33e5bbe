import Diagnostics
import Language
import Plotting
import Training

private let scale = Parameter(
    "scale", .word(["auto": "logarithmic where the target's transform is"] + axisScales), .fallback(.word("auto")),
    "of the axes")

/// The figure `parity`: predicted against true values.
let parityFigures = Vocabulary([
    figureWord(
        "parity", [Parameter("of", .object("experiment"), "an experiment"), scale], options: [.frame, .labels, .equalAxes],
        "Predicted against true values, a marker per part, with the identity line.",
        examples: [Example("plot parity(bulk) to \"out/parity.svg\"", with: .crystals)],
        draws: { call, context in try context.parity(call) })
])

extension ComputeContext {
    fileprivate func parity(_ call: Call) throws -> Figure {
        let experiment = try experiment(call, "of")
        let plan = experiment.plan
        let run = try results.result(of: experiment)
        let labelUnit = labelUnit(plan.column, plan.unit)
        let unit = labelUnit.map { " \(typeset($0))" } ?? ""
        let splits: [ParitySplit] = try partNames.compactMap { name in
            // Rows of all folds stand once: as the fold that left them out predicts them.
            if name == "train", experiment.reportsAllFolds { return nil }
            guard let part = run.parts[name], let role = ParitySplit.Role(rawValue: name) else { return nil }
            let score = try Score(truth: part.truth, predicted: part.predicted, resamples: 0)
            let r2 = score.r2.map { "R2 \(fixed($0.value, 2))" } ?? "R2 n/a"
            return ParitySplit(
                role, zip(part.truth, part.predicted).map { Point($0, $1) },
                summary: "\(r2), RMSE \(threeDigits(score.rmse.value))\(unit), n \(score.count)",
                name: experiment.shownPart(name))
        }
        let isLog = call["scale"].word == "log" || call["scale"].word == "auto" && plan.transform == .log
        return .parity(
            splits, quantity: quantityName(plan.column, unit: labelUnit), unit: labelUnit, scale: isLog ? .logarithmic : .linear,
            title: experiment.label ?? "",
            note: splits.contains { $0.role == .validation && !$0.points.isEmpty } ? experiment.choiceSentence : "")
    }
}
