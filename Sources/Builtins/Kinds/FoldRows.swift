import Datasets

/// The place of a training among those of a folded experiment: it leaves one fold out, or it is the refit on all rows.
public enum FoldPlace: Sendable, Hashable {
    /// The training leaves out the fold of that index, from 0, of so many.
    case leftOut(Int, of: Int)
    /// The training is that on the rows of all folds.
    case refit
}

extension DatasetPlan {
    /// The rows of the parts that a training has: those of the data set, or of its place among folds that the seed draws.
    func parts(of fold: FoldPlace?, seed: UInt64) throws -> Parts {
        let pool = foldPool(self)
        switch fold {
        case nil: return parts
        case .refit: return Parts(train: pool, validation: [], holdout: parts.holdout)
        case .leftOut(let index, let count):
            let folds = try kFold(pool.count, folds: count, seed: seed)
            guard folds.indices.contains(index) else { return parts }
            let left = Set(folds[index])
            return Parts(
                train: pool.indices.filter { !left.contains($0) }.map { pool[$0] }, validation: folds[index].map { pool[$0] },
                holdout: parts.holdout)
        }
    }
}

/// The rows that folds are made of: train and validation together, in order.
public func foldPool(_ plan: DatasetPlan) -> [Int] { (plan.parts.train + plan.parts.validation).sorted() }
