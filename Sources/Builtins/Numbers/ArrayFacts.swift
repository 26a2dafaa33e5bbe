import Diagnostics
import Language
import Tensors

/// The facts known of numbers before they are computed.
struct ArrayFacts: Sendable, Hashable {
    /// Shape, unit and meaning; the shape is nil until the file is known, as in an input of a data set.
    var tensor: TensorType
    /// Whether this is a number written in the script, which takes the unit of what it is added to.
    var isPlain = false

    var shape: [Int]? { tensor.shape }
    var unit: String? { tensor.unit }

    /// Whether this is one number without a unit: a logarithm or a picture shifted or scaled by it is one still.
    var isScalar: Bool { isPlain || shape == [] && unit == nil && !tensor.isLogarithm }

    /// The type of the same numbers in another shape and perhaps another unit.
    func with(shape: [Int]?, unit: String?) -> TensorType { tensor.with(shape: shape, unit: unit) }
}

extension CheckContext {
    /// The facts known of a number or a tensor before it is computed; nil for other values.
    func facts(of value: Value) throws -> ArrayFacts? {
        if value.number != nil { return ArrayFacts(tensor: TensorType(shape: [], unit: nil), isPlain: true) }
        guard case .tensor(let type)? = value.call?.type else { return nil }
        if let fault = type.cell?.bothSpinsFault { throw fault.at(value.call?.origin.span) }
        return ArrayFacts(tensor: type)
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
