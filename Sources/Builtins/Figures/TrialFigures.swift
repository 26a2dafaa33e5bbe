import Diagnostics
import Language
import Plotting
import Training

/// The figure `trialsPlot`: scores of the trials of a search.
let trialFigures = Vocabulary([
    figureWord(
        "trialsPlot", family: "Search",
        [
            Parameter("of", .object("experiment"), "an experiment with a search"),
            Parameter(
                "x", .optional(.text), .fallback(.none),
                "the space along the horizontal axis, as `trials` names it; the first where not given"),
        ],
        options: .panel, "What trials came to against what they tried.",
        examples: [
            Example(
                """
                experiment found like bulk { optimizer: adam(rate: loguniform(1e-4, 1e-1)), epochs: 2, search: randomSearch(trials: 4) }
                plot trialsPlot(found) to "out/trials.svg"
                """,
                with: .crystals)
        ], check: checkTrialsPlot, draws: { call, context in try context.trialsPlot(call) })
])

/// Checks that an experiment has a search, and the space that is drawn along. Throws `type`, `unknown-column`.
@Sendable private func checkTrialsPlot(_ call: Call, _ context: CheckContext) throws -> Value {
    _ = try needsSearch(call, context)
    if let object = call["of"].object { _ = try context.experiment(object).searching().place(of: call) }
    return .call(call)
}

extension ExperimentSearch {
    /// The position of the space that a `trialsPlot` call names, or of the first. Throws `unknown-column`.
    fileprivate func place(of call: Call) throws -> Int {
        guard let name = call["x"].string else { return 0 }
        if let place = spaces.firstIndex(where: { $0.name == name }) { return place }
        let names = spaces.map(\.name)
        throw Diagnostic(
            "unknown-column", "the search has no space `\(name)`", at: call.span(of: "x"),
            label: nearMiss(name, among: names).map { "did you mean `\($0)`?" },
            hint: "it has \(names.map { "`\($0)`" }.joined(separator: ", "))")
    }
}

extension ComputeContext {
    /// The figure of scores of trials along one of the search spaces.
    fileprivate func trialsPlot(_ call: Call) throws -> Figure {
        let experiment = try experiment(call, "of")
        let search = try experiment.searching()
        let spaces = search.spaces
        let monitor = search.monitor
        let place = try search.place(of: call)
        let space = spaces[place]
        let records = try results.trials(of: experiment)
        // Choices that are no numbers stand at their places in the list.
        let choices = space.choices
        let points = records.compactMap { record -> Point? in
            guard let score = record.score, record.values.indices.contains(place) else { return nil }
            let value = record.values[place]
            return (value.number ?? choices.firstIndex(of: value).map(Double.init)).map { Point($0, score) }
        }
        guard !points.isEmpty else { throw Diagnostic("search", "every trial of the search failed", at: call.span(of: "of")) }
        var x = Axis(space.name)
        var y = Axis(monitor.description)
        if case .logarithmic = space.dimension.kind { x.scale = .logarithmic }
        if points.allSatisfy({ $0.y > 0 }) { y.scale = .logarithmic }
        let failed = records.count { $0.score == nil }
        let notes = [
            failed > 0 ? "\(failed) of \(records.count) trials failed." : "", monitor.part == .validation ? experiment.choiceSentence : "",
        ]
        return .scatter([Series("", points)], x: x, y: y, note: notes.filter { !$0.isEmpty }.joined(separator: " "))
    }
}
