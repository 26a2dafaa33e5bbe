import Diagnostics
import Language
import Models

@testable import Builtins

/// A layer that the language does not have, of operations that the engine has: all it takes is this file.
let addedLayer = Vocabulary<Layer>([
    Word(
        "gate", family: "Layers", [Parameter("units", .varying(.number(.whole(1, 64))), "length of the output")], gives: .sort(.layer),
        "A dense layer whose outputs are between 0 and 1."
    ) { .dense(units: try $0.integer("units"), activation: .sigmoid, bias: false) }
])
