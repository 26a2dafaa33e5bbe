import Language

/// The catalogue of every builtin and kind of the language. What the checker, completion, `help`, the reference and the tests
/// know comes from here; a new word stands in the file of its family and nowhere else.
public let catalogue = Library(
    builtins: settingWords + numberWords + resultWords + figureWords,
    kinds: [datasetKind, backboneKind, encoderKind, modelKind, scheduleKind, stageKind, experimentKind],
    operators: operators.builtins + conditionOperators.builtins
        + brackets.builtins + experimentNumbers.builtins + densityFacts.builtins
        + densityTableFiles.builtins,
    valueMembers: [densityMembers, tableMembers], foreignNames: foreignNames,
    columnRemark: columnRemark,
    actions: [
        .plot: ActionTypes(subject: .sort(.figure)), .table: ActionTypes(subject: .sort(.table)),
        .predict: ActionTypes(offered: .object("experiment"), on: .object("dataset")),
    ], publishedNames: [publishedWeights])

/// Builtins that say how something is done; nothing is computed.
private let settingWords: [Builtin] = [
    layers.builtins, splits.builtins, optimizers.builtins, stops.builtins, keeps.builtins, rates.builtins, selectors.builtins,
    rateGroups.builtins, augmentations.builtins, spaces.builtins, sampling, searches.builtins, baselines.builtins,
].flatMap { $0 }

/// Builtins that read files, and those that compute with their numbers.
private let numberWords: [Builtin] = [
    tableSources.builtins, materialsProjectWords.builtins, tableWords.builtins, conditionWords.builtins, textWords.builtins,
    encoderWords.builtins,
    vaspFiles.builtins, fieldFiles.builtins, densityWords.builtins, latticePlaneWords.builtins,
    gridPlaneWords.builtins, regriddingWords.builtins, crystalFacts, profileWords.builtins, freeAtomWords.builtins, pictures.builtins,
    tensorSource.builtins,
    functions.builtins, roundings.builtins, listWords, columnStacks.builtins, extents, statistics.builtins, analyses.builtins,
    neighbourWords.builtins, tensorParts.builtins,
].flatMap { $0 }

/// Builtins that make tables, and those that choose or name what goes into them.
private let resultWords: [Builtin] = [
    predictionWords.builtins, metricTables.builtins, repeatTables.builtins, histories.builtins, trialTables.builtins, foldTables.builtins,
    comparisons.builtins,
    machineTables.builtins, selections.builtins, reportedTables, besideTables.builtins, columnTables.builtins, densityTables.builtins,
    namings,
].flatMap { $0 }

/// Builtins that make figures.
private let figureWords: [Builtin] = [
    parityFigures.builtins, curveFigures.builtins, galleryFigures.builtins, heatmapFigures.builtins, columnFigures.builtins,
    lineFigures.builtins,
    histogramFigures.builtins, gridFigures.builtins, imageFigures.builtins, intervalFigures.builtins, trialFigures.builtins,
].flatMap { $0 }
