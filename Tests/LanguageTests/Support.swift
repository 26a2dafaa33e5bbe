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
func isAsked(_ name: String) -> Bool { ProcessInfo.processInfo.environment[name] == "1" }

/// A stack of 8 MiB, or of as many KiB as `ECDX_STACK_KIB` says: how little a parser can do with is measured so.
var smallStack: Int { (Int(ProcessInfo.processInfo.environment["ECDX_STACK_KIB"] ?? "") ?? 8192) << 10 }

/// A copy of the corpus for the length of a test: stores and figures land in it, not beside the scripts.
final class CorpusCopy {
    let path: String
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        path = scratch.file("corpus")
        try FileManager.default.copyItem(atPath: Place.corpus, toPath: path)
    }
}

/// Keeps what is shown, as lines.
final class CollectingReporter: Reporter {
    var warnings: [Diagnostic] = []
    var lines: [String] = []

    func warn(_ diagnostic: Diagnostic) { warnings.append(diagnostic) }
    func note(_ line: String) {}
    func began(_ name: String, _ header: FitHeader) {}
    func stepped(_ name: String, _ progress: FitProgress) {}
    func finished(_ name: String, epoch: EpochRecord) {}
    func ended(_ name: String, _ summary: String) { lines.append("\(name): \(summary)") }

    func show(_ output: Output) {
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
func onLargeStack<T: Sendable>(bytes: Int = 512 << 20, _ body: @escaping @Sendable () throws -> T) throws -> T {
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
func check(_ text: String, in folder: String = Place.corpus + "/language", set overrides: [Override] = []) throws -> Session.Checked {
    var options = SessionOptions()
    options.standardLibrary = Place.library
    options.overrides = overrides
    return try Session(base: folder + "/", options: options, reporter: CollectingReporter()).check(text, file: "script.ecdx")
}

/// The values of the names of a script that must be right, on a large stack.
func values(_ text: String, in folder: String = Place.corpus + "/language", set overrides: [Override] = []) throws -> [String: Value] {
    try onLargeStack {
        let checked = try check(text, in: folder, set: overrides)
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        return Dictionary(checked.script.names.map { ($0.name, $0.value) }) { _, last in last }
    }
}

/// The diagnostics of a script, on a large stack.
func diagnostics(_ text: String, in folder: String = Place.corpus + "/language", set overrides: [Override] = []) throws -> [Diagnostic] {
    try onLargeStack { try check(text, in: folder, set: overrides).script.diagnostics }
}
