/// Advice on names of Keras, PyTorch, scikit-learn, pandas and matplotlib: what to write here. Names, arguments and fields
/// alike.
let foreignNames: [String: String] = foreignLayers.merging(foreignTraining) { $1 }.merging(foreignData) { $1 }.merging(foreignPython) { $1 }

private let absent = "this version has none; CHANGELOG.md says what is there"
private let normalization = "write `batchNorm`"
private let folding = "write `folds: 10` in the experiment"
private let rate = "the rate belongs to the optimizer: `optimizer: adam(rate: 0.001)`"
private let parts = "the parts are `train`, `validation` and `holdout`"

/// Advice on foreign names of layers and their arguments.
private let foreignLayers: [String: String] = [
    "Conv2D": "write `conv`", "conv2d": "write `conv`", "Conv2d": "write `conv`", "Convolution2D": "write `conv`",
    "Dense": "write `dense`", "Linear": "write `dense`", "linear_layer": "write `dense`", "Dropout": "write `dropout`",
    "Dropout2d": "write `dropout`",
    "Flatten": "write `flatten`", "MaxPooling2D": "write `maxPool`", "MaxPool2D": "write `maxPool`", "MaxPool2d": "write `maxPool`",
    "AveragePooling2D": "write `averagePool`", "AvgPool2D": "write `averagePool`", "AvgPool2d": "write `averagePool`",
    "avgPool": "write `averagePool`",
    "GlobalAveragePooling2D": "write `globalAveragePool`", "AdaptiveAvgPool2d": "write `globalAveragePool`",
    "gap": "write `globalAveragePool`",
    "Activation": "write `activation`", "ReLU": "write `activation(relu)`", "Tanh": "write `activation(tanh)`",
    "Sigmoid": "write `activation(sigmoid)`",
    "softmax": "a target is one number here: the last layer is `dense(1)`",
    "Softmax": "a target is one number here: the last layer is `dense(1)`",
    "linear_activation": "leave `activation` out",
    "BatchNormalization": normalization, "BatchNorm2d": normalization, "batch_norm": normalization, "LayerNormalization": absent,
    "SeparableConv2D": "write `separableConv`", "DepthwiseConv2D": "write `depthwiseConv`", "ZeroPadding2D": "write `zeroPad`",
    "Concatenate": "write `concatenate(a, b)`", "Add": "write `add(a, b)`",
    "kernel_size": "write `kernel`", "filters_size": "write `kernel`", "kernelSize": "write `kernel`", "out_channels": "write `filters`",
    "in_channels": "leave it out: it is known from what comes before", "in_features": "leave it out: it is known from what comes before",
    "input_shape": "write `input image: [60, 60, 1]` in the model", "out_features": "write `units`", "use_bias": "write `bias`",
    "pool_size": "write `size`", "units_": "write `units`", "p": "write `rate`",
    "Input": "write `input image: [60, 60, 1]` in the model", "input": "write `input image: [60, 60, 1]` in the model",
    "Sequential": "write `model name { input image: [60, 60, 1]; image >> ... }`", "Model": "write `model name { ... }`",
    "nn": "layers stand alone: `conv`, `dense`, `flatten`", "layers": "layers stand alone: `conv`, `dense`, `flatten`",
    "keras": "layers stand alone: `conv`, `dense`, `flatten`", "tf": "builtins stand alone: `conv`, `adam`, `log`",
    "torch": "builtins stand alone: `conv`, `adam`, `log`",
]

