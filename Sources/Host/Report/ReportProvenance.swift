import Builtins
import Diagnostics
import Experiments
import Reports
import Storage

/// What a report says of how its results came about, in sections.
struct ReportProvenance {
    let script: String
    let text: String
    let overrides: [String]
    let isSmoke: Bool
    /// The most trainings that are listed: a search may have thousands.
    private static let mostTrainings = 500

    func sections(_ provenance: Provenance, _ outputs: [ReportDocument.Output]) throws -> [ReportDocument.Section] {
        var sections = [try again(outputs)]
        if !provenance.trainings.isEmpty { sections.append(trainings(provenance.trainings)) }
        if !provenance.files.isEmpty || !provenance.datasets.isEmpty { sections.append(data(provenance)) }
        sections.append(versions(provenance, outputs))
        return sections
    }

    private func again(_ outputs: [ReportDocument.Output]) throws -> ReportDocument.Section {
        let command =
            ["ecdx run", quoted(script)] + overrides.map { "--set " + quoted($0) } + (isSmoke ? ["--smoke"] : [])
        var lines = [
            "`\(command.joined(separator: " "))` computes what is missing and writes the same tables and figures.",
            "SHA-256 of the script: \(try sha256(text))",
        ]
        if isSmoke { lines.append(Smoke.note) }
        let warnings = outputs.filter { if case .diagnostic(Severity.warning.rawValue, _) = $0.content { true } else { false } }.count
        if warnings > 0 { lines.append("\(warnings) warning\(warnings == 1 ? "" : "s") above, each below the code that it is about.") }
        return .init("How to repeat it", lines: lines)
    }

    private func trainings(_ trainings: [Provenance.Training]) -> ReportDocument.Section {
        let new = trainings.filter(\.isNew).count
        let seconds = trainings.compactMap(\.seconds).reduce(0, +)
        let line =
            "\(trainings.count) training\(trainings.count == 1 ? "" : "s"), \(threeDigits(seconds)) s in all: \(new) trained for this "
            + "report, \(trainings.count - new) taken from the store."
        let shown = trainings.prefix(Self.mostTrainings)
        let machines = Set(trainings.map(\.machine))
        let isOneMachine = machines.count == 1
        let cells = shown.map { training -> [(text: String, exact: String)] in
            let texts = [training.name, training.run, training.seed]
            let epochs = training.epochs.map { [String($0.done), String($0.kept)] } ?? ["", ""]
            let hashes = [training.data, training.weights].map { String($0.prefix(12)) }
            let seconds = [(training.seconds.map { threeDigits($0) } ?? "", training.seconds.map { String($0) } ?? "")]
            func same(_ texts: [String]) -> [(text: String, exact: String)] { texts.map { ($0, $0) } }
            return same(texts + epochs) + seconds + same([training.isNew ? "trained now" : "from the store", training.began] + hashes)
                + same(isOneMachine ? [] : [training.machine])
        }
        let numbers: Set = ["seed", "epochs", "kept", "time"]
        let names =
            ["training", "run", "seed", "epochs", "kept", "time", "", "began", "data", "weights"] + (isOneMachine ? [] : ["machine"])
        let grid = ReportDocument.ResultGrid(
            columns: names.map { .init($0, unit: $0 == "time" ? "s" : nil, isNumeric: numbers.contains($0)) },
            rows: cells.map { $0.map(\.text) }, exact: cells.map { $0.map(\.exact) },
            notes: ["data: the first 12 digits of the data set's key, a hash of its rows, parts and files; weights: those of their SHA-256"]
                + (shown.count < trainings.count ? ["and \(trainings.count - shown.count) more trainings"] : []))
        let lines = [line] + (isOneMachine ? machines.filter { !$0.isEmpty }.map { "Trained on \($0)." } : [])
        return .init("Trainings", lines: lines, table: grid)
    }

    private func data(_ provenance: Provenance) -> ReportDocument.Section {
        let lines = provenance.datasets.map { data in
            "\(data.name): \(data.rows) row\(data.rows == 1 ? "" : "s")"
                + (data.files > 0 ? ", \(data.files) file\(data.files == 1 ? "" : "s") of inputs" : "") + "."
        }
        guard !provenance.files.isEmpty else { return .init("Data", lines: lines) }
        let rows = provenance.files.map { [$0.path, $0.hash] }
        return .init("Data", lines: lines, table: .init(columns: [.init("file"), .init("SHA-256")], rows: rows))
    }

    private func versions(_ provenance: Provenance, _ outputs: [ReportDocument.Output]) -> ReportDocument.Section {
        var lines = ["ecdx \(Installation.version)"]
        lines += outputs.lazy.compactMap { output -> String? in
            guard case .figure(let picture) = output.content, picture.mediaType == "image/svg+xml" else { return nil }
            return Self.gnuplot(picture.bytes)
        }.prefix(1)
        lines.append("Tables and figures were made on \(provenance.machine).")
        return .init("Versions and machine", lines: lines)
    }

    /// The version of gnuplot, which its figures say.
    private static func gnuplot(_ svg: [UInt8]) -> String? {
        let head = String(decoding: svg.prefix(2000), as: UTF8.self)
        guard let match = head.firstMatch(of: #/GNUPLOT ([0-9.]{1,8})(?: patchlevel ([0-9a-z]{1,8}))?/#) else { return nil }
        return "gnuplot \(match.1)" + (match.2.map { " patchlevel \($0)" } ?? "")
    }

    /// A word of a command line as a shell takes it.
    private func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || "0123456789._/=-+,".unicodeScalars.contains($0) }
        return isPlain && !word.isEmpty && !word.hasPrefix("-") ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
