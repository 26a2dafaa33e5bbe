import ArgumentParser
import Diagnostics
import Host
import Reports
import Storage

/// The command `ecdx notebook FILE`: the script that a notebook of Jupyter holds.
struct NotebookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notebook", abstract: "Make a script of a notebook of Jupyter.",
        discussion: """
            Cells that `ecdx report --format ipynb` wrote come back as they were, to the byte; cells that were added or changed in Jupyter \
            begin with `# %%`, and their text stands in comments. Outputs are left behind. Exit status 2 where the notebook cannot be \
            read, 3 where it is none, or one of another language, 1 where the script cannot be written.
            """)

    @ArgumentParser.Argument(help: "The notebook, a file that ends in .ipynb.", completion: .file(extensions: ["ipynb"]))
    var file: String

    @Option(
        help: ArgumentHelp(
            "Where the script goes, or - for standard output. Default: beside the notebook, under its name.", valueName: "file"),
        completion: .file(extensions: ["ecdx"]))
    var to: String?

    @Flag(help: "Overwrite a file that is there.")
    var force = false

    func run() throws {
        let terminal = Terminal.standard()
        let bytes = try attempt(terminal, Status.usage) { try readFile(file, limit: Notebook.largest) }
        let script = try attempt(terminal, Status.unchecked) { try Notebook.script(bytes, file: file) }
        if to == "-" {
            terminal.write(out: script)
            return
        }
        try attempt(terminal, Status.failed) { try write(script, to: to ?? Self.target(of: file), terminal) }
    }

    /// Runs a step; its diagnostic ends the command with `status`.
    private func attempt<R>(_ terminal: Terminal, _ status: Int32, _ step: () throws -> R) throws -> R {
        do {
            return try step()
        } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
            throw ExitCode(status)
        }
    }

    private func write(_ script: String, to target: String, _ terminal: Terminal) throws {
        if let there = fileStatus(target), there.kind == .file {
            guard try resolvedPath(target) != resolvedPath(file) else {
                throw Diagnostic(
                    "would-overwrite", "expected another file than the notebook itself", data: DataPlace(file: target),
                    hint: "name another file with `--to`")
            }
            if let text = try? readText(target, limit: Notebook.largest), text.utf8.elementsEqual(script.utf8) {
                terminal.write(err: "unchanged: \(escapeControls(target))\n")
                return
            }
            guard force else {
                throw Diagnostic(
                    "would-overwrite", "expected no file or the same script, found another", data: DataPlace(file: target),
                    hint: "name another file with `--to`, or say `--force`")
            }
        }
        try writeWhole(script, to: target)
        terminal.write(err: "wrote: \(escapeControls(target))\n")
    }

    /// The script beside a notebook, under its name.
    private static func target(of file: String) -> String {
        (isNotebook(file) ? String(file.dropLast(ending.count)) : file) + ".ecdx"
    }

    private static let ending = ".ipynb"

    /// Whether a file is a notebook by its name.
    static func isNotebook(_ file: String) -> Bool { file.lowercased().hasSuffix(ending) && file.count > ending.count }
}
