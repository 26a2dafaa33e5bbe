import ArgumentParser
import Diagnostics
import Host

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "What a diagnostic means and what to do about it; without an id, all of them.")

    @Argument(help: "The id in the brackets of a message, such as unknown-field.", completion: .list(Explanations.ids))
    var id: String?

    func run() throws {
        let terminal = Terminal.standard()
        guard let id else {
            terminal.write(out: ExplanationPages.overview(width: terminal.width, color: terminal.colorsOut))
            return
        }
        let wanted = ExplanationPages.id(in: id)
        guard let explanation = Explanations.explanation(of: wanted) else {
            terminal.report(ExplanationPages.unknown(wanted))
            throw ExitCode(Status.usage)
        }
        terminal.write(out: ExplanationPages.page(explanation, width: terminal.width, color: terminal.colorsOut))
    }
}
