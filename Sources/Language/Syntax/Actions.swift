/// The verb of an action. What may be written with each stands in its `form`; what it does, in the file of its name in
/// `Sources/Experiments/Actions`.
public enum Verb: String, Sendable, Hashable, CaseIterable {
    case show, table, plot, export, predict

    /// The words of a statement that begins with the verb.
    public var form: ActionForm {
        switch self {
        case .show: ActionForm(to: .optional, showsSubject: true)
        case .table: ActionForm(takes: .sort("table"), expects: .sort("table"), to: .optional, showsSubject: true)
        case .plot: ActionForm(takes: .sort("figure"), expects: .sort("figure"), to: .optional, showsSubject: true)
        case .export: ActionForm(to: .required)
        case .predict:
            ActionForm(
                expects: .object("experiment"), on: ActionForm.Data(type: .object("dataset"), phrase: "a data set"), mayBeAsGiven: true,
                to: .required, example: "predict bulk on fresh to \"predictions.csv\"")
        }
    }

    /// The words of clauses, which are words of their place only.
    public static let clauseWords = ["as", "on", "to"]
}

/// The form of an action: what may stand behind its verb, `verb value on data as given to "path"`, in this order.
public struct ActionForm: Sendable {
    /// Whether a clause may be written.
    public enum Clause: Sendable { case optional, required }

    /// What stands behind `on`.
    public struct Data: Sendable {
        /// The type of the data.
        public var type: ValueType
        /// The data as a phrase for diagnostics.
        public var phrase: String
    }

    /// The type that the value is made to be; nil where the action itself says which values it takes.
    public var takes: ValueType?
    /// The type that is offered where the value is written; nil where any may stand.
    public var expects: ValueType?
    /// What must stand behind `on`; nil where there is no such clause.
    public var on: Data?
    /// Whether `as given` may stand behind the data.
    public var mayBeAsGiven = false
    /// Whether `to` and the path of a file may or must be written.
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
