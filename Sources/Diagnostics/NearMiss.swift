/// The restricted Damerau-Levenshtein distance over Unicode scalars: the Levenshtein edit distance with adjacent
/// transpositions counted as one edit.
public func editDistance(_ a: String, _ b: String) -> Int {
    let x = Array(a.unicodeScalars)
    let y = Array(b.unicodeScalars)
    if x.isEmpty { return y.count }
    if y.isEmpty { return x.count }
    var older = [Int](repeating: 0, count: y.count + 1)
    var previous = Array(0...y.count)
    for i in 1...x.count {
        var current = [i] + [Int](repeating: 0, count: y.count)
        for j in 1...y.count {
            let cost = x[i - 1] == y[j - 1] ? 0 : 1
            current[j] = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
            if i > 1, j > 1, x[i - 1] == y[j - 2], x[i - 2] == y[j - 1] {
                current[j] = min(current[j], older[j - 2] + 1)
            }
        }
        older = previous
        previous = current
    }
    return previous[y.count]
}

/// The candidate nearest to `name`, if it is near enough to be a slip of the hand: at most a third of its length, and never
/// more than three edits. Case is ignored, and all that may differ in a name of two letters.
public func nearMiss(_ name: String, among candidates: some Sequence<String>) -> String? {
    // Names in a script may be any length; a very long one is no slip of the hand.
    guard name.utf8.count <= 64 else { return nil }
    let wanted = name.lowercased()
    var best: (String, Int)?
    for candidate in candidates where candidate != name && candidate.utf8.count <= 64 {
        let distance = editDistance(wanted, candidate.lowercased())
        // Of two letters, one that differs is another name; only their case may.
        let longest = max(wanted.count, candidate.count)
        let allowed = longest <= 2 ? 0 : min(3, max(1, longest / 3))
        if distance <= allowed, distance < (best?.1 ?? Int.max) { best = (candidate, distance) }
    }
    return best?.0
}
