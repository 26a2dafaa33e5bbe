import Diagnostics
import Glibc
import Language
import Storage
import Tensors

extension Graph {
    /// The least memory in bytes that a training of the network takes, for batches of so many items: weights, for those that
    /// learn a gradient and the optimizer's two moments beside them, and the values of what lies above them, which the backward
    /// pass reads.
    func leastTrainingBytes(batch: Double, trainable: Set<String>) -> Double {
        let weights = parameters.reduce(0.0) { $0 + Double($1.shape.count) * (trainable.contains($1.name) ? 4 : 1) }
        var learns = [Bool](repeating: false, count: nodes.count)
        var kept = 0.0
        for (index, node) in nodes.enumerated() {
            learns[index] = node.inputs.contains { learns[$0] } || node.operation.parameterNames.contains { trainable.contains($0) }
            if learns[index] { kept += node.shape.extents.reduce(1) { $0 * Double($1) } }
        }
        return (weights + batch * kept) * Double(MemoryLayout<Float>.stride)
    }
}

/// The memory of this machine in bytes, or what a control group allows where that is less.
public let machineMemory: Int = {
    let pages = max(0, sysconf(Int32(_SC_PHYS_PAGES)))
    let all = pages > 0 ? pages.multipliedReportingOverflow(by: max(1, sysconf(Int32(_SC_PAGESIZE)))) : (Int.max, false)
    let physical = all.1 ? Int.max : all.0
    let allowed = (try? readFile("/sys/fs/cgroup/memory.max", limit: 64)).flatMap {
        Int(String(decoding: $0, as: UTF8.self).prefix { $0.isNumber })
    }
    return min(physical, allowed ?? physical)
}()

/// The most bytes of an input of a data set that are held in memory, where so many bytes may be used in all. Beyond it items are read
/// from the cache batch by batch, which on a machine with free memory costs next to nothing.
public func mostHeldInput(of memory: Int) -> Int { min(1 << 26, memory / 8) }

/// Refuses an experiment whose training takes more memory than is allowed. Throws `memory`.
func checkMemory(_ experiment: Experiment, _ context: CheckContext) throws {
    let limit = Double(context.memory)
    func refuse(_ bytes: Double, _ what: String, at span: SourceSpan?, hint: String) throws {
        guard bytes > limit else { return }
        throw Diagnostic(
            "memory", "\(what) takes at least \(sizeInWords(bytes)), and \(sizeInWords(limit)) may be used", at: span,
            hint: hint + ", or allow more with `--memory`")
    }
    // Data are no matter of memory: what is large is read batch by batch.
    let graph = experiment.built.graph
    for stage in experiment.stages {
        // A batch has no more rows than the training part.
        guard let most = stage.batch.most else { continue }
        let batch = min(most, Double(max(1, experiment.parts.train.count)))
        let trainable = stage.training.trainable
        let bytes = graph.leastTrainingBytes(batch: batch, trainable: trainable)
        guard bytes > limit else { continue }
        // What one row takes already is no matter of the batch.
        let isBatch = bytes > 2 * graph.leastTrainingBytes(batch: 1, trainable: trainable)
        let declared = experiment.declared
        try refuse(
            bytes, isBatch ? "a training in batches of \(written(batch)) rows" : "a training of this model",
            at: isBatch ? (stage.declared?.span(of: "batch") ?? declared.span(of: "batch")) : declared.span(of: "model"),
            hint: isBatch ? "take smaller batches" : "make the layers smaller")
    }
}

/// The size as a person says it: `6.1 GB`.
func sizeInWords(_ bytes: Double) -> String {
    bytes >= 1e9 ? "\(threeDigits(bytes / 1e9)) GB" : bytes >= 1e6 ? "\(threeDigits(bytes / 1e6)) MB" : "\(threeDigits(bytes / 1e3)) kB"
}
