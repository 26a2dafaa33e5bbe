import Datasets
import Diagnostics
import Language
import Tensors
import Training

/// A source of what words are computed with that has no results of trainings, whatever else it has.
protocol WithoutResults: ResultSource {
    /// The fault of asking for a result.
    var isNoResult: Diagnostic { get }
}

extension WithoutResults {
    func plan(of data: Object) throws -> DatasetPlan { throw isNoResult }
    func experiment(_ object: Object) throws -> Experiment { throw isNoResult }
    func table(_ call: Call) throws -> Table { throw isNoResult }
    func column(_ call: Call) throws -> (values: [Double], unit: String?) { throw isNoResult }
    func texts(_ call: Call) throws -> [String] { throw isNoResult }
    func raw(_ input: String, of data: Object) throws -> Tensor { throw isNoResult }
    func items(of input: String, in data: Object) throws -> Items { throw isNoResult }
    func result(of experiment: Experiment) throws -> RunResult { throw isNoResult }
    func courses(of experiment: Experiment) throws -> [TrainingCourse] { throw isNoResult }
    func trials(of experiment: Experiment) throws -> [TrialRecord] { throw isNoResult }
    func folds(of experiment: Experiment) throws -> [RunResult] { throw isNoResult }
    func score(of experiment: Experiment, on monitor: Training.Monitor) throws -> Double { throw isNoResult }
    func outOfFold(of experiment: Experiment) throws -> RunResult.Part { throw isNoResult }
    var threads: Int { 1 }
    func encoder(_ object: Object) throws -> FoundEncoder { throw isNoResult }
    func vectors(of texts: [String], _ question: TextQuestion) throws -> Tensor { throw isNoResult }
    func predictions(of experiment: Experiment, on data: Object) throws -> [Double] { throw isNoResult }
    func machines(of experiment: Experiment) throws -> [MachineRun] { throw isNoResult }
}

/// The source of columns of tables, which the check knows: conditions on rows and derived columns are worked out by it.
final class TablesAlone: WithoutResults {
    private let context: CheckContext

    init(_ context: CheckContext) { self.context = context }

    var library: Library { context.library }
    func plan(of data: Object) throws -> DatasetPlan { try context.plan(of: data) }
    func table(_ call: Call) throws -> Table { try context.table(call) }
    func column(_ call: Call) throws -> (values: [Double], unit: String?) { try context.column(call) }
    func texts(_ call: Call) throws -> [String] { try context.texts(call) ?? [] }
    func resolve(_ path: String) -> String { context.resolve(path) }
    // The check reads what is there; whoever runs looks whether it still is.
    func confirm(_ path: String) throws {}
    func warn(_ diagnostic: Diagnostic) {
        if context.isFirst(diagnostic) { context.reported.append(diagnostic) }
    }

    var isNoResult: Diagnostic {
        Diagnostic(
            "deferred", "rows of a table cannot rest on something that has yet to be computed", hint: "write it to a file, and read that")
    }
}
