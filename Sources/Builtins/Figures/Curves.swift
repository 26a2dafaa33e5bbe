import Diagnostics
import Language
import Plotting
import Training

/// The figure `curves`: the losses of a training by epoch.
let curveFigures = Vocabulary([
    figureWord(
        "curves", [Parameter("of", .object("experiment"), "an experiment")], options: .panel,
        "Training and validation loss by epoch, with the epoch that was kept: of every stage and fold, and of the best trial of a search.",
        examples: [Example("plot curves(bulk) to \"out/curves.svg\"", with: .crystals)],
        draws: { call, context in try context.curves(call) })
])

extension ComputeContext {
    fileprivate func curves(_ call: Call) throws -> Figure {
        let experiment = try experiment(call, "of")
        let courses = try results.courses(of: experiment)
        let plan = experiment.plan
        let transform = plan.transform == .log ? "log " : ""
        let scale = plan.scale == .none ? "" : ", \(plan.scale.rawValue) scaled"
        let title = experiment.label ?? ""
        // The part of the experiment that one training is stands above the figure.
        let name = courses.count == 1 ? courses[0].name : ""
        return .learningCurves(
            courses.map(learningCurve), validation: experiment.validationChose.map { "chose \($0)" },
            marks: courses.count == 1 ? marks(courses[0]) : [],
            loss: "mean squared error of \(transform)\(quantityName(plan.column, unit: plan.unit))\(scale)",
            unit: plan.transform == .none && plan.scale == .none ? squared(plan.unit) : nil, scale: .logarithmic,
            title: [title, name].filter { !$0.isEmpty }.joined(separator: ": "),
            note: courses.count == 1 ? ending(courses[0]) : lengths(courses))
    }

    /// The losses of a training, the epochs of its stages one after the other.
    private func learningCurve(_ course: TrainingCourse) -> LearningCurve {
        var curve = LearningCurve()
        var before = 0
        for (_, result) in course.stages {
            // The losses that a later stage begins with.
            if let loss = result.start?.train?.loss { curve.train.append(Point(Double(before), loss)) }
            if let loss = result.start?.validation?.loss { curve.validation.append(Point(Double(before), loss)) }
            for record in result.history {
                let epoch = Double(before + record.epoch)
                curve.train.append(Point(epoch, record.trainLoss))
                if let loss = record.validationLoss { curve.validation.append(Point(epoch, loss)) }
            }
            before += result.history.last?.epoch ?? 0
        }
        return curve
    }

    /// A mark at the epoch that each stage of a training kept.
    private func marks(_ course: TrainingCourse) -> [Mark] {
        var marks: [Mark] = []
        var before = 0
        for (name, result) in course.stages {
            let kept = name.map { "\($0) kept: epoch \(result.keptEpoch)" } ?? "kept: epoch \(result.keptEpoch)"
            marks.append(Mark(x: Double(before + result.keptEpoch), label: kept))
            before += result.history.last?.epoch ?? 0
        }
        return marks
    }

    /// What ended a training, stage by stage, as sentences.
    private func ending(_ course: TrainingCourse) -> String {
        let parts = course.stages.map { name, result -> String in
            let count = result.history.last?.epoch ?? 0
            let text = result.stoppedEarly ? "stopped early after \(count) epochs" : "ran all \(count) epochs"
            return name.map { "\($0) \(text)" } ?? text
        }
        let text = parts.joined(separator: ", ") + "."
        // The name of a stage stands as it is written.
        return course.stages.contains { $0.name != nil } ? text : text.prefix(1).uppercased() + text.dropFirst()
    }

    /// How many trainings there are, and of how many epochs.
    private func lengths(_ courses: [TrainingCourse]) -> String {
        let counts = courses.map { $0.stages.reduce(0) { $0 + ($1.result.history.last?.epoch ?? 0) } }
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        let epochs = least == most ? "\(most) epochs each" : "\(least) to \(most) epochs"
        return "\(courses[0].name) to \(courses[courses.count - 1].name): \(epochs)."
    }
}
