import Densities
import Diagnostics
import Language
import Tensors

/// The facts known of numbers before they are computed.
struct ArrayFacts: Sendable, Hashable {
    /// Shape, unit and meaning; the shape is nil until the file is known, as in an input of a data set.
    var tensor: TensorType
    /// Whether the numbers are a density, which can be cut and integrated.
    var isDensity = false
    /// Whether this is a number written in the script, which takes the unit of what it is added to.
    var isPlain = false

    var shape: [Int]? { tensor.shape }
    var unit: String? { tensor.unit }

    /// The type of a value with these facts.
    var type: ValueType { isDensity ? .sort("density") : .tensor(tensor) }

    /// Whether this is one number without a unit: a logarithm or a picture shifted or scaled by it is one still.
    var isScalar: Bool { isPlain || shape == [] && unit == nil && !tensor.isLogarithm }

    /// The type of the same numbers in another shape and perhaps another unit.
    func with(shape: [Int]?, unit: String?) -> TensorType {
        var result = tensor
        (result.shape, result.unit) = (shape, unit)
        return result
    }
}

extension CheckContext {
    /// The facts known of a number, a tensor or a density before it is computed; nil for other values.
    func facts(of value: Value) throws -> ArrayFacts? {
        if value.number != nil { return ArrayFacts(tensor: TensorType(shape: [], unit: nil), isPlain: true) }
        guard case .call(let call) = value else { return nil }
        switch call.type {
        case .tensor(let type): return ArrayFacts(tensor: type)
        case .sort("density"): return ArrayFacts(tensor: TensorType(shape: try header(of: value)?.grid, unit: densityUnit), isDensity: true)
        default: return nil
        }
    }

    /// The header of the density a value is made from; nil where its file is not known yet.
    public func header(of value: Value) throws -> DensityHeader? {
        try value.collect { part -> DensityHeader? in
            guard let call = part.call, let path = library.literalPath(of: call), case .source(_, let read)? = library.role(of: call) else {
                return nil
            }
            let header = try located(library.pathSpan(of: call)) { try read(call, resolve(path), self) }
            guard case .density(let density) = header else { return nil }
            return density
        }.first
    }

    /// Checks that two densities lie on one grid, in one cell to a thousandth of its largest component. Throws `shape`, `cell`.
    func checkSameCell(_ a: Value, _ b: Value) throws {
        guard let first = try header(of: a), let second = try header(of: b) else { return }
        guard first.grid == second.grid else {
            throw Diagnostic("shape", "expected two densities on one grid, found \(first.grid.asShape) and \(second.grid.asShape)")
        }
        let (u, v) = (first.lattice.rows, second.lattice.rows)
        let size = u.flatMap { $0 }.map(abs).max() ?? 0
        let apart = zip(u.flatMap { $0 }, v.flatMap { $0 }).map { abs($0 - $1) }.max() ?? 0
        guard apart <= 1e-3 * size else {
            throw Diagnostic(
                "cell", "expected two densities of one cell, found cells whose vectors differ by up to \(threeDigits(apart)) A")
        }
    }
}

extension Call {
    /// The same call with the type of a tensor.
    func typed(_ type: TensorType) -> Value {
        var result = self
        result.type = .tensor(type)
        return .call(result)
    }
}

extension [Int] {
    /// The extents as shapes are written, such as `60x60x1`.
    var asShape: String { Shape(self).description }
}
