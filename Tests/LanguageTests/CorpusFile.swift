import Diagnostics
import Experiments
import Foundation
import Language
import Plotting
import SessionTestSupport
import TestSupport

/// A script of the corpus. Comments at its top say how it is run:
///
///     #: run              carry out its actions, if it checks
///     #: set NAME=VALUE   as `--set` does
///     #: no gnuplot       as if there were none on the PATH
///     #: smoke            as `--smoke` does
///     #: several          it shows more than one error
///
/// and those at its end, `#! `, are what it must show: its diagnostics as `ecdx` prints them, then what its actions show.
struct CorpusFile {
    var path: String
    /// The script without its expectation.
    var script: String
    var expected: [String]

    var name: String { path.split(separator: "/").suffix(2).joined(separator: "/") }
    var folder: String { path.split(separator: "/").dropLast().last.map(String.init) ?? "" }
    var directives: [String] { script.split(separator: "\n").filter { $0.hasPrefix("#: ") }.map { String($0.dropFirst(3)) } }

    init(path: String) throws {
        self.path = path
        var lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
        while lines.last == "" { lines.removeLast() }
        var expected: [String] = []
        while let last = lines.last, last.hasPrefix("#!") {
            expected.append(last.hasPrefix("#! ") ? String(last.dropFirst(3)) : "")
            lines.removeLast()
        }
        self.expected = expected.reversed()
        while lines.last == "" { lines.removeLast() }
        script = lines.joined(separator: "\n") + "\n"
    }

    static func all() throws -> [CorpusFile] {
        try ["language", "builtins", "errors", "limits"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: Place.corpus + "/" + folder).sorted()
                .filter { $0.hasSuffix(".ecdx") && !$0.hasPrefix("module-") }.map {
                    try CorpusFile(path: "\(Place.corpus)/\(folder)/\($0)")
                }
        }
    }

    struct Outcome: Sendable {
        var diagnostics: [Diagnostic]
        var shown: [String]
        var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    }

    /// Checks the script, and carries it out where it says so, in a copy of the corpus.
    func outcome(in copy: CorpusCopy) throws -> Outcome {
        var options = SessionOptions()
        options.standardLibrary = Place.library
        options.store = "\(copy.path)/.ecdx"
        for directive in directives {
            if directive == "no gnuplot" { options.gnuplot = Gnuplot(searchPath: copy.path + "/data") }
            if directive.hasPrefix("set "), let equals = directive.firstIndex(of: "=") {
                let name = directive[..<equals].dropFirst(4).split(separator: ".").map(String.init)
                options.overrides.append(Override(path: name, text: String(directive[directive.index(after: equals)...])))
            }
        }
        options.smoke = directives.contains("smoke")
        let reporter = CollectingReporter()
        let file = (path as NSString).lastPathComponent
        let session = try Session(base: "\(copy.path)/\(folder)/\(file)", options: options, reporter: reporter)
        let checked = session.check(script, file: file)
        var found = checked.script.diagnostics
        if directives.contains("run"), !checked.script.hasErrors {
            do { try session.perform(checked) } catch let diagnostic as Diagnostic { found.append(diagnostic) }
            found += reporter.warnings
        }
        let text = Renderer(sources: session.sources).render(found)
        let diagnosed = text.isEmpty ? [] : text.components(separatedBy: "\n")
        let lines = diagnosed + (diagnosed.isEmpty || reporter.lines.isEmpty ? [] : [""]) + reporter.lines
        // The copy's folder is another one each time; ends of line hold no blanks.
        let shown = lines.map { line in
            var line = line.replacingOccurrences(of: copy.path, with: "CORPUS")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
        return Outcome(diagnostics: found, shown: shown)
    }

    /// Writes the file anew with this as its expectation.
    func record(_ shown: [String]) throws {
        let lines = shown.map { $0.isEmpty ? "#!" : "#! \($0)" }
        let text = script + (lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n") + "\n")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
