import Language

extension Sort {
    // How something is done.

    /// Layers of a model.
    public static let layer = Sort("layer", isSetting: true, isApplied: true)
    /// Splits of rows into parts.
    public static let split = Sort("split", isSetting: true)
    /// Optimizers.
    public static let optimizer = Sort("optimizer", isSetting: true)
    /// Learning rates that change while a model learns.
    public static let rate = Sort("rate", isSetting: true)
    /// Choices of what learns in a stage.
    public static let selector = Sort("selector", isSetting: true)
    /// Other rates for some of what learns.
    public static let group = Sort("group", isSetting: true)
    /// Rules for when a training stops.
    public static let stop = Sort("stop", isSetting: true)
    /// Rules for which epoch's weights count.
    public static let keep = Sort("keep", isSetting: true)
    /// Random changes of training images.
    public static let augmentation = Sort("augmentation", isSetting: true)
    /// Searches among the values of search spaces.
    public static let search = Sort("search", isSetting: true)
    /// Models to compare others with.
    public static let baseline = Sort("baseline", isSetting: true)

    // Results.

    /// Tables.
    public static let table = Sort("table", isDeferred: true, hasColumns: true)
    /// Columns of text.
    public static let texts = Sort("column of text", isDeferred: true, isColumn: true)
    /// Conditions on rows.
    public static let condition = Sort("condition on rows", isDeferred: true, isCondition: true)
    /// Figures.
    public static let figure = Sort("figure", isDeferred: true)
    /// The best of several experiments.
    public static let selection = Sort("selection")
    /// Trained models of files.
    public static let trained = Sort("trained model")
}
