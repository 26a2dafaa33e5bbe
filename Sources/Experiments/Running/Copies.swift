import Builtins
import Datasets
import Diagnostics
import Language
import Storage

/// The rows and parts whose files were compared: a fold has parts of its own.
struct ComparedRows: Hashable {
    var plan: DatasetPlan.Identity
    var fold: FoldPlace?
    var inputs: [String]
}

extension Runner {
    /// Warns of rows of different parts whose files hold the same contents, once for each data set: a network that has learned
    /// such a row knows it where it is to be tested.
    func warnOfCopies(in training: Experiment) throws {
        try warnOfLikeRows(in: training, computes: false)
        let plan = training.plan
        let inputs = training.network.inputs.map(\.name).sorted()
        let compared = ComparedRows(plan: plan.identity, fold: training.fold, inputs: inputs)
        guard !copied.contains(plan.label), copiesLooked.insert(compared).inserted else { return }
        let groups = try copies(in: training, inputs: inputs)
        guard !groups.isEmpty else { return }
        copied.insert(plan.label)
        let diagnostic = Diagnostic(
            "same-contents", "have files of the same contents", severity: .warning,
            hint: "leave the copies out, or keep them in one part with `split: grouped(...)`")
        warn(diagnostic, of: groups, in: training, also: "so have")
    }

    /// Warns of groups of rows of several parts: the message of the diagnostic is what they have in common, `also` what is said of
    /// the rows of further groups.
    func warn(_ diagnostic: Diagnostic, of groups: [[Int]], in training: Experiment, also: String) {
        let plan = training.plan
        let partOf = parts(of: training)
        let texts = groups.map { group in
            let shown = group.prefix(4).map { "`\(plan.ids[$0])` (\(partOf[$0] ?? ""))" }
            return shown.joined(separator: ", ") + (group.count > 4 ? " and \(group.count - 4) more" : "")
        }
        let more = texts.count - 1
        var diagnostic = diagnostic.at(training.data.span(of: "split"))
        diagnostic.message =
            "rows of different parts of `\(plan.label)` \(diagnostic.message): \(texts.first ?? "")"
            + (more <= 0 ? "" : ", and \(more) more group\(more == 1 ? "" : "s") of rows")
        diagnostic.notes = texts.dropFirst().prefix(3).map { "\(also) \($0)" }
        reporter.warn(diagnostic)
    }

    /// The part of each row of a training; nil for a row that is in none.
    func parts(of training: Experiment) -> [String?] {
        var partOf = [String?](repeating: nil, count: training.plan.count)
        for part in partNames { for row in training.parts.rows(of: part) where partOf.indices.contains(row) { partOf[row] = part } }
        return partOf
    }

    /// The groups of rows of several parts that have the same contents in all of the inputs.
    private func copies(in training: Experiment, inputs: [String]) throws -> [[Int]] {
        let plan = training.plan
        var contents = [[Digest]](repeating: [], count: plan.count)
        for name in inputs {
            for (row, digests) in try keys.contents(name, of: plan).enumerated() where row < contents.count { contents[row] += digests }
        }
        let partOf = parts(of: training)
        var rows: [[Digest]: [Int]] = [:]
        for row in contents.indices where partOf[row] != nil && !contents[row].isEmpty { rows[contents[row], default: []].append(row) }
        return rows.values.filter { Set($0.map { partOf[$0] }).count > 1 }.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
    }
}
