import Builtins
import Diagnostics
import Experiments
import Language
import Reports
import Storage

/// Performs a script and makes a document of it and of all that it gave.
public struct ReportGatherer {
    private let session: Session
    private let collector: OutputCollector
    /// The script's path, as spans and diagnostics have it.
    private let file: String
    private let overrides: [String]

    /// Creates a gatherer for a session whose reporter and figures go to the collector. `overrides`: values of the command line, as
    /// they were given.
    public init(_ session: Session, collector: OutputCollector, file: String, overrides: [String]) {
        self.session = session
        self.collector = collector
        self.file = file
        self.overrides = overrides
    }

    /// Performs the actions of a script and gathers what they give. The first failure ends that: it stands in the document at its place,
    /// and is returned. Throws `Interrupted`, and what reading the store does.
    public func gather(_ checked: Session.Checked, text: String, with runner: Runner) throws -> (ReportDocument, failure: Diagnostic?) {
        let name = lastName(of: file)
        var document = ReportDocument(catalogue.parse(text, file: file), script: name)
        for diagnostic in checked.script.diagnostics {
            collector.begin(line: line(of: diagnostic.span), caption: "")
            collector.keep(.diagnostic(severity: diagnostic.severity.rawValue, text: Self.text(of: diagnostic, session.sources)))
        }
        var failure: Diagnostic?
        do {
            try session.perform(checked, with: runner) { action in
                collector.begin(line: line(of: action.span), caption: caption(of: action, text))
            } performed: { action in
                collector.change { settled($0, $1, target: action.target) }
            }
        } catch let diagnostic as Diagnostic {
            failure = diagnostic
            let remark = "\n\nWhat stands below was not carried out."
            collector.keep(.diagnostic(severity: Severity.error.rawValue, text: Self.text(of: diagnostic, session.sources) + remark))
        }
        let outputs = collector.outputs
        for output in outputs {
            guard let place = document.cell(ofLine: output.line ?? 1) else { continue }
            document.cells[place].outputs.append(output)
        }
        let command = ReportProvenance(script: name, text: text, overrides: overrides, isSmoke: session.options.smoke)
        document.provenance = try command.sections(runner.provenance(of: checked.script), outputs)
        return (document, failure)
    }

    private func line(of span: SourceSpan?) -> Int? {
        guard let span, span.file == file else { return nil }
        return session.sources.position(of: span.start, in: file)?.line
    }

    /// A diagnostic as it is printed, with the script by its name alone: where somebody keeps it is nobody's business.
    static func text(of diagnostic: Diagnostic, _ sources: SourceMap) -> String {
        var told = diagnostic
        var sources = sources
        if let file = diagnostic.span?.file, let text = sources.text(of: file), file.contains("/"), !file.hasPrefix("stdlib/") {
            told.span?.file = lastName(of: file)
            sources.add(lastName(of: file), text: text, isScript: true)
        }
        return Renderer(sources: sources).render(told)
    }

    /// The title that the script gives what an action shows, else the words between its verb and `to`, on one line.
    private func caption(of action: CheckedScript.Action, _ text: String) -> String {
        if let call = action.value.call, case .text(let title) = call["title"], !title.string.isEmpty { return title.string }
        guard action.span.file == file, action.span.end <= text.utf8.count else { return "" }
        let end = max(action.span.start, min(action.span.end, action.targetSpan?.start ?? action.span.end))
        let slice = text.utf8.dropFirst(action.span.start).prefix(end - action.span.start)
        var words = String(decoding: slice, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        if words.first.map(String.init) == action.verb.rawValue { words.removeFirst() }
        if action.targetSpan != nil, words.last == "to" { words.removeLast() }
        let line = words.joined(separator: " ").replacing("( ", with: "(").replacing(" )", with: ")")
        return line.count > 100 ? line.prefix(99) + "…" : line
    }

    /// The outputs of an action with figures in place of the names of their files, and tables that know theirs.
    private func settled(_ outputs: [ReportDocument.Output], _ caption: String, target: String?) -> [ReportDocument.Output] {
        guard let target else { return outputs }
        var found = outputs
        guard let place = found.lastIndex(where: { $0.content == .file(target) }) else { return outputs }
        if let before = found[..<place].lastIndex(where: { if case .table = $0.content { true } else { false } }),
            case .table(var grid) = found[before].content
        {
            grid.file = target
            found[before].content = .table(grid)
            found.remove(at: place)
            return found
        }
        let types = ["svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"]
        guard let type = target.split(separator: ".").last.flatMap({ types[$0.lowercased()] }),
            let bytes = try? readFile(joined(session.folder, target), limit: 256 << 20)
        else { return found }
        found[place].content = .figure(
            .init(mediaType: type, bytes: bytes, file: target, caption: caption))
        return found
    }
}
