import Experiments
import TestSupport
import Testing

/// The time left of a run as a function of its plan and of what was measured.
@Suite(.timed) struct TimeLeftTests {
    @Test func nothingMeasuredTellsNothing() {
        let left = TimeLeft(planned: 100)
        #expect(left.seconds(with: nil) == nil)
        #expect(left.seconds(with: .init(estimate: 10)) == nil)
    }

    /// Three trainings of 10 s as planned, on a machine that takes twice as long.
    @Test func thePlanIsCorrectedByWhatWasMeasured() throws {
        var left = TimeLeft(planned: 30)
        // Half of the first took 10 s: 10 for its other half, 20 each for the two others.
        var training = TimeLeft.Training(estimate: 10, share: 0.5, measured: 10)
        #expect(try #require(left.seconds(with: training)) == 50)
        training.share = 1
        training.measured = 20
        left.end(training)
        #expect(try #require(left.seconds(with: nil)) == 40)
        // A training that has just begun is taken to be as far off as those before.
        #expect(try #require(left.seconds(with: .init(estimate: 10))) == 40)
        left.end(.init(estimate: 10, share: 1, measured: 20))
        left.end(.init(estimate: 10, share: 1, measured: 20))
        #expect(left.seconds(with: nil) == 0)
    }

    /// What stops early at a quarter of its epochs says that the others may do so.
    @Test func earlyStopsCount() throws {
        var left = TimeLeft(planned: 40)
        left.end(.init(estimate: 10, share: 0.25, measured: 2.5))
        #expect(try #require(left.seconds(with: nil)) == 7.5)
    }

    /// Of a training that an earlier run began, only what is done here is measured.
    @Test func aTrainingThatGoesOnCountsFromThere() throws {
        let left = TimeLeft(planned: 20)
        let training = TimeLeft.Training(estimate: 10, begun: 0.5, share: 0.75, measured: 5)
        #expect(try #require(training.rest) == 5)
        #expect(try #require(left.seconds(with: training)) == 25)
    }

    /// More trainings than were planned, such as a refit, never make the rest negative.
    @Test func moreThanWasPlanned() throws {
        var left = TimeLeft(planned: 10)
        left.end(.init(estimate: 10, share: 1, measured: 10))
        #expect(try #require(left.seconds(with: .init(estimate: 10, share: 0.5, measured: 5))) == 5)
    }
}
