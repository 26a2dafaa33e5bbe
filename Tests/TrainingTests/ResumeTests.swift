import Diagnostics
import Engine
import Glibc
import Storage
import Tensors
import TestSupport
import Testing

@testable import Training

extension TrainerTests {
    @Suite(.serialized, .timed) struct ResumeTests {
        private let never = CheckpointPolicy(epochEnd: .infinity, step: .infinity)

        /// Interrupted before each of its steps in turn and gone on with by a fresh trainer, a training ends with the bits
        /// of one that was left alone: weights, kept weights, history.
        @Test(arguments: [Keep.best(on: .validationLoss), .last])
        func resumesBitForBit(_ keep: Keep) throws {
            let plan = try Tiny.plan(epochs: 4, keep: keep, stop: .early(on: .validationLoss, patience: 3, minDelta: 0))
            let expected = try #require(try Trainer(plan).run().outcome)
            let steps = expected.history.count * 3
            for step in 0..<steps {
                let store = MemoryCheckpoints()
                let interruption = Interruption(after: step)
                let place = FitPlace(epoch: step / 3 + 1, step: step % 3)
                #expect(try Trainer(plan, checkpoints: store, policy: never).run(interrupted: interruption.ask) == .interrupted(place))
                let listener = Listener()
                let outcome = try Trainer(plan, checkpoints: store, policy: never).run(observer: listener).outcome
                #expect(outcome?.timeless == expected.timeless, "interrupted before step \(step)")
                #expect(listener.steps == steps - step && listener.header?.resumed == place)
            }
        }

        /// Interrupted before every single step, through files.
        @Test func resumesFromFiles() throws {
            let plan = try Tiny.plan(epochs: 3)
            let expected = try #require(try Trainer(plan).run().outcome)
            let scratch = try Scratch()
            let files = Checkpoints(folder: scratch.file("checkpoints"))
            var outcome: FitOutcome?
            var sittings = 0
            while outcome == nil, sittings < 20 {
                let store = FileCheckpoints(files) { Issue.record("\($0.message)") }
                outcome = try Trainer(plan, checkpoints: store, policy: never).run(interrupted: Interruption(after: 1).ask).outcome
                sittings += 1
            }
            #expect(outcome?.timeless == expected.timeless)
            #expect(sittings == 9)
            // A training that is over is not trained again.
            let listener = Listener()
            let again = try Trainer(plan, checkpoints: FileCheckpoints(files)).run(observer: listener)
            #expect(again.outcome == outcome && listener.steps == 0)
        }

        /// A damaged newest checkpoint costs what came since the one before, nothing else.
        @Test func passesOverADamagedFile() throws {
            let plan = try Tiny.plan(epochs: 3)
            let scratch = try Scratch()
            let files = Checkpoints(folder: scratch.file("checkpoints"))
            for after in [2, 3] {
                _ = try Trainer(plan, checkpoints: FileCheckpoints(files), policy: never).run(interrupted: Interruption(after: after).ask)
            }
            #expect(files.sequences() == [5, 2])
            var bytes = try readFile(files.path(of: 5))
            bytes[bytes.count - 3] ^= 1
            try writeWhole(bytes, to: files.path(of: 5))
            var warnings = 0
            let listener = Listener()
            let store = FileCheckpoints(files) { _ in warnings += 1 }
            let outcome = try Trainer(plan, checkpoints: store, policy: never).run(observer: listener).outcome
            #expect(warnings == 1 && listener.header?.resumed == FitPlace(epoch: 1, step: 2))
            #expect(outcome?.timeless == (try Trainer(plan).run().outcome?.timeless))
        }

        /// Any text is written and read back to the same state, not-a-number and infinity included.
        @Test func progressSurvivesJSON() throws {
            var progress = TrainingProgress(threads: 2)
            progress.history = [
                EpochRecord(
                    epoch: 1, train: EpochScores(loss: 0.1 + 0.2, mse: .infinity, mae: 1.0 / 3), validation: nil, rate: 1e-3,
                    seconds: .leastNonzeroMagnitude)
            ]
            progress.sums.loss = 0.1 + 0.7
            progress.patience.best = -0.0
            let state = TrainingState(parameters: ParameterStore(), optimizer: ParameterStore(), kept: nil, progress: progress)
            let text = try JSONValue(encoding: progress).canonical
            #expect(try TrainingState(tensors: [], progress: JSONValue(parsing: text)) == state)
        }

        @Test func savesAsThePolicySays() throws {
            let plan = try Tiny.plan(epochs: 6)
            // The clock moves on by a second each time it is read: an epoch always takes more than one.
            var now = 0.0
            let every = Listener()
            let store = MemoryCheckpoints()
            _ = try Trainer(plan, checkpoints: store, policy: CheckpointPolicy(epochEnd: 1, step: .infinity)) {
                now += 1
                return now
            }.run(observer: every)
            #expect(every.places.map(\.epoch) == [2, 3, 4, 5, 6, 7] && every.places.allSatisfy { $0.step == 0 })
            #expect(store.saves == 6 && store.state?.progress.ended == .allEpochs)
            #expect(every.reason == .allEpochs && every.epochs.map(\.epoch) == [1, 2, 3, 4, 5, 6])

            let within = Listener()
            _ = try Trainer(plan, checkpoints: store, policy: CheckpointPolicy(epochEnd: 1, step: 2)) {
                now += 1
                return now
            }.run(observer: within)
            #expect(within.places.isEmpty, "it was over")
            _ = try Trainer(plan, checkpoints: MemoryCheckpoints(), policy: CheckpointPolicy(epochEnd: 1, step: 2)) {
                now += 1
                return now
            }.run(observer: within)
            #expect(within.places.contains { $0.step > 0 })

            let frozen = MemoryCheckpoints()
            _ = try Trainer(plan, checkpoints: frozen) { 0 }.run()
            #expect(frozen.saves == 1, "only the end: no time passed")
        }

        @Test func refusesForeignCheckpoints() throws {
            let plan = try Tiny.plan()
            let store = MemoryCheckpoints()
            _ = try Trainer(plan, checkpoints: store, policy: never).run(interrupted: Interruption(after: 4).ask)
            let state = try #require(store.state)
            var variants: [TrainingState] = []
            for change in [
                { $0.progress.epoch = 9 }, { $0.progress.epoch = .min }, { $0.progress.step = 3 }, { $0.progress.step = -1 },
                { $0.progress.threads = 0 }, { $0.progress.stepsDone = 7 }, { $0.kept = nil }, { $0.progress.history = [] },
                { $0.parameters["dense_1.bias"] = nil }, { $0.parameters["dense_1.bias"] = Tensor(zeros: [5]) },
                { $0.parameters["more"] = Tensor(zeros: [1]) },
            ] as [(inout TrainingState) -> Void] {
                var copy = state
                change(&copy)
                variants.append(copy)
            }
            for variant in variants {
                #expect { try Trainer(plan, checkpoints: MemoryCheckpoints(variant)).run() } throws: {
                    ($0 as? Diagnostic)?.id == "bad-checkpoint"
                }
            }
            #expect { try TrainingState(tensors: [], progress: .object([:])) } throws: { ($0 as? Diagnostic)?.id == "bad-checkpoint" }
            #expect(try Trainer(plan, checkpoints: MemoryCheckpoints(state)).run().outcome != nil)
        }
    }
}
