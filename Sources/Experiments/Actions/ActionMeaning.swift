import Builtins
import Diagnostics
import Language

/// The meaning of an action of one verb: what may be written, and doing it. Each verb has one, in the file of its name; how it
/// is written stands in its `form`.
protocol ActionMeaning: Sendable {
    /// What takes the memory of an action, as a phrase for diagnostics.
    var subject: String { get }

    /// The faults of an action that show before anything runs, but for those of the path that it writes to.
    func faults(of action: CheckedScript.Action, in check: ActionCheck) -> [Diagnostic]

    /// Checks that a path, as the script gives it, ends as the action writes. Throws `unknown-format`.
    func checkFormat(of target: String, for action: CheckedScript.Action) throws

    /// Checks what writing to a place takes that no file stands in the way of. Throws `cannot-write` and what the action's means
    /// do.
    func checkWriting(to path: String, in check: ActionCheck) throws

    /// The files that the action writes at a path, the path itself first.
    func files(at path: String) -> [String]

    /// Performs an action: computes what it asks for, shows it, writes what it is to write.
    func perform(_ action: CheckedScript.Action, with performer: Performer) throws
}

extension ActionMeaning {
    func faults(of action: CheckedScript.Action, in check: ActionCheck) -> [Diagnostic] { [] }
    func checkFormat(of target: String, for action: CheckedScript.Action) throws {}
    func checkWriting(to path: String, in check: ActionCheck) throws { try check.nameLength(of: path) }
    func files(at path: String) -> [String] { [path] }
}

extension Verb {
    /// The meaning of actions of the verb.
    var meaning: any ActionMeaning {
        switch self {
        case .show: ShowAction()
        case .table: TableAction()
        case .plot: PlotAction()
        case .export: ExportAction()
        case .predict: PredictAction()
        }
    }
}
