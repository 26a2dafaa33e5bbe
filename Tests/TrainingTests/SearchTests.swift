import Diagnostics
import Storage
import Tensors
import TestSupport
import Testing

@testable import Training

/// Runs a search to its end with scores of an objective, one trial at a time.
func ran(
    _ search: Search, from trials: [SearchTrial] = [], _ objective: ([Double]) -> Double
) throws -> (trials: [SearchTrial], end: SearchEnd?) {
    var trials = trials
    while true {
        switch try search.next(after: trials) {
        case .run(let proposal):
            let point = try #require(search.coordinates(of: proposal.values))
            trials.append(SearchTrial(proposal, .finished(score: objective(point))))
        case .wait: return (trials, nil)
        case .done(let end): return (trials, end)
        }
        guard trials.count < 5000 else { return (trials, nil) }
    }
}

@Suite(.timed) struct SearchTests {
    private let rate: SearchDimension, width: SearchDimension, kind: SearchDimension

    init() throws {
        rate = try SearchDimension(name: "rate", kind: .logarithmic(low: 1e-4, high: 0.5))
        width = try SearchDimension(name: "width", kind: .integers(low: 16, high: 128, step: 16))
        kind = try SearchDimension(name: "kind", kind: .choices(count: 3))
    }

    private func bowl(_ x: [Double]) -> Double {
        x.enumerated().reduce(0) { $0 + ($1.element - 0.3 - 0.1 * Double($1.offset)) * ($1.element - 0.3) }
    }

