import Diagnostics

/// A checked script: what it asks for, with nothing computed.
public struct CheckedScript: Sendable {
    /// An action of a script, with its subject and target.
    public struct Action: Sendable {
        /// Verb of the action.
        public var verb: Verb
        /// Subject of the action.
        public var value: Value
        /// Data set after `on`; nil where there is none.
        public var on: Value?
        /// Whether the inputs of that data set are taken as they are, though they were prepared in another way than the model's.
        public var asGiven = false
        /// Path after `to`; nil where there is none.
        public var target: String?
        /// Place of the path in the script.
        public var targetSpan: SourceSpan?
        /// Place of the action in the script.
        public var span: SourceSpan
    }
    /// Actions in the order of the script.
    public var actions: [Action] = []
    /// Everything with a name, in the order of the script: parameters, lets, declarations.
    public var names: [(name: String, value: Value, span: SourceSpan)] = []
    /// Diagnostics of parsing and checking.
    public var diagnostics: [Diagnostic] = []
    /// What ended the check early, since somebody asked to stop; then the rest of the script is not here. Nil where nobody did.
    public var stopped: (any CheckStop)?
    /// Literals that are paths from another folder than that of the session, with that folder as a path from it.
    public var placedLiterals: [SourceSpan: String] = [:]
    /// Whether there is an error among the diagnostics.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// The source of text outside the script: modules and the library written in the language itself.
public protocol World {
    /// The text of a module a script names in `use`; the path is resolved against the script's folder.
    func module(_ path: String) throws -> (file: String, text: String)
    /// The files of the installed library.
    func standardLibrary() -> [(file: String, text: String)]
}

/// Names visible in a function, a loop or a body.
final class Scope {
    let parent: Scope?
    var values: [String: Value] = [:]
    init(_ parent: Scope?) { self.parent = parent }

    func find(_ name: String) -> Value? {
        var scope: Scope? = self
        while let here = scope {
            if let value = here.values[name] { return value }
            scope = here.parent
        }
        return nil
    }
}

/// The evaluator of scripts, which works out the value of every statement. Pure: what costs time or reads data stays a `Call`.
public final class Evaluator {
    /// A declaration, with the value that is worked out once.
    final class Binding {
        enum State {
            case pending, evaluating
            case done(Value)
        }
        let statement: Statement
        let isLibrary: Bool
        var state = State.pending
        init(_ statement: Statement, isLibrary: Bool = false) {
            self.statement = statement
            self.isLibrary = isLibrary
        }
    }

    /// The most steps of evaluation that a script may take, items in a list, characters in a text, calls inside calls.
    static let stepLimit = 1_000_000, listLimit = 100_000, textLimit = 1 << 20, callLimit = 64
    /// The steps that something declared counts for: a script may declare some 20,000 experiments.
    static let objectSteps = 40
    /// The most names whose declarations rest on one another; values inside a value, and how deep they stand in it.
    static let nameLimit = 200, sizeLimit = 1_000_000, valueDepthLimit = 1_000

    /// Context of the checks.
    public let context: CheckContext
    let world: any World
    var diagnostics: [Diagnostic] = []
    var known: Set<Diagnostic> = []
    var globals: [String: Binding] = [:]
    var libraryGlobals: [String: Binding]?
    /// Texts of the library, for messages about what stands in it.
    var librarySources = SourceMap()
    /// Models being declared, innermost last.
    var networks: [Network] = []
    var steps = 0
    var callDepth = 0
    var nameDepth = 0
    /// Whether the script has used up its budget, after which nothing more is evaluated.
    var exhausted = false
    /// What ended the check early, since somebody asked to stop; nil where nobody did.
    private var stopped: (any CheckStop)?
    /// Whether a recursion turned out endless, until its outermost call has ended: one complaint is enough.
    var unwinding = false
    /// Place of the name of each record's entry, by the place of its value.
    var entryNames: [SourceSpan: SourceSpan] = [:]
    /// Whether part of the script could not be read, and declarations with it.
    var losesText = false
    var overrides: [Override]
    var usedOverrides: Set<Int> = []
    /// The files read so far, the script itself among them: a module that uses it gets nothing new.
    public var modules: Set<String> = []
    /// The folders of scripts that lie elsewhere, by the name of the file, as paths from the folder of the session: relative paths in
    /// them start there.
    public var folders: [String: String] = [:]
    /// The literals that were taken for paths from another folder than that of the session, with that folder.
    var placedLiterals: [SourceSpan: String] = [:]
    /// Whether a declaration or a function of the library is being worked out.
    var isInLibrary = false