/// Advice on foreign names of training.
private let foreignTraining: [String: String] = [
    "Adam": "write `adam`", "AdamW": "write `adam`", "SGD": "this version has `adam`", "sgd": "this version has `adam`",
    "RMSprop": "this version has `adam`",
    "rmsprop": "this version has `adam`",
    "learning_rate": rate, "lr": rate, "learningRate": rate, "beta_1": "write `beta1`", "beta_2": "write `beta2`",
    "betas": "write `beta1` and `beta2`",
    "EarlyStopping": "write `stop: early(on: validation.loss, patience: 10)`",
    "early_stopping": "write `stop: early(on: validation.loss, patience: 10)`",
    "earlyStopping": "write `early`", "ModelCheckpoint": "write `keep: best(on: validation.loss)`",
    "checkpoint": "a run is saved by itself; see `keep`",
    "restore_best_weights": "write `keep: best(on: validation.loss)`", "callbacks": "see `stop` and `keep`",
    "min_delta": "write `minDelta`", "monitor": "write `on`", "batch_size": "write `batch`", "batchSize": "write `batch`",
    "epoch": "write `epochs`",
    "num_epochs": "write `epochs`", "n_epochs": "write `epochs`", "max_epochs": "write `epochs`", "num_workers": "leave it out",
    "verbose": "leave it out: a terminal shows a bar, a file lines", "shuffle": "leave it out: the training part is shuffled in each epoch",
    "metrics_": "write `table metrics(...)`", "criterion": "write `loss`", "mean_squared_error": "write `mse`", "MSELoss": "write `mse`",
    "MSE": "write `mse`",
    "val_loss": "write `validation.loss`", "val_mse": "write `validation.mse`", "val_mae": "write `validation.mae`",
    "train_loss": "write `train.loss`",
    "compile": "a model is compiled by the experiment that uses it", "fit": "declare an `experiment`; a `table` or `plot` of it trains it",
    "train_model": "declare an `experiment`; a `table` or `plot` of it trains it", "evaluate": "write `table metrics(...)`",
    "dataset_": "write `dataset`", "Dataset": "write `dataset name { ... }`", "DataLoader": "write `dataset name { ... }`",
    "test": parts, "val": "write `validation`", "valid": "write `validation`", "dev": "write `validation`", "testing": "write `holdout`",
    "training": "write `train`",
    "random_state": "write `seed`", "randomState": "write `seed`", "random_seed": "write `seed`", "test_size": "write `rest`",
    "train_size": "write `train`",
    "train_test_split": "write `trainTestSplit`", "GroupShuffleSplit": "write `grouped`", "StratifiedShuffleSplit": "write `stratified`",
    "PredefinedSplit": "write `given`", "LeaveOneGroupOut": "write `leaveOut`", "KFold": folding, "n_splits": folding,
    "RandomFlip": "write `flip(horizontal, vertical)`", "RandomRotation": "write `rotate(turns: 0.2)`", "RandomZoom": "write `zoom`",
    "RandomTranslation": "write `translate`", "RandomContrast": "write `contrast`", "GaussianNoise": "write `noise`",
    "trainable": "a schedule says what learns: `stage head { train: head }`", "include_top": "a backbone has no top",
    "ReduceLROnPlateau": "write `plateau`", "CosineDecay": "write `cosine`", "ExponentialDecay": "write `exponential`",
    "BayesianOptimization": "write `bayesian`", "Hyperband": "write `hyperband`", "RandomSearch": "write `randomSearch`",
    "GridSearchCV": "write `gridSearch`", "Ridge": "write `ridge`", "alpha": "write `penalty`",
    "MinMaxScaler": "write `scale: minmax` in the target",
    "StandardScaler": "write `standardize` for an input, `scale: standard` in the target",
    "sklearn": "builtins stand alone: `ridge`, `trainTestSplit`",
]

private let firstRows = "write `first(5)`"
private let rows = "rows are chosen by `where(row[\"name\"] > 0)`"
private let withValue = "write `where(not missing(row[\"name\"]))`"
private let groups = "there are no groups of rows: `where` takes one at a time, and `histogram` tells them apart in colour"
private let values = "there is none: `where` takes the rows of one value, and `histogram` with `by` shows all"
private let joining = "write `join(other, by: \"id\")`"
private let sorting = "write `sort(by: \"name\")`"
private let deriving = "write `derive({ name: row[\"a\"] + row[\"b\"] })`"

