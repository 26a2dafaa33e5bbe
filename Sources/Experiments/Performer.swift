import Builtins
import Diagnostics
import Language
import Plotting
import Storage

/// Carries out one action: computes what it shows, shows it, writes what it is to write.
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

    func perform(_ action: CheckedScript.Action) throws {
        switch action.verb {
        case .show: try show(action.value)
        case .table:
            guard case .call(let call) = action.value else { return }
            let table = try table(call)
            try runner.stopIfAsked("computing a table")
            session.reporter.show(.table(table.page, title: ""))
            if let target = action.target { try write(Array(table.csv.utf8), to: target, span: action.targetSpan) }
        case .plot:
            guard case .call(let call) = action.value else { return }
            try plot(call, to: action.target, span: action.targetSpan)
        case .export: try export(action)
        case .predict: try predict(action)
        }
    }

    /// Writes the trained model of an experiment, or the numbers of a tensor or a density in the format that the path ends in.
    private func export(_ action: CheckedScript.Action) throws {
        if let experiment = action.value.object, let target = action.target {
            let sink = ByteList()
            try runner.model(of: experiment).contents.write(to: sink)
            return try write(sink.bytes, to: target, span: action.targetSpan)
        }
        guard let target = action.target, let format = TensorFormat(path: target) else { return }
        let (array, unit) = try computing.array(action.value)
        try write(TensorFile.bytes(of: array, unit: unit, as: format), to: target, span: action.targetSpan)
    }

    /// Predicts for the rows of a data set and writes the table.
    private func predict(_ action: CheckedScript.Action) throws {
        guard let target = action.target, let data = action.on?.object else { return }
        let table = try runner.predictions(of: action.value, on: data, asGiven: action.asGiven || session.options.asGiven)
        try write(Array(table.csv.utf8), to: target, span: action.targetSpan)
    }

    private func show(_ value: Value) throws {
        let describer = Describer(runner: runner, computing: computing)
        if case .call(let call) = value, runner.library.tablePath(of: call) != nil {
            // Nobody reads a million rows, so they are not made ready for it.
            let table = ResultTable.page(of: try runner.table(call))
            try runner.stopIfAsked("reading a table")
            session.reporter.show(.table(table, title: ""))
        } else if case .call(let call) = value, call.type == .sort(.table) {
            let table = try table(call)
            try runner.stopIfAsked("computing a table")
            session.reporter.show(.table(table.page, title: ""))
        } else if case .call(let call) = value, call.type == .sort(.figure) {
            try plot(call, to: nil, span: nil)
        } else {
            for output in try describer.describe(value) { session.reporter.show(output) }
        }
    }

    /// Warns of copies in the data of the experiments that a call shows: what comes from the cache is no better than it was.
    private func warnOfCopies(_ call: Call) throws {
        for experiment in Value.call(call).experiments {
            for training in experiment.trainings { try runner.warnOfCopies(in: training) }
        }
    }

    /// A table, from the cache where nothing it rests on has changed.
    private func table(_ call: Call) throws -> ResultTable {
        try warnOfCopies(call)
        func key() throws -> Digest { try runner.resultKey(call, node: "table", version: NodeVersion.table) }
        if let bytes = try runner.cached("table.json", of: key()), let json = try? JSONValue(parsing: bytes),
            let table = TableFile.table(json)
        {
            return table
        }
        guard case .table(let table) = try computing.compute(.call(call)) else {
            throw Diagnostic("type", "expected a table", at: call.origin.span)
        }
        // What was trained for it is a part of its key now.
        try runner.store.cache.insert(key()) { try writeWhole(TableFile.json(table).canonical, to: joined($0, "table.json")) }
        return table
    }

    /// Draws a figure into a file, from the cache where nothing it rests on has changed; shows it where no file is named.
    private func plot(_ call: Call, to target: String?, span: SourceSpan?) throws {
        guard let target else {
            let figure = try figure(call)
            return try drawing(figure, as: .text(width: 79, height: 24), for: nil) {
                if let show = session.options.showFigure { return try show(figure) }
                let text = try renderText(figure, with: session.options.gnuplot)
                session.reporter.show(.lines(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)))
            }
        }
        try warnOfCopies(call)
        let path = try session.writable(target)
        let name = lastName(of: path)
        func key() throws -> Digest { try runner.resultKey(call, node: "figure", version: NodeVersion.figure, detail: name) }
        func cached() throws -> (figure: [UInt8], script: [UInt8])? {
            let now = try key()
            guard let figure = try runner.cached("figure", of: now), let script = try runner.cached("figure.gp", of: now) else {
                return nil
            }
            return (figure, script)
        }
        var found = try cached()
        if found == nil {
            let figure = try figure(call)
            let drawn = try drawing(figure, as: FigureFormat(path: name) ?? .svg, for: name) {
                try draw(figure, for: name, with: session.options.gnuplot)
            }
            // What was trained for it is a part of its key now.
            try runner.store.cache.insert(key()) { folder in
                try writeWhole(drawn.bytes, to: joined(folder, "figure"))
                try writeWhole(drawn.script, to: joined(folder, "figure.gp"))
                try writeWhole(JSONValue.array(drawn.complaints.map { .string($0) }).canonical, to: joined(folder, "complaints.json"))
            }
            found = try cached()
        }
        guard let found else { throw Diagnostic("cannot-read", "the figure vanished from the cache") }
        // Said each time: the figure that is taken from the cache is no better than when it was drawn.
        if let bytes = try? runner.cached("complaints.json", of: key()), let kept = (try? JSONValue(parsing: bytes))?.arrayValue,
            let warning = plotWarning(kept.compactMap(\.stringValue), about: name)
        {
            session.reporter.warn(warning.at(call.origin.span))
        }
        try write(found.script, to: target + ".gp", span: span, quiet: true)
        try write(found.figure, to: target, span: span)
    }

    private func figure(_ call: Call) throws -> Figure {
        guard case .figure(let figure) = try computing.compute(.call(call)) else {
            throw Diagnostic("type", "expected a figure", at: call.origin.span)
        }
        return figure
    }

    /// Draws a figure. Where gnuplot fails, the script that it was given is kept in the store, and the diagnostic names it.
    /// Throws `Interrupted` where somebody asked to stop.
    private func drawing<Drawn>(_ figure: Figure, as format: FigureFormat, for name: String?, _ body: () throws -> Drawn) throws -> Drawn {
        do {
            return try body()
        } catch is DrawingStopped {
            throw Interrupted(name: name.map { "drawing `\($0)`" } ?? "drawing a figure", place: nil)
        } catch var diagnostic as Diagnostic where diagnostic.id == "plot-failed" {
            let path = joined(joined(runner.store.path, "failed"), (name ?? "figure") + ".gp")
            // What cannot be kept must not hide why it was to be.
            guard (try? createFolder(parentFolder(of: path))) != nil,
                (try? writeWhole(gnuplotScript(figure, format: format, output: name), to: path)) != nil
            else { throw diagnostic }
            diagnostic.hints.append("its script is kept: run gnuplot on `\(path)`")
            throw diagnostic
        }
    }

    /// Writes an output, and reports it unless `quiet`. Throws `outside`, `would-overwrite` and `cannot-write`.
    private func write(_ bytes: [UInt8], to target: String, span: SourceSpan?, quiet: Bool = false) throws {
        do {
            let path = try session.writable(target)
            sweepTemporaries(in: parentFolder(of: path))
            let before = fileStatus(path)
            try runner.store.outputs.write(bytes, to: path, force: session.options.force)
            if !quiet { session.reporter.show(.wrote(target, fresh: before == nil || before != fileStatus(path))) }
        } catch let diagnostic as Diagnostic {
            throw diagnostic.at(span)
        }
    }
}
