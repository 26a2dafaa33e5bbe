import Builtins
import Diagnostics
import Language
import Storage
import Training

/// The session of a script or a prompt, which checks texts and performs their actions.
public final class Session {
    /// Folder of the script, which relative paths start from.
    public let folder: String
    /// Options of the session.
    public let options: SessionOptions
    /// Significant digits that numbers are shown with; nil for three.
    public var digits: Int?
    let reporter: any Reporter
    /// The folders of scripts that were loaded from elsewhere, by the name of the file, as paths from the folder of the session.
    private var scriptFolders: [String: String] = [:]
    /// Texts that diagnostics can show.
    public private(set) var sources = SourceMap()
    /// Path of the store of the session; a smoke run has one of its own.
    public let storePath: String
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
        /// Paths of the files that the script rests on: modules, and tables that the check read.
        public var files: [String] = []

        /// A data set of the script resolved to rows and files; what the check read is not read again.
        public func plan(of data: Object) throws -> DatasetPlan { try context.plan(of: data) }

        /// The names of the columns of a table whose rows are known, or of the rows of a data set; none for other values.
        public func columns(of value: Value) -> [String] {
            if let call = value.call, !context.library.givesRows(call) { return context.resultColumnNames(of: value) }
            if let call = value.call { return context.library.givesRows(call) ? (try? context.table(call))?.columnNames ?? [] : [] }
            return value.object.flatMap { try? context.plan(of: $0) }?.table.columnNames ?? []
        }

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

    /// Takes note of the folder of a script that is loaded from elsewhere, as a path from the folder of the session: relative paths in
    /// its text start there, and may be written to and used below it as below the session's own.
    public func add(_ file: String, inFolder folder: String) { scriptFolders[file] = folder.isEmpty ? nil : folder }

    /// The absolute folders of the scripts that were loaded from elsewhere.
    private var loadedFolders: [String] { Set(scriptFolders.values).sorted().map { joined(folder, $0) } }

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
        let world = RecordingWorld(FileWorld(folder: folder, library: options.standardLibrary, others: loadedFolders))
        let evaluator = Evaluator(context: context, world: world, overrides: options.overrides)
        evaluator.folders = scriptFolders
        if let file { evaluator.modules.insert(lastName(of: file)) }
        var script = evaluator.check(parsed.statements, initial: parsed.diagnostics, mayRedeclare: mayRedeclare)
        for (file, text) in world.read { sources.add(file, text: text) }
        for override in options.overrides { sources.add("--set \(override.path.joined(separator: "."))", text: override.text) }
        let check = ActionCheck(session: self, context: context)
        for index in script.actions.indices {
            if options.smoke { script.actions[index].target = script.actions[index].target.map(smoked) }
            script.diagnostics += check.faults(of: script.actions[index])
        }
        script.diagnostics += check.writtenTwice(script.actions)
        script.diagnostics = script.diagnostics.map { check.tellingOfWriter($0, script.actions) }
        script.diagnostics = script.diagnostics.map(withoutFolder)
        var checked = Checked(script: script, unknownOverrides: evaluator.unknownOverrides, context: context, text: parsed.text)
        checked.files = context.filesLookedAt + world.read.map { joined(folder, $0.file) }.filter { fileStatus($0) != nil }
        return checked
    }

    /// The absolute form of a path that may be written to. Throws `outside` and `inside-store`.
    func writable(_ path: String) throws -> String {
        do {
            let resolved = try contained(path, relativeTo: folder, in: [folder, storeFolder] + loadedFolders + options.allowWrite)
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

    /// Checks before anything is computed that a document about a checked script may be written to a path. Throws `outside`,
    /// `inside-store`, `cannot-write`, `would-overwrite`, and `written-twice` where the script writes that file or is it.
    public func checkDocument(at path: String, of checked: Checked, script: String) throws {
        try ActionCheck(session: self, context: checked.context).document(at: path, script: script, checked.script.actions)
    }

    /// Writes a file of a script's results, as actions do: whole or not at all, below the script's folder, and never over what ecdx did
    /// not write. Throws `outside`, `inside-store`, `would-overwrite` and `cannot-write`.
    public func write(_ bytes: [UInt8], to path: String, with runner: Runner) throws {
        let target = try writable(path)
        sweepTemporaries(in: parentFolder(of: target))
        try runner.store.outputs.write(bytes, to: target, force: options.force)
    }

    /// Opens the store of the session, made where it is not there.
    public func makeStore() throws -> Store { try openStore(create: true) }

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
        runner.work = checked.script
        return runner
    }

    /// Whether performing the actions of a script keeps anything in the store: a look at something small leaves no folder behind.
    public func keepsResults(of checked: Checked) -> Bool {
        checked.script.actions.contains { $0.target != nil || $0.value.isComputed }
    }

    /// Performs the actions of a script in order; `beginning` is told of each before it is, `performed` of each that was. Throws the first
    /// failure, or `Interrupted`.
    public func perform(
        _ checked: Checked, beginning: (CheckedScript.Action) -> Void = { _ in }, performed: (CheckedScript.Action) -> Void = { _ in }
    ) throws {
        let keeps = keepsResults(of: checked)
        try perform(
            checked, with: runner(for: checked, create: keeps), keeps: keeps, beginning: beginning, performed: performed)
    }

    /// Performs the actions of a script in order with a runner of it, as the other does. `keeps`: whether what became known of files is
    /// kept in the store.
    public func perform(
        _ checked: Checked, with runner: Runner, keeps: Bool = true, beginning: (CheckedScript.Action) -> Void = { _ in },
        performed: (CheckedScript.Action) -> Void = { _ in }
    ) throws {
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
            beginning(action)
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
