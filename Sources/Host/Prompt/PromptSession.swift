import Builtins
import Diagnostics
import Experiments
import Language
import Storage

/// A session of the language at the prompt: what was declared stays, and a name may be declared again.
public final class PromptSession: ReplSession {
    let terminal: Terminal
    let reporter: TerminalReporter
    let session: Session
    var record = SessionRecord()
    /// The last check that found no error: the values that completion, `:type` and `:list` know.
    var checked: Session.Checked?
    var values: [String: Value] = [:]
    /// The names that were declared anew, for each name whose value changed since its experiment was last computed.
    var renewed: [String: Set<String>] = [:]
    /// Whether every input is timed.
    var timing = false
    /// The expression last shown, for lines that begin with `|>` or `>>`.
    private var lastShown: (text: String, isPipe: Bool)?
    private var inputs = 0
    /// The literals of loaded scripts that are paths from another folder than the session's, with that folder.
    private(set) var placed: [SourceSpan: String] = [:]
    private var warned: Set<Diagnostic> = []
    private var knownNames: SessionNames?
    private lazy var library = LibraryNames(session.options.standardLibrary)

    /// Creates a session in a folder, from which relative paths start. Throws what `Session` throws.
    public init(folder: String, options: SessionOptions, terminal: Terminal) throws {
        self.terminal = terminal
        reporter = TerminalReporter(terminal: terminal)
        session = try Session(base: folder.hasSuffix("/") ? folder : folder + "/", options: options, reporter: reporter)
    }

    /// Whether a text is complete: it does not end inside a statement.
    public func isComplete(_ text: String) -> Bool { !catalogue.parse(text, file: "input").isUnfinished }

    /// Evaluates a text and prints what it gives.
    public func submit(_ text: String) {
        inputs += 1
        guard let whole = continued(text) else {
            return terminal.report(
                Diagnostic(
                    "nothing-shown",
                    "a line that begins with `\(text.trimmedStart.prefix(2))` goes on from the last value shown, and none was",
                    hint: "show one first"))
        }
        timed(timing) { evaluate(whole, file: "input \(inputs)") }
    }

