import Datasets
import Densities
import Plotting
import Storage
import Tensors
import Training

/// What a call of the language comes to once it is computed.
public enum Computed: Sendable {
    /// Rank 0 is a single number.
    case array(NumericArray, unit: String?)
    case density(Density)
    case picture(Picture)
    case table(ResultTable)
    case figure(Figure)

    /// A single number.
    static func quantity(_ value: Double, unit: String?) -> Computed { .array(NumericArray(scalar: value), unit: unit) }
}

/// A table of results: cells as they are printed, and as they are in CSV.
public struct ResultTable: Sendable, Hashable, Codable {
    public struct Column: Sendable, Hashable, Codable {
        public var header: String
        public var unit: String?
        /// Numbers stand at the right.
        public var isNumeric: Bool
        public var place: Place

        /// Where a column is seen: an interval is one column for people, and two for programs.
        public enum Place: String, Sendable, Hashable, Codable { case everywhere, screen, file }

        public init(_ header: String, unit: String? = nil, isNumeric: Bool = true, in place: Place = .everywhere) {
            self.header = header
            self.unit = unit
            self.isNumeric = isNumeric
            self.place = place
        }
    }

    public struct Cell: Sendable, Hashable, Codable {
        /// For people.
        public var text: String
        /// For files: every digit.
        public var exact: String

        public init(_ text: String, exact: String? = nil) {
            self.text = text
            self.exact = exact ?? text
        }
    }

    public var columns: [Column]
    public var rows: [[Cell]]
    public var notes: [String]

    public init(columns: [Column], rows: [[Cell]], notes: [String] = []) {
        self.columns = columns
        self.rows = rows
        self.notes = notes
    }

    /// RFC 4180 text: a header with units in brackets, then the rows with every digit.
    public var csv: String {
        let kept = columns.indices.filter { columns[$0].place != .screen }
        let header = kept.map { index in columns[index].unit.map { "\(columns[index].header) [\($0)]" } ?? columns[index].header }
        let lines = [header] + rows.map { row in kept.map { row.indices.contains($0) ? row[$0].exact : "" } }
        return lines.map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}

/// What an experiment came to.
public struct RunResult: Sendable {
    public struct Part: Sendable {
        public var ids: [String]
        /// In the target's unit.
        public var truth: [Double]
        public var predicted: [Double]
        public init(ids: [String], truth: [Double], predicted: [Double]) {
            self.ids = ids
            self.truth = truth
            self.predicted = predicted
        }
    }
    public var parts: [String: Part]
    public var history: [EpochRecord]
    public var keptEpoch: Int
    public var stoppedEarly: Bool

    public init(parts: [String: Part], history: [EpochRecord], keptEpoch: Int, stoppedEarly: Bool) {
        self.parts = parts
        self.history = history
        self.keptEpoch = keptEpoch
        self.stoppedEarly = stoppedEarly
    }
}
