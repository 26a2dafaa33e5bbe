import ArgumentParser
import Builtins
import Diagnostics
import Experiments
import Host
import Language
import Storage

/// The command `ecdx predict SCRIPT MODEL DATASET --to FILE`: predicts with an exported model for a data set that a script
/// declares.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Use an exported model on the rows of a data set.",
        discussion: """
            The model is a file that `export EXPERIMENT to "model.safetensors"` wrote; the data set is one that the script declares, \
            with or without a target. Its inputs are prepared as those were that the model was trained on; others are refused, unless \
            --as-given is given. A file that is not as it was exported is refused too. Nothing else of the script is carried out.
            """)

    @OptionGroup var options: ScriptOptions

    @ArgumentParser.Argument(help: "The model, a file that ends in .safetensors.", completion: .file(extensions: ["safetensors"]))
    var model: String

    @ArgumentParser.Argument(help: "The name of a data set of the script.")
    var dataset: String

    @Option(help: ArgumentHelp("Where the predictions go.", valueName: "file.csv"), completion: .file(extensions: ["csv"]))
    var to: String

    func run() throws {
        let terminal = Terminal.standard()
        let (session, text, reporter) = try options.open(terminal)
        try failing(terminal, reporter) {
            try Interrupt.install()
            let path = try resolvedPath(model)
            // Checked and carried out like a line of the script, though it is none.
            let line = "predict trained(\(source(of: .text(Text(path))))) on \(dataset) to \(source(of: .text(Text(to))))"
            let given = catalogue.parse(line, file: ScriptOptions.commandLine)
            guard given.diagnostics.isEmpty, given.statements.count == 1 else {
                terminal.report(Diagnostic("unknown-name", "expected the name of a data set of the script, found `\(dataset)`"))
                throw ExitCode(Status.usage)
            }
            let checked = try options.check(
                session, text, reporter, terminal, adding: given.statements, using: joined(session.folder, path))
            try session.perform(checked)
        }
    }
}
