import Builtins
import Storage

/// All values and numbers of several runs in one table, for files: CSV with a column each, JSON with an object a run.
public enum RunTables {
    /// The table as CSV, a row a run, with every digit; empty where a run has no value.
    public static func csv(_ runs: [RunFacts]) -> String {
        let names = columns(runs)
        let numeric = Set(runs.flatMap { $0.numbers.map(\.name) })
        return ResultTable(
            columns: names.map { .init($0, isNumeric: numeric.contains($0)) },
            rows: runs.map { run in names.map { .init(run.text($0) ?? "") } }
        ).csv
    }

    /// The same as JSON: an array of objects with `values` as they were resolved and `numbers`.
    public static func json(_ runs: [RunFacts]) -> String {
        JSONValue.array(
            runs.map { facts in
                var members: [String: JSONValue] = [
                    "id": .string(facts.run.id), "name": .string(facts.run.name), "state": .string(facts.run.state.rawValue),
                    "machine": .string(facts.text("machine") ?? ""),
                    "numbers": .object(Dictionary(facts.numbers.map { ($0.name, .number($0.value)) }) { first, _ in first }),
                ]
                if let key = facts.run.key { members["key"] = .string(key) }
                if let resolved = facts.run.resolved { members["values"] = resolved }
                return .object(members)
            }
        ).canonical + "\n"
    }

    private static func columns(_ runs: [RunFacts]) -> [String] {
        var names = ["id", "name", "state", "machine"]
        for list in [runs.flatMap { $0.values.map(\.name) }, runs.flatMap { $0.numbers.map(\.name) }] {
            for name in list where !names.contains(name) { names.append(name) }
        }
        return names
    }
}
