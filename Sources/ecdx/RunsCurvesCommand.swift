import ArgumentParser
import Diagnostics
import Experiments
import Glibc
import Host
import Plotting
import Storage

struct RunsCurvesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curves", abstract: "Draw the losses of a run by epoch, of one that is not finished too.",
        discussion: """
            Nothing is trained. The figure of a run that was stopped, or is at work, says that it is partial; `ecdx runs` lists the ids. \
            In a script, `plot curves(...)` draws those of an experiment, and trains it to its end first.
            """)

    @ArgumentParser.Argument(help: "The id of a run, or a beginning of it.")
    var id: String

    @Option(
        help: ArgumentHelp("A file to draw into that is not there yet: .svg, .png or .pdf. Default: the terminal.", valueName: "file"),
        completion: .file(extensions: ["svg", "png", "pdf"]))
    var to: String?

    @OptionGroup var options: StoreOptions

    func run() throws {
        try onRuns {
            if let to, fileStatus(to) != nil {
                throw Diagnostic("would-overwrite", "expected no file at `\(to)`, found one", hint: "name another, or remove it")
            }
            return try Store(existing: options.path()).run(matching: id)
        } _: { run, reporter, terminal in
            let figure = try RunCurves.figure(of: run)
            guard let to else { return try FigureScreen(terminal).show(figure) }
            let drawn = try draw(figure, for: lastName(of: to))
            try createFolder(parentFolder(of: to))
            try writeWhole(drawn.bytes, to: to)
            reporter.show(.wrote(to, fresh: true))
        }
    }
}
