import Datasets
import Diagnostics
import Language
import Tensors
import Training

/// The data of an experiment as baselines see it: rows, parts, inputs as they are, and the space of training. The parts are
/// those of the data set, or those of one of the trainings of a folded experiment.
struct BaselineData {
    let plan: DatasetPlan
    let parts: Parts
    let space: TargetSpace
    private let inputs: [String]
    private let data: Object
    private let source: any ResultSource

    init(experiment: Experiment, parts: Parts, source: any ResultSource) throws {
        data = experiment.data
        self.source = source
        plan = experiment.plan
        self.parts = parts
        space = try targetSpace(of: plan, training: parts.train)
        inputs = experiment.network.inputs.map(\.name)
    }

    /// Predictions of a ridge regression on features of all rows, fitted on the training part in the space of training.
    func ridge(on features: FeatureMatrix, _ penalty: Ridge.Penalty) throws -> [Double] {
        let fitted = try FeatureMatrix(names: features.names, rows: parts.train.map { Array(features.row($0)) })
        let ridge = try Ridge(features: fitted, targets: parts.train.map { space.forward(plan.targets[$0]) }, penalty: penalty)
        return try ridge.predict(features).map { space.inverse($0) }
    }

    /// Mean, standard deviation, minimum and maximum of each input as it is in the data, a logarithm or a scale in its pipeline left
    /// out, since it is for the network; logarithms of those that are positive in all rows.
    func statistics() throws -> FeatureMatrix {
        var names: [String] = []
        var rows = [[Double]](repeating: [], count: plan.count)
        for input in inputs {
            let items = try source.items(of: input, in: data)
            let isLogarithm = plan.input(input)?.type?.isLogarithm ?? false
            names += FieldStatistics.names.map { inputs.count > 1 ? "\(input).\($0)" : $0 }
            let statistics = FieldStatistics()
            for row in 0..<plan.count {
                rows[row] += try items.withItem(row) { values in
                    isLogarithm ? try statistics(values.map { exponential($0) }) : try statistics(values)
                }
            }
        }
        return try FeatureMatrix(names: names, rows: logarithmsWherePositive(rows))
    }

    /// All numbers of the inputs as they are in the data, side by side; those that are one in all rows of the training part are left out.
    func numbers() throws -> FeatureMatrix {
        let rows = try inputsSideBySide()
        guard let first = parts.train.first.map({ rows[$0] }) else { throw Diagnostic("fit", "a ridge expected rows to be fitted on") }
        let kept = first.indices.filter { place in parts.train.contains { rows[$0][place] != first[place] } }
        guard !kept.isEmpty else { throw Diagnostic("fit", "a ridge expected inputs that differ from row to row") }
        return try FeatureMatrix(names: kept.map { "\($0)" }, rows: rows.map { row in kept.map { row[$0] } })
    }

    private func inputsSideBySide() throws -> [[Double]] {
        var rows = [[Double]](repeating: [], count: plan.count)
        for input in inputs {
            let items = try source.items(of: input, in: data)
            for row in 0..<plan.count { rows[row] += try items.withItem(row) { $0.map(Double.init) } }
        }
        return rows
    }

    /// The most principal components that the training part allows: its rows less one, or the numbers of one row.
    func mostComponents() throws -> Int {
        let numbers = try inputs.reduce(0) { try $0 + source.items(of: $1, in: data).shape.count }
        return max(1, min(parts.train.count - 1, numbers))
    }

    /// Principal components of the inputs as they are in the data, all side by side; the training part alone decides on them.
    func components(_ count: Int) throws -> FeatureMatrix {
        let rows = try inputsSideBySide()
        func matrix(_ rows: [[Double]]) throws -> NumericArray {
            try NumericArray(shape: [rows.count, rows.first?.count ?? 0], values: Array(rows.joined()), precision: .double)
        }
        let fitted = try PCA(fitting: matrix(parts.train.map { rows[$0] }), components: count)
        // A component without variance is rounding, which the scaling of the features would blow up.
        let used = max(1, fitted.explainedVarianceRatio.prefix { $0 > 1e-12 }.count)
        let scores = try fitted.scores(of: matrix(rows))
        return try FeatureMatrix(
            names: (0..<used).map { "component \($0 + 1)" },
            rows: (0..<plan.count).map { Array(scores.values[($0 * count)..<($0 * count + used)]) })
    }
}
