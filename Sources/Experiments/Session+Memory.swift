import Builtins
import Diagnostics
import Language

extension Session {
    /// The fault of an action that takes more memory than may be used; none for another. What experiments take is checked with them.
    func memoryProblems(_ action: CheckedScript.Action, _ context: CheckContext) -> [Diagnostic] {
        let what =
            switch action.verb {
            case .show: "what is shown"
            case .table: "the table"
            case .plot: "the figure"
            case .export: "what is exported"
            case .predict: "what is predicted with"
            }
        do {
            try context.checkMemory(of: action.value, what)
            return []
        } catch let diagnostic as Diagnostic where diagnostic.id == "memory" {
            return [diagnostic.at(action.span)]
        } catch {
            // Anything else was said where it stands.
            return []
        }
    }
}
