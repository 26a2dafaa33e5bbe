import ArgumentParser
import Builtins
import Experiments
import Host

struct HelpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help",
        abstract: "The reference of a builtin, a kind or a subcommand, or what a search finds; without a name, all of them.",
        discussion: "Words that are no name are looked for among names, fields, their choices, members, messages and names of other tools.")

    @Argument(
        help: "Such as conv, dataset, run, or what is looked for: loss, EarlyStopping, mean squared.",
        completion: .list(Set(Ecdx.names + Reference.names).sorted()))
    var words: [String] = []

    @Flag(help: "All that a search finds, also where a name has a page of its own.")
    var all = false

    @Flag(help: "The whole reference as Markdown, as it stands in LANGUAGE.md.")
    var markdown = false

    @Flag(name: .customLong("words"), help: "The words of the language, a group a line, for editors.")
    var listsWords = false

    // For scripts/write-man-page.sh.
    @Flag(help: .hidden)
    var manual = false

    /// Where the documents and the examples lie, as a line.
    private static var documents: String {
        guard let folder = Installation.documents else { return "" }
        return "\nDocuments, LANGUAGE.md and REPL.md, and examples in experiments: \(folder)\n"
    }

    func run() throws {
        let terminal = Terminal.standard()
        if markdown {
            terminal.write(out: Reference.markdown)
            return
        }
        if listsWords {
            terminal.write(out: LanguageWords.text)
            return
        }
        if manual {
            terminal.write(out: try ManualPage.commands())
            return
        }
        guard let name = words.first else {
            terminal.write(out: Ecdx.helpMessage() + "\n\n" + Reference.fitted(Reference.overview, to: terminal.width) + Self.documents)
            return
        }
        let text = words.joined(separator: " ")
        let command = Ecdx.configuration.subcommands.first { $0.configuration.commandName == name }
        // The parser names the second below the help of a subcommand that has its own.
        let inner = words.count == 2 ? command?.configuration.subcommands.first { $0.configuration.commandName == words[1] } : nil
        if let inner {
            terminal.write(out: Ecdx.helpMessage(for: inner) + "\n")
        } else if let command, words.count == 1, !all {
            terminal.write(out: Ecdx.helpMessage(for: command) + "\n")
            // A word of the language may have the name of a subcommand.
            if let page = Reference.page(name) {
                terminal.write(out: "\nIn scripts:\n\n" + Reference.fitted(page, to: terminal.width))
            }
        } else if let found = Reference.help(text, commands: Ecdx.summaries, width: terminal.width, all: all) {
            terminal.write(out: found)
        } else {
            terminal.report(Reference.unknown(text))
            throw ExitCode(Status.usage)
        }
    }
}

extension Ecdx {
    /// The names of the subcommands.
    static var names: [String] { configuration.subcommands.compactMap { $0.configuration.commandName } }

    /// The names of the subcommands with a line each.
    static var summaries: [(name: String, summary: String)] {
        configuration.subcommands.compactMap { command in
            command.configuration.commandName.map { ($0, command.configuration.abstract) }
        }
    }
}
