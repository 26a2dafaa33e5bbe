import Language

/// Every builtin and kind of the language. What the checker, completion, `help`, the reference and the tests know comes from here.
public let catalogue = Library(
    builtins: sourceBuiltins + tensorBuiltins + layerBuiltins + splitBuiltins + trainingBuiltins + resultBuiltins + figureBuiltins,
    kinds: [datasetKind, modelKind, experimentKind],
    foreignNames: foreignNames)

/// What a user of Keras, scikit-learn or matplotlib would write, and what to write here.
let foreignNames: [String: String] = [
    "Conv2D": "write `conv`", "conv2d": "write `conv`", "Dense": "write `dense`", "Linear": "write `dense`", "Dropout": "write `dropout`",
    "Flatten": "write `flatten`", "MaxPooling2D": "write `maxPool`", "MaxPool2D": "write `maxPool`", "AveragePooling2D": "write `averagePool`",
    "GlobalAveragePooling2D": "write `globalAveragePool`", "Activation": "write `activation`", "Adam": "write `adam`",
    "EarlyStopping": "write `stop: early(on: validation.loss, patience: 10)`",
    "ModelCheckpoint": "write `keep: best(on: validation.loss)`",
    "learning_rate": "the rate belongs to the optimizer: `optimizer: adam(rate: 0.001)`",
    "lr": "the rate belongs to the optimizer: `optimizer: adam(rate: 0.001)`",
    "learningRate": "the rate belongs to the optimizer: `optimizer: adam(rate: 0.001)`",
    "min_delta": "write `minDelta`", "monitor": "write `on`", "batch_size": "write `batch`", "epoch": "write `epochs`", "filters_size": "write `kernel`",
    "kernel_size": "write `kernel`", "use_bias": "write `bias`", "pool_size": "write `size`", "units_": "write `units`",
    "random_state": "write `seed`", "test_size": "write `rest`", "train_test_split": "write `trainTestSplit`",
    "color": "write `colour`", "colormap": "write `colours`", "dataset_": "write `dataset`", "mean_squared_error": "write `mse`",
    "test": "the parts are `train`, `validation` and `holdout`", "Sequential": "write `model name { input image: [60, 60, 1]; image >> ... }`",
    "compile": "a model is compiled by the experiment that uses it", "fit": "declare an `experiment`; a `table` or `plot` of it trains it",
    "import": "modules of the language are read by `use \"file.ecdx\"`", "print": "write `show`", "read_csv": "write `csv`",
]
