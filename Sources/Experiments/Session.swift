import Builtins
import Datasets
import Densities
import Diagnostics
import Glibc
import Language
import Plotting
import Storage
import Tensors
import Training

/// The options of a session: how a script is to be run.
public struct SessionOptions: Sendable {
    /// The store's folder; nil is `ECDX_STORE`, or `.ecdx` beside the script.
    public var store: String?
    /// Folders outside the script's that may be written to.
    public var allowWrite: [String] = []
    /// Whether files may be overwritten that ecdx did not write.
    public var force = false
    /// Whether big files are read again, instead of trusting remembered hashes.
    public var verify = false
    /// Bytes of memory that data, trainings and figures may take; nil is what the machine has.
    public var memory: Int?
    /// Whether this is a smoke run, which shows that a script runs through: one epoch, a few rows, a store and outputs of its
    /// own.
    public var smoke = false
    /// Whether predictions take inputs as they are given, though they were prepared in another way than those a model was
    /// trained on.
    public var asGiven = false
    /// Values given on the command line for parameters and fields.
    public var overrides: [Override] = []
    /// Whether somebody asked to stop while a script is checked.
    public var isStopped: @Sendable () -> Bool = { Interrupt.requested != nil }
    /// Program that draws figures.
    public var gnuplot = Gnuplot(isStopped: { Interrupt.requested != nil })
    /// Shows a figure that is not written to a file; nil prints it in characters.
    public var showFigure: (@Sendable (Figure) throws -> Void)?
    /// The words of the language.
    public var library = catalogue
    /// The folder of the library written in the language itself.
    public var standardLibrary = Installation.standardLibrary
    /// Creates the options of an ordinary run.
    public init() {}
}

/// The session of a script or a prompt, which checks texts and performs their actions.
public final class Session {
    /// Folder of the script, which relative paths start from.
    public let folder: String
    /// Options of the session.
    public let options: SessionOptions
    let reporter: any Reporter
    /// Texts that diagnostics can show.
    public private(set) var sources = SourceMap()
    private let storePath: String
    /// The folder of the store, that of ordinary runs in a smoke run too.
    private let storeFolder: String
    private let checkpoints: CheckpointPolicy
    /// What the files of rows were once found to hold, so that checks need not read them again.
    private let facts: FileFacts

    /// Creates a session. `base`: the script's path, or the folder of a prompt with a slash at its end.
    public init(base: String, options: SessionOptions, reporter: any Reporter) throws {
        folder = try absolutePath(base.hasSuffix("/") ? String(base.dropLast()) : parentFolder(of: absolutePath(base)))
        self.options = options
        self.reporter = options.smoke ? SmokeReporter(reporter) : reporter
        let store = Store.location(script: joined(folder, "script.ecdx"), given: options.store, environment: environment("ECDX_STORE"))
        storeFolder = store
        storePath = options.smoke ? joined(store, "smoke") : store
        facts = FileFacts(joined(storePath, "facts.json"), verify: options.verify)
        checkpoints = try CheckpointPolicy(environment: environment("ECDX_CHECKPOINT_SECONDS"))
    }

    /// A checked script and the memory its checks filled.
    public struct Checked {
        /// Actions, names and diagnostics of the script.
        public var script: CheckedScript
        /// Overrides that named nothing in the script.
        public var unknownOverrides: [Override]
        let context: CheckContext
        let text: String

        /// A data set of the script resolved to rows and files; what the check read is not read again.
        public func plan(of data: Object) throws -> DatasetPlan { try context.plan(of: data) }

        /// The words of the language.
        public var library: Library { context.library }

        /// The graph of a model's network.
        public func graph(of model: Object) throws -> Graph { try context.graph(of: model) }

        /// The table of a call of the script that reads one.
        public func table(of call: Call) throws -> Table { try context.table(call) }

        /// The value of a member of something declared; nil where there is nothing of that name or it cannot be told.
        public func member(_ name: String, of object: Object) -> Value? {
            try? context.library.kinds[object.kind]?.member?(object, name, Origin(), context) ?? nil
        }
    }

