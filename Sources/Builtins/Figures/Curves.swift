import Diagnostics
import Language
import Plotting

/// The figure `curves`: the losses of a training by epoch.
let curveFigures = Vocabulary([
    Word(
        "curves", family: "Figures", [Parameter("of", .object("experiment"), "an experiment")], gives: .sort("figure"),
        "Training and validation loss by epoch, with the epoch that was kept.",
        examples: [Example("plot curves(bulk) to \"out/curves.svg\"", with: .crystals)],
        computes: { call, context in .figure(try context.curves(call)) })
])

extension ComputeContext {
    fileprivate func curves(_ call: Call) throws -> Figure {
        let experiment = try object(call, "of")
        let run = try results.result(of: experiment)
        let space = try plan(ofExperiment: experiment)
        let reason = run.stoppedEarly ? "Stopped early after \(run.history.count) epochs." : "Ran all \(run.history.count) epochs."
        let transform = space.transform == .log ? "log " : ""
        let scale = space.scale == .none ? "" : ", \(space.scale.rawValue) scaled"
        return .learningCurves(
            train: run.history.map(\.trainLoss), validation: run.history.compactMap(\.validationLoss),
            start: (run.start?.train?.loss, run.start?.validation?.loss), keptEpoch: run.keptEpoch,
            loss: "mean squared error of \(transform)\(quantityName(space.column))\(scale)", scale: .logarithmic,
            title: experiment.label ?? "", note: reason)
    }
}