    /// Evaluates a script, as `:load` asks: relative paths in it start from its own folder.
    public func load(_ path: String) {
        do {
            let full = try absolutePath(path, relativeTo: session.folder)
            let text = try readText(full, limit: 1 << 24).replacing("\r\n", with: "\n")
            let folder = try relativePath(to: parentFolder(of: full), from: session.folder)
            record.release(file: path, placed: placed)
            placed = placed.filter { $0.key.file != path }
            session.add(path, inFolder: folder)
            inputs += 1
            timed(timing) { evaluate(text, file: path, folder: folder) }
        } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
        } catch {
            terminal.report(Diagnostic("cannot-read", "`\(path)` cannot be read"))
        }
    }

    /// Prints the page of a name: reference, declaration or explanation of a diagnostic.
    public func help(_ name: String) {
        if let page = Reference.page(name) { return terminal.write(out: Reference.fitted(page, to: terminal.width)) }
        if let entry = record.declaration(of: name) {
            if let value = values[name] { terminal.write(out: escapeControls("\(name): \(description.line(value))") + "\n") }
            return terminal.write(
                out: entry.text(placed).split(separator: "\n", omittingEmptySubsequences: false).map { escapeControls(String($0)) + "\n" }
                    .joined())
        }
        if let explanation = Explanations.explanation(of: name) {
            return terminal.write(out: ExplanationPages.page(explanation, width: terminal.width, color: terminal.colorsOut))
        }
        if let found = Reference.help(name, width: terminal.width) { return terminal.write(out: found) }
        terminal.report(Reference.unknown(name))
    }

    /// The names that were declared, in order.
    public var declaredNames: [String] {
        var seen: Set<String> = []
        return (record.current.compactMap(\.declaredName) + values.keys.sorted()).filter { seen.insert($0).inserted }
    }

    /// The names that have a page: builtins, kinds and diagnostics.
    public var referenceNames: [String] { Reference.names + Explanations.ids }

    /// The declaration of a name; nil where nothing has that name.
    public func declaration(of name: String) -> String? { record.declaration(of: name)?.text(placed) }

    // Evaluation

    /// Runs a body and, where asked, prints how long it took.
    func timed(_ asked: Bool, _ body: () -> Void) {
        let start = steadySeconds()
        body()
        if asked { terminal.write(err: "\(formatMeasure(steadySeconds() - start)) s\n") }
    }

    /// Puts a text that begins with `|>` or `>>` behind the last value shown; nil where nothing was shown.
    private func continued(_ text: String) -> String? {
        let start = text.trimmedStart
        guard start.hasPrefix("|>") || start.hasPrefix(">>") else { return text }
        guard let lastShown else { return nil }
        return (lastShown.isPipe && start.hasPrefix(">>") ? "(\(lastShown.text))" : lastShown.text) + " " + start
    }

    /// Checks statements as if they were typed next; nothing of them is kept.
    func check(_ text: String, file: String) -> (tree: SyntaxTree, checked: Session.Checked) {
        let tree = catalogue.parse(text, file: file)
        let names = Set(tree.statements.compactMap { $0.declaredName?.text })
        let kept = record.current.filter { entry in entry.isDeclaration && entry.declaredName.map { !names.contains($0) } ?? true }
        let whole = (kept.map { $0.text(placed) } + [text]).joined(separator: "\n")
        session.add(file, text: text)
        let parsed = Session.Parsed(statements: kept.compactMap(\.statement) + tree.statements, diagnostics: tree.diagnostics, text: whole)
        let checked = session.check(parsed, mayRedeclare: true)
        placed.merge(checked.script.placedLiterals) { $1 }
        reporter.sources = session.sources
        return (tree, checked)
    }

    /// `folder`: that of a script which is loaded, as a path from the folder of the session.
    func evaluate(_ text: String, file: String, folder: String = "") {
        var (tree, checked) = check(text, file: file)
        if let stopped = checked.script.stopped { return reporting { throw stopped } }
        let blocking = blocking(checked, file: file)
        // What was said before is not said again at every line after it, but where it is why an action has nothing to show.
        let isSpoilt = checked.script.actions.contains(where: \.value.isPoison)
        let news = checked.script.diagnostics.filter {
            blocking.contains($0) || $0.severity == .error && isSpoilt || warned.insert($0).inserted
        }
        terminal.report(news, sources: session.sources)
        guard blocking.isEmpty else { return }
        let entries = SessionRecord.entries(of: tree, input: inputs, folder: folder)
        let before = Set(record.entries.compactMap(\.declaredName))
        record.add(entries.filter { $0.isDeclaration || $0.statement == nil })
        learn(checked)
        tellStale(declaredAnew: before.intersection(entries.compactMap(\.declaredName)))
        // What rests on something broken has no value to show.
        let spoilt = checked.script.actions.filter(\.value.isPoison).map(\.span)
        checked.script.actions.removeAll(where: \.value.isPoison)
        var performed = 0
        var wasInterrupted = false
        reporting {
            do {
                try session.perform(checked, performed: { _ in performed += 1 })
            } catch let interrupted as Interrupted {
                wasInterrupted = true
                throw interrupted
            }
        }
        // What was stopped, and what was to follow, is asked for all the same: a script goes on with it.
        let failed = wasInterrupted ? [] : checked.script.actions.dropFirst(performed)
        keep(entries, without: Set(failed.map(\.span) + spoilt), in: tree)
    }

    /// The errors that keep a text from being evaluated. Errors that earlier declarations have on their own, since a file
    /// of theirs has gone, do not.
    private func blocking(_ checked: Session.Checked, file: String) -> Set<Diagnostic> {
        let errors = Set(checked.script.diagnostics.filter { $0.severity == .error })
        guard !errors.isEmpty, errors.contains(where: { $0.span != nil && $0.span?.file != file }) else { return errors }
        return errors.subtracting(check("", file: "nothing").checked.script.diagnostics)
    }

    /// Takes over the values and names that a check found.
    func learn(_ checked: Session.Checked) {
        previous = values
        self.checked = checked
        knownNames = nil
        values = Dictionary(checked.script.names.map { ($0.name, $0.value) }) { $1 }
    }

    /// The values before the last input that checked.
    private var previous: [String: Value] = [:]

    private func tellStale(declaredAnew: Set<String>) {
        let stale = Staleness.stale(declared: declaredAnew, before: previous, after: values) { [record] in record.declaration(of: $0)?.text
        }
        for (name, rests) in stale { renewed[name, default: []].formUnion(rests) }
        for line in Staleness.notes(stale) { reporter.note(line) }
    }

    /// Keeps the actions that did not fail, in their places among the declarations, and the last value shown.
    private func keep(_ entries: [SessionRecord.Entry], without failed: Set<SourceSpan>, in tree: SyntaxTree) {
        let kept = entries.filter { entry in
            guard let statement = entry.statement, !entry.isDeclaration else { return true }
            return !failed.contains { $0.file == statement.span.file && $0.start >= statement.span.start && $0.end <= statement.span.end }
        }
        record.replace(input: inputs, with: kept)
        for entry in kept { if let statement = entry.statement, !entry.isDeclaration { remember(statement, in: tree) } }
    }

    private func remember(_ statement: Statement, in tree: SyntaxTree) {
        let shown: Expression
        switch statement.kind {
        case .expression(let expression):
            if case .conditional = expression.kind { return }
            shown = expression
        case .action(let verb, let subject, _, _, _) where verb.form.showsSubject: shown = subject
        default: return
        }
        var isPipe = false
        if case .pipe = shown.kind { isPipe = true }
        lastShown = (slice(of: tree.text, from: shown.span.start, to: shown.span.end), isPipe)
    }

    /// Runs a body that may fail or be stopped, and reports it where it does.
    func reporting(_ body: () throws -> Void) {
        do {
            try body()
        } catch let diagnostic as Diagnostic {
            reporter.stop()
            terminal.report(diagnostic, sources: session.sources)
        } catch let interrupted as Interrupted {
            reporter.stop()
            terminal.write(err: interrupted.message + "\n")
        } catch {
            reporter.stop()
            terminal.report(Diagnostic("internal", "\(error)"))
        }
    }

    // Completion

    /// The completions at a UTF-8 offset of a text.
    public func completions(of text: String, at byteOffset: Int) -> Completions {
        guard let whole = continued(text), whole != text else {
            return CompleterChain.language.completions(of: text, at: byteOffset, names: names)
        }
        let shift = whole.utf8.count - text.utf8.count
        guard byteOffset + shift >= 0 else { return .none }
        var found = CompleterChain.language.completions(of: whole, at: byteOffset + shift, names: names)
        found.replaceFrom -= shift
        return found.replaceFrom >= 0 ? found : .none
    }

    /// The names that completion knows; made when something was declared, not at every Tab.
    private var names: SessionNames {
        if let known = knownNames { return known }
        var names = SessionNames(values: values)
        names.functions = library.functions
        for entry in record.entries { if let statement = entry.statement { names.add(statement) } }
        names.library = library.names.filter { values[$0] == nil }
        names.folder = session.folder
        names.member = { [checked] object, name in checked?.member(name, of: object) }
        names.columns = { [checked] value in checked?.columns(of: value) ?? [] }
        knownNames = names
        return names
    }
}

/// The names that the library in the language itself declares, read once.
private struct LibraryNames {
    var names: [String] = []
    var functions: [String: SessionNames.Signature] = [:]

    init(_ folder: String?) {
        guard let folder else { return }
        var known = SessionNames()
        for file in FileWorld(folder: folder, library: folder).standardLibrary() {
            for statement in catalogue.parse(file.text, file: file.file).statements {
                known.add(statement)
                if let name = statement.declaredName?.text { names.append(name) }
            }
        }
        names.sort()
        functions = known.functions
    }
}

extension String {
    /// The text without white space before it.
    fileprivate var trimmedStart: Substring { drop(while: \.isWhitespace) }
}

extension Interrupted {
    /// The message for a reader when a computation was stopped.
    public var message: String {
        guard let place else { return "stopped while \(name); nothing is lost, the same command goes on" }
        let where_ =
            place.step == 0
            ? (place.epoch == 1 ? "before its first step" : "after epoch \(place.epoch - 1)")
            : "in epoch \(place.epoch) after step \(place.step)"
        return "stopped `\(name)` \(where_); the same command goes on from there"
    }
}
