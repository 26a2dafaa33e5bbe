import Datasets
import Densities
import Diagnostics
import Language
import Storage

/// A data set resolved to rows, files and parts: everything but the contents of the files.
public struct DatasetPlan: Sendable {
    /// Name of the data set, for messages and tables.
    public var label: String
    /// Table that the rows belong to.
    public var table: Table
    /// Rows of the table that are used, in the order of the data set.
    public var rows: [Int]
    /// Id of each row.
    public var ids: [String]
    /// Target of each row, in the column's unit; empty where the data set has no target.
    public var targets: [Double]
    /// Name of the target's column; empty where the data set has no target.
    public var column: String
    /// Unit of the target; nil where neither the target nor its column has one.
    public var unit: String?
    /// Transform of the target before training.
    public var transform: TargetSpace.Transform
    /// Scaling of the target after the transform, fitted on the training part.
    public var scale: TargetSpace.Scale
    /// The inputs, in the order of their names.
    public var inputs: [DatasetInput]
    /// Rows of each part, as positions in `rows`.
    public var parts: Parts
    /// Number of rows left out because their target was empty.
    public var dropped: Int
    /// Ids of the rows left out because a file of theirs is not there.
    public var absent: [String]
    /// Ids of the rows left out because an input of theirs holds NaN or infinity.
    public var notFinite: [String]
    /// Whether rows and files are paired by position, not by id.
    public var pairsByPosition: Bool

    /// Identity of the plan, which tells it from every other plan without comparing their contents.
    public var identity = Identity()

    /// The rows that were left out, as a phrase such as `1 without a target`; nil where none was.
    public var leftOut: String? {
        let parts = [
            dropped > 0 ? "\(dropped) without a target" : nil,
            absent.isEmpty ? nil : "\(absent.count) without a file (\(names(absent)))",
            notFinite.isEmpty ? nil : "\(notFinite.count) with \(reason) (\(notFiniteNames))",
        ].compactMap { $0 }
        return parts.isEmpty ? nil : joinedByAnd(parts)
    }

    /// Why the rows of `notFinite` were left out.
    public var reason: String {
        inputs.contains { !$0.columns.isEmpty } ? "no finite number or no text in an input" : "NaN or infinity in an input"
    }

    private func names(_ ids: [String]) -> String {
        ids.prefix(6).map { "`\($0)`" }.joined(separator: ", ") + (ids.count > 6 ? " and \(ids.count - 6) more" : "")
    }

    /// The first ids of the rows with NaN or infinity, in backticks, and how many more there are.
    public var notFiniteNames: String {
        names(notFinite)
    }

    /// Number of rows.
    public var count: Int { rows.count }

    /// The input of that name; nil where there is none.
    public func input(_ name: String) -> DatasetInput? { inputs.first { $0.name == name } }

    /// The identity of a plan, which its copies share.
    public final class Identity: Sendable, Hashable {
        /// Creates an identity that equals no other.
        public init() {}
        public static func == (a: Identity, b: Identity) -> Bool { a === b }
        public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    /// Rows of a part as positions in `rows`, in order; none for another name.
    public func rows(of part: String) -> [Int] { parts.rows(of: part) }
}

/// Names of the parts of a data set, in order.
public let partNames = ["train", "validation", "holdout"]

extension Parts {
    /// The rows of a part, in order; none for another name.
    public func rows(of part: String) -> [Int] {
        switch part {
        case "train": train
        case "validation": validation
        case "holdout": holdout
        default: []
        }
    }
}

extension DatasetPlan {
    /// The plan with `Smoke.rows` rows: each part keeps at least `Smoke.least` (or what it has), the others go to the parts
    /// by their shares, and the rows of a part are spread evenly over it.
    var smoked: DatasetPlan {
        let all = [parts.train, parts.validation, parts.holdout]
        guard count > Smoke.rows else { return self }
        var sizes = all.map { min($0.count, Smoke.least) }
        while sizes.reduce(0, +) < Smoke.rows {
            let lacking = all.indices.filter { sizes[$0] < all[$0].count }
                .max { share(all[$0].count) - Double(sizes[$0]) < share(all[$1].count) - Double(sizes[$1]) }
            guard let lacking else { break }
            sizes[lacking] += 1
        }
        // Rows to predict for are in no part.
        let isPlain = all.allSatisfy(\.isEmpty)
        let kept =
            isPlain
            ? [Array(0..<Smoke.rows), [], []]
            : zip(all, sizes).map { part, size in (0..<size).map { part[(2 * $0 + 1) * part.count / (2 * size)] } }
        let order = kept.flatMap { $0 }.sorted()
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
        func renumbered(_ part: [Int]) -> [Int] { part.compactMap { places[$0] } }
        var result = self
        result.identity = Identity()
        result.rows = order.map { rows[$0] }
        result.ids = order.map { ids[$0] }
        result.targets = targets.isEmpty ? [] : order.map { targets[$0] }
        result.inputs = inputs.map { $0.keeping(order) }
        if isPlain { return result }
        result.parts = Parts(train: renumbered(kept[0]), validation: renumbered(kept[1]), holdout: renumbered(kept[2]))
        return result
    }

    private func share(_ part: Int) -> Double { Double(Smoke.rows) * Double(part) / Double(count) }
}
