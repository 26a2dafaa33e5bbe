import Builtins
import Diagnostics
import Language

/// One thing a script would compute.
public struct PlanStep: Sendable {
    public enum State: String, Sendable { case done, begun, absent }
    public var name: String
    public var detail: String
    public var state: State
}

extension Runner {
    /// What performing a script would compute, in order, each experiment once. Writes nothing.
    public func steps(of script: CheckedScript) throws -> [PlanStep] {
        var steps: [PlanStep] = []
        var seen: Set<Value> = []
        for action in script.actions {
            let experiments = Self.experiments(in: action.value)
            for experiment in experiments where seen.insert(.object(experiment)).inserted { steps.append(try step(experiment)) }
        }
        return steps
    }

    private func step(_ experiment: Object) throws -> PlanStep {
        let name = experiment.label ?? "experiment"
        let state: PlanStep.State = switch try status(of: experiment) {
        case .done: .done
        case .begun: .begun
        case .absent: .absent
        }
        var detail = "train on"
        if let data = experiment["data"].object {
            let plan = try plan(of: data)
            detail += " \(plan.parts.train.count) rows of `\(plan.label)`, \(experiment["epochs"].integer ?? 0) epochs at most"
        }
        return PlanStep(name: name, detail: detail, state: state)
    }

    /// The experiments a value rests on.
    static func experiments(in value: Value) -> [Object] {
        switch value {
        case .object(let object): return object.kind == "experiment" ? [object] : []
        case .call(let call): return call.arguments.sorted { $0.key < $1.key }.flatMap { experiments(in: $0.value.value) }
        case .list(let items): return items.flatMap { experiments(in: $0.value) }
        case .record(let fields): return fields.sorted { $0.key < $1.key }.flatMap { experiments(in: $0.value.value) }
        default: return []
        }
    }
}
