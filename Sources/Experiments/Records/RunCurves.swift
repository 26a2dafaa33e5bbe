import Diagnostics
import Plotting
import Storage

/// The losses of a recorded run by epoch, of one that is not finished too: those of the epochs that were.
public enum RunCurves {
    /// The figure of a run's losses. Of an unfinished run it says that it is partial, and of how many epochs. Throws `empty-figure`
    /// where no epoch has ended.
    public static func figure(of folder: RunFolder) throws -> Figure {
        let run = RecordedRun(folder)
        if let result = run.result {
            return .learningCurves(
                train: result.history.map(\.trainLoss), validation: result.history.compactMap(\.validationLoss),
                start: (result.start?.train?.loss, result.start?.validation?.loss), keptEpoch: result.keptEpoch, scale: .logarithmic,
                title: run.name)
        }
        let epochs = epochs(in: (try? Journal.read(folder.journalPath).entries) ?? [])
        guard !epochs.isEmpty else {
            throw Diagnostic(
                "empty-figure", "expected a run with an epoch that ended, found none in run \(run.id)",
                hint: "`ecdx runs show \(run.id)` tells how far it is")
        }
        func points(_ loss: (Epoch) -> Double?) -> [Point] {
            epochs.sorted { $0.key < $1.key }.compactMap { number, epoch in loss(epoch).map { Point(Double(number), $0) } }
        }
        let last = epochs.keys.max() ?? 0
        return .learningCurves(
            [LearningCurve(train: points(\.train), validation: points(\.validation))], scale: .logarithmic,
            title: "\(run.name.isEmpty ? run.id : run.name) (partial)",
            note: "Partial: \(last) \(last == 1 ? "epoch" : "epochs") so far; the run is "
                + (run.state.isAtWork ? "at work." : "not finished."))
    }

    /// The losses of an epoch.
    struct Epoch: Hashable {
        var train: Double?
        var validation: Double?
    }

    /// The losses by epoch that the entries of a journal tell. Epochs that were trained again after a kill have those of the last time.
    static func epochs(in entries: [JSONValue]) -> [Int: Epoch] {
        var epochs: [Int: Epoch] = [:]
        for entry in entries {
            switch entry["event"]?.stringValue {
            // What was trained before belongs to another training of that id.
            case "began": epochs = [:]
            case "epoch":
                guard let number = entry["epoch"]?.intValue, number >= 0 else { break }
                let losses = Epoch(train: entry["train.loss"]?.doubleValue, validation: entry["validation.loss"]?.doubleValue)
                if losses.train != nil || losses.validation != nil { epochs[number] = losses }
            default: break
            }
        }
        return epochs
    }
}

extension RecordedRun.State {
    /// Whether a process trains the run now.
    var isAtWork: Bool { if case .running = self { true } else { false } }
}
