import Builtins
import Datasets
import Diagnostics
import Engine
import Models
import Storage
import Training

/// The files of a finished run: `result.json` comes last, and its being there is what makes the run finished.
enum RunRecord {
    /// The contents of `result.json`.
    struct Record: Codable {
        var keptEpoch: Int
        var stoppedEarly: Bool
        /// What stands for an epoch 0; absent where nothing does.
        var start: StartScores?
        var history: [EpochRecord]
        var parts: [String: Part]
        var weights: Digest
    }

    /// The predictions for one part, in the target's unit.
    struct Part: Codable {
        var ids: [String]
        var truth: [Double]
        var predicted: [Double]
    }

    /// Writes the files of a finished run: weights, metrics, predictions, and the result last.
    static func write(_ result: RunResult, parameters: ParameterStore, to run: RunFolder) throws {
        let weights = Safetensors(
            tensors: parameters.names.compactMap { name in
                parameters[name].map { NamedTensor(name: name, shape: $0.shape.extents, values: $0.values) }
            })
        try writeSafetensors(weights, to: run.file("weights.safetensors"))
        var metrics = "epoch,train_loss,train_mse,train_mae,validation_loss,validation_mse,validation_mae,rate,seconds\n"
        func cells(_ scores: EpochScores?) -> String { scores.map { "\($0.loss),\($0.mse),\($0.mae)" } ?? ",," }
        if let start = result.start { metrics += "0,\(cells(start.train)),\(cells(start.validation)),,\n" }
        for record in result.history {
            metrics += """
                \(record.epoch),\(cells(record.train)),\(cells(record.validation)),\(record.rate),\(fixed(record.seconds, 3))

                """
        }
        try writeWhole(metrics, to: run.metrics)
        var predictions = "id,part,truth,predicted\n"
        for part in partNames {
            guard let items = result.parts[part] else { continue }
            for (index, id) in items.ids.enumerated() {
                predictions += "\(ResultTable.quoted(id)),\(part),\(items.truth[index]),\(items.predicted[index])\n"
            }
        }
        try writeWhole(predictions, to: run.file("predictions.csv"))
        let record = Record(
            keptEpoch: result.keptEpoch, stoppedEarly: result.stoppedEarly, start: result.start, history: result.history,
            parts: result.parts.mapValues { Part(ids: $0.ids, truth: $0.truth, predicted: $0.predicted) }, weights: try weights.digest())
        try writeWhole(JSONValue(encoding: record).canonical + "\n", to: run.file("result.json"))
    }

    /// Reads the result of a finished run. Throws where the run is not finished or its record is damaged: it is computed anew
    /// then.
    static func read(_ run: RunFolder) throws -> RunResult {
        let path = run.file("result.json")
        let record = try JSONValue(parsing: readFile(path), in: DataPlace(file: path)).decoded(as: Record.self)
        guard fileStatus(run.file("weights.safetensors"))?.kind == .file else {
            throw Diagnostic("bad-data", "the weights of the run are missing", data: DataPlace(file: run.path))
        }
        return result(record)
    }

    /// The result that a record holds.
    static func result(_ record: Record) -> RunResult {
        RunResult(
            parts: record.parts.mapValues { RunResult.Part(ids: $0.ids, truth: $0.truth, predicted: $0.predicted) },
            start: record.start, history: record.history,
            keptEpoch: record.keptEpoch, stoppedEarly: record.stoppedEarly)
    }
}
