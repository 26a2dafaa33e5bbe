import ArgumentParser
import Diagnostics
import Experiments
import Glibc
import Host
import Storage

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List, show, compare, copy and remove recorded runs.",
        discussion: """
            Each training is a run of its own, also every stage, fold and trial: a folder below .ecdx/runs with its script, resolved \
            values, journal, metrics, predictions and weights. An id may be shortened to a beginning that only it has.
            """,
        subcommands: [
            RunsListCommand.self, RunsShowCommand.self, RunsCurvesCommand.self, RunsCompareCommand.self, RunsExportCommand.self,
            RunsImportCommand.self, RunsRemoveCommand.self,
        ],
        defaultSubcommand: RunsListCommand.self)
}

/// The options that say which store a command is about.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder of runs and results. Default: ECDX_STORE, or .ecdx in this folder.", valueName: "dir"),
        completion: .directory)
    var store: String?

    /// The path of the store; `script`: a script, or its folder, beside which it lies.
    func path(script: String? = nil) -> String {
        let environment = getenv("ECDX_STORE").map { String(cString: $0) }
        guard let script else { return store ?? environment.flatMap { $0.isEmpty ? nil : $0 } ?? ".ecdx" }
        let isFolder = fileStatus(script)?.kind == .folder
        return Store.location(script: isFolder ? joined(script, "script.ecdx") : script, given: store, environment: environment)
    }
}

/// The conditions on runs that a command takes.
struct ConditionOptions: ParsableArguments {
    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            "Only runs with a value such as 'holdout.r2 > 0.8', 'optimizer.rate = 1e-3' or 'name = bulk*'. May be given more than once.",
            valueName: "condition"))
    var conditions: [String] = []

    /// Those of some runs for which all conditions hold. Throws `bad-condition`.
    func filtered(_ runs: [RunFolder]) throws -> [RunFolder] {
        let asked = try conditions.map { try RunCondition($0) }
        guard !asked.isEmpty else { return runs }
        let facts = runs.map { RunFacts(RecordedRun($0)) }
        for condition in asked { try condition.check(against: facts) }
        return zip(runs, facts).filter { pair in asked.allSatisfy { $0.holds(for: pair.1) } }.map(\.0)
    }
}

/// Carries out a command on runs. Errors of `order` are wrong with the command line, those of `body` are failures.
func onRuns<Order>(_ order: () throws -> Order, _ body: (Order, TerminalReporter, Terminal) throws -> Void) throws {
    let terminal = Terminal.standard()
    let reporter = TerminalReporter(terminal: terminal)
    let asked: Order
    do { asked = try order() } catch let diagnostic as Diagnostic {
        terminal.report(diagnostic)
        throw ExitCode(Status.usage)
    }
    try failing(terminal, reporter) { try body(asked, reporter, terminal) }
}

/// Finds the runs that ids name, each once.
private func runs(_ ids: [String], in store: Store) throws -> [RunFolder] {
    var found: [RunFolder] = []
    for id in ids {
        let run = try store.run(matching: id)
        if !found.contains(run) { found.append(run) }
    }
    return found
}

struct RunsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "All runs of a store, the latest last.")

    @ArgumentParser.Argument(
        help: "A script: the store beside it. Default: the store in this folder.", completion: .file(extensions: ["ecdx"]))
    var script: String?

    @OptionGroup var chosen: ConditionOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        try onRuns { () throws -> (Store, [RunFolder]) in
            if let script, fileStatus(script) == nil {
                // Without a subcommand it is this one: the word may have been meant as one.
                let near = nearMiss(script, among: RunsCommand.configuration.subcommands.compactMap { $0.configuration.commandName })
                throw Diagnostic("missing-file", "there is no script `\(script)`", hint: near.map { "write `ecdx runs \($0)`" })
            }
            let store = try Store(existing: options.path(script: script))
            return (store, try chosen.filtered(store.runs()))
        } _: { order, reporter, _ in
            RunPages.list(order.1, of: order.0, isChosen: !chosen.conditions.isEmpty).forEach(reporter.show)
        }
    }
}

struct RunsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One run: its values, where it ran, how it went and what it came to.")

    @ArgumentParser.Argument(help: "The id of a run, or a beginning of it.")
    var id: String

    @OptionGroup var options: StoreOptions

    func run() throws {
        try onRuns {
            try Store(existing: options.path()).run(matching: id)
        } _: { run, reporter, _ in
            RunPages.show(run).forEach(reporter.show)
        }
    }
}

struct RunsCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Runs side by side: the values in which they differ from the first, and what they came to.")

    @ArgumentParser.Argument(help: "The ids of two or more runs.")
    var id: [String]

    @OptionGroup var options: StoreOptions

    func run() throws {
        try onRuns { () throws -> [RunFolder] in
            let found = try runs(id, in: Store(existing: options.path()))
            guard found.count > 1 else {
                throw Diagnostic(
                    "unknown-run", "`ecdx runs compare` expected at least two runs, found one", hint: "list them with `ecdx runs`")
            }
            return found
        } _: { runs, reporter, _ in
            RunPages.compare(runs).forEach(reporter.show)
        }
    }
}

