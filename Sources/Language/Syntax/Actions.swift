/// The verb of an action. What is written behind each stands in its `form`; the types of that, in `types`; what it does, in the
/// file of its name in `Sources/Experiments/Actions`.
public enum Verb: String, Sendable, Hashable, CaseIterable {
    case show, table, plot, export, predict

    /// The words of a statement that begins with the verb.
    public var form: ActionForm {
        switch self {
        case .show: ActionForm(to: .absent, showsSubject: true)
        case .table: ActionForm(to: .optional, showsSubject: true)
        case .plot: ActionForm(to: .optional, showsSubject: true)
        case .export: ActionForm(to: .required)
        case .predict:
            ActionForm(on: "a data set", mayBeAsGiven: true, to: .required, example: "predict bulk on fresh to \"predictions.csv\"")
        }
    }

    /// Description in a line, for help.
    public var summary: String {
        switch self {
        case .show: "Prints a value, computing what it needs."
        case .table: "Prints a table, such as `metrics(bulk)`, and writes it to a file: `table metrics(bulk) to \"out/metrics.csv\"`."
        case .plot: "Draws a figure, such as `parity(bulk)`, in the terminal or to a file: `plot parity(bulk) to \"out/parity.svg\"`."
        case .export: "Writes a trained model, a density, a tensor or a table to a file: `export bulk to \"bulk.safetensors\"`."
        case .predict: "Writes what a trained experiment predicts for other rows: `predict bulk on fresh to \"predictions.csv\"`."
        }
    }

    /// The words of clauses, which are words of their place only.
    public static let clauseWords = ["as", "on", "to"]
}

/// The form of an action: what may stand behind its verb, `verb value on data as given to "path"`, in this order.
public struct ActionForm: Sendable {
    /// Whether a clause has no place, may be written, or must be.
    public enum Clause: Sendable { case absent, optional, required }

    /// What must stand behind `on`, as a phrase for diagnostics; nil where there is no such clause.
    public var on: String?
    /// Whether `as given` may stand behind the data.
    public var mayBeAsGiven = false
    /// Whether `to` and the path of a file have no place, may be written, or must be.
    public var to: Clause
    /// Whether the action shows its value: a line at the prompt that begins with `|>` goes on from it.
    public var showsSubject = false
    /// An example of the whole statement, for hints; nil where none is needed.
    public var example: String?

    /// The example with `as given`.
    var exampleAsGiven: String? { example?.replacing(" to ", with: " as given to ") }
}

/// Words that begin a statement, those of actions among them. Each is reserved.
public let statementWords: Set<String> = Set(["def", "let", "param", "use"] + Verb.allCases.map(\.rawValue))