/// Advice on foreign names of tables, arrays and figures.
private let foreignData: [String: String] = [
    "read_csv": "write `csv`", "read_excel": "write `xlsx`", "excel": "write `xlsx`", "DataFrame": "write `csv`",
    "pd": "a table is read by `csv(\"file.csv\")`", "pandas": "a table is read by `csv(\"file.csv\")`",
    "np": "builtins stand alone: `log`, `mean`, `max`", "numpy": "builtins stand alone: `log`, `mean`, `max`", "ln": "write `log`",
    "amax": "write `max`", "amin": "write `min`", "average": "write `mean`", "stdev": "write `std`", "normalize": "write `standardize`",
    "nrows": "write `count`", "columns_": "write `columns`", "Chgcar": "write `chgcar`", "read_chgcar": "write `chgcar`",
    "Locpot": "write `locpot`", "Elfcar": "write `elfcar`", "read_cube": "write `cube`", "read_xsf": "write `xsf`",
    "poscar": "write `chgcar`",
    "plt": "write `plot`, then a figure such as `parity(...)`", "sns": "write `plot`, then a figure such as `parity(...)`",
    "hist": "write `histogram`", "imshow": "write `heatmap`", "parity_plot": "write `parity`", "loss_curves": "write `curves`",
    "subplots": "write `grid`",
    "savefig": "the path stands behind the figure: `plot ... to \"figure.svg\"`",
    "to_csv": "the path stands behind the table: `table ... to \"table.csv\"`",
    "head": firstRows, "limit": firstRows, "tail": "the last rows are the first of the other order: `sort(by: \"name\", descending: true)`",
    "nlargest": "write `sort(by: \"name\", descending: true) |> first(5)`", "nsmallest": "write `sort(by: \"name\") |> first(5)`",
    "filter": rows, "query": rows, "subset": rows, "loc": rows, "iloc": "write `first(5)` for the first rows, or choose rows by `where`",
    "isin": "write `oneOf(row[\"name\"], [1, 2])`", "isna": "write `missing(row[\"name\"])`", "isnull": "write `missing(row[\"name\"])`",
    "notna": withValue, "notnull": withValue, "dropna": withValue + "; a data set takes `missing: drop`",
    "groupby": groups, "groupBy": groups, "group_by": groups, "pivot": groups, "pivot_table": groups, "agg": groups, "aggregate": groups,
    "unique": values, "nunique": values, "value_counts": values, "distinct": values, "drop_duplicates": values,
    "describe": "write the numbers that are wanted, as in `mean(t[\"name\"])`, `std(t[\"name\"])`",
    "merge": joining, "inner_join": joining, "left_join": "write `join(other, by: \"id\", how: left)`",
    "concat": absent, "append": absent, "fillna": "there is none: rows without a value are left out by `where(not missing(row[\"name\"]))`",
    "sort_values": sorting, "sort_by": sorting, "sortBy": sorting, "order_by": sorting, "orderBy": sorting, "arrange": sorting,
    "assign": deriving, "mutate": deriving, "with_columns": deriving, "withColumn": deriving, "insert": deriving, "apply": deriving,
    "rename": "write `derive({ new: row[\"old\"] })`, and `pick` the columns that are wanted",
    "usecols": "write `pick([\"id\", \"name\"])`", "na_values": "NA, None and NaN are missing in columns of numbers by themselves",
    "sep": "the header tells the separator: leave it out", "delimiter": "the header tells the separator: leave it out",
    "figsize": "leave it out: figures have the size of a column", "color": "a figure chooses its colours",
    "colormap": "a figure chooses its colours", "cmap": "a figure chooses its colours",
    "xscale_log": "write `xscale: log`", "ncols": "write `columns`", "n_resamples": "write `resamples`",
]

private let counting = "write `count(list)`; tables and data sets have `.count`"
private let leaving = "a script ends with its last line, the prompt with `:quit`"

/// Advice on words of other languages.
private let foreignPython: [String: String] = [
    "True": "write `true`", "TRUE": "write `true`", "False": "write `false`", "FALSE": "write `false`", "None": "write `none`",
    "null": "write `none`",
    "nil": "write `none`", "NULL": "write `none`", "print": "write `show`", "println": "write `show`", "display": "write `show`",
    "import": "modules of the language are read by `use \"file.ecdx\"`",
    "include": "modules of the language are read by `use \"file.ecdx\"`",
    "require": "modules of the language are read by `use \"file.ecdx\"`", "range": "a range is written `0..9`; both ends belong to it",
    "lambda": "a function is declared: `def twice(x) = 2 * x`", "function": "a function is declared: `def twice(x) = 2 * x`",
    "elif": "write `else if`", "str": "a number in text is written `\"\\(n)\"`", "int": "write `floor`, or `round`",
    "float": "write the number",
    "len": counting, "sorted": "write `sort(list)`", "reverse": "write `reversed(list)`",
    "pow": "a power is written `2 ^ 3`", "log10": "write `log(x) / log(10)`", "log2": "write `log(x) / log(2)`",
    "pi": "write 3.141592653589793", "ceiling": "write `ceil`", "trunc": "write `floor`, or `round`", "fmod": "write `mod(10, 3)`",
    "remainder": "write `mod(10, 3)`", "exit": leaving, "quit": leaving, "clear": "Control-L clears the screen",
    "cls": "Control-L clears the screen", "help": "`ecdx help NAME` tells of a name; so does `:help NAME` at the prompt",
    "type": "at the prompt `:type EXPR` says what an expression is", "self": "a name is used as it is",
]
