import Builtins
import Diagnostics
import Language
import Storage

/// The performer of one action: what those of every verb compute and write with.
struct Performer {
    let session: Session
    let runner: Runner
    /// Context of the action, in which results of its calls are remembered.
    let computing: ComputeContext

    init(session: Session, runner: Runner) {
        self.session = session
        self.runner = runner
        computing = ComputeContext(source: runner)
    }

    var reporter: any Reporter { session.reporter }

    /// Performs an action: computes what it asks for, shows it, writes what it is to write.
    func perform(_ action: CheckedScript.Action) throws { try action.verb.meaning.perform(action, with: self) }

    /// Warns of copies in the data of the experiments that a call shows: what comes from the cache is no better than it was.
    func warnOfCopies(_ call: Call) throws {
        for object in Value.call(call).experiments {
            for training in try runner.context.trainings(of: runner.experiment(object)) { try runner.warnOfCopies(in: training) }
        }
    }

    /// Writes an output, and reports it unless `quiet`. Throws `outside`, `would-overwrite` and `cannot-write`.
    func write(_ bytes: [UInt8], to target: String, span: SourceSpan?, quiet: Bool = false) throws {
        try write(to: target, span: span, quiet: quiet) { try runner.store.outputs.write(bytes, to: $0, force: session.options.force) }
    }

    /// Writes an output piece by piece as `body` gives it, and reports it. Throws what the other does, and what `body` throws.
    func write(to target: String, span: SourceSpan?, _ body: (any ByteSink) throws -> Void) throws {
        try write(to: target, span: span, quiet: false) { path in
            try runner.store.outputs.write(to: path, force: session.options.force, body)
        }
    }

    private func write(to target: String, span: SourceSpan?, quiet: Bool, _ write: (_ path: String) throws -> Void) throws {
        do {
            let path = try session.writable(target)
            sweepTemporaries(in: parentFolder(of: path))
            let before = fileStatus(path)
            try write(path)
            if !quiet { reporter.show(.wrote(target, fresh: before == nil || before != fileStatus(path))) }
        } catch let diagnostic as Diagnostic {
            throw diagnostic.at(span)
        }
    }
}
