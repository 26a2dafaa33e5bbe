import Datasets
import Engine
import Models
import Storage
import Tensors
import TestSupport
import Testing

@testable import Training

extension TrainerTests {
    @Suite(.timed) struct KerasFitTests {
        /// A whole training as Keras ran it: the same losses after each epoch, and early stopping after the same one.
        @Test func agreesWithKeras() throws {
            let expected = try fixture("fit.json")
            var plan = try Tiny.plan(epochs: 200)
            plan.graph = try Tiny.graph(dropout: 0)
            var parameters = ParameterStore()
            for spec in plan.graph.parameters {
                let values = try #require(expected["parameters"]).numbers(spec.name).map { Float($0) }
                parameters[spec.name] = try Tensor(shape: spec.shape, values: values)
            }
            plan.initial = parameters
            plan.train = try samples(expected, "x", "y")
            plan.validation = try samples(expected, "validationX", "validationY")
            plan.batch = plan.train.count
            plan.optimizer = .adam(rate: .constant(0.02))
            plan.stop = .early(on: .validationLoss, patience: 4, minDelta: 0.01)

            let outcome = try #require(try Trainer(plan).run().outcome)
            let (loss, validation) = (try expected.numbers("loss"), try expected.numbers("validationLoss"))
            #expect(outcome.stoppedEarly && outcome.history.count == loss.count)
            #expect(areNear(outcome.history.map(\.trainLoss), loss, 2e-5))
            #expect(areNear(outcome.history.compactMap(\.validationLoss), validation, 2e-5))
            #expect(outcome.keptEpoch - 1 == validation.indices.min { validation[$0] < validation[$1] })
        }

        private func samples(_ fixture: JSONValue, _ x: String, _ y: String) throws -> Samples {
            let (inputs, targets) = (try fixture.numbers(x).map { Float($0) }, try fixture.numbers(y).map { Float($0) })
            return try Samples(
                ids: targets.indices.map(String.init), tensors: ["x": try Tensor(shape: [targets.count, 5, 4, 1], values: inputs)],
                targets: try Tensor(shape: [targets.count, 1], values: targets))
        }
    }
}
