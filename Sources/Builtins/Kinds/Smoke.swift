/// The limits of a smoke run: enough to pass through every line of a script, and nothing to learn from.
public enum Smoke {
    /// Number of epochs of every experiment.
    public static let epochs = 1
    /// The most folds of an experiment, and the most trials of a search.
    public static let folds = 2, trials = 2
    /// The most rows of a data set, and the rows that each of its parts keeps at least.
    public static let rows = 12, least = 2

    /// Note that a smoke run shows, and adds to its tables.
    public static let note = "smoke run: \(epochs) epoch, \(rows) rows a data set; its numbers mean nothing"
}
