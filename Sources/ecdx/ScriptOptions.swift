import ArgumentParser
import Builtins
import Diagnostics
import Engine
import Experiments
import Glibc
import Host
import Language
import Plotting
import Storage

/// The arguments that all commands on a script take.
struct ScriptOptions: ParsableArguments {
    @ArgumentParser.Argument(help: "The script, a file that ends in .ecdx.", completion: .file(extensions: ["ecdx"]))
    var script: String

    @Option(name: .customLong("set"), help: ArgumentHelp("Give a param or a dotted field another value.", valueName: "name.field=value"))
    var overrides: [String] = []

    @Option(
        help: ArgumentHelp("The folder of runs and results. Default: ECDX_STORE, or .ecdx beside the script.", valueName: "dir"),
        completion: .directory)
    var store: String?

    @Option(help: ArgumentHelp("Allow writing below another folder.", valueName: "dir"), completion: .directory)
    var allowWrite: [String] = []

    @Flag(help: "Overwrite files that ecdx did not write.")
    var force = false

    @Flag(help: "Read all files again rather than trusting remembered hashes, and the weights and tables of all runs that are used.")
    var verify = false

    @Flag(help: "Try the script: one epoch, 12 rows a data set, a store of its own; `metrics.csv` becomes `metrics.smoke.csv`.")
    var smoke = false

    @Option(
        help: ArgumentHelp(
            "The memory that data, trainings and figures may take, as in 8G. Default: that of the machine.", valueName: "size"),
        transform: memorySize)
    var memory: Int?

    @Flag(help: "Predict from inputs as they are given, though they were prepared in another way than the model's.")
    var asGiven = false

    /// Reads the script. Throws exit status 3 where it is a notebook, 2 where it is not there, once `report` has said so (by default on
    /// the terminal). `collector`: keeps what actions give, which the terminal does not show then. `through`: a reporter in front of that
    /// of the terminal; `figure` is given each figure that is shown on the screen.
    func open(
        _ terminal: Terminal, report: ((Diagnostic) -> Void)? = nil, collector: OutputCollector? = nil,
        through: (TerminalReporter) -> any Reporter = { $0 },
        figure: ((Figure, _ show: @escaping () throws -> Void) throws -> Void)? = nil
    ) throws -> (session: Session, text: String, reporter: TerminalReporter) {
        let report = report ?? { terminal.report($0) }
        if NotebookCommand.isNotebook(script) {
            report(
                Diagnostic(
                    "notebook-given", "expected a script, found a notebook", data: DataPlace(file: script),
                    hint: "`ecdx notebook \(script)` makes a script of it"))
            throw ExitCode(Status.unchecked)
        }
        var options = SessionOptions()
        options.store = store
        let screen = FigureScreen(terminal, gnuplot: options.gnuplot)
        let gate = FigureGate(screen, figure)
        options.showFigure = { try gate.show($0) }
        if let collector { options.keepFigure = { collector.keepFigure($0) } }
        options.allowWrite = allowWrite
        options.force = force
        options.verify = verify
        options.smoke = smoke
        options.memory = memory
        options.asGiven = asGiven
        for text in overrides {
            do {
                options.overrides.append(try Override(reading: text))
            } catch let diagnostic as Diagnostic {
                report(diagnostic)
                throw ExitCode(Status.usage)
            }
        }
        let reporter = TerminalReporter(terminal: terminal)
        do {
            let receiver = collector.map { $0.reporter(before: reporter) } ?? through(reporter)
            let session = try Session(base: script, options: options, reporter: receiver)
            return (session, try readText(script, limit: 1 << 24), reporter)
        } catch let diagnostic as Diagnostic {
            report(diagnostic)
            throw ExitCode(Status.usage)
        }
    }

    /// The place of what was given on the command line and stands in no file, for diagnostics.
    static let commandLine = "the command line"

