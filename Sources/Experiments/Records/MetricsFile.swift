import Builtins
import Diagnostics
import Storage

/// The table `metrics.csv` beside a result, which says the history for people.
enum MetricsFile {
    /// Checks that the table in a file says what the history of a result says, epoch by epoch; one with other columns, as another version
    /// may write it, is not compared. Throws `bad-data` with the first line that does not.
    static func check(_ path: String, against result: RunResult) throws {
        let said = try readText(path, limit: 1 << 25).split(separator: "\n", omittingEmptySubsequences: false)
        let expected = RunRecord.metrics(of: result).split(separator: "\n", omittingEmptySubsequences: false)
        guard said.first == expected.first else { return }
        for line in 1..<max(said.count, expected.count, 2) {
            let (found, wanted) = (said.dropFirst(line).first ?? "", expected.dropFirst(line).first ?? "")
            guard isSame(found, wanted) else {
                throw Diagnostic(
                    "bad-data",
                    """
                    expected \(wanted.isEmpty ? "the end" : "`\(wanted.prefix(60))`"), as the history of the result has it, found \
                    \(found.isEmpty ? "none" : "`\(found.prefix(60))`")
                    """, data: DataPlace(file: path, line: line + 1))
            }
        }
    }

    /// Whether two lines hold the same numbers, however they are written.
    private static func isSame(_ line: Substring, _ other: Substring) -> Bool {
        if line == other { return true }
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        let others = other.split(separator: ",", omittingEmptySubsequences: false)
        return cells.count == others.count
            && zip(cells, others).allSatisfy { a, b in
                if a == b { return true }
                guard let a = Double(a), let b = Double(b) else { return false }
                return a == b || a.isNaN && b.isNaN
            }
    }
}
