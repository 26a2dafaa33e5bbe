import ArgumentParser
import Host

struct HelpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help", abstract: "The reference of a builtin, a kind or a subcommand; without a name, all of them.")

    @Argument(help: "Such as conv, dataset or run.")
    var name: String?

    @Flag(help: "The whole reference as Markdown, as it stands in LANGUAGE.md.")
    var markdown = false

    func run() throws {
        if markdown {
            Terminal.standard().write(out: Reference.markdown)
            return
        }
        let terminal = Terminal.standard()
        guard let name else {
            terminal.write(out: Ecdx.helpMessage() + "\n\n" + Reference.fitted(Reference.overview, to: terminal.width))
            return
        }
        if let page = Reference.page(name) { terminal.write(out: Reference.fitted(page, to: terminal.width)); return }
        if let command = Ecdx.configuration.subcommands.first(where: { $0.configuration.commandName == name }) {
            terminal.write(out: Ecdx.helpMessage(for: command) + "\n")
            return
        }
        terminal.report(Reference.unknown(name))
        throw ExitCode(Status.usage)
    }
}
