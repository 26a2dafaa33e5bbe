import ArgumentParser
import Diagnostics
import Glibc
import Host
import Storage

/// The script whose latest run a command is about, and where its store is.
struct KeptRunOptions: ParsableArguments {
    @ArgumentParser.Argument(help: "The script, a file that ends in .ecdx.", completion: .file(extensions: ["ecdx"]))
    var script: String

    @Option(
        help: ArgumentHelp("The folder of runs and results. Default: ECDX_STORE, or .ecdx beside the script.", valueName: "dir"),
        completion: .directory)
    var store: String?

    @Flag(help: "The latest smoke run of the script.")
    var smoke = false

    /// The place where the outputs of the script are kept.
    func outputs() throws -> KeptOutputs {
        let path = try absolutePath(script)
        let environment = getenv("ECDX_STORE").map { String(cString: $0) }
        let folder = try absolutePath(Store.location(script: path, given: store, environment: environment))
        return try KeptOutputs(store: smoke ? joined(folder, "smoke") : folder, script: path)
    }
}

struct AttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Show what the latest run of a script showed, and follow it while it goes on.",
        discussion: """
            The outputs of a run are kept in the store as they come, whatever becomes of its terminal or its process. A run that goes on \
            is followed to its end, with the progress of its training; Ctrl-C leaves it alone. The exit status is that of the run, \
            1 where it was killed.
            """)

    @OptionGroup var options: KeptRunOptions

    func run() throws {
        let terminal = Terminal.standard()
        do {
            try Interrupt.install()
            let attachment = Attachment(try options.outputs(), on: terminal) {
                Interrupt.requested != nil || terminal.failure(of: .out) != nil
            }
            let status = try attachment.follow(script: options.script, current: try? readText(options.script, limit: 1 << 24))
            if let status, status != 0 { throw ExitCode(status) }
            if let signal = Interrupt.requested { throw ExitCode(Interrupt.exitStatus(of: signal)) }
        } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
            throw ExitCode(Status.failed)
        }
    }
}

struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop the run of a script, on this machine, with its state saved.",
        discussion: "It stops between two steps, as with Ctrl-C; the same command goes on from there.")

    @OptionGroup var options: KeptRunOptions

    func run() throws {
        let terminal = Terminal.standard()
        do {
            try Interrupt.install()
            let place = try options.outputs()
            guard let runner = place.runner else {
                throw Diagnostic("no-outputs", "expected a run of `\(options.script)` at work, found none")
            }
            guard runner.isRunning == true, kill(runner.pid, SIGTERM) == 0 else {
                throw Diagnostic(
                    "in-use", "expected a run that can be stopped from here, found process \(runner.pid) on `\(runner.host)`",
                    hint: "stop it there, or as the user who started it")
            }
            terminal.write(err: "asked process \(runner.pid) to stop\n")
            while place.runner == runner {
                if let signal = Interrupt.requested { throw ExitCode(Interrupt.exitStatus(of: signal)) }
                usleep(50_000)
            }
            terminal.write(err: "it is over; `ecdx attach \(options.script)` shows its outputs, `ecdx run` goes on with it\n")
        } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
            throw ExitCode(Status.failed)
        }
    }
}