    /// Killed after any number of trials, a search proposes what it would have proposed; its trials go through a file.
    @Test(
        arguments: [
            .grid(points: 3), .random(trials: 30), .bayesian(BayesianSettings(trials: 22)),
            .bayesian(BayesianSettings(trials: 12, initial: 2)),
            .hyperband(try HyperbandSchedule(maxEpochs: 9, factor: 3)),
        ] as [SearchStrategy])
    func goesOnAsIfItHadNotBeenKilled(_ strategy: SearchStrategy) throws {
        let search = try Search([rate, width, kind], strategy, seed: 7)
        let whole = try ran(search, bowl)
        #expect(whole.end == .complete && whole.trials.count == search.trials)
        for count in whole.trials.indices {
            let kept = try JSONValue(encoding: Array(whole.trials.prefix(count))).decoded(as: [SearchTrial].self)
            let settings = try JSONValue(encoding: strategy).decoded(as: SearchStrategy.self)
            let again = try Search(search.dimensions, settings, seed: 7).next(after: kept)
            #expect(again == .run(whole.trials[count].proposal), "after \(count) trials")
        }
        let other = try Search(search.dimensions, strategy, seed: 8)
        if case .grid = strategy {} else { #expect(try other.next(after: []) != .run(whole.trials[0].proposal)) }
    }

    @Test func aGridIsEveryCombination() throws {
        let (trials, end) = try ran(
            Search([kind, rate, SearchDimension(name: "x", kind: .linear(low: -1, high: 1))], .grid(points: 3), seed: 0)
        ) { _ in 1 }
        #expect(end == .complete && trials.count == 27 && Set(trials.map(\.proposal.values)).count == 27)
        #expect(trials[0].proposal.values == [.choice(0), .number(1e-4), .number(-1)])
        #expect(trials[1].proposal.values == [.choice(0), .number(1e-4), .number(0)])
        #expect(trials[26].proposal.values == [.choice(2), .number(0.5), .number(1)])
        #expect(isNear(trials[3].proposal.values[1].number, (1e-4 * 0.5).squareRoot()))
    }

    @Test func aSmallSpaceIsNeverTriedTwice() throws {
        for strategy in [SearchStrategy.random(trials: 500), .bayesian(BayesianSettings(trials: 500))] {
            let (trials, end) = try ran(Search([width, kind], strategy, seed: 3), bowl)
            #expect(end == .exhausted && Set(trials.map(\.proposal.values)).count == trials.count)
            #expect(trials.count > 18 && trials.count <= 24)
        }
    }

    /// A valley of learning rates with a cliff, as trainings have it: twelve trials each, ten seeds.
    @Test func aGaussianProcessBeatsChance() throws {
        var best: [Double] = []
        for strategy in [SearchStrategy.random(trials: 12), .bayesian(BayesianSettings(trials: 12))] {
            best.append(
                try (1...10).reduce(0.0) { sum, seed in
                    let (trials, _) = try ran(Search([rate], strategy, seed: UInt64(seed))) {
                        $0[0] > 0.85 ? 4 : ($0[0] - 0.62) * ($0[0] - 0.62) * 10
                    }
                    return sum + (trials.best.flatMap { trials[$0].score } ?? .infinity)
                } / 10)
        }
        #expect(best[1] < best[0] / 5)
    }

    @Test func aGaussianProcessFindsAMinimumOfSeveralDimensions() throws {
        let dimensions = try ["a", "b"].map { try SearchDimension(name: $0, kind: .linear(low: 0, high: 1)) }
        let (trials, _) = try ran(Search(dimensions, .bayesian(BayesianSettings(trials: 30)), seed: 1)) {
            ($0[0] - 0.7) * ($0[0] - 0.7) + 2 * ($0[1] - 0.2) * ($0[1] - 0.2)
        }
        #expect(try #require(trials.best.flatMap { trials[$0].score }) < 1e-3)
    }

    @Test func failedTrialsAreLeftOut() throws {
        let search = try Search([rate], .bayesian(BayesianSettings(trials: 60)), seed: 5)
        let (trials, _) = try ran(search) { $0[0] > 0.7 ? .nan : $0[0] < 0.05 ? .infinity : -$0[0] }
        let failures = trials.filter { $0.score == nil }.count
        #expect(trials.count == 60 && failures > 0 && Set(trials.map(\.proposal.values)).count == 60)
        #expect(try #require(trials.best.flatMap { trials[$0].score }) < -0.65)
        // All failed: random trials to the end.
        let (none, end) = try ran(search) { _ in .nan }
        #expect(none.count == 60 && end == .complete && none.best == nil && none.allSatisfy { $0.score == nil })
    }

    /// Whatever came before, the process does not propose beside a trial that is running.
    @Test func runningTrialsAreImagined() throws {
        let search = try Search([rate], .bayesian(BayesianSettings(trials: 40)), seed: 5)
        var trials = Array(try ran(search, bowl).trials.prefix(10))
        var places: [Double] = []
        for _ in 0..<5 {
            guard case .run(let proposal) = try search.next(after: trials) else {
                Issue.record("no proposal")
                return
            }
            trials.append(SearchTrial(proposal, .running))
            places.append(try #require(search.coordinates(of: proposal.values)?.first))
        }
        for i in places.indices { for j in 0..<i { #expect(abs(places[i] - places[j]) > 1e-3) } }
        // Scores near the largest number there is.
        for index in 0..<10 { trials[index].state = .finished(score: index.isMultiple(of: 2) ? 1.7e308 : -1.7e308) }
        guard case .run = try search.next(after: trials) else {
            Issue.record("no proposal")
            return
        }
    }

    @Test func thousandsOfTrialsAreBorne() throws {
        let dimensions = [rate, width, kind]
        let many = try ran(Search(dimensions, .random(trials: 1000), seed: 1)) { $0[0] }
        let search = try Search(dimensions, .bayesian(BayesianSettings(trials: 2000)), seed: 1)
        guard case .run(let proposal) = try search.next(after: many.trials) else {
            Issue.record("no proposal")
            return
        }
        // The process has seen the best of the trials, the oldest among them.
        #expect(try #require(search.coordinates(of: proposal.values)?.first) < 0.1)
    }

    @Test func refusesWhatCannotBeSearched() throws {
        let (rate, width) = (rate, width)
        for strategy in [
            .grid(points: 1), .grid(points: .max), .random(trials: 0), .random(trials: .max), .bayesian(BayesianSettings(trials: 0)),
            .bayesian(BayesianSettings(trials: 5, initial: 0)), .bayesian(BayesianSettings(beta: .nan)),
            .bayesian(BayesianSettings(beta: -1)),
            .bayesian(BayesianSettings(noise: 0)), .bayesian(BayesianSettings(noise: .infinity)),
            .hyperband(try HyperbandSchedule(maxEpochs: 1_000_000, factor: 2, iterations: 1000)),
        ] as [SearchStrategy] {
            #expect { try Search([rate, width], strategy, seed: 1) } throws: { ($0 as? Diagnostic)?.id == "search-space" }
        }
        for dimensions in [[], [rate, width, rate]] {
            #expect { try Search(dimensions, .random(trials: 3), seed: 1) } throws: { ($0 as? Diagnostic)?.id == "search-space" }
        }
        let long = try (0..<40).map { try SearchDimension(name: "\($0)", kind: .choices(count: .max)) }
        #expect { try Search(long, .grid(points: 2), seed: 1) } throws: { ($0 as? Diagnostic)?.id == "search-space" }
        let search = try Search([rate], .random(trials: 3), seed: 1)
        for values in [[], [.choice(0)], [.number(7)], [.number(0.1), .number(0.1)]] as [[SearchValue]] {
            let trial = SearchTrial(SearchProposal(values: values), .failed)
            #expect { try search.next(after: [trial]) } throws: { ($0 as? Diagnostic)?.id == "search-space" }
        }
    }

    @Test func theBestAndTheFailed() {
        func trial(_ state: SearchTrial.State) -> SearchTrial { SearchTrial(SearchProposal(values: []), state) }
        let trials = [
            .failed, .finished(score: 2), .finished(score: -1), .finished(score: .nan), .running, .finished(score: -1), .failed, .running,
            .failed,
        ].map(trial)
        #expect(trials.best == 2 && trials.map(\.score) == [nil, 2, -1, nil, nil, -1, nil, nil, nil])
        #expect([SearchTrial]().best == nil)
    }
}
