import Diagnostics
import Language
import Plotting
import Tensors

extension ComputeContext {
    /// The call in a pipeline that cuts a density; nil where there is none. What is drawn is the density, whatever a network is
    /// given.
    func cut(in value: Value) -> Call? {
        guard let call = value.call else { return nil }
        if value.cut != nil { return call }
        // Through functions of it alone: what is made of two cuts, or is a part of one, is drawn as it is.
        guard library.builtins[call.builtin] != nil, library.mayStandInInput(call) else { return nil }
        let numbers = value.children.filter(\.isDeferredNumber)
        return numbers.count == 1 ? cut(in: numbers[0]) : nil
    }

    /// The plane that is cut for every item of an input of a data set, in words that hold for all rows; nil for another value, and where
    /// no plane is drawn of the input.
    public func planeInWords(ofInput value: Value) throws -> String? {
        guard let (data, name) = value.call?.datasetInput, let input = try results.plan(of: data).input(name) else { return nil }
        return cut(in: input.pipeline).flatMap { library.computed($0)?.plane?($0) }
    }

    /// The plane that is drawn of a value: a cut of a density in the shape of its cell, anything else as square pixels.
    func drawn(_ value: Value, at span: SourceSpan?) throws -> Plane {
        guard value.cut != nil, case .cut(let array, _, let plane) = try compute(value) else {
            return try located(span) { try pixels(try array(value).array) }
        }
        let shape = array.shape.extents
        return try Plane(rows: shape[0], columns: shape[1], values: array.values, cell: plane.cell)
    }
}

extension Value {
    /// The type of a plane through a crystal's cell; nil for another value.
    var cut: TensorType? { if case .tensor(let type)? = call?.type, type.cut != nil { type } else { nil } }
}

extension Value {
    /// Whether the signs of numbers that are drawn on planes mean something: they are a spin density, or made as a difference. A charge
    /// density that is mostly below zero is one too: interpolation makes it a little negative at most.
    func isSigned(_ planes: [Plane]) -> Bool {
        let noun = cut?.cut?.noun
        if noun == FieldMeaning.spin.noun || contains(where: \.isDifference) { return true }
        guard noun == densityCell.noun else { return false }
        let values = planes.lazy.flatMap(\.values).filter(\.isFinite)
        guard let least = values.min(), let greatest = values.max() else { return false }
        return least < 0 && -least > greatest
    }

    /// Whether the value is the difference of two that are computed later.
    private var isDifference: Bool {
        guard let call, BinaryOperator(rawValue: call.builtin) == .subtract else { return false }
        return ["a", "b"].allSatisfy { call[$0].isDeferredNumber }
    }
}

extension TensorType {
    /// The name of the numbers of a plane through a crystal's cell in a figure; nil for others.
    var cutName: String? { cut.map(\.quantity) }
}

/// The plane of a tensor of two axes, or of three of which the last has one channel, as rows of pixels. Throws `shape` for
/// another.
func pixels(_ array: NumericArray) throws -> Plane {
    let shape = array.shape.extents
    try checkPlane(shape, at: nil)
    return try Plane(rows: shape[0], columns: shape[1], values: array.values)
}

/// Checks that a shape is that of a plane: two axes, or three of which the last has one channel. Throws `shape`.
func checkPlane(_ shape: [Int], at span: SourceSpan?) throws {
    guard shape.count == 2 || shape.count == 3 && shape[2] == 1 else {
        throw Diagnostic(
            "shape", "expected a plane of rows and columns, found shape \(shape.asShape)", at: span,
            hint: shape.count >= 3 ? "cut one out, as in `x[0]` or `x[:, :, 0]`" : nil)
    }
}
