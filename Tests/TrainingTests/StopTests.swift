import TestSupport
import Testing

@testable import Training

@Suite(.timed) struct StopTests {
    /// The epoch after which early stopping ends a run with these values, as Keras's EarlyStopping does.
    private func stopped(_ values: [Double], patience: Int, minDelta: Double = 0) -> Int? {
        let stop = Stop.early(on: .validationLoss, patience: patience, minDelta: minDelta)
        var memory = Patience()
        for (index, value) in values.enumerated() where memory.take(value, stop: stop) { return index + 1 }
        return nil
    }

    @Test func countsEpochsWithoutImprovement() {
        #expect(stopped([5, 4, 4, 4, 3], patience: 2) == 4)
        #expect(stopped([5, 4, 4, 3, 3, 3], patience: 2) == 6)
        #expect(stopped([5, 4, 3, 2, 1], patience: 1) == nil)
        #expect(stopped([5, 6], patience: 3) == nil)
    }

    @Test func patienceOfNoneEndsWithTheFirstFailureButNotTheFirstEpoch() {
        #expect(stopped([5, 5], patience: 0) == 2)
        #expect(stopped([5, 4, 5], patience: 0) == 3)
    }

    /// An improvement by just `minDelta` does not count, and the best value stays where the last that counted put it.
    @Test func smallImprovementsDoNotMoveTheBest() {
        #expect(stopped([10, 9, 8, 7], patience: 1, minDelta: 1) == 2)
        #expect(stopped([10, 9, 8, 7], patience: 2, minDelta: 1) == nil)
        #expect(stopped([10, 9.5, 8.5, 8.4, 8.3, 8.2], patience: 2, minDelta: 1) == 5)
    }

    @Test func ratesAreFunctionsOfThePlace() {
        let cosine = RateSchedule.cosine(start: 1, end: 0.2)
        #expect(RateSchedule.constant(0.5).rate(epoch: 9, step: 3, steps: 4, epochs: 10) == 0.5)
        #expect(cosine.rate(epoch: 1, step: 0, steps: 4, epochs: 10) == 1)
        #expect(isNear(cosine.rate(epoch: 6, step: 0, steps: 4, epochs: 10), 0.6))
        #expect(isNear(cosine.rate(epoch: 3, step: 2, steps: 4, epochs: 10), 0.6 + 0.4 * 0.7071067811865476))
        #expect(isNear(RateSchedule.exponential(start: 2, factor: 0.25).rate(epoch: 2, step: 2, steps: 4, epochs: 10), 2 * 0.125))
    }

    @Test func monitorsReadTheirNumber() {
        let record = EpochRecord(
            epoch: 1, train: EpochScores(loss: 1, mse: 4, mae: 3), validation: EpochScores(loss: 5, mse: 36, mae: 7), rate: 0.1, seconds: 0)
        #expect(Monitor(.train, .rmse).value(in: record) == 2)
        #expect(Monitor(.train, .mae).value(in: record) == 3)
        #expect(Monitor.validationLoss.value(in: record) == 5)
        #expect(Monitor(.validation, .mse).value(in: record) == 36)
        #expect(Monitor(.validation, .mse).description == "validation.mse")
        #expect(Monitor.trainLoss.value(in: EpochRecord(epoch: 1, train: record.train, validation: nil, rate: 0, seconds: 0)) == 1)
        #expect(Monitor.validationLoss.value(in: EpochRecord(epoch: 1, train: record.train, validation: nil, rate: 0, seconds: 0)) == nil)
    }
}