    /// Statements to check, with what parsing them said and the text they came from.
    public struct Parsed {
        /// Statements to check.
        public var statements: [Statement]
        /// Diagnostics of parsing them.
        public var diagnostics: [Diagnostic]
        /// Text that the statements came from.
        public var text: String
        /// Creates parsed statements.
        public init(statements: [Statement], diagnostics: [Diagnostic], text: String) {
            self.statements = statements
            self.diagnostics = diagnostics
            self.text = text
        }
    }

    /// Makes a text known to diagnostics.
    public func add(_ file: String, text: String) { sources.add(file, text: text, isScript: true) }

    /// Checks a script's text. Computes nothing and writes nothing.
    public func check(_ text: String, file: String) -> Checked {
        add(file, text: text)
        let tree = options.library.parse(text, file: file)
        return check(Parsed(statements: tree.statements, diagnostics: tree.diagnostics, text: text), mayRedeclare: false, file: file)
    }

    /// Checks statements, perhaps from several texts, as a prompt collects them.
    public func check(_ parsed: Parsed, mayRedeclare: Bool, file: String? = nil) -> Checked {
        let context = CheckContext(folder: folder, library: options.library)
        context.isSmoke = options.smoke
        context.memory = options.memory ?? machineMemory
        context.stopIfAsked = { [isStopped = options.isStopped] doing in if isStopped() { throw Interrupted(name: doing, place: nil) } }
        context.use(facts)
        let world = RecordingWorld(FileWorld(folder: folder, library: options.standardLibrary))
        let evaluator = Evaluator(context: context, world: world, overrides: options.overrides)
        if let file { evaluator.modules.insert(lastName(of: file)) }
        var script = evaluator.check(parsed.statements, initial: parsed.diagnostics, mayRedeclare: mayRedeclare)
        for (file, text) in world.read { sources.add(file, text: text) }
        for override in options.overrides { sources.add("--set \(override.path.joined(separator: "."))", text: override.text) }
        for index in script.actions.indices {
            if options.smoke { script.actions[index].target = script.actions[index].target.map(smoked) }
            script.diagnostics += targetProblems(script.actions[index], context) + memoryProblems(script.actions[index], context)
        }
        script.diagnostics += writtenTwice(script.actions)
        script.diagnostics = script.diagnostics.map(withoutFolder)
        return Checked(script: script, unknownOverrides: evaluator.unknownOverrides, context: context, text: parsed.text)
    }

    /// The faults of an action that writes: of its path, and of what `export` and `predict` write.
    private func targetProblems(_ action: CheckedScript.Action, _ context: CheckContext) -> [Diagnostic] {
        if action.verb == .export, let problem = exportProblem(action) { return [problem] }
        let faults = action.verb == .predict ? predictProblems(action, context) : []
        guard let target = action.target, !faults.contains(where: { $0.severity == .error }) else { return faults }
        do {
            if action.verb == .plot, FigureFormat(path: target) == nil {
                throw Diagnostic("unknown-format", "a figure's path ends in `.svg`, `.png` or `.pdf`, found `\(target)`")
            }
            if action.verb == .export, action.value.object != nil {
                guard target.hasSuffix(".safetensors") else {
                    throw Diagnostic("unknown-format", "a model's path ends in `.safetensors`, found `\(target)`")
                }
            } else if action.verb == .export, TensorFormat(path: target) == nil {
                throw Diagnostic("unknown-format", "a tensor's path ends in \(TensorFormat.endings), found `\(target)`")
            }
            if action.verb == .table, !target.hasSuffix(".csv") {
                throw Diagnostic("unknown-format", "a table's path ends in `.csv`, found `\(target)`")
            }
            let path = try writable(target)
            var above = parentFolder(of: path)
            while fileStatus(above) == nil, above != "/", !above.isEmpty { above = parentFolder(of: above) }
            guard access(above, W_OK) == 0, fileStatus(above)?.kind == .folder else {
                throw Diagnostic("cannot-write", "no file can be written to the folder `\(above)`")
            }
            // Opened once a check, and hence remembered with what else the check found.
            struct StoreOfCheck: Hashable {}
            let store = context.remembered(StoreOfCheck()) { try? openStore(create: false) }
            try store?.outputs.check(path, force: options.force)
            if action.verb == .plot {
                try checkFigureName(lastName(of: path))
                // The script that draws the figure again stands beside it.
                try checkNameLength(path + ".gp")
                try store?.outputs.check(path + ".gp", force: options.force)
                // Looked for once a check, whatever the number of figures.
                struct GnuplotOfCheck: Hashable {}
                try context.remembered(GnuplotOfCheck()) { Result { try options.gnuplot.check() } }.get()
            } else {
                try checkNameLength(path)
            }
            return faults
        } catch let diagnostic as Diagnostic {
            return faults + [diagnostic.at(action.targetSpan)]
        } catch {
            return faults
        }
    }

