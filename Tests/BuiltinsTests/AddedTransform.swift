import Diagnostics
import Language

@testable import Builtins

/// A function of numbers that the language does not have: all it takes is this file.
let addedTransform = Vocabulary([
    Word(
        "squareOf", family: "Tensors", [Parameter("x", anyField, "a tensor")], gives: anyTensor, "The square of every element.",
        role: .transform,
        check: { call, context in
            guard let facts = try context.facts(of: call["x"]) else { return .call(call) }
            return call.typed(TensorType(shape: facts.shape, unit: facts.unit.map { "(\($0))^2" }))
        },
        computes: { call, context in
            let (array, unit) = try context.array(call["x"])
            return .array(array.map { $0 * $0 }, unit: unit.map { "(\($0))^2" })
        })
])
