import Diagnostics

extension Evaluator {
    /// The statements with the declarations of the modules they use before them. Modules only declare: their actions are
    /// left out, which a warning says. A module is read once, however often and from wherever it is used; since the order
    /// of declarations does not matter, two that use one another are no mistake.
    func withModules(_ statements: [Statement]) -> [Statement] {
        var all: [Statement] = []
        for statement in statements {
            guard case .use(let path, let span) = statement.kind else {
                all.append(statement)
                continue
            }
            do {
                var written = Text(path)
                written.start = start(of: span, first: nil)
                let module = try world.module(self.path(written).string)
                guard modules.insert(module.file).inserted else { continue }
                // Paths in a module start where those of the script that uses it do.
                if let folder = folders[span.file] { folders[module.file] = folder }
                let tree = library.parse(module.text, file: module.file)
                for diagnostic in tree.diagnostics { report(diagnostic) }
                let declarations = tree.statements.filter { $0.declaredName != nil || $0.isUse }
                let actions = tree.statements.count - declarations.count
                if actions > 0 {
                    report(
                        Diagnostic(
                            "module-actions",
                            actions == 1
                                ? "a module only declares: its action is not carried out"
                                : "a module only declares: its \(actions) actions are not carried out",
                            severity: .warning, at: span, label: "keep what scripts share in a file of its own"))
                }
                all += withModules(declarations)
            } catch let diagnostic as Diagnostic {
                report(diagnostic.at(span))
            } catch {
                report(Diagnostic("missing-file", "cannot read the module `\(path)`", at: span))
            }
        }
        return all
    }

    /// The declaration that a name has here: a function of the library sees the library alone, so that no name of a script
    /// changes what it does; a script sees its own names first.
    func binding(of name: String) -> Binding? {
        if isInLibrary { return standard(name) }
        return globals[name] ?? standard(name)
    }

    /// Whether a name was declared here, so that it hides a builtin of that name.
    func isDeclared(_ name: String) -> Bool {
        isInLibrary ? libraryGlobals?[name] != nil : globals[name] != nil
    }

    /// The declaration of a name in the library, whose files are read once.
    private func standard(_ name: String) -> Binding? {
        if libraryGlobals == nil {
            var table: [String: Binding] = [:]
            for file in world.standardLibrary() {
                let tree = library.parse(file.text, file: file.file)
                librarySources.add(file.file, text: file.text)
                for diagnostic in tree.diagnostics { report(diagnostic) }
                for statement in tree.statements { declare(statement, in: &table, mayRedeclare: false, isLibrary: true) }
            }
            libraryGlobals = table
        }
        return libraryGlobals?[name]
    }

    /// Adds the declaration of a statement to a table. Reports a name that is there already, unless `mayRedeclare`.
    func declare(_ statement: Statement, in table: inout [String: Binding], mayRedeclare: Bool, isLibrary: Bool = false) {
        guard let name = statement.declaredName else { return }
        if let earlier = table[name.text], !mayRedeclare {
            let file = earlier.statement.span.file
            report(
                Diagnostic(
                    "redeclared", "`\(name.text)` is declared twice", at: name.span, label: "a name means one thing; give this another",
                    notes: file == name.span.file ? [] : ["it is declared in `\(file)` too"]))
            return
        }
        table[name.text] = Binding(statement, isLibrary: isLibrary)
    }
}

extension Statement {
    var isUse: Bool { if case .use = kind { true } else { false } }
}
