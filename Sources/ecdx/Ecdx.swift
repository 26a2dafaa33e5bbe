import ArgumentParser
import Experiments
import Glibc
import Host

struct Ecdx: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ecdx", abstract: "Reproducible experiments on images and volumes of electron charge density.",
        discussion: "Without a subcommand: the prompt, or, where standard input is not a terminal, the script on it.",
        version: "ecdx \(Installation.version)",
        subcommands: [RunCommand.self, CheckCommand.self, PlanCommand.self, HelpCommand.self, PromptCommand.self],
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
        // Scripts may nest and functions may recurse; the walk over them gets room of its own, and the engine's pool of
        // threads belongs to this one thread.
        exit(onLargeStack { command(Array(CommandLine.arguments.dropFirst())) })
    }

    private static func command(_ arguments: [String]) -> Int32 {
        do {
            var command = try Ecdx.parseAsRoot(arguments)
            try command.run()
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            let asked = Ecdx.exitCode(for: error).isSuccess
            let message = Ecdx.fullMessage(for: error)
            let terminal = Terminal.standard()
            if asked { terminal.write(out: message + "\n") } else { terminal.write(err: message + "\n") }
            return asked ? 0 : Status.usage
        }
    }
}
