import TestSupport
import Testing

@testable import Training

/// Learning rates as functions of where a training stands.
@Suite(.timed) struct RateTests {
    private func history(_ losses: [Double]) -> [EpochRecord] {
        losses.enumerated().map { epoch, loss in
            let scores = EpochScores(loss: loss, mse: loss, mae: loss)
            return EpochRecord(epoch: epoch + 1, train: scores, validation: scores, rate: 1, seconds: 0)
        }
    }

    /// The rates that `keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=2, min_delta=0.1, min_lr=0.2)` of Keras 3.15 sets
    /// after each of these losses, from 1.
    @Test func plateausAreThoseOfKeras() {
        let losses = [5, 4, 3.95, 3.92, 3.0, 3.0, 3.05, 2.95, 2.93, 2.0, 2.5, 2.5, 2.5, 2.5]
        let expected = [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2]
        let rate = RateSchedule.plateau(start: 1, factor: 0.5, patience: 2, on: .validationLoss, minDelta: 0.1, least: 0.2)
        for epoch in losses.indices {
            #expect(
                rate.rate(epoch: epoch + 2, step: 0, steps: 5, epochs: 100, history: history(Array(losses[...epoch]))) == expected[epoch],
                "after epoch \(epoch + 1)")
        }
        #expect(rate.rate(epoch: 1, step: 3, steps: 5, epochs: 100) == 1)
    }

    @Test func cosineAndExponentialGoStepByStep() {
        let cosine = RateSchedule.cosine(start: 1, end: 0.1)
        #expect(cosine.rate(epoch: 1, step: 0, steps: 4, epochs: 10) == 1)
        #expect(abs(cosine.rate(epoch: 6, step: 0, steps: 4, epochs: 10) - 0.55) < 1e-12)
        #expect(cosine.rate(epoch: 10, step: 3, steps: 4, epochs: 10) < 0.11)
        let exponential = RateSchedule.exponential(start: 2, factor: 0.25)
        #expect(abs(exponential.rate(epoch: 2, step: 2, steps: 4, epochs: 10) - 0.25) < 1e-12)
    }
}
