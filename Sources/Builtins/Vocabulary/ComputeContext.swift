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
    /// The plan of a data set: its rows, files and parts.
    func plan(of data: Object) throws -> DatasetPlan
    /// The experiment that an object declares.
    func experiment(_ object: Object) throws -> Experiment
    /// All items of an input before `standardize`: rows x shape of one item, in the order of the data set.
    func raw(_ input: String, of data: Object) throws -> Tensor
    /// The items of an input before `standardize`, which may stay in a file until they are asked for.
    func items(of input: String, in data: Object) throws -> Items
    /// The result of an experiment; trained now if it was not before.
    func result(of experiment: Experiment) throws -> RunResult
    /// The course of each training that an experiment stands for: of its folds, of the best trial, or the only one.
    func courses(of experiment: Experiment) throws -> [TrainingCourse]
    /// The trials of an experiment's search, in order.
    func trials(of experiment: Experiment) throws -> [TrialRecord]
    /// The result of each fold of an experiment.
    func folds(of experiment: Experiment) throws -> [RunResult]
    /// The metric of an experiment in its best epoch: the mean over its folds, that of the best trial of its search.
    func score(of experiment: Experiment, on monitor: Training.Monitor) throws -> Double
    /// The predictions of each folded row by the fold that left it out.
    func outOfFold(of experiment: Experiment) throws -> RunResult.Part
    /// What the model of an experiment predicts for the rows of a data set, in the unit of its target.
    func predictions(of experiment: Experiment, on data: Object) throws -> [Double]
    /// The runs of one training on several machines.
    func machines(of experiment: Experiment) throws -> [MachineRun]
    /// Number of threads that something may be computed on.
    var threads: Int { get }
    /// The encoder that an object declares.
    func encoder(_ object: Object) throws -> FoundEncoder
    /// The vectors that an encoder gives for texts, rows x width.
    func vectors(of texts: [String], _ question: TextQuestion) throws -> Tensor
    /// The absolute form of a path of the script.
    func resolve(_ path: String) -> String
    /// Checks that a file which was read holds what the keys of results say. Throws `file-changed`.
    func confirm(_ path: String) throws
    /// Tells of what is odd about numbers that were computed.
    func warn(_ diagnostic: Diagnostic)
    /// The table of a call that reads one, such as `csv`.
    func table(_ call: Call) throws -> Table
    /// The numbers and the unit of the column that a `[name]` call names.
    func column(_ call: Call) throws -> (values: [Double], unit: String?)
    /// The cells of the column of text that a `[name]` call names.
    func texts(_ call: Call) throws -> [String]
}

/// The context that calls are computed in. Results are remembered as long as it lives, which is one action: a file that an
/// expression names often is read once.
public final class ComputeContext {
    /// Source of data sets, inputs and results of trainings.
    public let results: any ResultSource
    /// Paths of the files of a row, by the call that reads them, where an input of a data set is computed; else empty.
    let files: [Call: String]
    /// The rows of a table that columns of a data set's rows are taken of, where an input is computed of such; nil for all of them.
    let rows: [Int]?
    /// Whether it is only asked whether the numbers are finite: a source that refuses NaN throws `NotFinite` then.
    let asksForNaN: Bool
    private var known: [Call: Computed] = [:]
    private var facts: [AnyHashable: any Sendable] = [:]
    /// Numbers that may still be remembered.
    private var room: Int

    /// The most numbers that a context remembers.
    private static let memory = 1 << 25

    /// Creates a context. `files`: those of a row of a data set; what depends on a row is not asked for twice, and none of it
    /// is remembered. `asksForNaN`: it is only asked whether the numbers are finite.
    public convenience init(source: any ResultSource, files: [Call: String] = [:]) {
        self.init(source: source, files: files, asksForNaN: false)
    }

    init(source: any ResultSource, files: [Call: String], asksForNaN: Bool, rows: [Int]? = nil) {
        results = source
        self.files = files
        self.rows = rows
        self.asksForNaN = asksForNaN
        room = files.isEmpty ? Self.memory : 0
    }

    /// Creates a context for an input of a data set that is made of columns: `rows` are those of its table that are used, in order.
    public convenience init(source: any ResultSource, rows: [Int]) { self.init(source: source, files: [:], asksForNaN: false, rows: rows) }

