import ArgumentParser
import Builtins
import Diagnostics
import Glibc
import Host
import Language
import Storage

struct FmtCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Lay scripts out canonically: white space and ends of line, nothing else.",
        discussion: """
            Files that change are written anew, whole or not at all. Exit status 1 where --check finds one that would, or where one \
            cannot be written, 2 where one cannot be read, 3 where one has mistakes of syntax; such a file is left as it is.
            """)

    @Flag(help: "Write nothing; print the names of the files that would change.")
    var check = false

    @ArgumentParser.Argument(
        help: ArgumentHelp("Scripts, or - for standard input, which goes to standard output.", valueName: "file"),
        completion: .file(extensions: ["ecdx"]))
    var files: [String]

    func run() throws {
        let terminal = Terminal.standard()
        let statuses = Set(files.map { status(of: $0, terminal) })
        for status in [Status.usage, Status.unchecked, Status.failed] where statuses.contains(status) { throw ExitCode(status) }
    }

    /// Formats one file; 0, or the exit status of what stood in the way.
    private func status(of file: String, _ terminal: Terminal) -> Int32 {
        let isInput = file == "-"
        let name = isInput ? "standard input" : file
        do {
            let text = isInput ? try StandardInput.readAll() : try readText(file, limit: 1 << 24)
            let formatted = ScriptFormatter.format(text, file: name, grammar: catalogue.grammar)
            guard let layout = formatted.text else {
                var sources = SourceMap()
                // With several files an excerpt says which it is of.
                sources.add(name, text: text, isScript: files.count == 1)
                if files.count > 1 { sources.add("", text: "", isScript: true) }
                terminal.report(formatted.diagnostics, sources: sources)
                return Status.unchecked
            }
            let isSame = layout.utf8.elementsEqual(text.utf8)
            if check {
                if !isSame { terminal.write(out: name + "\n") }
                return isSame ? 0 : Status.failed
            }
            if isInput { terminal.write(out: layout) } else if !isSame { return write(layout, to: file, terminal) }
            return 0
        } catch let diagnostic as Diagnostic {
            terminal.report(diagnostic)
        } catch {
            terminal.report(Diagnostic("cannot-read", "`\(name)` cannot be read"))
        }
        return Status.usage
    }

    private func write(_ layout: String, to file: String, _ terminal: Terminal) -> Int32 {
        do {
            // Renaming a new file over one that may not be written would succeed.
            guard access(file, W_OK) == 0 else {
                throw Diagnostic("cannot-write", "expected a file that can be written, found no permission", data: DataPlace(file: file))
            }
            try writeWhole(layout, to: file)
            terminal.write(err: "formatted: \(file)\n")
            return 0
        } catch {
            terminal.report(error as? Diagnostic ?? Diagnostic("cannot-write", "the file cannot be written", data: DataPlace(file: file)))
            return Status.failed
        }
    }
}
