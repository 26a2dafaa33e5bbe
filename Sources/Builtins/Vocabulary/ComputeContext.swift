import Datasets
import Densities
import Diagnostics
import Language
import Tensors
import Training

/// The source of data sets, cached inputs and results of trainings that words are computed with.
public protocol ResultSource: AnyObject {
    /// The words of the language.
    var library: Library { get }
    /// The data set resolved to rows and files.
    func plan(of data: Object) throws -> DatasetPlan
    /// Inputs as they are before `standardize`: rows x shape of one item, in the order of the data set.
    func raw(_ input: String, of data: Object) throws -> Tensor
    /// The result of an experiment; trained now if it was not before.
    func result(of experiment: Object) throws -> RunResult
    /// The trials of an experiment's search, in order.
    func trials(of experiment: Object) throws -> [TrialRecord]
    /// The search of an experiment, its spaces, and the metric that it makes small.
    func search(of experiment: Object) throws -> ExperimentSearch
    /// The result of each fold of an experiment.
    func folds(of experiment: Object) throws -> [RunResult]
    /// The metric of an experiment in its best epoch: the mean over its folds, that of the best trial of its search.
    func score(of experiment: Object, on monitor: Training.Monitor) throws -> Double
    /// The predictions of each folded row by the fold that left it out.
    func outOfFold(of experiment: Object) throws -> RunResult.Part
    /// The runs of one training on several machines.
    func machines(of experiment: Object) throws -> [MachineRun]
    /// The absolute form of a path of the script.
    func resolve(_ path: String) -> String
    /// The table of a call that reads one, such as `csv`.
    func table(_ call: Call) throws -> Table
    /// The column of a `[name]` call.
    func column(_ call: Call) throws -> (values: [Double], unit: String?)
}

/// Computes calls. What a call came to is remembered as long as the context lives, which is one action: a file that an
/// expression names often is read once.
public final class ComputeContext {
    public let results: any ResultSource
    /// The files of a row, by the call that reads them, where an input of a data set is computed.
    let files: [Call: String]
    private var known: [Call: Computed] = [:]
    private var room: Int

    /// Numbers that a context remembers at most.
    private static let memory = 1 << 26

    /// `files`: those of a row of a data set. What rests on a row is not asked for twice, and nothing of it is remembered.
    public init(source: any ResultSource, files: [Call: String] = [:]) {
        results = source
        self.files = files
        room = files.isEmpty ? Self.memory : 0
    }

    var library: Library { results.library }

    /// The arguments of a call, read by type.
    func arguments(of call: Call) -> Arguments { Arguments(call, library: library) }

    /// What a value comes to.
    public func compute(_ value: Value) throws -> Computed {
        if let number = value.number { return .quantity(number, unit: nil) }
        guard case .call(let call) = value else { throw Diagnostic("type", "expected something to compute, found \(value.phrase)") }
        guard room > 0 else { return try computeNow(call) }
        if let known = known[call] { return known }
        let result = try computeNow(call)
        if result.size <= room {
            room -= result.size
            known[call] = result
        }
        return result
    }

    private func computeNow(_ call: Call) throws -> Computed {
        try located(call.origin.span) {
            guard let word = library.computed(call) else { throw Diagnostic("type", "\(call.type.phrase) cannot be shown") }
            return try word.compute(call, self)
        }
    }

    /// The numbers of a tensor or a density.
    public func array(_ value: Value) throws -> (array: NumericArray, unit: String?) { try compute(value).numbers() }

    /// The density a value comes to.
    func density(_ value: Value) throws -> Density {
        guard case .density(let density) = try compute(value) else { throw Diagnostic("type", "expected a density, found \(value.phrase)") }
        return density
    }

    func object(_ call: Call, _ name: String) throws -> Object {
        guard let object = call[name].object else { throw Diagnostic("type", "`\(name)` expected something declared") }
        return object
    }

    func object(in experiment: Object, _ field: String) throws -> Object {
        guard let object = experiment[field].object else {
            throw Diagnostic("type", "`\(field)` expected something declared", at: experiment.span(of: field))
        }
        return object
    }

    /// The data set of an experiment, resolved.
    func plan(ofExperiment experiment: Object) throws -> DatasetPlan { try results.plan(of: object(in: experiment, "data")) }

    /// The file a source reads: that of the row at hand, or the one it names.
    func path(of call: Call) -> String { files[call] ?? results.resolve(library.path(of: call)?.string ?? "") }
}
