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
    func resolve(_ path: String) -> String
    /// The table of a `csv` call.
    func table(_ call: Call) throws -> Table
}

/// Computes calls.
public struct Computer {
    public let supplies: any Supplies

    public init(supplies: any Supplies) { self.supplies = supplies }

    /// The value of a call outside a data set.
    public func compute(_ value: Value) throws -> Computed {
        if let number = value.number { return .quantity(number, unit: nil) }
        guard case .call(let call) = value else { throw Diagnostic("type", "expected something to compute, found \(value.phrase)") }
        return try located(call.origin.span) { try compute(call) }
    }

    private func compute(_ call: Call) throws -> Computed {
        switch call.builtin {
        case "csv": return .table(ResultTable(try supplies.table(call)))
        case "chgcar": return .density(try readDensity(call, path: supplies.resolve(call["path"].string ?? "")))
        case "plane", "log", "standardize": return try field(.call(call), path: nil)
        case "min", "max", "mean", "std", "electrons", "shape": return try statistic(call)
        case "datasetCount": return .quantity(Double(try supplies.plan(of: object(call, "dataset")).count), unit: nil)
        case "metrics": return .table(try metricsTable(call))
        case "repeats": return .table(try repeatsTable(call))
        case "history": return .table(try historyTable(call))
        case "score": return try score(call)
        case "parity", "curves", "gallery", "heatmap", "scatter", "line", "histogram", "grid": return .figure(try figure(call))
        default: throw Diagnostic("type", "\(call.type.phrase) cannot be shown")
        }
    }

    func object(_ call: Call, _ name: String) throws -> Object {
        guard let object = call[name].object else { throw Diagnostic("type", "`\(name)` expected something declared") }
        return object
    }

    /// The tensor or density an input's pipeline gives for one file: `path` stands in for the one in the script.
    public func field(_ value: Value, path: String?) throws -> Computed {
        guard case .call(let call) = value else { throw Diagnostic("type", "expected a density or a tensor, found \(value.phrase)") }
        return try located(call.origin.span) {
            switch call.builtin {
            case "chgcar": return .density(try readDensity(call, path: path ?? supplies.resolve(call["path"].string ?? "")))
            case "plane":
                guard case .density(let density) = try field(call["density"], path: path), let miller = call["miller"].integers, let size = call["size"].integers
                else { throw Diagnostic("type", "`plane` expected a density") }
                return .tensor(try density.plane(miller: miller, size: size), unit: "e/A^3")
            case "log":
                guard case .tensor(let tensor, let unit) = try field(call["x"], path: path) else { throw Diagnostic("type", "`log` expected a tensor") }
                return .tensor(try logarithm(of: tensor, path: path), unit: unit.map { "log(\($0))" })
            case "standardize":
                // Fitted over the training part by whoever assembles the data set; a single item passes as it is.
                return try field(call["x"], path: path)
            default: throw Diagnostic("type", "\(call.type.phrase) cannot be an input")
            }
        }
    }

    private func readDensity(_ call: Call, path: String) throws -> Density {
        try located(call.span(of: "path")) { try readCHGCAR(path: path) }
    }

    private func logarithm(of tensor: Tensor, path: String?) throws -> Tensor {
        guard let least = tensor.values.min(), least > 0 else {
            throw Diagnostic(
                "log-domain", "`log` needs positive values, found \(tensor.values.min() ?? 0)", data: path.map { DataPlace(file: $0) },
                hint: "take the logarithm of a density that is positive everywhere")
        }
        return try Tensor(shape: tensor.shape, values: tensor.values.map { naturalLogarithm($0) })
    }

    private func statistic(_ call: Call) throws -> Computed {
        let name = call.builtin == "electrons" ? "density" : "x"
        let values: [Double], unit: String?, extents: [Int]
        switch try field(call[name], path: nil) {
        case .density(let density):
            if call.builtin == "electrons" { return .quantity(density.electrons, unit: "e") }
            (values, unit, extents) = (density.values, "e/A^3", density.grid)
        case .tensor(let tensor, let tensorUnit): (values, unit, extents) = (tensor.values.map(Double.init), tensorUnit, tensor.shape.extents)
        default: throw Diagnostic("type", "`\(call.builtin)` expected a density or a tensor")
        }
        guard !values.isEmpty else { throw Diagnostic("type", "`\(call.builtin)` expected at least one element") }
        let mean = values.reduce(0, +) / Double(values.count)
        switch call.builtin {
        case "shape": return .extents(extents)
        case "min": return .quantity(values.min() ?? 0, unit: unit)
        case "max": return .quantity(values.max() ?? 0, unit: unit)
        case "mean": return .quantity(mean, unit: unit)
        default: return .quantity((values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot(), unit: unit)
        }
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
