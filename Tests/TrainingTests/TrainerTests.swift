import Datasets
import Diagnostics
import Engine
import Models
import Tensors
import TestSupport
import Testing

@testable import Training

/// The engine belongs to one thread at a time.
@Suite(.serialized, .timed) struct TrainerTests {
    @Test func learns() throws {
        let outcome = try #require(try Trainer(Tiny.plan(epochs: 60)).run().outcome)
        #expect(outcome.history.count == 60 && outcome.reason == .allEpochs)
        let (first, last) = (try #require(outcome.history.first), try #require(outcome.history.last))
        #expect(last.trainLoss < 0.3 * first.trainLoss)
        #expect(try #require(last.validationLoss) < (try #require(first.validationLoss)))
    }

    /// The running loss and the validation loss are means over items, whatever the batches: a rate of 0 leaves the weights.
    @Test func lossesAreMeansOverItems() throws {
        var plan = try Tiny.plan(epochs: 1, rate: 0)
        plan.graph = try Tiny.graph(dropout: 0)
        let parameters = try ParameterStore(initializing: plan.graph, seed: 8)
        plan.initial = parameters
        plan.report = ReportSpace { value, _ in 10 * value }
        let outcome = try #require(try Trainer(plan).run().outcome)
        #expect(outcome.last == parameters)
        let record = try #require(outcome.history.first)
        for (part, scores) in [(plan.train, record.train), (plan.validation, try #require(record.validation))] {
            let predicted = try predict(graph: plan.graph, parameters: parameters, samples: part, batch: 3).values
            let errors = zip(predicted, part.targets.values).map { Double($0) - Double($1) }
            let n = Double(errors.count)
            #expect(isNear(scores.loss, errors.reduce(0) { $0 + $1 * $1 } / n, 1e-5))
            #expect(isNear(scores.mse, 100 * errors.reduce(0) { $0 + $1 * $1 } / n, 1e-5))
            #expect(isNear(scores.mae, 10 * errors.reduce(0) { $0 + abs($1) } / n, 1e-5))
        }
    }

    /// A last batch of three in a program of four learns what a program of three would.
    @Test func partialBatchesCountOnlyTheirItems() throws {
        var plan = try Tiny.plan(epochs: 1)
        plan.graph = try Tiny.graph(dropout: 0)
        plan.train = try Tiny.samples(3, seed: 1)
        plan.initial = try ParameterStore(initializing: plan.graph, seed: 8)
        let whole = try #require(try Trainer(plan).run().outcome)
        #expect(whole.history.first?.train.loss.isFinite == true)

        // The same step by hand, in a program with room for four.
        let program = try Program(plan.graph, batch: 4, purpose: .training(trainable: plan.trainableNames))
        try program.load(try #require(plan.initial))
        try BatchReader(graph: plan.graph, samples: plan.train).fill(program, with: [2, 0, 1])
        try program.forward(dropout: nil)
        let truth = BatchReader(graph: plan.graph, samples: plan.train).targets(of: [2, 0, 1], width: 1)
        try program.withOutput(0) { predicted in
            try program.withOutputGradient(0) {
                Loss.mse.writeGradient(predicted, truth, count: 3, width: 1, to: $0)
                #expect($0.count == 4 && $0[3] == 0)
            }
        }
        try program.backward()
        try program.adam(rate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, step: 1)
        let by = try program.parameters()
        for name in by.names {
            let (a, b) = (try #require(by[name]).values, try #require(whole.last[name]).values)
            #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 }, "\(name)")
        }
    }

    @Test func theSeedDecidesEverything() throws {
        let a = try #require(try Trainer(Tiny.plan()).run().outcome).timeless
        #expect(a == (try #require(try Trainer(Tiny.plan()).run().outcome).timeless))
        #expect(a != (try #require(try Trainer(Tiny.plan(seed: 4)).run().outcome).timeless))
        var folded = try Tiny.plan()
        folded.initial = try ParameterStore(initializing: folded.graph, seed: 3)
        folded.fold = 1
        #expect(a != (try #require(try Trainer(folded).run().outcome).timeless))
    }

    @Test func keepsTheBestEpoch() throws {
        // A rate far too high at first makes the validation loss jump about.
        let outcome = try #require(try Trainer(Tiny.plan(epochs: 12, rate: 0.2)).run().outcome)
        let losses = outcome.history.compactMap(\.validationLoss)
        #expect(outcome.keptEpoch == (try #require(losses.indices.min { losses[$0] < losses[$1] })) + 1)
        let plan = try Tiny.plan(epochs: 12, rate: 0.2)
        let predicted = try predict(graph: plan.graph, parameters: outcome.kept, samples: plan.validation, batch: 4)
        let loss = zip(predicted.values, plan.validation.targets.values).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) } / 5
        #expect(isNear(loss, losses[outcome.keptEpoch - 1], 1e-6))

        let last = try #require(try Trainer(Tiny.plan(epochs: 12, keep: .last, rate: 0.2)).run().outcome)
        #expect(last.keptEpoch == 12 && last.kept == last.last && last.last == outcome.last)
    }

    @Test func stopsEarly() throws {
        let stop = Stop.early(on: .trainLoss, patience: 2, minDelta: 100)
        let outcome = try #require(try Trainer(Tiny.plan(epochs: 9, stop: stop)).run().outcome)
        #expect(outcome.stoppedEarly && outcome.history.count == 3)
    }

    /// Frozen parameters stay as they were, to the bit.
    @Test func trainsOnlyWhatItIsTold() throws {
        var plan = try Tiny.plan()
        plan.initial = try ParameterStore(initializing: plan.graph, seed: 8)
        plan.trainable = ["dense_2.kernel", "dense_2.bias"]
        let listener = Listener()
        let outcome = try #require(try Trainer(plan).run(observer: listener).outcome)
        for name in outcome.last.names {
            #expect((outcome.last[name] == plan.initial?[name]) == !name.hasPrefix("dense_2"), "\(name)")
        }
        let header = try #require(listener.header)
        #expect(header.trainingLayers == ["dense_2"] && header.frozenLayers == ["conv_1", "dense_1"])
        #expect(header.trainingParameters == 7 && header.frozenParameters == 15 + 36 * 6 + 6)
        #expect(header.steps == 3 && header.batch == 4 && header.resumed == nil)
    }

    /// The head of a training says whose statistics follow the batches, and whose stay though the layer learns. Those that follow
    /// are not frozen.
    @Test func theHeaderSaysWhoseStatisticsMove() throws {
        var builder = NetworkBuilder()
        var node = try builder.input("x", shape: [5, 4, 1])
        for _ in 0..<3 {
            node = try builder.apply(
                .conv(filters: 2, kernel: [1, 1], strides: [1, 1], padding: .valid, activation: nil, bias: false), to: node)
            node = try builder.apply(.batchNorm(gamma: true, beta: true, epsilon: 1e-3, momentum: 0.9), to: node)
        }
        node = try builder.apply(.flatten, to: node)
        node = try builder.apply(.dense(units: 1, activation: nil, bias: true), to: node)
        builder.graph.outputs = [node]
        let norms = try builder.graph.nodes.compactMap { node -> BatchNormalization? in
            if case .batchNorm(let norm) = node.operation { norm } else { nil }
        }.map { norm in (layer: String(norm.mean.prefix { $0 != "." }), norm: norm, gamma: try #require(norm.gamma)) }
        #expect(norms.count == 3)
        var plan = try Tiny.plan(epochs: 1)
        plan.graph = builder.graph
        plan.trainable = Set(norms.dropFirst().map(\.gamma))
        plan.moving = [norms[2].norm.mean, norms[2].norm.variance]
        let listener = Listener()
        _ = try Trainer(plan).run(observer: listener)
        let header = try #require(listener.header)
        #expect(header.movingLayers == [norms[2].layer] && header.steadyLayers == [norms[1].layer])
        // Everything but two gammas and one pair of statistics of two channels each.
        #expect(header.trainingParameters == 4)
        #expect(header.frozenParameters == plan.graph.parameters.reduce(0) { $0 + $1.shape.count } - 4 - 4)
    }

    @Test func divergingIsAnError() throws {
        var wild = try Tiny.plan(epochs: 30)
        wild.optimizer = .adam(rate: .constant(7e29))
        #expect { try Trainer(wild).run() } throws: {
            guard let diagnostic = $0 as? Diagnostic, diagnostic.id == "diverged" else { return false }
            #expect(diagnostic.message == "the training diverged in epoch 1, step 3, at rate 7e+29: the loss is not a number")
            return diagnostic.hints == ["lower the rate, for example to 0.001"]
        }
        // Watching a number of the report that overflows is an error as well, not watching it is none.
        var plan = try Tiny.plan(epochs: 1)
        plan.report = ReportSpace { _, _ in .infinity }
        #expect(try Trainer(plan).run().outcome != nil)
        plan.stop = .early(on: Monitor(.validation, .rmse), patience: 1, minDelta: 0)
        #expect { try Trainer(plan).run() } throws: { ($0 as? Diagnostic)?.id == "diverged" }
    }

    @Test func refusesPlansThatCannotRun() throws {
        let good = try Tiny.plan()
        var empty = good
        var watching = good
        var misshapen = good
        var nameless = good
        var none = good
        empty.train = try Tiny.samples(0, seed: 1)
        watching.validation = try Tiny.samples(0, seed: 1)
        misshapen.train = try Samples(ids: good.train.ids, tensors: ["x": Tensor(zeros: [11, 4, 5, 1])], targets: good.train.targets)
        nameless.train = try Samples(ids: good.train.ids, inputs: [:], targets: good.train.targets)
        none.batch = 0
        for plan in [empty, watching, misshapen, nameless, none] {
            #expect { try Trainer(plan).run() } throws: { ($0 as? Diagnostic)?.id == "fit" }
        }
        watching.keep = .last
        #expect(try Trainer(watching).run().outcome?.history.first?.validation == nil)
    }

    /// A program for inference has no places for items that there are not, but for a few.
    @Test func predictionsTakeNoMoreThanTheirItems() {
        #expect(chunk(ofBatch: 1_000_000, count: 24) == 24)
        #expect(chunk(ofBatch: 32, count: 500) == 32)
        #expect(chunk(ofBatch: 32, count: 1) == 8)
        #expect(chunk(ofBatch: 1, count: 24) == 1)
    }

    /// The bits of an item do not depend on how many come after it.
    @Test func predictionsDoNotDependOnTheCount() throws {
        let graph = try Tiny.graph()
        let parameters = try ParameterStore(initializing: graph, seed: 8)
        let all = try Tiny.samples(11, seed: 1)
        let whole = try predict(graph: graph, parameters: parameters, samples: all, batch: 4)
        #expect(whole.shape == [11, 1])
        for count in [0, 1, 4, 6, 10] {
            let some = try Samples(
                ids: Array(all.ids.prefix(count)),
                inputs: ["x": try #require(all.inputs["x"]).gather(Array(0..<count))],
                targets: try Tensor(shape: [count, 1], values: Array(all.targets.values.prefix(count))))
            #expect(try predict(graph: graph, parameters: parameters, samples: some, batch: 4).values == Array(whole.values.prefix(count)))
        }
        #expect { try predict(graph: graph, parameters: parameters, samples: all, batch: 0) } throws: { ($0 as? Diagnostic)?.id == "fit" }
    }
}

final class Listener: FitObserver {
    var header: FitHeader?
    var epochs: [EpochRecord] = [], places: [FitPlace] = [], steps = 0, reason: StopReason?, interruptedAt: FitPlace?
    func began(_ header: FitHeader) { self.header = header }
    func stepped(_ progress: FitProgress) { steps += 1 }
    func finished(_ epoch: EpochRecord) { epochs.append(epoch) }
    func wroteCheckpoint(at place: FitPlace) { places.append(place) }
    func ended(_ reason: StopReason) { self.reason = reason }
    func interrupted(at place: FitPlace) { interruptedAt = place }
}
