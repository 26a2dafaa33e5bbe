import Builtins
import Datasets
import Diagnostics
import Language
import Storage

extension Runner {
    /// Rows are like one another where their items lie nearer than this share of the distance that most rows have.
    private static let likeness = 0.02
    /// The most rows, and numbers of all inputs together, that are compared.
    private static let (mostRows, mostNumbers) = (20_000, 1 << 29)
    private static let groupsFile = "groups.json"

    /// Warns of rows of different parts whose inputs are all but the same, where they were compared: files may differ that hold the
    /// same picture or the same crystal. `computes`: compares them where they were not yet, since their items are at hand.
    func warnOfLikeRows(in training: Experiment, computes: Bool) throws {
        let plan = training.plan
        let inputs = training.network.inputs.map(\.name).sorted()
        let compared = ComparedRows(plan: plan.identity, fold: training.fold, inputs: inputs)
        guard !inputs.isEmpty, !likeRowsTold.contains(compared) else { return }
        let key = try keys.likeRows(inputs, of: plan)
        guard let groups = try knownGroups(key) ?? (computes ? comparedRows(inputs, of: training, key) : nil) else { return }
        likeRowsTold.insert(compared)
        guard !likePlans.contains(plan.label) else { return }
        let partOf = parts(of: training)
        let contents = try inputs.map { try keys.contents($0, of: plan) }
        let leaking = groups.map { $0.filter { partOf.indices.contains($0) && partOf[$0] != nil } }.filter { group in
            let files = Set(group.map { row in contents.flatMap { $0.indices.contains(row) ? $0[row] : [] } })
            // Files of the same contents are told of already.
            return Set(group.map { partOf[$0] }).count > 1 && (files.count > 1 || files == [[]])
        }
        guard !leaking.isEmpty else { return }
        likePlans.insert(plan.label)
        let diagnostic = Diagnostic(
            "like-contents", "are all but the same as a network reads them", severity: .warning,
            hint: "see whether they are one thing twice; leave the copies out, or keep them in one part with `split: grouped(...)`")
        warn(diagnostic, of: leaking, in: training, also: "so are")
    }

    /// The groups of rows that were found before.
    private func knownGroups(_ key: Digest) throws -> [[Int]]? {
        guard let bytes = try? store.cache.bytes(Self.groupsFile, of: key) else { return nil }
        return try? JSONValue(parsing: bytes).decoded()
    }

    private func comparedRows(_ inputs: [String], of training: Experiment, _ key: Digest) throws -> [[Int]]? {
        let items = try inputs.map { try self.items(of: $0, in: training.data) }
        let (numbers, isTooMuch) = items.reduce(0) { $0 + $1.shape.count }.multipliedReportingOverflow(by: training.plan.count)
        guard training.plan.count <= Self.mostRows, !isTooMuch, numbers <= Self.mostNumbers else { return nil }
        // Ids of tokens are names, and columns of a table stand in units of their own: there only what is equal is alike.
        let named = inputs.indices.filter { index in
            guard let input = training.plan.input(inputs[index]), !input.columns.isEmpty else { return false }
            return !input.pipeline.contains(where: { $0.object != nil }) || input.type?.shape?.count != 1
        }
        let groups = try likeItems(items, exact: Set(named), within: Self.likeness) { try stopIfAsked("comparing rows") }
        try store.cache.insert(key) { try writeWhole(JSONValue(encoding: groups).canonical, to: joined($0, Self.groupsFile)) }
        return groups
    }
}
