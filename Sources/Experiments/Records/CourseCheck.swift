import Builtins
import Datasets
import Diagnostics
import Language
import Training

/// The check of a run's history against its stage and its predictions: what a script selects by has to follow from them.
struct CourseCheck {
    private let epochs: Int
    private let mayStop: Bool
    private let keep: Keep
    /// Whether the weights that the training begins with count as those of an epoch 0.
    private let startCounts: Bool
    private let space: TargetSpace

    /// Creates the check for the last stage of a training, which begins with the weights of the one before where there is one.
    init(of training: Experiment, space: TargetSpace) throws {
        let stage = training.last
        epochs = try stage.epochCount()
        mayStop = stage.stop != nil
        keep = stage.keep
        startCounts = training.stages.count > 1 && stage.watches
        self.space = space
    }

    /// Checks the epochs of a result, which of them was kept, and the validation scores of that one. Throws `bad-data`; `file` is
    /// the file that the result stands in.
    func check(_ result: RunResult, file: String) throws {
        func bad(_ message: String) -> Diagnostic { Diagnostic("bad-data", message, data: DataPlace(file: file)) }
        let history = result.history
        guard history.enumerated().allSatisfy({ $0.element.epoch == $0.offset + 1 }) else {
            throw bad("expected a history of epochs from 1 on, found another")
        }
        let isOver = history.count == epochs || (mayStop && result.stoppedEarly && (1..<max(2, epochs)).contains(history.count))
        guard isOver else { throw bad("expected a history of \(epochs) epochs, as the experiment has, found \(history.count)") }
        guard startCounts || result.start == nil else { throw bad("expected a history from epoch 1 on, found scores of an epoch 0") }
        guard let part = result.parts["validation"] else { throw bad("expected a part `validation`, found none") }
        let isValidated = !part.ids.isEmpty
        let scores = history.map(\.validation) + (result.start.map { [$0.validation] } ?? [])
        guard scores.allSatisfy({ ($0 != nil) == isValidated }) else {
            throw bad("expected validation scores in \(isValidated ? "every" : "no") epoch, as the experiment has, found others")
        }
        let (kept, what) = try best(of: result, bad)
        guard result.keptEpoch == kept else { throw bad("expected the kept epoch \(kept), \(what), found \(result.keptEpoch)") }
        let scored = kept == 0 ? result.start?.validation : history.last { $0.epoch == kept }?.validation
        guard let scored, isValidated else { return }
        for (name, said, given) in compared(scored, part) where !given.agrees(with: said) {
            throw bad("expected the validation \(name) \(given.value) of the kept epoch, as the predictions give it, found \(said)")
        }
    }

    /// The epoch whose weights the stage keeps, by the history, with why.
    private func best(of result: RunResult, _ bad: (String) -> Diagnostic) throws -> (epoch: Int, reason: String) {
        guard let monitor = keep.monitor else { return (result.history.count, "the last") }
        var best = result.start.flatMap { monitor.value(in: $0) }.map { (epoch: 0, value: $0) }
        for record in result.history {
            guard let value = monitor.value(in: record), value.isFinite else {
                throw bad("expected a number as the `\(monitor)` of epoch \(record.epoch), found none")
            }
            // Of equals the first.
            if best.map({ value < $0.value }) ?? true { best = (record.epoch, value) }
        }
        return (best?.epoch ?? 0, "the best of the history by `\(monitor)`")
    }

    /// A score as the predictions give it, with the size of the numbers that it is made of.
    private struct Given {
        var value: Double
        var size: Double
        var isSquare: Bool

        /// Whether a score in the history is this one. Relative, as single precision rounds the errors; beside that, as it rounds
        /// what they are differences of: kernels come to some 1e-5 of it.
        func agrees(with said: Double) -> Bool {
            // What overflows on its way to the unit of the target and back says nothing.
            guard value.isFinite else { return true }
            let (a, b) = isSquare ? (value.squareRoot(), said.squareRoot()) : (value, said)
            return abs(a - b) <= (isSquare ? 0.5e-3 : 1e-3) * max(a, b) + 1e-5 * size
        }
    }

    /// The scores of an epoch beside what the predictions of its validation part give.
    private func compared(_ said: EpochScores, _ part: RunResult.Part) -> [(name: String, said: Double, given: Given)] {
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
        func score(_ truth: [Double], _ predicted: [Double], isSquare: Bool) -> Given {
            let errors = zip(truth, predicted).map { isSquare ? ($0 - $1) * ($0 - $1) : abs($0 - $1) }
            return Given(value: mean(errors), size: mean(truth.map { $0 * $0 }).squareRoot(), isSquare: isSquare)
        }
        let trained = score(part.truth.map(space.forward), part.predicted.map(space.forward), isSquare: true)
        return [
            ("loss", said.loss, trained),
            ("mean squared error", said.mse, score(part.truth, part.predicted, isSquare: true)),
            ("mean absolute error", said.mae, score(part.truth, part.predicted, isSquare: false)),
        ]
    }
}