    /// The words of the language.
    public var library: Library { context.library }

    /// Creates an evaluator for one script or prompt.
    public init(context: CheckContext, world: any World, overrides: [Override] = []) {
        self.context = context
        self.world = world
        self.overrides = overrides
    }

    /// Checks the statements of a script. `tree.diagnostics` are part of the result.
    public func check(_ tree: SyntaxTree) -> CheckedScript { check(tree.statements, initial: tree.diagnostics) }

    /// Checks statements; those without an effect of their own are evaluated too, so that every mistake shows.
    /// `mayRedeclare`: a later statement of the same name takes the place of the earlier one, as at a prompt.
    public func check(_ statements: [Statement], initial: [Diagnostic] = [], mayRedeclare: Bool = false) -> CheckedScript {
        diagnostics = initial
        known = Set(initial)
        losesText = initial.contains { $0.id == "unclosed-bracket" || $0.id == "too-deep" }
        let all = withModules(statements)
        for statement in all { declare(statement, in: &globals, mayRedeclare: mayRedeclare) }
        var script = CheckedScript()
        for statement in all {
            guard !exhausted else { break }
            if let name = statement.declaredName {
                guard globals[name.text]?.statement == statement else { continue }
                let value = force(name.text, span: name.span) ?? .poison
                script.names.append((name.text, value, name.span))
            } else {
                run(statement, scope: nil, into: &script)
            }
        }
        for (index, override) in overrides.enumerated() where !usedOverrides.contains(index) {
            let name = override.path.joined(separator: ".")
            report(
                Diagnostic(
                    "unknown-override", "`--set \(name)` names no `param` and no field of the script", hint: adviceOnOverride(override)))
        }
        // Data sets that differ in what does not matter here are warned of in the same words.
        for diagnostic in context.reported { report(diagnostic) }
        script.diagnostics = diagnostics
        script.placedLiterals = placedLiterals
        script.stopped = stopped
        context.reported = []
        return script
    }

    /// The overrides that named nothing in the last script checked.
    public var unknownOverrides: [Override] { overrides.indices.filter { !usedOverrides.contains($0) }.map { overrides[$0] } }

    func report(_ diagnostic: Diagnostic) {
        if known.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
    }

    /// Reports a diagnostic and gives the value that stands for an error.
    func fail(_ diagnostic: Diagnostic) -> Value {
        report(diagnostic)
        return .poison
    }

    /// Takes note of what a check threw that is no diagnostic, a fault of ours unless somebody asked to stop: then nothing more is
    /// evaluated, and nothing said.
    func ended(by error: any Error, _ span: SourceSpan) -> Value {
        guard let stop = error as? any CheckStop else { return fail(Diagnostic("internal", "\(error)", at: span)) }
        stopped = stopped ?? stop
        exhausted = true
        return .poison
    }

    /// Counts a step; false once the script has used up its budget, which is said once.
    func spend(_ span: SourceSpan) -> Bool {
        steps += 1
        if steps <= Evaluator.stepLimit { return true }
        if !exhausted {
            exhausted = true
            report(
                Diagnostic(
                    "budget", "the script takes more than \(Evaluator.stepLimit) steps to check", at: span, hint: "make its loops shorter"))
        }
        return false
    }