    /// Checks the script and prints the diagnostics. `given`: statements of the command line, in place of the script's actions;
    /// `used`: the path of a file that they use. Throws exit status 3 where the script is wrong, 2 where only these are, or what
    /// `--set` gave, and 1 where that file alone is at fault; `Interrupted` where somebody
    /// asked to stop.
    func check(
        _ session: Session, _ text: String, _ reporter: TerminalReporter, _ terminal: Terminal, adding given: [Statement] = [],
        using used: String? = nil
    ) throws -> Session.Checked {
        session.add(script, text: text)
        let tree = catalogue.parse(text, file: script)
        // What the command line says is done in place of what the script would do, whose faults are no matter then.
        let statements = tree.statements.filter { statement in
            switch statement.kind {
            case .action, .expression: given.isEmpty
            default: true
            }
        }
        let parsed = Session.Parsed(statements: statements + given, diagnostics: tree.diagnostics, text: text)
        let checked = session.check(parsed, mayRedeclare: false, file: script)
        if let stopped = checked.script.stopped { throw stopped }
        reporter.sources = session.sources
        terminal.report(checked.script.diagnostics, sources: session.sources)
        if let status = Self.status(of: checked) {
            let errors = checked.script.diagnostics.filter { $0.severity == .error }
            let isOfUsed = used != nil && !errors.isEmpty && errors.allSatisfy { $0.data.map { joined(session.folder, $0.file) } == used }
            throw ExitCode(isOfUsed ? Status.failed : status)
        }
        return checked
    }

    /// The exit status for what a check found: 3 where the script is wrong, 2 where only what `--set` gave is, nil where nothing is.
    static func status(of checked: Session.Checked) -> Int32? {
        let errors = checked.script.diagnostics.filter { $0.severity == .error }
        // Texts given with `--set` are known to diagnostics by that name.
        let inScript = errors.contains {
            !["unknown-override", "bad-override"].contains($0.id) && $0.span?.file.hasPrefix("--set ") != true
                && $0.span?.file != commandLine
        }
        if inScript { return Status.unchecked }
        return errors.isEmpty && checked.unknownOverrides.isEmpty ? nil : Status.usage
    }
}

/// The screen of figures with what else is to be done with each. A session shows figures on the thread that performs its actions.
private final class FigureGate: @unchecked Sendable {
    private let screen: FigureScreen
    private let pass: ((Figure, _ show: @escaping () throws -> Void) throws -> Void)?

    init(_ screen: FigureScreen, _ pass: ((Figure, _ show: @escaping () throws -> Void) throws -> Void)?) {
        self.screen = screen
        self.pass = pass
    }

    func show(_ figure: Figure) throws {
        guard let pass else { return try screen.show(figure) }
        try pass(figure) { [screen] in try screen.show(figure) }
    }
}

/// Runs a body; its failures become diagnostics and an exit status.
func failing(_ terminal: Terminal, _ reporter: TerminalReporter, _ body: () throws -> Void) throws {
    do {
        try body()
    } catch let diagnostic as Diagnostic {
        reporter.stop()
        terminal.report(diagnostic, sources: reporter.sources)
        throw ExitCode(Status.failed)
    } catch let interrupted as Interrupted {
        reporter.stop()
        terminal.write(err: interrupted.message + "\n")
        throw ExitCode(Interrupt.exitStatus(of: Interrupt.requested ?? SIGINT))
    }
}

/// The bytes that a size such as `8G`, `500M` or `1.5T` names; powers of 1000. Throws `ValidationError`.
@Sendable private func memorySize(_ text: String) throws -> Int {
    let units: [(String, Double)] = [("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12)]
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let ending = text.dropFirst(digits.count).uppercased()
    let unit = units.first { ending == $0.0 || ending == $0.0 + "B" }?.1 ?? (ending.isEmpty || ending == "B" ? 1 : nil)
    guard let number = Double(digits), number > 0, let unit, let bytes = Int(exactly: (number * unit).rounded()) else {
        throw ValidationError("`--memory` expected a size such as 8G or 500M, found `\(text)`")
    }
    return bytes
}
