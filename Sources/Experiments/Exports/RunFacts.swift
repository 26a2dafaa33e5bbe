import Builtins
import Diagnostics
import Storage
import Training

/// What a run is told by in tables and in the files of other tools: values as they were resolved, and numbers that it came to.
public struct RunFacts: Sendable {
    /// The record that the facts are of.
    public let run: RecordedRun
    /// Resolved values by dotted names such as `optimizer.rate`, in the order of the names; the values as the language writes them.
    public let values: [(name: String, value: String)]
    /// Numbers by name, such as `validation.loss` and `holdout.rmse`, in order; those of a target in its unit.
    public let numbers: [(name: String, value: Double)]

    /// Reads the facts of a record.
    public init(_ run: RecordedRun) {
        self.run = run
        var values: [(name: String, value: String)] = []
        for (name, value) in (run.resolved?.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) where !Self.left.contains(name) {
            if name == "model" { values.append((name, Self.network(value))) } else { Self.add(name, value, to: &values) }
        }
        self.values = values
        var numbers: [(name: String, value: Double)] = [("ranEpochs", Double(run.epochs))]
        if let result = run.result {
            numbers.append(("keptEpoch", Double(result.keptEpoch)))
            numbers.append(("seconds", result.history.reduce(0) { $0 + $1.seconds }))
        }
        if let loss = run.validationLoss { numbers.append(("validation.loss", loss)) }
        for part in partNames {
            guard let score = run.shownScore(part) else { continue }
            numbers.append(("\(part).n", Double(score.count)))
            numbers.append(("\(part).rmse", score.rmse.value))
            numbers.append(("\(part).mae", score.mae.value))
            if let r2 = score.r2 { numbers.append(("\(part).r2", r2.value)) }
        }
        self.numbers = numbers
    }

    /// What says nothing of a run to people: the layout of its values, and what they rest on by hash.
    private static let left: Set<String> = ["node", "version", "data", "inputs"]

    /// The layers of a network in one line.
    private static func network(_ model: JSONValue) -> String {
        let inputs = (model["inputs"]?.arrayValue ?? []).map { "\($0["name"]?.stringValue ?? "") \($0["shape"].map(written) ?? "")" }
        let layers = (model["applications"]?.arrayValue ?? []).compactMap { $0["layer"] }.map(written)
        return ([inputs.joined(separator: ", ")] + layers).joined(separator: " >> ")
    }

    private static func add(_ name: String, _ value: JSONValue, to values: inout [(name: String, value: String)]) {
        guard let call = value["call"]?.stringValue, let arguments = value["arguments"]?.objectValue else {
            return values.append((name, written(value)))
        }
        values.append((name, call))
        for (argument, value) in arguments.sorted(by: { $0.key < $1.key }) where value != .null {
            add("\(name).\(argument)", value, to: &values)
        }
    }

    /// A value or a number of the run by its name, as text; `id`, `name`, `state` and `machine` are names too. Nil where it has none.
    public func text(_ name: String) -> String? {
        switch name {
        case "id": run.id
        case "name": run.name
        case "state": run.state.rawValue
        case "machine": run.hosts.joined(separator: ", ")
        default:
            values.first { $0.name == name }?.value ?? numbers.first { $0.name == name }.map { Self.exact($0.value) }
        }
    }

    /// The names of all that a run can be asked for.
    public var names: [String] { ["id", "name", "state", "machine"] + values.map(\.name) + numbers.map(\.name) }

    /// A number with every digit, whole ones without a point.
    static func exact(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}

/// A condition on runs, `optimizer.rate >= 1e-3` or `name = bulk*`: all of several have to hold.
public struct RunCondition: Sendable {
    private enum Relation: String, CaseIterable { case atLeast = ">=", atMost = "<=", other = "!=", equal = "=", more = ">", less = "<" }
    private let name: String
    private let relation: Relation
    private let value: String

    /// Reads a condition. Throws `bad-condition`.
    public init(_ text: String) throws {
        // At the leftmost sign, of two there the longer.
        let found = Relation.allCases.compactMap { relation in text.firstRange(of: relation.rawValue).map { (relation, $0) } }
        let first = found.min { ($0.1.lowerBound, -$0.0.rawValue.count) < ($1.1.lowerBound, -$1.0.rawValue.count) }
        let name = first.map { Self.trimmed(text[..<$0.1.lowerBound]) } ?? ""
        guard let (relation, range) = first, !name.isEmpty else {
            throw Diagnostic(
                "bad-condition", "expected a name, a sign (= != < <= > >=) and a value, found `\(text)`",
                hint: "for example `--where 'holdout.r2 > 0.8'` or `--where 'name = bulk*'`")
        }
        self.name = name
        self.relation = relation
        // `==` is meant as `=`, and a text may stand in quotes as in scripts.
        var given = Self.trimmed(text[range.upperBound...].drop { relation == .equal && $0 == "=" })
        if given.count > 1, given.hasPrefix("\""), given.hasSuffix("\"") { given = String(given.dropFirst().dropLast()) }
        value = given
        let isOdd = given.isEmpty || given.first.map { "=<>!".contains($0) } ?? false
        guard !isOdd, [.equal, .other].contains(relation) || Self.number(given) != nil else {
            throw Diagnostic(
                "bad-condition", "expected a number behind `\(relation.rawValue)`, found `\(given)`",
                hint: "give each condition a `--where` of its own, as in `--where 'holdout.r2 > 0.8'`")
        }
    }

    /// Whether a run fulfils the condition; what it has no value for fulfils none but `!=`.
    public func holds(for facts: RunFacts) -> Bool {
        guard let found = facts.text(name) else { return relation == .other }
        if let a = Double(found), let b = Self.number(value) {
            switch relation {
            case .atLeast: return a >= b
            case .atMost: return a <= b
            case .more: return a > b
            case .less: return a < b
            case .equal: return a == b
            case .other: return a != b
            }
        }
        switch relation {
        case .equal: return Self.fits(found, value)
        case .other: return !Self.fits(found, value)
        default: return false
        }
    }

    /// Throws `bad-condition` where none of the runs has a value of the name.
    public func check(against runs: [RunFacts]) throws {
        let found = runs.compactMap { $0.text(name) }
        if !found.isEmpty, ![.equal, .other].contains(relation), !found.contains(where: { Double($0) != nil }) {
            throw Diagnostic(
                "bad-condition", "`\(name)` is no number: one run has `\(found[0].prefix(40))`",
                hint: "compare it by `=` or `!=`; `*` stands for anything")
        }
        guard !runs.isEmpty, found.isEmpty else { return }
        let known = Array(Set(runs.flatMap(\.names))).sorted()
        throw Diagnostic(
            "bad-condition", "no run here has a value `\(name)`",
            notes: ["they have " + known.map { "`\($0)`" }.joined(separator: ", ")],
            hint: nearMiss(name, among: known).map { "did you mean `\($0)`?" })
    }

    /// A number, or a percentage as the language has it.
    private static func number(_ text: String) -> Double? {
        text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Whether a text fits a pattern in which `*` stands for anything.
    private static func fits(_ text: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1 else { return text == pattern }
        guard text.hasPrefix(parts[0]) else { return false }
        var rest = text.dropFirst(parts[0].count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.count >= (parts.last?.count ?? 0) && rest.hasSuffix(parts.last ?? "")
    }
}