    /// The value, or the one that stands for an error where it has grown beyond what a script may hold. What it holds counts as
    /// steps, so that building large values over and over ends too; what is shared is there once.
    func bounded(_ value: Value, _ span: SourceSpan) -> Value {
        let extent = value.extent
        let parts = extent.size <= Walk.small ? extent.size : value.countOfParts(most: Evaluator.sizeLimit)
        steps += min(parts, Evaluator.sizeLimit) / 32
        guard parts <= Evaluator.sizeLimit, extent.height <= Evaluator.valueDepthLimit else {
            exhausted = true
            return fail(
                Diagnostic(
                    "budget", "this holds more than \(Evaluator.sizeLimit) values, or values more than \(Evaluator.valueDepthLimit) deep",
                    at: span))
        }
        return value
    }

    /// The value of a name of the script or of the library, worked out now if it was not before.
    func force(_ name: String, span: SourceSpan) -> Value? {
        guard let binding = binding(of: name) else { return nil }
        switch binding.state {
        case .done(let value): return value
        case .evaluating:
            return fail(Diagnostic("cycle", "`\(name)` is used in its own declaration", at: span))
        case .pending:
            guard nameDepth < Evaluator.nameLimit else {
                exhausted = true
                return fail(
                    Diagnostic(
                        "too-deep", "more than \(Evaluator.nameLimit) names rest on one another here", at: span,
                        hint: "declare them before they are used"))
            }
            nameDepth += 1
            defer { nameDepth -= 1 }
            binding.state = .evaluating
            // A declaration is worked out in the light of the script alone, wherever it was asked for.
            let (outerNetworks, outerDepth, outerLibrary) = (networks, callDepth, isInLibrary)
            (networks, isInLibrary) = ([], binding.isLibrary)
            let value = evaluate(binding.statement)
            (networks, callDepth, isInLibrary) = (outerNetworks, outerDepth, outerLibrary)
            binding.state = .done(value)
            return value
        }
    }

    /// Names a script can use here, for suggestions.
    func visibleNames(_ scope: Scope?) -> [String] {
        var names = Array(globals.keys) + Array(library.builtins.keys) + Array(libraryGlobals?.keys ?? [:].keys)
        var here = scope
        while let inner = here {
            names += inner.values.keys
            here = inner.parent
        }
        return names.sorted()
    }

    private func evaluate(_ statement: Statement) -> Value {
        switch statement.kind {
        case .param(let name, let type, let value): return parameter(name, type, value)
        case .binding(let binding): return overridden(evaluate(binding.value, scope: nil, expecting: nil), of: binding.name)
        case .function(let name, let parameters, let body):
            for parameter in parameters { if let type = parameter.type, self.type(named: type) == nil { return .poison } }
            return .function(Function(name: name.text, parameters: parameters, body: body, isLibrary: isInLibrary))
        case .declaration(let declaration): return object(declaration)
        case .use, .action, .expression: return .none
        }
    }

    private func run(_ statement: Statement, scope: Scope?, into script: inout CheckedScript) {
        switch statement.kind {
        case .action(let verb, let subject, let on, let asGiven, let to):
            action(verb, subject, on: on, asGiven: asGiven, to: to, span: statement.span, scope: scope, into: &script)
        case .expression(let expression):
            if case .conditional(let condition, let then, let otherwise) = expression.kind {
                guard let holds = truth(condition, scope: scope) else { return }
                let inner = Scope(scope)
                for statement in (holds ? then : otherwise)?.statements ?? [] {
                    if case .binding(let binding) = statement.kind {
                        inner.values[binding.name.text] = evaluate(binding.value, scope: inner, expecting: nil)
                    } else {
                        run(statement, scope: inner, into: &script)
                    }
                }
            } else {
                let value = evaluate(expression, scope: scope, expecting: nil)
                script.actions.append(.init(verb: .show, value: value, span: statement.span))
            }
        case .declaration(let declaration):
            report(
                Diagnostic(
                    "syntax", "a declaration cannot stand inside `if`", at: declaration.name.span,
                    hint: "declare it outside, or use `if` inside a field"))
        default:
            report(Diagnostic("syntax", "this cannot stand inside `if`", at: statement.span))
        }
    }