    var library: Library { results.library }

    /// The arguments of a call, read by type.
    func arguments(of call: Call) -> Arguments { Arguments(call, library: library) }

    /// The result of a number or a call. Throws `type` for another value.
    public func compute(_ value: Value) throws -> Computed {
        if let number = value.number { return .quantity(number, unit: nil) }
        guard case .call(let call) = value else { throw Diagnostic("type", "expected something to compute, found \(value.phrase)") }
        guard room > 0 else { return try computeNow(call) }
        // Calls that differ in the sign of a zero are equal, and 1 / 0 is not 1 / -0.
        let holdsNegativeZero = value.extent.holdsNegativeZero
        if let known = known[call], !holdsNegativeZero { return known }
        let result = try computeNow(call)
        // Tables and figures show names, labels and the order of fields, to which the equality of calls is blind.
        if result.isNumeric, result.size <= room, !holdsNegativeZero {
            room -= result.size
            known[call] = result
        }
        return result
    }

    private func computeNow(_ call: Call) throws -> Computed {
        try located(call.origin.span) {
            guard let word = library.computed(call) else { throw Diagnostic("type", "\(call.type.phrase) cannot be shown") }
            let result = try word.compute(call, self)
            if case .source = word.role { try results.confirm(path(of: call)) }
            // Of some rows of a table there is less than the check, which knows all of them, says.
            if rows == nil, case .tensor(let type) = call.type, let wanted = type.shape, case .array(let array, _) = result,
                array.shape.extents != wanted
            {
                throw Diagnostic(
                    "file-changed", "expected shape \(wanted.asShape), as when the script was checked, found \(array.shape)",
                    hint: "run it again, which begins with what the files hold now")
            }
            return result
        }
    }

    /// The value that `make` gives for a key, made once an action: what takes long and belongs to no call, such as the symmetry of a
    /// crystal. Keys are values of a type of their own.
    func remembered<Value: Sendable>(_ key: some Hashable, _ make: () throws -> Value) rethrows -> Value {
        if let known = facts[AnyHashable(key)] as? Value { return known }
        let value = try make()
        facts[AnyHashable(key)] = value
        return value
    }

    /// The numbers of a tensor, a density or a picture, with their unit. Throws `type` for another value.
    public func array(_ value: Value) throws -> (array: NumericArray, unit: String?) { try compute(value).numbers() }

    /// The numbers of an item of an input, in the single precision that networks learn from. Throws `type` for a table or a figure.
    public func item(_ pipeline: Value) throws -> Tensor {
        switch try compute(pipeline) {
        case .array(let array, _), .cut(let array, _, _): return try array.tensor()
        case .picture(let picture): return try picture.tensor(rescaled: false)
        // A density is one channel of a volume.
        case .density(let density, _): return try Tensor(shape: Shape(density.grid + [1]), values: density.values.map { Float($0) })
        case .table, .figure: throw Diagnostic("type", "an input expected a tensor")
        }
    }

    /// The density that a value computes to, with its unit. Throws `type` for another value.
    func density(_ value: Value) throws -> (density: Density, unit: String?) {
        guard case .density(let density, let unit) = try compute(value) else {
            throw Diagnostic("type", "expected a density, found \(value.phrase)")
        }
        return (density, unit)
    }

    /// The declared object in an argument of a call. Throws `type` where there is none.
    func object(_ call: Call, _ name: String) throws -> Object {
        guard let object = call[name].object else { throw Diagnostic("type", "`\(name)` expected something declared") }
        return object
    }

    /// The experiment in an argument of a call. Throws `type` where there is none.
    func experiment(_ call: Call, _ name: String) throws -> Experiment { try results.experiment(object(call, name)) }

    /// The experiments in a list that is an argument of a call. Throws `internal` where one of its items is something else.
    func experiments(_ call: Call, _ name: String) throws -> [Experiment] {
        try arguments(of: call).objects(name).map { try results.experiment($0) }
    }

    /// The path of the file that a source reads: that of the row at hand, or the one it names.
    func path(of call: Call) -> String { files[call] ?? results.resolve(library.path(of: call)?.string ?? "") }
}

/// The error of a source whose file holds NaN or infinity, where that is all that was asked.
struct NotFinite: Error {}
