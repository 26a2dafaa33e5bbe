import Datasets
import Densities
import Diagnostics
import Language
import Tensors
import Training

/// What computing needs from those who keep data and runs.
public protocol Supplies: AnyObject {
    /// The data set resolved to rows and files.
    func plan(of data: Object) throws -> DatasetPlan
    /// Inputs as they are before `standardize`: rows x shape of one item, in the order of the data set.
    func raw(_ input: String, of data: Object) throws -> Tensor
    /// The result of an experiment; trained now if it was not before.
    func result(of experiment: Object) throws -> RunResult
    /// The trials of an experiment's search, in order.
    func trials(of experiment: Object) throws -> [TrialRecord]
    /// What each fold of an experiment came to.
    func folds(of experiment: Object) throws -> [RunResult]
    /// What an experiment came to in its best epoch: the mean over its folds, that of the best trial of its search.
    func score(of experiment: Object, on monitor: Training.Monitor) throws -> Double
    /// The predictions of each folded row by the fold that left it out.
    func outOfFold(of experiment: Object) throws -> RunResult.Part
    /// The runs of one training on several machines.
    func machines(of experiment: Object) throws -> [MachineRun]
    func resolve(_ path: String) -> String
    /// The table of a call that reads one, such as `csv`.
    func table(_ call: Call) throws -> Table
    /// The column of a `[name]` call.
    func column(_ call: Call) throws -> (values: [Double], unit: String?)
}

/// Computes calls.
public struct Computer {
    public let supplies: any Supplies
    /// The files of a row, by the call that reads them, where an input of a data set is computed.
    let files: [Call: String]

    public init(supplies: any Supplies, files: [Call: String] = [:]) {
        self.supplies = supplies
        self.files = files
    }

    /// What a value comes to.
    public func compute(_ value: Value) throws -> Computed {
        if let number = value.number { return .quantity(number, unit: nil) }
        guard case .call(let call) = value else { throw Diagnostic("type", "expected something to compute, found \(value.phrase)") }
        return try located(call.origin.span) { try compute(call) }
    }

    private func compute(_ call: Call) throws -> Computed {
        if call.tablePath != nil { return .table(ResultTable(try supplies.table(call))) }
        switch call.builtin {
        case "chgcar":
            let path = path(of: call)
            return .density(try located(call.pathSpan) { try readCHGCAR(path: path) })
        case "tensor": return try tensor(call)
        case "picture": return try picture(call)
        case "resize": return try resize(call)
        case "rescale": return try rescale(call)
        case "plane": return try plane(call)
        case "standardize":
            // Fitted over the training part by whoever assembles the data set; a single item passes as it is.
            return try compute(call["x"])
        case "log", "exp", "sqrt", "abs": return try elementwise(call)
        case "min", "max", "mean", "std", "sum", "norm", "electrons": return try statistic(call)
        case "correlation": return try correlation(call)
        case "pca": return try pca(call)
        case "+", "-", "*", "/", "^": return try combine(call)
        case "[]": return try slice(call)
        case "[name]":
            let column = try supplies.column(call)
            return .array(try NumericArray(shape: [column.values.count], values: column.values, precision: .double), unit: column.unit)
        case "datasetInput": return try input(call)
        case "metrics": return .table(try metricsTable(call))
        case "beside": return .table(try besideTable(call))
        case "columns": return .table(try columnsTable(call))
        case "part": return try part(call)
        case "repeats": return .table(try repeatsTable(call))
        case "history": return .table(try historyTable(call))
        case "trials": return .table(try trialsTable(call))
        case "folds": return .table(try foldsTable(call))
        case "machines": return .table(try machinesRows(call).table)
        case "compare": return .table(try compareTable(call))
        case "score": return try score(call)
        case "outcome": return try outcome(call)
        case "parity", "curves", "gallery", "heatmap", "scatter", "line", "histogram", "grid", "image", "intervals", "trialsPlot": return .figure(try figure(call))
        default: throw Diagnostic("type", "\(call.type.phrase) cannot be shown")
        }
    }

    /// The numbers of a tensor or a density.
    public func array(_ value: Value) throws -> (array: NumericArray, unit: String?) { try numbers(of: compute(value)) }

    func numbers(of computed: Computed) throws -> (array: NumericArray, unit: String?) {
        switch computed {
        case .array(let array, let unit): return (array, unit)
        case .density(let density): return (try density.array(), densityUnit)
        case .picture(let picture): return (NumericArray(try picture.tensor(rescaled: false)), nil)
        case .table, .figure: throw Diagnostic("type", "expected a tensor, found a table or a figure")
        }
    }

    /// The density a value comes to.
    func density(_ value: Value) throws -> Density {
        guard case .density(let density) = try compute(value) else { throw Diagnostic("type", "expected a density, found \(value.phrase)") }
        return density
    }

    func object(_ call: Call, _ name: String) throws -> Object {
        guard let object = call[name].object else { throw Diagnostic("type", "`\(name)` expected something declared") }
        return object
    }

    /// The file a source reads: that of the row at hand, or the one it names.
    func path(of source: Call) -> String { files[source] ?? supplies.resolve(source.path?.string ?? "") }

    /// All items of an input, before `standardize`.
    private func input(_ call: Call) throws -> Computed {
        let data = try object(call, "dataset")
        let name = call["name"].string ?? ""
        return .array(NumericArray(try supplies.raw(name, of: data)), unit: try supplies.plan(of: data).types[name]?.unit)
    }

    /// `bulk.holdout.predicted`
    private func outcome(_ call: Call) throws -> Computed {
        let experiment = try object(call, "of")
        let run = try supplies.result(of: experiment)
        guard let part = run.parts[call["part"].word ?? ""] else { throw Diagnostic("metrics", "the run has no part `\(call["part"].word ?? "")`") }
        let values = call["values"].word == "truth" ? part.truth : part.predicted
        let unit = try supplies.plan(of: object(in: experiment, "data")).unit
        return .array(try NumericArray(shape: [values.count], values: values, precision: .double), unit: unit)
    }
}

extension ResultTable {
    /// The rows of a file as they are.
    init(_ table: Table) {
        self.init(
            columns: table.columns.map { Column($0.name, unit: $0.unit, isNumeric: $0.isNumeric) },
            rows: (0..<table.count).map { row in table.columns.map { Cell($0.cells[row]) } })
    }
}