    /// Checks that no part of a path is longer than file systems take. Throws `cannot-write`.
    private func checkNameLength(_ path: String) throws {
        guard let long = path.split(separator: "/").first(where: { $0.utf8.count > 255 }) else { return }
        throw Diagnostic(
            "cannot-write", "expected names of at most 255 bytes, found one of \(long.utf8.count), which begins with `\(long.prefix(40))`",
            hint: "give a shorter name")
    }

    /// The fault of the value that an `export` writes; nil where there is none.
    private func exportProblem(_ action: CheckedScript.Action) -> Diagnostic? {
        switch action.value {
        case .object(let object) where object.kind == "experiment":
            guard object.foldCount != nil, object["search"].isNone, object["report"].word == "mean" else { return nil }
            return Diagnostic(
                "several-models", "`\(object.label ?? "the experiment")` reports the mean of its folds, which is not one model",
                at: action.span,
                hint: "say `report: best` or `report: refit`")
        case .number: break
        case .call(let call):
            if case .tensor(let type) = call.type {
                guard type.cell == nil, action.target?.hasSuffix(".csv") == true, let shape = type.shape, shape.count > 2 else { break }
                return Diagnostic(
                    "shape", "a `.csv` file holds rows and columns, found shape \(Shape(shape))", at: action.targetSpan,
                    hint: "write to `.npy` or `.safetensors`")
            }
            if call.type == .sort(.table) {
                return Diagnostic(
                    "type", "`export` expected a tensor or a density, found a table", at: action.span,
                    hint: "write `table ... to \"\(action.target ?? "out.csv")\"`")
            }
            fallthrough
        default:
            return Diagnostic(
                "type", "`export` expected an experiment, a tensor or a density, found \(action.value.phrase)", at: action.span)
        }
        return nil
    }

    /// The actions whose file a later one writes again: what they wrote would be lost without a word.
    private func writtenTwice(_ actions: [CheckedScript.Action]) -> [Diagnostic] {
        var writers: [String: CheckedScript.Action] = [:]
        var found: [Diagnostic] = []
        for action in actions {
            guard let target = action.target, let path = try? writable(target) else { continue }
            // A figure has its script beside it.
            for file in action.verb == .plot ? [path, path + ".gp"] : [path] {
                if let before = writers[file], !found.contains(where: { $0.span == before.targetSpan }) {
                    let line = sources.position(of: action.span.start, in: action.span.file)?.line
                    found.append(
                        Diagnostic(
                            "written-twice", "`\(lastName(of: file))` is written again\(line.map { " on line \($0)" } ?? "")",
                            at: before.targetSpan, hint: "give each action a file of its own"))
                }
                writers[file] = action
            }
        }
        return found
    }