struct RunsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write finished runs for `ecdx runs import` elsewhere, or in the form of another tool.",
        discussion: "The forms:\n"
            + RunForm.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n")
            + "\nA record appears whole or not at all. Checkpoints and the cache are not part of it.")

    @ArgumentParser.Argument(help: "The ids of runs. Without any: all finished ones, or those that --where tells.")
    var id: [String] = []

    @Option(name: .customLong("as"), help: ArgumentHelp("The form.", valueName: "form"), completion: .list(RunForm.all.map(\.name)))
    var form = RunForm.all.first?.name ?? ""

    @Option(
        help: ArgumentHelp("The folder to write into, or of csv and json the file; made where it is not there.", valueName: "path"),
        completion: .file())
    var to: String

    @Flag(help: "Overwrite files of csv, json, tensorboard and card that are there.")
    var force = false

    @OptionGroup var chosen: ConditionOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        try onRuns { () throws -> (RunForm, [RunFolder]) in
            guard let form = RunForm.all.first(where: { $0.name == form }) else {
                let names = RunForm.all.map(\.name)
                throw Diagnostic(
                    "unknown-format", "there is no form `\(form)` of runs", notes: ["the forms are \(names.joined(separator: ", "))"],
                    hint: nearMiss(form, among: names).map { "did you mean `\($0)`?" })
            }
            let store = try Store(existing: options.path())
            let all = id.isEmpty ? store.runs().filter { fileStatus($0.file("result.json")) != nil } : try runs(id, in: store)
            let found = try chosen.filtered(all)
            guard !found.isEmpty else {
                throw Diagnostic(
                    "unknown-run", all.isEmpty ? "no finished run is there to export" : "no finished run fulfils the conditions",
                    hint: "list them with `ecdx runs`")
            }
            return (form, found)
        } _: { order, reporter, _ in
            let written = try order.0.export(order.1, to: to, force: force)
            for path in written.paths { reporter.show(.wrote(path, fresh: true)) }
            written.notes.forEach(reporter.note)
        }
    }
}

struct RunsImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Copy finished runs of another store into this one.",
        discussion: """
            The store is made where there is none. A run gets the id it had; where a run of the same training is here already, the name of \
            its machine is put behind it. What a record says of itself is checked first; the first script that uses it compares its rows \
            with those of its data, and its predictions with those that its weights give, and until then it is listed as not checked. A \
            copy of a run that is here is refused: two runs of one training are two only if both were computed.
            """)

    @ArgumentParser.Argument(help: "Stores, folders of runs, or folders of single runs.", completion: .directory)
    var folder: [String]

    @OptionGroup var options: StoreOptions

    func run() throws {
        try onRuns { () throws -> (Store, [(folders: [String], unfinished: Int)]) in
            let path = options.path()
            let found = try folder.map { try RunImport.runs(in: $0) }
            // The first runs of a folder may be those from elsewhere: its store is made then.
            return (try Store(at: path, base: parentFolder(of: path)), found)
        } _: { order, reporter, terminal in
            let (store, found) = order
            let importing = RunImport(into: store)
            var refused: [Diagnostic] = []
            for source in found.flatMap(\.folders) {
                do {
                    let run = try importing.bring(source)
                    let machine = (run.machine?.text).map { $0.isEmpty ? "" : ": \($0)" } ?? ""
                    let name = run.name.isEmpty ? "a run" : run.name
                    reporter.show(.lines(["imported \(name) as \(run.id)\(machine), not checked against its data"]))
                } catch let diagnostic as Diagnostic {
                    // Of a store that was brought here before, one copy is as good as all.
                    if diagnostic.id != "same-run" || !refused.contains(where: { $0.id == "same-run" }) { terminal.report(diagnostic) }
                    refused.append(diagnostic)
                }
            }
            let copies = refused.count { $0.id == "same-run" }
            if copies > 1 { reporter.note("\(copies) copies of runs that are here left out") }
            let unfinished = found.reduce(0) { $0 + $1.unfinished }
            if unfinished > 0 { reporter.note("\(unfinished) without a result left out") }
            if !refused.isEmpty { throw ExitCode(Status.failed) }
        }
    }
}

struct RunsRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove runs with all they hold; nothing is asked.",
        discussion: "A run that somebody is at work in is left alone. What is removed is computed anew when a script asks for it.")

    @ArgumentParser.Argument(help: "The ids of runs.")
    var id: [String]

    @OptionGroup var options: StoreOptions

    func run() throws {
        try onRuns {
            try runs(id, in: Store(existing: options.path()))
        } _: { runs, reporter, _ in
            for run in runs {
                try run.remove()
                reporter.note("removed \(run.id)")
            }
        }
    }
}
