import ArgumentParser
import Diagnostics
import Host
import Storage

struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Write a first script that runs, from a table and a folder of files.",
        discussion: """
            Looks at the table (names of rows, columns of numbers, units in headers) and at the folder (charge densities, cubes, pictures, \
            and which column's cells stand in their names), asks nothing, and says what it chose. Without --from the script needs no data.
            """)

    @ArgumentParser.Argument(help: ArgumentHelp("The script to write; `.ecdx` is put behind a bare name.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("The table with a row for each sample.", valueName: "table.csv"), completion: .file(extensions: ["csv"]))
    var from: String?

    @Option(help: ArgumentHelp("The folder of the files of the rows.", valueName: "folder"), completion: .directory)
    var files: String?

    @Option(help: ArgumentHelp("The column to predict.", valueName: "column"))
    var target: String?

    @Flag(help: "Overwrite a file of that name.")
    var force = false

    func validate() throws {
        guard from == nil, files != nil || target != nil else { return }
        throw ValidationError("--files and --target belong to a table: name it with --from")
    }

    func run() throws {
        let terminal = Terminal.standard()
        let path = name.hasSuffix(".ecdx") ? name : name + ".ecdx"
        do {
            guard force || fileStatus(path) == nil else {
                throw Diagnostic(
                    "would-overwrite", "expected a name that is free, found that `\(path)` is there already",
                    hint: "take another name, or overwrite it with `--force`")
            }
            let place = parentFolder(of: path)
            if !place.isEmpty { try createFolder(place) }
            let script =
                try from.map {
                    try NewScript(
                        name: String(lastName(of: path).dropLast(".ecdx".count)), table: $0, folder: files, target: target,
                        place: place.isEmpty ? "." : place)
                } ?? NewScript()
            try writeWhole(script.text, to: path)
            terminal.write(out: "wrote: \(path)\n" + script.remarks.map { "  \(escapeControls($0))\n" }.joined())
            terminal.write(out: "next: `ecdx check \(path)`, `ecdx run \(path)`\n")
        } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
            throw ExitCode(diagnostic.id == "cannot-write" ? Status.failed : Status.unchecked)
        }
    }
}
