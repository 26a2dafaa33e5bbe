import ArgumentParser
import Builtins
import Host

struct HelpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help", abstract: "The reference of a builtin, a kind or a subcommand; without a name, all of them.")

    @Argument(
        help: "Such as conv, dataset or run.",
        completion: .list((Ecdx.names + Array(catalogue.kinds.keys) + Array(catalogue.builtins.keys)).sorted()))
    var name: String?

    // The parser names it below the help of a subcommand that has its own.
    @Argument(help: .hidden)
    var inner: String?

    @Flag(help: "The whole reference as Markdown, as it stands in LANGUAGE.md.")
    var markdown = false

    @Flag(help: "The words of the language, a group a line, for editors.")
    var words = false

    // For scripts/write-man-page.sh.
    @Flag(help: .hidden)
    var manual = false

    func run() throws {
        let terminal = Terminal.standard()
        if markdown {
            terminal.write(out: Reference.markdown)
            return
        }
        if words {
            terminal.write(out: LanguageWords.text)
            return
        }
        if manual {
            terminal.write(out: try ManualPage.commands())
            return
        }
        guard let name else {
            terminal.write(out: Ecdx.helpMessage() + "\n\n" + Reference.fitted(Reference.overview, to: terminal.width))
            return
        }
        if let inner {
            let outer = Ecdx.configuration.subcommands.first { $0.configuration.commandName == name }
            guard let command = outer?.configuration.subcommands.first(where: { $0.configuration.commandName == inner }) else {
                terminal.report(Reference.unknown(name + " " + inner))
                throw ExitCode(Status.usage)
            }
            terminal.write(out: Ecdx.helpMessage(for: command) + "\n")
            return
        }
        if let page = Reference.page(name) {
            terminal.write(out: Reference.fitted(page, to: terminal.width))
            return
        }
        if let command = Ecdx.configuration.subcommands.first(where: { $0.configuration.commandName == name }) {
            terminal.write(out: Ecdx.helpMessage(for: command) + "\n")
            return
        }
        terminal.report(Reference.unknown(name))
        throw ExitCode(Status.usage)
    }
}

extension Ecdx {
    /// The names of the subcommands.
    static var names: [String] { configuration.subcommands.compactMap { $0.configuration.commandName } }
}
