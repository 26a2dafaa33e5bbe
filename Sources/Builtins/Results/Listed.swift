/// Words as a list: `a, b and c`. Where one holds a comma, semicolons stand between them. `most`: the most that are named; of
/// more, all but the last few are counted.
public func listed(_ words: [String], most: Int = .max) -> String {
    var words = words
    let mark = words.contains { $0.contains(",") } ? ";" : ","
    if words.count > most { words = words.prefix(max(1, most - 1)) + ["\(words.count - max(1, most - 1)) more"] }
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: mark + " ") + (mark == ";" && words.count > 2 ? "; and " : " and ") + last
}
