import Language

/// Every builtin and kind of the language. What the checker, completion, `help`, the reference and the tests know comes from here.
public let catalogue = Library(
    builtins: sourceBuiltins + pictureBuiltins + tensorBuiltins + layerBuiltins + splitBuiltins + trainingBuiltins + spaceBuiltins + resultBuiltins + tableBuiltins + figureBuiltins + pictureFigureBuiltins,
    kinds: [datasetKind, modelKind, experimentKind], operators: operatorBuiltins,
    foreignNames: foreignNames)
