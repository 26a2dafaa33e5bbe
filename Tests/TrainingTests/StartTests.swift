import Engine
import Models
import Tensors
import TestSupport
import Testing

@testable import Training

/// The weights that a training begins with count as those of an epoch 0 where they were learned before.
@Suite(.serialized, .timed) struct StartTests {
    /// A training that goes on from weights that were learned, at a rate that spoils them.
    private func spoiling(keep: Keep = .best(on: .validationLoss), stop: Stop? = nil) throws -> FitPlan {
        let learned = try #require(try Trainer(Tiny.plan(epochs: 60)).run().outcome).kept
        var plan = try Tiny.plan(epochs: 5, keep: keep, stop: stop, rate: 3)
        plan.stage = 1
        plan.initial = learned
        plan.startCounts = true
        return plan
    }

    @Test func whatOnlyGetsWorseHandsOnWhatItWasGiven() throws {
        var plan = try spoiling()
        let initial = try #require(plan.initial)
        let outcome = try #require(try Trainer(plan).run().outcome)
        #expect(outcome.keptEpoch == 0 && outcome.kept == initial && outcome.last != initial)
        #expect(outcome.history.map(\.epoch) == [1, 2, 3, 4, 5])
        let start = try #require(outcome.start)
        #expect(start.train == nil, "nothing watches it")
        let loss = try #require(start.validation?.loss)
        let predicted = try predict(graph: plan.graph, parameters: initial, samples: plan.validation, batch: 4).values
        #expect(
            isNear(
                loss, zip(predicted, plan.validation.targets.values).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) } / 5, 1e-6)
        )
        #expect(outcome.history.allSatisfy { ($0.validationLoss ?? 0) > loss })

        // Drawn weights are no result of anything; and where nothing watches there is nothing to compare.
        plan.startCounts = false
        let drawn = try #require(try Trainer(plan).run().outcome)
        #expect(drawn.keptEpoch > 0 && drawn.start == nil && drawn.last == outcome.last)
        plan.startCounts = true
        plan.keep = .last
        let last = try #require(try Trainer(plan).run().outcome)
        #expect(last.keptEpoch == 5 && last.start == nil && last.last == outcome.last)
    }

    @Test func patienceCountsFromTheStart() throws {
        let outcome = try #require(try Trainer(spoiling(stop: .early(on: .validationLoss, patience: 2, minDelta: 0))).run().outcome)
        #expect(outcome.stoppedEarly && outcome.history.count == 2 && outcome.keptEpoch == 0)
    }

    /// The running loss of the start is that of an epoch that changes nothing, moving statistics included.
    @Test func theTrainingLossOfTheStartChangesNothing() throws {
        var builder = NetworkBuilder()
        var node = try builder.input("x", shape: [5, 4, 1])
        node = try builder.apply(
            .conv(filters: 3, kernel: [2, 2], strides: [1, 1], padding: .valid, activation: nil, bias: false), to: node)
        node = try builder.apply(.batchNorm(gamma: true, beta: true, epsilon: 1e-3, momentum: 0.9), to: node)
        node = try builder.apply(.flatten, to: node)
        node = try builder.apply(.dense(units: 1, activation: nil, bias: true), to: node)
        builder.graph.outputs = [node]
        var plan = try Tiny.plan(epochs: 3, keep: .best(on: .trainLoss), rate: 3)
        plan.graph = builder.graph
        plan.moving = Set(plan.graph.parameters.filter(\.isStatistic).map(\.name))
        plan.initial = try ParameterStore(initializing: plan.graph, seed: 8)
        let without = try #require(try Trainer(plan).run().outcome)
        plan.startCounts = true
        let with = try #require(try Trainer(plan).run().outcome)
        #expect(plan.moving.count == 2 && with.start?.train != nil)
        #expect(with.last == without.last && with.keptEpoch == 0 && with.kept == plan.initial)
    }

    /// Interrupted anywhere, before the first step too, and gone on with: the same bits.
    @Test(arguments: [0, 1, 4]) func interruptsChangeNothing(_ steps: Int) throws {
        let plan = try spoiling(stop: .early(on: .trainLoss, patience: 4, minDelta: 0))
        let whole = try #require(try Trainer(plan).run().outcome)
        let store = MemoryCheckpoints()
        let first = try Trainer(plan, checkpoints: store).run(interrupted: Interruption(after: steps).ask)
        #expect(first.outcome == nil && store.state?.progress.start == whole.start)
        let outcome = try #require(try Trainer(plan, checkpoints: store).run().outcome)
        #expect(outcome.timeless == whole.timeless && outcome.keptEpoch == 0)
    }
}
