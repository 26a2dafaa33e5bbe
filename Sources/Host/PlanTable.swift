import Experiments

extension Terminal {
    /// Prints a plan: a table of the experiments that would be computed, with what is reused and the time at most where there is
    /// something to say of them, and a line that counts them.
    public func write(plan steps: [PlanStep]) {
        guard !steps.isEmpty else { return write(out: "nothing to compute: no experiment stands behind it\n") }
        var columns = ["experiment", "state", "what"].map { TextTable.Column($0, alignment: .left) }
        let (reuses, lasts) = (steps.contains { !$0.reused.isEmpty }, steps.contains { $0.seconds != nil })
        if reuses { columns.append(.init("reused", alignment: .left)) }
        if lasts { columns.append(.init("time at most", alignment: .right)) }
        write(
            TextTable(
                columns: columns,
                rows: steps.map { step in
                    [step.name, step.state.phrase, step.detail] + (reuses ? [step.reused.joined(separator: ", ")] : [])
                        + (lasts ? [step.duration] : [])
                }))
        let missing = steps.count { $0.state != .done }
        let time = totalDuration(of: steps).map { ": \($0) at most, as estimated from the size of the networks" } ?? ""
        write(out: missing == 0 ? "nothing to compute\n" : "\(missing) of \(steps.count) to compute\(time)\n")
    }
}

extension PlanStep.State {
    /// The state as it is printed.
    fileprivate var phrase: String {
        switch self {
        case .done: "in the store"
        case .begun: "goes on"
        case .absent: "to compute"
        }
    }
}
