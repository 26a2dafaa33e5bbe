import Language
import Plotting

/// The meaning of a word whose calls are computed: tables, figures, numbers.
struct ComputedWord: HasRole {
    var role: Role
    var compute: @Sendable (Call, ComputeContext) throws -> Computed
    /// For numbers that have a place in a crystal: how they are drawn in the shape of their cell.
    var drawing: (@Sendable (Call, ComputeContext) throws -> Plane)?
    /// For tables of experiments: whose row is which.
    var rows: ExperimentRows?
    /// What a figure calls the numbers.
    var label: (@Sendable (Call) -> String?)?
}

/// A table that has rows for each of several experiments, which other tables can stand beside.
struct ExperimentRows: Sendable {
    /// `experiments`, or what else the rows are of.
    var noun: String
    /// The experiments with their labels, as far as the check knows them, and the labels there are.
    var known: @Sendable (Call) -> (items: [ListItem], labels: [String])
    /// The table, for each row the position of its experiment, nil in the rows of baselines, and the experiments.
    var compute: @Sendable (Call, ComputeContext) throws -> OwnedRows
}

/// A table with the experiment that each of its rows is of.
struct OwnedRows {
    var table: ResultTable
    var owners: [Int?]
    var items: [ListItem]
}

extension Word where Meaning == ComputedWord {
    init(
        _ name: String, family: String, _ parameters: [Parameter], gives result: ValueType, _ summary: String, examples: [Example] = [],
        role: Role = .result, check: (@Sendable (Call, CheckContext) throws -> Value)? = nil,
        draws drawing: (@Sendable (Call, ComputeContext) throws -> Plane)? = nil, rows: ExperimentRows? = nil,
        label: (@Sendable (Call) -> String?)? = nil,
        computes compute: @escaping @Sendable (Call, ComputeContext) throws -> Computed
    ) {
        let word = ComputedWord(role: role, compute: compute, drawing: drawing, rows: rows, label: label)
        builtin = Builtin(name, family: family, parameters, gives: result, summary, examples: examples, check: check, meaning: word)
    }
}

extension Library {
    /// How a call is computed; nil for a word that is not.
    func computed(_ call: Call) -> ComputedWord? { builtin(call.builtin)?.meaning as? ComputedWord }
}
