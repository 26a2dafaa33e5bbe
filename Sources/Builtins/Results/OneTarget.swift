import Datasets
import Diagnostics
import Language

/// A trait of targets in which the experiments of one table may have to agree: one header stands over all of their rows, one
/// mean is taken over them, the least of their losses is chosen.
enum TargetTrait {
    /// The column of the table.
    case column
    /// The unit that metrics are printed in.
    case unit
    /// The transform before training, which losses are computed after.
    case transform
    /// The scale before training, which losses are computed after.
    case scale

    /// What experiments that agree have.
    fileprivate var wanted: String {
        switch self {
        case .column: "one target column"
        case .unit: "targets in one unit"
        case .transform: "one transform of the target"
        case .scale: "one scale of the target"
        }
    }

    /// The id of the diagnostic on experiments that do not agree.
    fileprivate var id: String { self == .unit ? "unit" : "type" }

    /// The trait of one target, as a message says it: `in GPa`.
    fileprivate func phrase(_ plan: DatasetPlan) -> String {
        switch self {
        case .column: "with `\(plan.column)`"
        case .unit: unitPhrase(plan.unit)
        case .transform: "with `transform: \(plan.transform == .log ? "log" : "none")`"
        case .scale: "with `scale: \(plan.scale.rawValue)`"
        }
    }

    fileprivate func agrees(_ a: DatasetPlan, _ b: DatasetPlan) -> Bool {
        switch self {
        case .column: a.column == b.column
        case .unit: isSameUnit(a.unit, b.unit)
        case .transform: a.transform == b.transform
        case .scale: a.scale == b.scale
        }
    }
}

extension CheckContext {
    /// Refuses experiments whose targets differ in one of `traits`. `subject`: what expects them to agree, for the message. Throws
    /// `unit` where the units differ, else `type`.
    func checkAgree(
        _ experiments: [Object], in traits: [TargetTrait], subject: String, at span: SourceSpan?, hint: (TargetTrait) -> String
    ) throws {
        // Their data alone are looked at: there may be a great many of them, mostly on one data set.
        guard let first = experiments.first, let data = ExperimentObject(first).data else { return }
        for experiment in experiments.dropFirst() {
            guard let otherData = ExperimentObject(experiment).data, otherData != data else { continue }
            let (one, other) = (try plan(of: data), try plan(of: otherData))
            guard let trait = traits.first(where: { !$0.agrees(one, other) }) else { continue }
            let names = try [first, experiment].map { try self.experiment($0).name }
            throw Diagnostic(
                trait.id,
                """
                \(subject) expected experiments with \(trait.wanted), found `\(names[0])` \(trait.phrase(one)) \
                and `\(names[1])` \(trait.phrase(other))
                """,
                at: span, hint: hint(trait))
        }
    }

    /// Refuses numbers that stand under one header, or along one axis, in several units. A number written in the script takes the
    /// unit of those beside it. `name`: what they are called in the script. `bare`: whether values without a unit are refused
    /// beside those with one. Throws `unit`.
    func checkOneUnit(_ values: [Value], name: String, bare: Bool, at span: SourceSpan?) throws {
        var known: (value: Value, unit: String?)?
        for value in values {
            guard let facts = try facts(of: value), !facts.isPlain, bare || facts.unit != nil else { continue }
            guard let first = known else {
                known = (value, facts.unit)
                continue
            }
            guard !isSameUnit(first.unit, facts.unit) else { continue }
            let names = [first.value, value].map { $0.experiments.first?.nameInTables }
            let found: String
            if let one = names[0], let other = names[1], one != other {
                found = "`\(one)` \(unitPhrase(first.unit)) and `\(other)` \(unitPhrase(facts.unit))"
            } else {
                found = "one \(unitPhrase(first.unit)) and one \(unitPhrase(facts.unit))"
            }
            throw Diagnostic(
                "unit", "`\(name)` expected numbers in one unit, found \(found)", at: value.call?.origin.span ?? span,
                hint: "let those of each unit stand under a name of their own")
        }
    }
}
