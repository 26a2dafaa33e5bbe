import Language
import Training

extension Experiment {
    /// What the validation part chose in an experiment: its epoch, its fold, its trial. Scores on that part are then better than
    /// on rows that chose nothing. `stages`: the stages whose epochs are asked about.
    private func chosenByValidation(_ stages: [Stage]) -> [String] {
        func isValidation(_ monitor: Training.Monitor?) -> Bool { monitor?.part == .validation }
        var chosen: [String] = []
        if stages.contains(where: { isValidation($0.keep.monitor) || isValidation($0.stop?.monitor) }) { chosen.append("the epoch") }
        if folds?.report == .best { chosen.append("the fold") }
        if isValidation(search?.monitor) { chosen.append("the trial") }
        return chosen
    }

    /// What the validation part chose in an experiment, as in `the epoch and the trial`; nil where it chose nothing.
    var validationChose: String? { phrase(chosenByValidation(stages)) }

    /// What the validation part chose in one stage of an experiment; nil where it chose nothing.
    func validationChose(inStage name: String?) -> String? {
        phrase(chosenByValidation(stages.first { name != nil && $0.name == name }.map { [$0] } ?? stages))
    }

    /// The sentence under a figure that shows scores of the validation part; empty where these chose nothing.
    var choiceSentence: String { validationChose.map { "Validation chose \($0)." } ?? "" }
}

private func phrase(_ chosen: [String]) -> String? { chosen.isEmpty ? nil : listed(chosen) }

/// The notes under a table that shows scores of the validation part: what that part chose in each of the experiments, as in
/// `validation chose the epoch of bulk`. `selected`: the value of the table's experiments, where `select` may have chosen them.
func notesOfChoice(_ experiments: [Experiment], names: [String?] = [], selected: Value = .none) -> [String] {
    var phrases: [String] = []
    var named: [String: [String]] = [:]
    for (index, experiment) in experiments.enumerated() {
        guard let phrase = experiment.validationChose else { continue }
        let name = (names.indices.contains(index) ? names[index] : experiment.label) ?? "the experiment"
        if named[phrase] == nil { phrases.append(phrase) }
        if named[phrase]?.contains(name) != true { named[phrase, default: []].append(name) }
    }
    var notes = phrases.map { "validation chose \($0) of \(listed(named[$0] ?? [], most: 4))" }
    if let count = validationChose(among: selected) { notes.append("validation chose among \(count) experiments") }
    return notes
}

/// The number of experiments among which `select` chose by a score of the validation part; nil for another value.
private func validationChose(among selected: Value) -> Int? {
    guard let call = selected.call, call["on"].word?.hasPrefix("validation.") == true else { return nil }
    return experimentItems(selected).count
}

/// What validation scores of experiments chose, as one phrase for the cell of a table; nil where they chose nothing.
/// `selected`: the value of the table's experiments, where `select` may have chosen them.
func validationChose(_ experiments: [Experiment], selected: Value = .none) -> String? {
    var phrases: [String] = []
    for case let phrase? in experiments.map(\.validationChose) where !phrases.contains(phrase) { phrases.append(phrase) }
    if let count = validationChose(among: selected) { phrases.append("the experiment among \(count)") }
    return phrases.isEmpty ? nil : phrases.joined(separator: "; ")
}

extension ResultTable {
    /// The table with a column `validation chose` in its file, which says of each row with a validation score what that score
    /// chose: the note under the table does not go where the file goes. As it is where none chose anything.
    func marking(_ chosen: [String?]) -> ResultTable {
        guard chosen.contains(where: { $0 != nil }) else { return self }
        var table = self
        table.columns.append(Column("validation chose", isNumeric: false, in: .file))
        for row in table.rows.indices { table.rows[row].append(Cell(chosen.indices.contains(row) ? chosen[row] ?? "" : "")) }
        return table
    }
}
