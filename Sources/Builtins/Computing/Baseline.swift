import Datasets
import Diagnostics
import Language
import Tensors
import Training

/// Simple models on the data of an experiment, fitted on its training part in the space of training.
struct Baseline {
    let plan: DatasetPlan
    let space: TargetSpace
    private let inputs: [String]
    private let data: Object
    private let supplies: any Supplies

    init(experiment: Object, supplies: any Supplies) throws {
        guard let data = experiment["data"].object, let network = experiment["model"].object?.network else {
            throw Diagnostic("type", "a baseline expected an experiment with data and a model")
        }
        self.data = data
        self.supplies = supplies
        plan = try supplies.plan(of: data)
        space = try targetSpace(of: plan)
        inputs = network.inputs.map(\.name)
    }

    /// The name of a baseline and its predictions for every row, in the target's unit.
    func predict(_ value: Value) throws -> (name: String, predicted: [Double]) {
        if value.word == "mean" {
            // In the target's unit: the mean of logarithms would be another thing in GPa.
            return ("mean", try MeanBaseline(targets: plan.parts.train.map { plan.targets[$0] }).predict(count: plan.count))
        }
        let training = plan.parts.train.map { space.forward(plan.targets[$0]) }
        guard let call = value.call, call.builtin == "ridge" else { throw Diagnostic("type", "expected a baseline, found \(value.phrase)") }
        let features = call["features"].word == "components" ? try components(call["count"].integer ?? 10) : try statistics()
        let fitted = try FeatureMatrix(names: features.names, rows: plan.parts.train.map { Array(features.row($0)) })
        let penalty: Ridge.Penalty = call["penalty"].number.map { .fixed($0) } ?? .automatic
        let ridge = try Ridge(features: fitted, targets: training, penalty: penalty)
        return (call["features"].word == "components" ? "ridge of components" : "ridge", try ridge.predict(features).map { space.inverse($0) })
    }

    /// Logarithms of mean, deviation, minimum and maximum of each input as it is in the data: a logarithm or a scale in
    /// its pipeline is for the network, and left out here.
    private func statistics() throws -> FeatureMatrix {
        var names: [String] = []
        var rows = [[Double]](repeating: [], count: plan.count)
        for input in inputs {
            let tensor = try supplies.raw(input, of: data)
            let isLogarithm = plan.types[input]?.isLogarithm ?? false
            let size = plan.count > 0 ? tensor.values.count / plan.count : 0
            names += LogStatistics.names.map { inputs.count > 1 ? "\(input).\($0)" : $0 }
            let statistics = LogStatistics()
            for row in 0..<plan.count {
                let values = tensor.values[(row * size)..<((row + 1) * size)]
                rows[row] += isLogarithm ? try statistics(values.map { exponential($0) }) : try statistics(values)
            }
        }
        return try FeatureMatrix(names: names, rows: rows)
    }

    /// Principal components of the inputs as they are in the data, all side by side; the training part alone decides on them.
    private func components(_ count: Int) throws -> FeatureMatrix {
        var rows = [[Double]](repeating: [], count: plan.count)
        for input in inputs {
            let tensor = try supplies.raw(input, of: data)
            let size = plan.count > 0 ? tensor.values.count / plan.count : 0
            for row in 0..<plan.count { rows[row] += tensor.values[(row * size)..<((row + 1) * size)].map(Double.init) }
        }
        func matrix(_ rows: [[Double]]) throws -> NumericArray {
            try NumericArray(shape: [rows.count, rows.first?.count ?? 0], values: Array(rows.joined()), precision: .double)
        }
        let scores = try PCA(fitting: matrix(plan.parts.train.map { rows[$0] }), components: count).scores(of: matrix(rows))
        return try FeatureMatrix(
            names: (1...count).map { "component \($0)" }, rows: (0..<plan.count).map { Array(scores.values[($0 * count)..<(($0 + 1) * count)]) })
    }
}

/// The space a data set's target is trained in, fitted on its training part.
public func targetSpace(of plan: DatasetPlan, training: [Int]? = nil) throws -> TargetSpace {
    try TargetSpace(transform: plan.transform, scale: plan.scale, column: plan.column, values: plan.targets, training: training ?? plan.parts.train)
}
