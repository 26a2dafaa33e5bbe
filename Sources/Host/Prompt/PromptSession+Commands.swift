import Builtins
import Diagnostics
import Experiments
import Language
import Storage

extension PromptSession {
    /// The commands of the session, such as `:type` and `:list`.
    public var commands: [ReplCommand] {
        [
            ReplCommand("list", summary: "what was declared, a line each") { [self] _ in list() },
            ReplCommand("type", argument: .expression("EXPR", required: true), summary: "what an expression is, without computing it") {
                [self] in type($0)
            },
            ReplCommand(
                "plan", argument: .expression("EXPR", required: false),
                summary: "what would be computed and how long it takes, for everything or for one"
            ) { [self] in plan($0) },
            ReplCommand(
                "why", argument: .declared("NAME", required: true),
                summary: "why it would be computed: what differs from its base and from recorded runs"
            ) { [self] in why($0) },
            ReplCommand(
                "save", argument: .file("FILE", required: true), summary: "write the session as a script; `:save!` overwrites",
                forced: { [self] in save($0, force: true) }, run: { [self] in save($0, force: false) }),
            ReplCommand("undo", summary: "take back the last input that declared something") { [self] _ in undo() },
            ReplCommand("redo", summary: "declare again what `:undo` took back last") { [self] _ in redo() },
            ReplCommand(
                "digits", argument: .text("N", required: false), summary: "show numbers with so many digits; alone: with three again"
            ) { [self] in digits($0) },
            ReplCommand(
                "time", argument: .expression("EXPR", required: false), summary: "seconds it takes; alone: time every input, or no longer"
            ) { [self] in time($0) },
        ]
    }

    /// The description of values as the last check found them.
    var description: ValueDescription { description(of: checked ?? check("", file: "nothing").checked) }

    private func description(of checked: Session.Checked) -> ValueDescription {
        let runner = try? session.runner(for: checked, create: false)
        return ValueDescription(of: checked) { try runner?.status(of: $0) }
    }

    /// Prints lines, broken between words where the window is narrower.
    func write(_ lines: [String]) {
        terminal.write(out: lines.flatMap { wrapped(escapeControls($0), to: terminal.width) }.map { $0 + "\n" }.joined())
    }

    private func list() {
        let names = declaredNames.filter { values[$0] != nil }
        guard !names.isEmpty else { return terminal.write(err: "nothing was declared yet\n") }
        let description = description
        terminal.write(
            TextTable(
                columns: [.init("name", alignment: .left), .init("what it is", alignment: .left)],
                rows: names.map { [$0, values[$0].map(description.line) ?? ""] }))
    }

    /// Checks the expressions of a text and returns their values, or nil after its diagnostics were printed.
    private func values(of text: String) -> (values: [Value], checked: Session.Checked)? {
        let (tree, checked) = check(text, file: "expression")
        if let stopped = checked.script.stopped {
            reporting { throw stopped }
            return nil
        }
        let errors = checked.script.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else {
            terminal.report(errors, sources: session.sources)
            return nil
        }
        let isExpression =
            tree.statements.count == 1 && tree.statements.allSatisfy { if case .expression = $0.kind { true } else { false } }
        guard isExpression else {
            terminal.report(Diagnostic("syntax", "expected an expression, found something else", hint: "as in `:type crystals.inputs`"))
            return nil
        }
        return (checked.script.actions.map(\.value), checked)
    }

    private func type(_ text: String) {
        guard let (values, checked) = values(of: text) else { return }
        for value in values { write(description(of: checked).lines(value)) }
    }

    private func plan(_ text: String) {
        var text = text
        if text.isEmpty {
            let resting = declaredNames.filter { name in values[name]?.experiments.isEmpty == false }
            guard !resting.isEmpty else { return terminal.write(out: "nothing to compute: no experiment was declared\n") }
            text = "[" + resting.joined(separator: ", ") + "]"
        }
        guard let (_, checked) = values(of: text) else { return }
        reporting {
            terminal.write(plan: try session.runner(for: checked, create: false).steps(of: checked.script))
        }
    }

