import Diagnostics

/// The items that each of `folds` folds leaves out: scikit-learn's `KFold(n_splits: folds, shuffle: true, random_state: seed)`,
/// index for index. The first `count % folds` folds have one item more; each lists its items in ascending order.
///
/// Throws `folds` for fewer than two folds or more folds than items, and for a seed that scikit-learn would not take.
public func kFold(_ count: Int, folds: Int, seed: UInt64) throws -> [[Int]] {
    guard folds >= 2, folds <= count else {
        throw Diagnostic("folds", "expected from 2 to \(count) folds of \(count) rows, found \(folds)")
    }
    guard let seed = UInt32(exactly: seed) else { throw Diagnostic("folds", "expected a seed below 2^32 for folds, found \(seed)") }
    let order = MersenneTwister(seed: seed).permutation(count)
    var start = 0
    return (0..<folds).map { fold in
        let size = count / folds + (fold < count % folds ? 1 : 0)
        defer { start += size }
        return order[start..<start + size].sorted()
    }
}