    /// The absolute form of a path that may be written to. Throws `outside` and `inside-store`.
    func writable(_ path: String) throws -> String {
        do {
            let resolved = try contained(path, relativeTo: folder, in: [folder, storeFolder] + options.allowWrite)
            let store = try resolvedPath(storeFolder)
            // What lies in a store counts as computed by ecdx, so nothing else may come there, in none of them.
            guard resolved != store, !resolved.hasPrefix(store + "/"), !resolved.split(separator: "/").contains(".ecdx") else {
                throw Diagnostic(
                    "inside-store", "expected a place outside the store, found `\(path)`", hint: "write beside it, as in `out/table.csv`")
            }
            return resolved
        } catch var diagnostic as Diagnostic {
            if diagnostic.id == "outside" {
                diagnostic.hints = ["write below the script's folder, or allow the other with `--allow-write DIR`"]
            }
            throw diagnostic
        }
    }

    func openStore(create: Bool) throws -> Store { try Store(at: storePath, base: folder, create: create) }

    /// A runner for a checked script. `create: false` for plans: then nothing is written.
    public func runner(for checked: Checked, create: Bool = true) throws -> Runner {
        let store = try openStore(create: create)
        if create {
            // What killed processes left in the making; a run's folder is swept by who takes its lease.
            store.cache.sweep()
            for folder in [store.path, joined(store.path, "outputs"), joined(store.path, "data")] { sweepTemporaries(in: folder) }
        }
        let runner = Runner(context: checked.context, store: store, reporter: reporter, verify: options.verify, checkpoints: checkpoints)
        runner.script = checked.text
        runner.mayWrite = create
        return runner
    }

    /// Performs the actions of a script in order; `performed` is told of each that was. Throws the first failure, or `Interrupted`.
    public func perform(_ checked: Checked, performed: (CheckedScript.Action) -> Void = { _ in }) throws {
        // A look at something small leaves no folder behind.
        let keeps = checked.script.actions.contains { $0.target != nil || $0.value.isComputed }
        let runner = try runner(for: checked, create: keeps)
        defer {
            if keeps {
                try? runner.store.hashes.save()
                try? facts.save()
            }
        }
        if options.smoke { reporter.note(Smoke.note) }
        for action in checked.script.actions {
            let line = sources.position(of: action.span.start, in: action.span.file)?.line
            try runner.stopIfAsked(line.map { "going on to line \($0)" } ?? "going on")
            try perform(action, runner)
            performed(action)
        }
        if options.smoke { reporter.note(Smoke.note) }
    }

    /// Performs one action.
    public func perform(_ action: CheckedScript.Action, _ runner: Runner) throws {
        do {
            let isFresh = runner.keys.refresh()
            do {
                try Performer(session: self, runner: runner).perform(action)
            } catch let diagnostic as Diagnostic where diagnostic.id == "file-changed" && !isFresh {
                // The last look was a moment old.
                runner.keys.forget()
                try Performer(session: self, runner: runner).perform(action)
            }
        } catch let diagnostic as Diagnostic {
            throw withoutFolder(diagnostic.at(action.span))
        }
    }

    /// The diagnostic with files named as a script of this folder names them.
    private func withoutFolder(_ diagnostic: Diagnostic) -> Diagnostic {
        let prefix = folder == "/" ? "/" : folder + "/"
        func short(_ text: String) -> String { text.replacing("`" + prefix, with: "`") }
        var result = diagnostic
        result.message = short(diagnostic.message)
        result.notes = diagnostic.notes.map(short)
        result.hints = diagnostic.hints.map(short)
        if let file = diagnostic.data?.file, file.hasPrefix(prefix) { result.data?.file = String(file.dropFirst(prefix.count)) }
        return result
    }
}

extension Value {
    /// Whether showing the value takes computing that the store keeps.
    fileprivate var isComputed: Bool {
        contains { $0.call != nil || $0.object?.kind == "experiment" }
    }
}

/// A world that remembers the texts that were read, so that diagnostics can show them.
private final class RecordingWorld: World {
    private let inner: FileWorld
    var read: [(file: String, text: String)] = []
    init(_ inner: FileWorld) { self.inner = inner }

    func module(_ path: String) throws -> (file: String, text: String) {
        let module = try inner.module(path)
        read.append(module)
        return module
    }

    func standardLibrary() -> [(file: String, text: String)] {
        let files = inner.standardLibrary()
        read += files
        return files
    }
}
