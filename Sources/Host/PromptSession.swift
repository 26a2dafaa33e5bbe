import Builtins
import Diagnostics
import Experiments
import Language
import Storage

/// The language at the prompt: what was declared stays, and a name may be declared again.
public final class PromptSession: ReplSession {
    private let terminal: Terminal
    private let reporter: TerminalReporter
    private let session: Session
    /// What was declared so far, in order; a later one of the same name stands in place of the earlier.
    private var statements: [Statement] = []
    private var texts: [String] = []
    private var inputs = 0
    private var warned: Set<Diagnostic> = []

    public init(folder: String, options: SessionOptions, terminal: Terminal) throws {
        self.terminal = terminal
        reporter = TerminalReporter(terminal: terminal)
        session = try Session(base: folder.hasSuffix("/") ? folder : folder + "/", options: options, reporter: reporter)
    }

    public func isComplete(_ text: String) -> Bool { !Parser.parse(text, file: "input").isUnfinished }

    public func submit(_ text: String) {
        inputs += 1
        evaluate(text, file: "input \(inputs)")
    }

    public func load(_ path: String) {
        do {
            let full = try absolutePath(path, relativeTo: session.folder)
            evaluate(try readText(full, limit: 1 << 24), file: path)
        } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
        } catch {
            terminal.report(Diagnostic("cannot-read", "`\(path)` cannot be read"))
        }
    }

    public func help(_ name: String) {
        if let page = Reference.page(name) { terminal.write(out: Reference.fitted(page, to: terminal.width)) } else { terminal.report(Reference.unknown(name)) }
    }

    private func evaluate(_ text: String, file: String) {
        let tree = Parser.parse(text, file: file)
        let fresh = tree.statements.filter { $0.declaredName != nil || $0.isUse }
        let names = Set(fresh.compactMap { $0.declaredName?.text })
        let kept = statements.filter { statement in statement.declaredName.map { !names.contains($0.text) } ?? true }
        let parsed = Session.Parsed(statements: kept + tree.statements, diagnostics: tree.diagnostics, text: (texts + [text]).joined(separator: "\n"))
        session.add(file, text: text)
        let checked = session.check(parsed, mayRedeclare: true)
        reporter.sources = session.sources
        // What a declaration was warned of when it was typed is not said again at every line after it.
        let news = checked.script.diagnostics.filter { $0.severity == .error || warned.insert($0).inserted }
        terminal.report(news, sources: session.sources)
        guard !checked.script.hasErrors else { return }
        statements = kept + fresh
        if !fresh.isEmpty { texts.append(text) }
        do {
            try session.perform(checked)
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

    public func completions(of text: String, at byteOffset: Int) -> Completions {
        let head = Array(text.utf8.prefix(byteOffset))
        var start = head.count
        while start > 0, isNamePart(head[start - 1]) { start -= 1 }
        if start > 0, head[start - 1] == 0x2E, start > 1, isNamePart(head[start - 2]) {
            return Completions.matching(members(before: head, dot: start - 1).map { .init($0) }, in: text, from: start, to: byteOffset)
        }
        var candidates: [Completions.Candidate] = statements.compactMap { $0.declaredName.map { .init($0.text) } }
        candidates += fields(around: head[..<start]).map { .init($0, suffix: ": ") }
        candidates += catalogue.builtins.values.map { .init($0.name, suffix: $0.parameters.contains(where: \.isRequired) ? "(" : "") }
        candidates += (catalogue.kinds.keys.sorted() + catalogue.words.filter { !$0.contains(".") }.sorted() + reservedWords.sorted()).map { .init($0) }
        var seen: Set<String> = []
        return Completions.matching(candidates.filter { seen.insert($0.text).inserted }, in: text, from: start, to: byteOffset)
    }

    private func isNamePart(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte >= 0x80
    }

    /// What may follow the dot: the members of the kind of what is named before it.
    private func members(before head: [UInt8], dot: Int) -> [String] {
        var start = dot
        while start > 0, isNamePart(head[start - 1]) { start -= 1 }
        let name = String(decoding: head[start..<dot], as: UTF8.self)
        if ["train", "validation", "holdout"].contains(name) { return ["loss", "mse", "rmse", "mae", "r2"] }
        for statement in statements.reversed() {
            guard statement.declaredName?.text == name else { continue }
            if case .declaration(let declaration) = statement.kind, let kind = catalogue.kinds[declaration.kind.text] {
                return kind.memberNames + kind.fields.map(\.name)
            }
            return ["min", "max", "mean", "std", "shape"]
        }
        return []
    }

    /// The fields of the declaration whose braces are open at the end of the text.
    private func fields(around head: ArraySlice<UInt8>) -> [String] {
        var open = 0
        var index = head.endIndex
        while index > head.startIndex {
            index -= 1
            if head[index] == 0x7D { open += 1 }
            guard head[index] == 0x7B else { continue }
            if open > 0 { open -= 1; continue }
            let words = String(decoding: head[..<index], as: UTF8.self).split { $0 == " " || $0 == "\n" || $0 == "\t" }
            for word in words.suffix(5).reversed() { if let kind = catalogue.kinds[String(word)] { return kind.fields.map(\.name) } }
            return []
        }
        return []
    }
}

extension Statement {
    var isUse: Bool { if case .use = kind { true } else { false } }
}

extension Interrupted {
    /// What a person reads when a computation was stopped.
    public var message: String {
        guard let place else { return "stopped while \(name); nothing is lost, the same command goes on" }
        let where_ = place.step == 0 ? (place.epoch == 1 ? "before its first step" : "after epoch \(place.epoch - 1)") : "in epoch \(place.epoch) after step \(place.step)"
        return "stopped `\(name)` \(where_); the same command goes on from there"
    }
}
