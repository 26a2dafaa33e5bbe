import Diagnostics
import Foundation
import SessionTestSupport
import TestSupport
import Testing

/// Every id a script or its data can meet is shown by a script of the corpus.
@Suite(.timed) struct DiagnosticIDTests {
    /// Ids that no script shows, and why.
    private static let elsewhere = [
        "bad-condition": "a condition on runs on the command line (ExperimentsTests)",
        "bad-figure": "a plane whose values do not fill it: no script can ask for one (PlottingTests)",
        "engine": "a network cut in two wrongly: there is none (ModelsTests)",
        "file-changed": "a file that changes while a script runs (ExperimentsTests)",
        "memory": "rests on the memory of the machine, or on `--memory` (ExperimentsTests)",
        "missing-weights": "rests on what lies in the home folder (CommandTests)",
        "internal": "an error that is no diagnostic: there is none",
        "plot-failed": "a gnuplot that breaks (PlottingTests)",
        "plot-warning": "a gnuplot that complains (PlottingTests)",
        "same-run": "an import of runs (CommandTests)",
        "unfinished-run": "an export of runs (CommandTests)",
        "unknown-run": "an id or a folder on the command line (CommandTests)",
    ]

    private static let targets = ["Language", "Builtins", "Datasets", "Densities", "Models", "Plotting", "Experiments"]

    private func idsInSources() throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        let pattern = try Regex(#"Diagnostic\(\s*(?:[A-Za-z.]+ [!=]= 0 \? )?"([a-z0-9-]+)"(?: : "([a-z0-9-]+)")?"#)
        for target in Self.targets {
            let folder = Place.project + "/Sources/" + target
            for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() where name.hasSuffix(".swift") {
                let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
                for match in text.matches(of: pattern) {
                    for group in 1..<match.output.count {
                        if let id = match.output[group].substring { found[String(id), default: []].append(target + "/" + name) }
                    }
                }
            }
        }
        return found
    }

    @Test func everyIdIsShown() throws {
        let declared = try idsInSources()
        #expect(declared.count > 50)
        var shown: Set<String> = []
        for file in try CorpusFile.all() {
            for line in file.expected {
                if let match = line.firstMatch(of: /^(?:error|warning|note)\[([a-z0-9-]+)\]/) { shown.insert(String(match.1)) }
            }
        }
        for (id, places) in declared.sorted(by: { $0.key < $1.key }) where !shown.contains(id) {
            #expect(Self.elsewhere[id] != nil, "no script of the corpus shows `\(id)`, of \(Set(places).sorted().joined(separator: ", "))")
        }
        for id in Self.elsewhere.keys.sorted() {
            #expect(declared[id] != nil, "`\(id)` is gone")
            #expect(!shown.contains(id), "`\(id)` is shown now")
        }
    }

    /// Messages are written for the author of a script: none names a type of the host language.
    @Test func messagesReadAsTheyMust() throws {
        for file in try CorpusFile.all() {
            for line in file.expected {
                guard let match = line.firstMatch(of: /^(?:error|warning)\[[a-z0-9-]+\]: (?:`[^`]*`(?: line \d+)?: )?(.)(.*)/) else {
                    continue
                }
                #expect(match.1.first?.isUppercase != true || line.contains(": R2 "), "\(file.name): \(line)")
                #expect(!line.hasSuffix("."), "\(file.name): \(line)")
                for word in ["Optional", "Swift", "nil", "Double", "Int ", "Array", "CorpusCopy", "internal"] {
                    #expect(!match.2.contains(word), "\(file.name): \(line)")
                }
            }
        }
    }
}
