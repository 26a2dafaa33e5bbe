import ArgumentParser
import Host

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what is wrong with a script, and compute nothing.", discussion: "Exit status 3 where something is wrong.")

    @OptionGroup var options: ScriptOptions

    func run() throws {
        let terminal = Terminal.standard()
        let (session, text, reporter) = try options.open(terminal)
        _ = try options.check(session, text, reporter, terminal)
    }
}