    private func action(
        _ verb: Verb, _ subject: Expression, on: Expression?, asGiven: Bool, to: Expression?, span: SourceSpan, scope: Scope?,
        into script: inout CheckedScript
    ) {
        let types = library.actions[verb] ?? ActionTypes()
        let wanted = types.subject
        var value = evaluate(subject, scope: scope, expecting: wanted)
        if let wanted { value = coerce(value, wanted, what: "`\(verb.rawValue)`", span: subject.span) ?? .poison }
        var target: String?
        if let to {
            let path = evaluate(to, scope: scope, expecting: .path)
            guard let fitted = coerce(path, .path, what: "`to`", span: to.span) else { return }
            target = fitted.string
            if target?.isEmpty == true {
                report(Diagnostic("type", "`to` expected the path of a file, found an empty one", at: to.span))
                return
            }
        }
        let data = on.map { evaluate($0, scope: scope, expecting: types.on) }
        guard !value.isPoison, data?.isPoison != true else { return }
        script.actions.append(.init(verb: verb, value: value, on: data, asGiven: asGiven, target: target, targetSpan: to?.span, span: span))
    }

    private func parameter(_ name: Name, _ typeName: Name, _ fallback: Expression) -> Value {
        guard let type = self.type(named: typeName) else { return .poison }
        var expression = fallback
        for (index, override) in overrides.enumerated() where override.path == [name.text] {
            usedOverrides.insert(index)
            guard let given = overrideExpression(override, type: type) else { return .poison }
            expression = given
        }
        let value = evaluate(expression, scope: nil, expecting: type)
        return coerce(value, type, what: "`\(name.text)`", span: expression.span) ?? .poison
    }

    /// The expression in a text of the command line; nil after a diagnostic. A bare word for text or a path needs no quotes
    /// there.
    func overrideExpression(_ override: Override, type: ValueType?) -> Expression? {
        let file = "--set \(override.path.joined(separator: "."))"
        let takesText = type?.takesBareText(override.text) ?? false
        // An empty text is one.
        guard takesText || !override.text.allSatisfy(\.isWhitespace) else {
            report(override.withoutValue)
            return nil
        }
        let span = SourceSpan(file: file, start: 0, end: override.text.utf8.count)
        if takesText, !override.text.hasPrefix("\"") {
            return Expression(kind: .text([.literal(override.text)]), span: span, depth: 1)
        }
        let tree = library.parse(override.text, file: file)
        if tree.diagnostics.isEmpty, tree.statements.count == 1, case .expression(let expression) = tree.statements[0].kind {
            return expression
        }
        report(
            Diagnostic(
                "bad-override", "`\(override.text)` is not a value", at: span,
                hint: "as in `--set \(override.path.joined(separator: "."))=20`"))
        return nil
    }

    /// The type a `param` or a parameter of a function names, or nil after a diagnostic: one of values, or a kind with a
    /// capital letter, `Experiment`.
    func type(named name: Name) -> ValueType? {
        switch name.text {
        case "Number": return .number(.any)
        case "Text": return .text
        case "Bool": return .bool
        case "Path": return .path
        case "List": return .list(.any, count: nil)
        default: break
        }
        let kinds = library.kinds.keys.sorted().map { $0.prefix(1).uppercased() + $0.dropFirst() }
        if kinds.contains(name.text) { return .object(name.text.prefix(1).lowercased() + name.text.dropFirst()) }
        report(
            Diagnostic(
                "unknown-type", "there is no type `\(name.text)`", at: name.span,
                hint: nearMiss(name.text, among: paramTypes + kinds).map { "did you mean `\($0)`?" }
                    ?? "one of \((paramTypes + kinds).joined(separator: ", "))"))
        return nil
    }
}
