import ArgumentParser
import Diagnostics
import Experiments
import Glibc
import Host
import Weights

struct Ecdx: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ecdx", abstract: "Reproducible experiments on images and volumes of electron charge density.",
        discussion: "Without a subcommand: the prompt, or, where standard input is not a terminal, the script on it.",
        version: "ecdx \(Installation.version)",
        subcommands: [
            NewCommand.self, RunCommand.self, AttachCommand.self, StopCommand.self, CheckCommand.self, PlanCommand.self, WhyCommand.self,
            ReportCommand.self, RunsCommand.self, NotebookCommand.self, PredictCommand.self, FmtCommand.self, FetchCommand.self,
            ExplainCommand.self, HelpCommand.self,
            PromptCommand.self,
        ],
        defaultSubcommand: PromptCommand.self)
}

/// Exit statuses of the command.
enum Status {
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let unchecked: Int32 = 3
}

@main
enum Main {
    static func main() {
        occupyStandardStreams()
        let words = CommandLine.arguments
        if words.count == 3, words[1] == weightReaderSubcommand { exit(weightReaderMain(path: words[2])) }
        // A limit on the size of files is an error of a write, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        if [nil, "run", "repl", "report"].contains(CommandLine.arguments.dropFirst().first) { startWithShortSpins() }
        // Scripts may nest and functions may recurse; the walk over them gets room of its own, and the engine's pool of
        // threads belongs to this one thread.
        exit(onLargeStack { command(Array(CommandLine.arguments.dropFirst())) })
    }

    /// Opens the standard streams that are closed: otherwise the next file opened would get the number of one, and what
    /// is meant for the screen would be written to it.
    private static func occupyStandardStreams() {
        for stream in 0...2 where fcntl(Int32(stream), F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
    }

    private static func command(_ arguments: [String]) -> Int32 {
        let status = perform(arguments)
        // Results that were lost are no success, whatever was computed. A reader that went away has what it wanted.
        guard status == 0, let failure = Terminal.standard().failure(of: .out), failure != EPIPE else { return status }
        Terminal.standard().report(Diagnostic("cannot-write", "the output cannot be written: \(systemReason(failure))"))
        return Status.failed
    }

    private static func perform(_ arguments: [String]) -> Int32 {
        if let unknown = unknownCommand(arguments) {
            Terminal.standard().report(unknown)
            return Status.usage
        }
        do {
            var command = try Ecdx.parseAsRoot(arguments)
            try command.run()
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch let diagnostic as Diagnostic {
            Terminal.standard().report(diagnostic)
            return Status.failed
        } catch {
            let asked = Ecdx.exitCode(for: error).isSuccess
            let message = Ecdx.fullMessage(for: error)
            let terminal = Terminal.standard()
            if asked {
                terminal.write(out: (CompletionScript.isAsked(arguments) ? CompletionScript.mended(message) : message) + "\n")
                return 0
            }
            let fault = UsageFault(message: message, arguments: arguments).diagnostic
            if let document = CheckCommand.document(for: fault, arguments: arguments) {
                terminal.write(out: document)
            } else {
                terminal.report(fault)
            }
            return Status.usage
        }
    }

    /// The diagnostic for a first word that is no subcommand: the parser would take it for a stray argument of the prompt.
    private static func unknownCommand(_ arguments: [String]) -> Diagnostic? {
        guard let word = arguments.first, !word.hasPrefix("-") else { return nil }
        let names = Ecdx.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard !names.contains(word) else { return nil }
        let hint =
            word.hasSuffix(".ecdx")
            ? "run a script with `ecdx run \(word)`"
            : NotebookCommand.isNotebook(word)
                ? "make a script of a notebook with `ecdx notebook \(word)`"
                : nearMiss(word, among: names).map { "write `ecdx \($0)`" } ?? "`ecdx help` lists them"
        return Diagnostic("unknown-command", "expected a subcommand, found `\(word)`", hint: hint)
    }
}
