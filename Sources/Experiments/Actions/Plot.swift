import Builtins
import Diagnostics
import Language
import Plotting
import Storage

/// `plot`: draws a figure into a file, with the script that draws it again beside it, or on the screen where no path is given.
struct PlotAction: ActionMeaning {
    var subject: String { "the figure" }

    func checkFormat(of target: String, for action: CheckedScript.Action) throws {
        guard FigureFormat(path: target) != nil else {
            throw Diagnostic("unknown-format", "a figure's path ends in `.svg`, `.png` or `.pdf`, found `\(target)`")
        }
    }

    func checkWriting(to path: String, in check: ActionCheck) throws {
        try checkFigureName(lastName(of: path))
        let script = Self.script(beside: path)
        try check.nameLength(of: script)
        try check.free(script)
        // Looked for once a check, whatever the number of figures.
        struct GnuplotOfCheck: Hashable {}
        try check.context.remembered(GnuplotOfCheck()) { Result { try check.session.options.gnuplot.check() } }.get()
    }

    func files(at path: String) -> [String] { [path, Self.script(beside: path)] }

    func perform(_ action: CheckedScript.Action, with performer: Performer) throws {
        guard case .call(let call) = action.value else { return }
        guard let target = action.target else { return try performer.showFigure(call) }
        try performer.drawFigure(call, to: target, span: action.targetSpan)
    }

    /// The path of the script that draws the figure at `path` again.
    static func script(beside path: String) -> String { path + ".gp" }
}

extension Performer {
    /// Shows a figure on the screen.
    func showFigure(_ call: Call) throws {
        if let keep = session.options.keepFigure { return try keep(drawn(call, as: "figure.svg").figure) }
        let figure = try figure(call)
        try drawing(figure, as: .text(width: 79, height: 24), for: nil) {
            if let show = session.options.showFigure { return try show(figure) }
            let text = try renderText(figure, with: session.options.gnuplot)
            reporter.show(.lines(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)))
        }
    }

    /// Draws a figure into a file, from the cache where nothing it rests on has changed.
    fileprivate func drawFigure(_ call: Call, to target: String, span: SourceSpan?) throws {
        let found = try drawn(call, as: lastName(of: session.writable(target)))
        try write(found.script, to: PlotAction.script(beside: target), span: span, quiet: true)
        try write(found.figure, to: target, span: span)
    }

    /// A figure as a file of a name, with the script that draws it again, from the cache where nothing it rests on has changed.
    private func drawn(_ call: Call, as name: String) throws -> (figure: [UInt8], script: [UInt8]) {
        try warnOfCopies(call)
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
            reporter.warn(warning.at(call.origin.span))
        }
        return found
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
}
