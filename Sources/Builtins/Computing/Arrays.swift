import Densities
import Diagnostics
import Language
import Tensors
import Training

extension Density {
    /// The values on the grid: points along a, b and c.
    func array() throws -> NumericArray { try NumericArray(shape: Shape(grid), values: values, precision: .double) }

    /// The same cell with other values.
    func replacing(_ values: [Double]) throws -> Density { try Density(lattice: lattice, atoms: atoms, grid: grid, values: values) }
}

/// Numbers and what they are measured in.
extension Computer {
    /// Numbers in brackets, or a file.
    func tensor(_ call: Call) throws -> Computed {
        if call.path != nil {
            let file = try located(call.pathSpan) { try TensorFile(reading: path(of: call), name: call["name"].string) }
            return .array(file.array, unit: call["unit"].string ?? file.unit)
        }
        var unit = call["unit"].string
        func gather(_ value: Value, into values: inout [Double]) throws -> [Int] {
            if let number = value.number { values.append(number); return [] }
            if case .list(let items) = value {
                var shape: [Int] = []
                for item in items { shape = try gather(item.value, into: &values) }
                return [items.count] + shape
            }
            let (array, found) = try array(value)
            unit = unit ?? found
            values += array.values
            return array.shape.extents
        }
        var values: [Double] = []
        let shape = try gather(call["of"], into: &values)
        return .array(try NumericArray(shape: Shape(shape), values: values, precision: .double), unit: unit)
    }

    func plane(_ call: Call) throws -> Computed {
        guard let miller = call["miller"].integers, let size = call["size"].integers else { throw Diagnostic("type", "`plane` expected a density") }
        return .array(NumericArray(try density(call["density"]).plane(miller: miller, size: size)), unit: densityUnit)
    }

    /// A function of every element. Of single precision numbers the function of single precision is taken.
    func elementwise(_ call: Call) throws -> Computed {
        let (array, found) = try array(call["x"])
        let unit = try resultUnit(ofFunction: call.builtin, found)
        // What is no number stays none, and hides no other.
        let least = array.values.lazy.filter { !$0.isNaN }.min() ?? 1
        func inDomain(_ holds: Bool, _ what: String) throws {
            guard !holds else { return }
            throw Diagnostic(
                "log-domain", "`\(call.builtin)` needs \(what) values, found \(least)", data: files.count == 1 ? files.values.first.map { DataPlace(file: $0) } : nil,
                hint: call.builtin == "log" ? "take the logarithm of a density that is positive everywhere" : nil)
        }
        let isSingle = array.precision == .single
        switch call.builtin {
        case "log":
            try inDomain(least > 0, "positive")
            return .array(array.map { isSingle ? Double(naturalLogarithm(Float($0))) : naturalLogarithm($0) }, unit: unit)
        case "exp": return .array(array.map { isSingle ? Double(exponential(Float($0))) : exponential($0) }, unit: unit)
        case "sqrt":
            try inDomain(least >= 0, "non-negative")
            return .array(array.map { $0.squareRoot() }, unit: unit)
        default: return .array(array.map(abs), unit: unit)
        }
    }

    /// A number over all elements, or a tensor with one axis fewer.
    func statistic(_ call: Call) throws -> Computed {
        if call.builtin == "electrons" { return .quantity(try density(call["density"]).electrons, unit: "e") }
        let (array, unit) = try array(call["x"])
        if call.builtin == "norm" { return .quantity(try array.norm(call["order"].number ?? 2), unit: unit) }
        guard array.count > 0 else { throw Diagnostic("type", "`\(call.builtin)` expected at least one element") }
        guard let reduction = Reduction(rawValue: call.builtin) else { throw Diagnostic("type", "there is no statistic `\(call.builtin)`") }
        return .array(try array.reduced(reduction, axis: call["axis"].integer), unit: unit)
    }

    func combine(_ call: Call) throws -> Computed {
        let operations: [String: ArrayOperator] = ["+": .add, "-": .subtract, "*": .multiply, "/": .divide, "^": .power]
        guard let operation = operations[call.builtin] else { throw Diagnostic("type", "there is no operator `\(call.builtin)`") }
        let left = try compute(call["a"]), right = try compute(call["b"])
        let (a, b) = (try numbers(of: left), try numbers(of: right))
        let result = try NumericArray.combine(operation, a.array, b.array)
        if call.type == .sort("density") {
            for case .density(let density) in [left, right] { return .density(try density.replacing(result.values)) }
        }
        let facts = [(a, call["a"]), (b, call["b"])].map { side, value in
            ArrayFacts(shape: side.array.shape.extents, unit: side.unit, isPlain: value.number != nil)
        }
        return .array(result, unit: try resultUnit(of: call.builtin, facts[0], facts[1], exponent: call["b"].number))
    }

    func slice(_ call: Call) throws -> Computed {
        let (array, unit) = try array(call["x"])
        return .array(try array.sliced(axisSlices(call["at"], shape: array.shape.extents)), unit: unit)
    }

    func correlation(_ call: Call) throws -> Computed {
        let (x, y) = (try array(call["x"]).array, try array(call["y"]).array)
        let value = call["method"].word == "spearman" ? try Training.rankCorrelation(x, y) : try Training.correlation(x, y)
        return .quantity(value, unit: nil)
    }

    func pca(_ call: Call) throws -> Computed {
        let (array, unit) = try array(call["x"])
        guard let items = array.shape.extents.first, let count = call["components"].integer else { throw Diagnostic("type", "`pca` expected items") }
        let features = items == 0 ? 0 : array.count / items
        let rows = try array.reshaped([items, features])
        let fitted = try PCA(fitting: rows, components: count)
        switch call["give"].word {
        case "components": return .array(try fitted.components.reshaped(Shape([count] + array.shape.extents.dropFirst())), unit: nil)
        case "explained":
            return .array(try NumericArray(shape: [count], values: fitted.explainedVarianceRatio, precision: .double), unit: nil)
        default: return .array(try fitted.scores(of: rows), unit: unit)
        }
    }
}