    private func undo() {
        let taken = record.undo()
        let names = taken.compactMap(\.declaredName)
        guard !taken.isEmpty else { return terminal.write(err: "nothing was declared that could be taken back\n") }
        learn(check("", file: "nothing").checked)
        let gone = names.filter { record.declaration(of: $0) == nil }.map { "`\($0)`" }
        let back = names.filter { record.declaration(of: $0) != nil }.map { "`\($0)`" }
        let modules = taken.compactMap { entry -> String? in
            if case .use(let path, _)? = entry.statement?.kind { "`use \"\(path)\"`" } else { nil }
        }
        var said: [String] = []
        if !(gone + modules).isEmpty { said.append("took back \(joinedByAnd(gone + modules))") }
        if !back.isEmpty { said.append("\(joinedByAnd(back)) \(back.count == 1 ? "is what it was" : "are what they were") before") }
        reporter.note(said.joined(separator: "; "))
        // What was made with the names that are gone is told of as for any input.
        terminal.report(checked?.script.diagnostics.filter { $0.severity == .error } ?? [], sources: session.sources)
    }

    private func redo() {
        let back = record.redo()
        guard !back.isEmpty else { return terminal.write(err: "nothing was taken back since something was declared\n") }
        learn(check("", file: "nothing").checked)
        let names = back.compactMap(\.declaredName).map { "`\($0)`" }
        reporter.note(names.isEmpty ? "declared again" : "declared again: \(joinedByAnd(names))")
        terminal.report(checked?.script.diagnostics.filter { $0.severity == .error } ?? [], sources: session.sources)
    }

    /// Sets how many significant digits numbers are shown with; nil shows three.
    private func digits(_ text: String) {
        guard text.isEmpty || Int(text).map({ 1...17 ~= $0 }) ?? false else {
            return terminal.report(
                Diagnostic(
                    "command-argument", "`:digits` expected a whole number from 1 to 17, found `\(text)`",
                    hint: "as in `:digits 12`; `:digits` alone shows three again"))
        }
        session.digits = Int(text)
        reporter.digits = Int(text)
    }

    private func time(_ text: String) {
        if text.isEmpty {
            timing.toggle()
            return terminal.write(err: timing ? "every input is timed; `:time` ends it\n" : "inputs are no longer timed\n")
        }
        let before = timing
        timing = true
        submit(text)
        timing = before
    }

    private func save(_ path: String, force: Bool) {
        do {
            let target = try absolutePath(expandingHome(path), relativeTo: session.folder)
            var script = SessionScript(record, placed: placed)
            guard !script.isEmpty else { return terminal.write(err: "nothing was typed yet that a script could hold\n") }
            try checkModules()
            let errors = script.settle { session.check($0, file: path).script.diagnostics }
            reporter.sources = session.sources
            guard errors.isEmpty else {
                terminal.report(errors, sources: session.sources)
                return terminal.write(err: "the session does not stand as a script: nothing was written\n")
            }
            if fileStatus(target) != nil, !force {
                throw Diagnostic("would-overwrite", "there is a file `\(path)` already", hint: "overwrite it with `:save! \(path)`")
            }
            try writeWhole(script.text, to: target)
            terminal.write(err: escapeControls("wrote: \(path)") + "\n")
            if script.leftOut > 0 {
                reporter.note(
                    """
                    \(script.leftOut) of its actions no longer \(script.leftOut == 1 ? "fits" : "fit") what was declared later and \
                    \(script.leftOut == 1 ? "stands" : "stand") in it as \(script.leftOut == 1 ? "a comment" : "comments")
                    """
                )
            }
            tellOfUncalled()
            if try resolvedPath(parentFolder(of: target)) != resolvedPath(session.folder) {
                reporter.note("relative paths in a script start from its own folder, those of the session from `\(session.folder)`")
            }
        } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
        } catch {
            terminal.report(Diagnostic("cannot-write", "`\(path)` cannot be written"))
        }
    }

    /// Checks that no module of a script from another folder names files: in a saved script, `use` of it would mean others. Throws
    /// `cannot-write`.
    private func checkModules() throws {
        let own = Set(record.current.compactMap { $0.statement?.span.file })
        guard let (literal, folder) = placed.first(where: { !own.contains($0.key.file) }) else { return }
        throw Diagnostic(
            "cannot-write",
            "`\(literal.file)` names files that lie in `\(folder)`, and a script in another folder that used it would mean others",
            hint: "write the paths into the script that uses the module, or run that script from its own folder")
    }

    /// Tells of functions of loaded scripts that were never called: whether a text in one is a path is not known, and none is changed.
    private func tellOfUncalled() {
        for entry in record.current {
            guard case .function(let name, _, _)? = entry.statement?.kind, let folder = entry.loaded?.folder, entry.text.contains("\""),
                entry.text == entry.text(placed)
            else { continue }
            reporter.note(
                "paths in `\(name.text)` stand as they were loaded, from `\(folder)`: whether its texts are paths is known only once it is "
                    + "called with a path of its own")
        }
    }
}
