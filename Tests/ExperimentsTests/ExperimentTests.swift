import Diagnostics
import Language
import SessionTestSupport
import Storage
import Tensors
import TestSupport
import Testing
import Training

@testable import Builtins
@testable import Experiments

/// Experiments of each form as their check makes them.
@Suite(.timed) struct ExperimentTests {
    private static let script = """
        dataset marks {
            rows:   csv("marks.csv")
            id:     "id"
            inputs: { shape: tensor("{id}.npy") }
            target: { column: "mark", unit: "GPa" }
            split:  random(train: 50%, validation: 25%, holdout: 25%, seed: 7)
        }
        model net {
            input shape: [3]
            shape >> dense(4) >> dense(1)
        }
        experiment one { data: marks, model: net, loss: mse, seed: 3, epochs: 5, batch: 4, optimizer: adam(rate: 0.02), \
        stop: early(on: validation.loss, patience: 2) }
        experiment twin like one { epochs: 5 }
        schedule two {
            stage first { train: matching("*.bias"), rate: cosine(0.1), epochs: 2, stop: never }
            stage second { train: all, groups: [group(matching("*.bias"), rate: 0.5)], keep: last }
        }
        experiment staged like one { schedule: two }
        experiment folded like one { folds: 3, report: refit }
        experiment searched like one { optimizer: adam(rate: loguniform(1e-4, 1e-2)), batch: choice([4, 8]), epochs: integers(2, 6), \
        search: randomSearch(trials: 2, on: validation.rmse) }
        """

    /// Hands over the context of the checked script and what it declares, by name, while the files are there.
    private func withChecked(_ body: (CheckContext, [String: Object]) throws -> Void) throws {
        let scratch = try Scratch()
        defer { withExtendedLifetime(scratch) {} }
        var table = "id,mark\n"
        for row in 0..<24 {
            table += "a\(row),\(row + 1)\n"
            try scratch.file("a\(row).npy", npyBytes(NumericArray(shape: [3], values: [1, 2, Double(row)], precision: .double)))
        }
        try writeWhole(table, to: scratch.file("marks.csv"))
        var options = SessionOptions()
        options.standardLibrary = Place.library
        let session = try Session(base: scratch.path + "/", options: options, reporter: LineReporter())
        let checked = session.check(Self.script, file: "script.ecdx")
        #expect(checked.script.diagnostics.filter { $0.severity == .error } == [])
        let objects = checked.script.names.compactMap { name in name.value.object.map { (name.name, $0) } }
        try body(checked.context, Dictionary(objects) { _, last in last })
    }

    @Test func oneTrainingHasOneStageWithoutAName() throws {
        try withChecked { context, objects in
            let one = try context.experiment(#require(objects["one"]))
            guard case .single = one.form else { throw TestFailure(description: "expected one training") }
            #expect(one.name == "one" && one.seed == 3 && one.augmentation.isEmpty && one.folds == nil && one.search == nil)
            #expect(!one.isStaged && one.stages.count == 1 && one.last.name == nil && one.fold == nil && !one.isContinued)
            #expect([one.parts.train.count, one.parts.validation.count, one.parts.holdout.count] == [12, 6, 6])
            let stage = one.last
            #expect(stage.rate == .constant(0.02) && stage.epochs == .given(5) && stage.batch == .given(4))
            #expect(stage.stop == .early(on: .validationLoss, patience: 2, minDelta: 0) && stage.keep == .best(on: .validationLoss))
            #expect(stage.watches && stage.training.trainable == Set(one.built.graph.parameters.map(\.name)))
        }
    }

    @Test func aStageHasItsOwnSettingsAndThoseOfTheExperiment() throws {
        try withChecked { context, objects in
            let staged = try context.experiment(#require(objects["staged"]))
            #expect(staged.isStaged && staged.stages.map(\.name) == ["first", "second"] && staged.last.name == "second")
            let (first, second) = (staged.stages[0], staged.last)
            #expect(first.rate == .cosine(start: 0.1, end: 0) && first.epochs == .given(2) && first.batch == .given(4))
            #expect(first.stop == nil && first.keep == .best(on: .validationLoss) && first.training.trainable.count == 2)
            #expect(second.rate == .constant(0.02) && second.epochs == .given(5) && second.stop != nil && second.keep == .last)
            #expect(second.training.trainable.count == 4)
            #expect(second.training.groups == [RateGroup(names: first.training.trainable, rate: .constant(0.5))])
            let begun = try context.experiment(staged, throughStage: 0)
            #expect(begun.stages.count == 1 && begun.last.name == "first" && begun.name == "staged first")
        }
    }

    @Test func foldsHavePartsOfTheirOwn() throws {
        try withChecked { context, objects in
            let folded = try context.experiment(#require(objects["folded"]))
            guard case .folds(let folds) = folded.form else { throw TestFailure(description: "expected folds") }
            #expect(folds == Experiment.Folds(count: 3, report: .refit) && folded.parts.train.count == 12)
            let trainings = try context.folds(of: folded)
            #expect(trainings.map(\.fold) == (0..<3).map { .leftOut($0, of: 3) } && trainings.map(\.foldIndex) == [0, 1, 2])
            #expect(trainings.allSatisfy { $0.folds == nil && $0.parts.train.count == 12 && $0.parts.holdout == folded.parts.holdout })
            #expect(trainings.flatMap(\.parts.validation).sorted() == foldPool(folded.plan))
            let refit = try context.experiment(folded.declared.refitted(epochs: [7]))
            #expect(refit.fold == .refit && refit.parts.train == foldPool(folded.plan) && refit.parts.validation.isEmpty)
            #expect(refit.last.epochs == .given(7) && refit.last.stop == nil && refit.last.keep == .last)
        }
    }

    @Test func whatASearchDrawsIsOpenUntilATrial() throws {
        try withChecked { context, objects in
            let searched = try context.experiment(#require(objects["searched"]))
            guard case .search(let search) = searched.form else { throw TestFailure(description: "expected a search") }
            #expect(search.spaces.map(\.name) == ["batch", "epochs", "optimizer.rate"])
            #expect(search.monitor == Training.Monitor(.validation, .rmse) && search.search.trials == 2)
            // What is open stands with its first value, and no training is made of it.
            #expect(searched.last.rate == .constant(1e-4) && searched.last.batch.most == 8 && searched.last.epochs.most == 6)
            #expect(throws: Diagnostic.self) { try searched.last.epochCount() }
            let trial = try context.experiment(searched.declared.trial([.number(8), .number(3), .number(0.001)], label: "trial"))
            #expect(trial.search == nil && trial.last.batch == .given(8) && trial.last.epochs == .given(3) && trial.name == "trial")
            #expect(trial.last.rate == .constant(0.001))
            let continued = try context.experiment(trial.declared.continued(to: 9))
            #expect(continued.isContinued && continued.last.epochs == .given(9))
        }
    }

    private struct MadeAgain: Error {}

    @Test func anExperimentIsMadeOnceUnderWhateverName() throws {
        try withChecked { context, objects in
            let object = try #require(objects["one"])
            let one = try context.experiment(object)
            let encoders = try context.encoderVersion(of: ExperimentObject(object).model)
            let key = ExperimentOnPlan(object: object, plan: one.plan.identity, encoders: encoders)
            let known: Experiment = try context.remembered(key) { throw MadeAgain() }
            #expect(known.plan.identity == one.plan.identity)
            let twin = try context.experiment(#require(objects["twin"]))
            #expect(twin.declared == object && twin.name == "twin" && twin.plan.identity == one.plan.identity)
            #expect(try context.experiment(object).name == "one")
        }
    }
}
