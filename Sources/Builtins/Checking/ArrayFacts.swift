import Densities
import Diagnostics
import Language
import Tensors

/// What is known of numbers before they are computed.
struct ArrayFacts: Sendable, Hashable {
    /// nil until the file is known, as in an input of a data set.
    var shape: [Int]?
    var unit: String?
    var isDensity = false
    /// A number as it stands in the script: it takes the unit of what it is added to.
    var isPlain = false
    /// See `TensorType`.
    var isLogarithm = false

    var type: ValueType { isDensity ? .sort("density") : .tensor(TensorType(shape: shape, unit: unit, isLogarithm: isLogarithm)) }

    /// True for one number without a unit: a logarithm shifted or scaled by it is one still.
    var isScalar: Bool { isPlain || shape == [] && unit == nil && !isLogarithm }
}

/// The unit of densities.
public let densityUnit = "e/A^3"

extension CheckContext {
    /// What is known of a number, a tensor or a density; nil for other values.
    func facts(of value: Value) throws -> ArrayFacts? {
        if value.number != nil { return ArrayFacts(shape: [], unit: nil, isPlain: true) }
        guard case .call(let call) = value else { return nil }
        switch call.type {
        case .tensor(let type): return ArrayFacts(shape: type.shape, unit: type.unit, isLogarithm: type.isLogarithm)
        case .sort("density"): return ArrayFacts(shape: try header(of: value)?.grid, unit: densityUnit, isDensity: true)
        default: return nil
        }
    }

    /// The header of the density a value is made from; nil where its file is not known yet.
    func header(of value: Value) throws -> DensityHeader? {
        guard case .call(let call) = value else { return nil }
        if call.builtin == "chgcar" {
            guard let path = call.literalPath else { return nil }
            return try located(call.span(of: "path")) { try densityHeader(resolve(path)) }
        }
        for side in ["a", "b"] {
            if let inner = call.arguments[side], let found = try header(of: inner.value) { return found }
        }
        return nil
    }

    /// Throws where two densities do not lie on one grid in one cell.
    func checkSameCell(_ a: Value, _ b: Value) throws {
        guard let first = try header(of: a), let second = try header(of: b) else { return }
        guard first.grid == second.grid else {
            throw Diagnostic("shape", "expected two densities on one grid, found \(first.grid.asShape) and \(second.grid.asShape)")
        }
        let (u, v) = (first.lattice.rows, second.lattice.rows)
        let size = u.flatMap { $0 }.map(abs).max() ?? 0
        let apart = zip(u.flatMap { $0 }, v.flatMap { $0 }).map { abs($0 - $1) }.max() ?? 0
        guard apart <= 1e-3 * size else {
            throw Diagnostic("cell", "expected two densities of one cell, found cells whose vectors differ by up to \(threeDigits(apart)) A")
        }
    }
}

extension [Int] {
    /// `60x60x1`, as shapes are written.
    var asShape: String { Shape(self).description }
}
