import Builtins
import Diagnostics
import Foundation
import Plotting
import TestSupport
import Testing
import Training

@testable import Experiments
@testable import Language

/// Whether `ECDX_...` asks for something.
public func isAsked(_ name: String) -> Bool { ProcessInfo.processInfo.environment[name] == "1" }

/// A stack of 8 MiB, or of as many KiB as `ECDX_STACK_KIB` says: how little a parser can do with is measured so.
public var smallStack: Int { (Int(ProcessInfo.processInfo.environment["ECDX_STACK_KIB"] ?? "") ?? 8192) << 10 }

/// A copy of the corpus for the length of a test: stores and figures land in it, not beside the scripts.
public final class CorpusCopy {
    /// The folder of the copy.
    public let path: String
    private let scratch: Scratch

    /// Makes a copy, which is removed when its owner goes.
    public init() throws {
        scratch = try Scratch()
        path = scratch.file("corpus")
        try FileManager.default.copyItem(atPath: Place.corpus, toPath: path)
    }
}

/// Keeps what is shown, as lines.
public final class CollectingReporter: Reporter {
    /// Warnings.
    public var warnings: [Diagnostic] = []
    /// Lines that were shown.
    public var lines: [String] = []

    /// Creates a reporter that has nothing yet.
    public init() {}

    public func warn(_ diagnostic: Diagnostic) { warnings.append(diagnostic) }
    public func note(_ line: String) {}
    public func began(_ name: String, _ header: FitHeader) {}
    public func stepped(_ name: String, _ progress: FitProgress) {}
    public func finished(_ name: String, epoch: EpochRecord) {}
    public func ended(_ name: String, _ summary: String) { lines.append("\(name): \(summary)") }

    public func show(_ output: Output) {
        switch output {
        case .lines(let shown): lines += shown
        case .table(let table, let title):
            if !title.isEmpty { lines.append(title) }
            let shown = table.columns.indices.filter { table.columns[$0].place != .file }
            lines.append(
                shown.map { table.columns[$0].header + (table.columns[$0].unit.map { " [\($0)]" } ?? "") }.joined(separator: " | "))
            lines += table.rows.map { row in shown.map { row[$0].text }.joined(separator: " | ") }
            lines += table.notes
        case .wrote(let path, let fresh): lines.append((fresh ? "wrote " : "unchanged ") + path)
        }
    }
}

/// What a thread gives: written by it alone, read after it has ended.
private final class Job<T>: @unchecked Sendable {
    var result: Result<T, any Error>?
}

/// What a body gives, run on a thread with as much stack as the command has.
public func onLargeStack<T: Sendable>(bytes: Int = 512 << 20, _ body: @escaping @Sendable () throws -> T) throws -> T {
    let job = Job<T>()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
        job.result = Result { try body() }
        done.signal()
    }
    thread.stackSize = bytes
    thread.start()
    done.wait()
    return try #require(job.result).get()
}

/// Checks a text in a folder, on this thread.
public func check(_ text: String, in folder: String = Place.corpus + "/language", set overrides: [Override] = []) throws -> Session.Checked
{
    var options = SessionOptions()
    options.standardLibrary = Place.library
    options.overrides = overrides
    return try Session(base: folder + "/", options: options, reporter: CollectingReporter()).check(text, file: "script.ecdx")
}

/// The values of the names of a script that must be right, on a large stack.
public func values(_ text: String, in folder: String = Place.corpus + "/language", set overrides: [Override] = []) throws -> [String: Value]
{
    try onLargeStack {
        let checked = try check(text, in: folder, set: overrides)
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        return Dictionary(checked.script.names.map { ($0.name, $0.value) }) { _, last in last }
    }
}

/// The diagnostics of a script, on a large stack.
public func diagnostics(
    _ text: String, in folder: String = Place.corpus + "/language", set overrides: [Override] = []
) throws -> [Diagnostic] {
    try onLargeStack { try check(text, in: folder, set: overrides).script.diagnostics }
}

/// A data set, a model and an experiment over the corpus's crystals.
public let crystalsScript = """
    dataset crystals {
        rows:   csv("../data/crystals.csv")
        id:     "material_id"
        inputs: { plane: chgcar("../data/densities/{material_id}.CHGCAR") |> plane([1, 1, 1], size: [12, 12], cell: file) }
        target: { column: "k_vrh", unit: "GPa" }
        split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
    }
    model net {
        input plane: [12, 12, 1]
        plane >> conv(4, kernel: 3, activation: relu) >> globalAveragePool >> dense(1)
    }
    experiment bulk { data: crystals, model: net, loss: mse, seed: 1, epochs: 2 }

    """
