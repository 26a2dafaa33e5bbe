import Language

/// Every builtin and kind of the language. What the checker, completion, `help`, the reference and the tests know comes from here.
public let catalogue = Library(
    builtins: sourceBuiltins + pictureBuiltins + tensorBuiltins + layerBuiltins + joiningBuiltins + splitBuiltins + trainingBuiltins + scheduleBuiltins + augmentationBuiltins + spaceBuiltins + searchBuiltins + resultBuiltins + tableBuiltins + machineBuiltins + figureBuiltins + pictureFigureBuiltins,
    kinds: [datasetKind, backboneKind, modelKind, scheduleKind, stageKind, experimentKind], operators: operatorBuiltins,
    foreignNames: foreignNames)
