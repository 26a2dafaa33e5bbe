import Builtins
import Diagnostics
import Storage
import Training

/// The model card of a run, in Markdown with the header that the Hugging Face hub reads: what was trained on what, how, what it came to,
/// and how to do it again. Says nothing that the record does not hold.
struct ModelCard {
    let facts: RunFacts
    /// What the store says of the data; nil where it says nothing.
    let data: JSONValue?

    var text: String { header + body }

    private var title: String { facts.run.name.isEmpty ? facts.run.id : facts.run.name }

    private var header: String {
        var lines = ["---", "library_name: ecdx", "tags:", "- ecdx", "- materials-science", "model-index:"]
        lines += ["- name: \(yaml(title))", "  results:", "  - task:", "      type: tabular-regression"]
        lines += ["    dataset:", "      name: \(yaml(target))", "      type: ecdx"]
        lines.append("    metrics:")
        for part in Self.told { for (name, value) in scores(part) { lines += metric(part, name, value) } }
        return lines.joined(separator: "\n") + "\n---\n"
    }

    private static let told = ["validation", "holdout"]

    private func metric(_ part: String, _ name: String, _ value: Double) -> [String] {
        ["    - type: \(name)", "      name: \(yaml("\(name.uppercased()) (\(part))"))", "      value: \(value)"]
    }

    private func scores(_ part: String) -> [(name: String, value: Double)] {
        facts.numbers.compactMap { number in
            guard number.name.hasPrefix(part + "."), number.name != part + ".n", number.name != part + ".loss" else { return nil }
            return (String(number.name.dropFirst(part.count + 1)), number.value)
        }
    }

    private var target: String { data?["column"]?.stringValue ?? "target" }

    private var body: String {
        let run = facts.run
        var lines = ["", "# \(plain(title))", "", "Trained with ecdx; run `\(run.id)`.", "", "## Data", ""]
        lines.append(
            "The target is `\(plain(target))`."
                + (data?["ids"]?.arrayValue.map { " The data set has \($0.count) rows." } ?? "")
                + (run.resolved?["data"]?.stringValue.map { " It is identified by the hash `\($0)`." } ?? ""))
        let parts = partNames.compactMap { part in
            facts.numbers.first { $0.name == part + ".n" }.map { (part, Int($0.value)) }
        }
        if !parts.isEmpty { lines += ["", "Rows: " + parts.map { "\($0.1) in \($0.0)" }.joined(separator: ", ") + "."] }
        lines += ["", "## Results", "", "| part | rows | RMSE | MAE | R2 |", "| --- | ---: | ---: | ---: | ---: |"]
        for (part, count) in parts {
            let values = ["rmse", "mae", "r2"].map { name in scores(part).first { $0.name == name }.map { threeDigits($0.value) } ?? "" }
            lines.append("| \(part) | \(count) | \(values.joined(separator: " | ")) |")
        }
        lines += ["", "RMSE and MAE are in the unit of the target."]
        if run.isTrial { lines.append("It is a trial of a search: its holdout is not shown, since whoever looks at it searches on it.") }
        if run.validationChose {
            lines.append("The validation part chose the epoch, so its numbers are better than they would be on other rows.")
        }
        lines += ["", "## Training", "", "| value | |", "| --- | --- |"]
        for (name, value) in facts.values { lines.append("| \(cell(name)) | \(cell(value)) |") }
        if let result = run.result {
            lines += [
                "", "It ran \(result.history.count) epochs and kept epoch \(result.keptEpoch)"
                    + (result.stoppedEarly ? "; it stopped early" : "") + ".",
            ]
        }
        for session in run.sessions where !session.machine.text.isEmpty { lines.append("Machine: \(plain(session.machine.text)).") }
        lines += [
            "", "## Do it again", "",
            "`script.ecdx` of the record is the script as it was; `ecdx run` on the same data and machine gives the same bits. "
                + "The weights are in `weights.safetensors`" + (run.weights.map { ", SHA-256 `\($0.hex)`" } ?? "") + ".",
            "", "## Limits", "",
            "The numbers hold for rows drawn as those of this data set were. Nothing was tested on other materials, other codes or other "
                + "settings of the calculations.",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// A text on one line, in which nothing is marked up.
    private func plain(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 }).replacing("<", with: "&lt;").replacing("`", with: "'")
    }

    private func cell(_ text: String) -> String { plain(text).replacing("|", with: "\\|") }

    /// A text in YAML's double quotes, which JSON's are.
    private func yaml(_ text: String) -> String { JSONValue.string(text).canonical }
}
