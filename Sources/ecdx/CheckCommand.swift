import ArgumentParser
import Diagnostics
import Host

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what is wrong with a script, and compute nothing.",
        discussion: "Exit status 3 where something is wrong.")

    @OptionGroup var options: ScriptOptions

    @Flag(help: "One JSON document with all diagnostics on standard output, for editors and other tools.")
    var json = false

    @Flag(help: "A line for each diagnostic: file:line:column: severity[id]: message.")
    var short = false

    func run() throws {
        let terminal = Terminal.standard()
        if json {
            try document(terminal)
        } else if short {
            try lines(terminal)
        } else {
            let (session, text, reporter) = try options.open(terminal)
            _ = try options.check(session, text, reporter, terminal)
        }
    }

    private func lines(_ terminal: Terminal) throws {
        let (session, text, _) = try options.open(terminal) { terminal.write(err: Renderer(sources: SourceMap()).short($0) + "\n") }
        let checked = session.check(text, file: options.script)
        let renderer = Renderer(sources: session.sources)
        terminal.write(err: checked.script.diagnostics.map { renderer.short($0) + "\n" }.joined())
        if let status = ScriptOptions.status(of: checked) { throw ExitCode(status) }
    }

    private func document(_ terminal: Terminal) throws {
        let (session, text, _) = try options.open(terminal) { terminal.write(out: jsonDocument(of: [$0], script: options.script)) }
        let checked = session.check(text, file: options.script)
        terminal.write(out: jsonDocument(of: checked.script.diagnostics, script: options.script, sources: session.sources))
        if let status = ScriptOptions.status(of: checked) { throw ExitCode(status) }
    }

    /// The JSON document for a command line that could not be read, where it asked for one; nil where it did not.
    static func document(for fault: Diagnostic, arguments: [String]) -> String? {
        guard arguments.first == configuration.commandName, arguments.contains("--json") else { return nil }
        return jsonDocument(of: [fault], script: arguments.first { $0.hasSuffix(".ecdx") })
    }
}
