import Datasets

/// The space that a data set's target is trained in, fitted on its training part, or on the rows `training`.
public func targetSpace(of plan: DatasetPlan, training: [Int]? = nil) throws -> TargetSpace {
    try TargetSpace(
        transform: plan.transform, scale: plan.scale, column: plan.column, values: plan.targets, training: training ?? plan.parts.train)
}
