import Language

extension Object {
    /// What the validation part chose in an experiment: its epoch, its fold, its trial. Scores on that part are then better than
    /// on rows that chose nothing.
    fileprivate var chosenByValidation: [String] {
        func watches(_ value: Value) -> Bool { value.call?["on"].word?.hasPrefix("validation.") == true }
        let settings = stages.isEmpty ? [StageSettings(self, nil)] : stages.map { StageSettings(self, $0) }
        var chosen: [String] = []
        if settings.contains(where: { watches($0.keep) || watches($0.stop) }) { chosen.append("the epoch") }
        if foldCount != nil, self["report"].word == "best" { chosen.append("the fold") }
        if watches(self["search"]) { chosen.append("the trial") }
        return chosen
    }
}

/// The notes under a table that shows scores of the validation part: what that part chose in each of the experiments, as in
/// `validation chose the epoch of bulk`. `selected`: the value of the table's experiments, where `select` may have chosen them.
func notesOfChoice(_ experiments: [Object], names: [String?] = [], selected: Value = .none) -> [String] {
    var phrases: [String] = []
    var named: [String: [String]] = [:]
    for (index, experiment) in experiments.enumerated() {
        let chosen = experiment.chosenByValidation
        guard !chosen.isEmpty else { continue }
        let phrase = listed(chosen)
        let name = (names.indices.contains(index) ? names[index] : experiment.label) ?? "the experiment"
        if named[phrase] == nil { phrases.append(phrase) }
        if named[phrase]?.contains(name) != true { named[phrase, default: []].append(name) }
    }
    var notes = phrases.map { phrase -> String in
        let names = named[phrase] ?? []
        let shown = names.count > 4 ? Array(names.prefix(3)) + ["\(names.count - 3) more"] : names
        return "validation chose \(phrase) of \(listed(shown))"
    }
    if let call = selected.call, call["on"].word?.hasPrefix("validation.") == true {
        notes.append("validation chose among \(experimentItems(selected).count) experiments")
    }
    return notes
}

/// Words as a list: `a, b and c`.
private func listed(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
}
