import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Training

@Suite(.timed) struct SearchHyperbandTests {
    private func line() throws -> [SearchDimension] { [try SearchDimension(name: "x", kind: .linear(low: 0, high: 1))] }

    @Test func sizesAndEpochsAreThoseOfKerasTuner() throws {
        for (name, brackets) in try #require(fixture("search/tuner.json")["schedules"]?.objectValue) {
            let numbers = name.split(separator: ",").compactMap { Int($0) }
            let schedule = try HyperbandSchedule(maxEpochs: numbers[0], factor: numbers[1])
            let expected = try #require(brackets.arrayValue)
            #expect(schedule.brackets == expected.count, "\(name)")
            for (bracket, rounds) in expected.enumerated() {
                for (round, pair) in try #require(rounds.arrayValue).enumerated() {
                    let found = [schedule.size(bracket: bracket, round: round), schedule.epochs(bracket: bracket, round: round)]
                    #expect(found == pair.arrayValue?.compactMap(\.intValue), "\(name), bracket \(bracket), round \(round)")
                }
            }
        }
        let usual = try HyperbandSchedule()
        #expect((0...4).map { usual.size(bracket: 4, round: $0) } == [98, 33, 11, 4, 2])
        for (bracket, round) in [(-1, 0), (5, 0), (4, 5), (4, -1), (.max, .min)] {
            #expect(usual.size(bracket: bracket, round: round) == 0 && usual.epochs(bracket: bracket, round: round) == 0)
        }
        #expect((0...4).map { usual.epochs(bracket: 4, round: $0) } == [2, 4, 12, 34, 100])
    }

    /// The same trainings in the same order as Keras Tuner's oracle, with one worker and with several.
    @Test(arguments: 0..<4) func runsInTheOrderOfKerasTuner(_ number: Int) throws {
        let expected = try #require(fixture("search/tuner.json")["searches"]?.arrayValue)[number]
        let schedule = try HyperbandSchedule(
            maxEpochs: Int(expected.number("maxEpochs")), factor: Int(expected.number("factor")),
            iterations: Int(expected.number("iterations")))
        let search = try Search(line(), .hyperband(schedule), seed: 2)
        var trials: [SearchTrial] = []
        for (position, event) in try #require(expected["events"]?.arrayValue).enumerated() {
            if let ended = event.intValue {
                trials[ended].state = .finished(score: Double(ended * 7919 % 1009) / 8)
                continue
            }
            let step = try search.next(after: trials)
            switch step {
            case .run(let proposal):
                let rung = try #require(proposal.rung)
                #expect(
                    event.arrayValue?.compactMap(\.intValue) == [rung.bracket, rung.round, rung.from, rung.to, rung.continues ?? -1],
                    "event \(position)")
                if let past = rung.continues { #expect(trials[past].proposal.values == proposal.values) }
                trials.append(SearchTrial(proposal, .running))
            case .wait: #expect(event.stringValue == "wait", "event \(position)")
            case .done(let end): #expect(event.stringValue == "done" && end == .complete, "event \(position)")
            }
        }
        #expect(trials.count == search.trials && !trials.contains(where: \.isRunning))
        #expect(try search.next(after: trials) == .done(.complete))
    }

    /// Whoever fails, the brackets end, and no failed trial is trained further.
    @Test(arguments: [0.1, 0.5, 0.97, 1]) func failuresAreNeverPromoted(_ share: Double) throws {
        let search = try Search(line(), .hyperband(HyperbandSchedule(maxEpochs: 27, iterations: 2)), seed: 4)
        let (trials, end) = try ran(search) { $0[0] < share ? .nan : $0[0] }
        #expect(end == .complete)
        for trial in trials {
            if let past = trial.proposal.rung?.continues { #expect(trials[past].score != nil) }
        }
        let schedule = try HyperbandSchedule(maxEpochs: 27)
        let first = trials.filter { $0.proposal.rung?.bracket == 3 && $0.proposal.rung?.iteration == 0 }
        #expect(first.filter { $0.proposal.rung?.round == 0 }.count == schedule.size(bracket: 3, round: 0))
        let survivors = first.filter { $0.proposal.rung?.round == 0 && $0.score != nil }.count
        for round in 1...3 {
            let count = first.filter { $0.proposal.rung?.round == round }.count
            #expect(count == min(survivors, schedule.size(bracket: 3, round: round)))
        }
    }

    /// Five values for 98 places: they go through the rounds all the same.
    @Test func aSmallSpaceGoesThroughTheRounds() throws {
        let search = try Search([SearchDimension(name: "x", kind: .choices(count: 5))], .hyperband(HyperbandSchedule()), seed: 1)
        let (trials, end) = try ran(search) { $0[0] }
        #expect(end == .exhausted)
        #expect((0...4).map { round in trials.filter { $0.proposal.rung?.round == round }.count } == [5, 5, 5, 4, 2])
        let longest = try #require(trials.last)
        #expect(longest.proposal.rung?.to == 100 && longest.proposal.rung?.bracket == 4)

        // With all of them running there is nothing to do but wait.
        let begun = trials.prefix(5).map { SearchTrial($0.proposal, .running) }
        #expect(try search.next(after: begun) == .wait)
    }

    @Test func refusesOtherSchedules() throws {
        let search = try Search(line(), .hyperband(HyperbandSchedule(maxEpochs: 9)), seed: 1)
        for rung in [
            nil, HyperbandRung(iteration: 1, bracket: 0, round: 0, from: 0, to: 9),
            HyperbandRung(iteration: 0, bracket: 3, round: 0, from: 0, to: 1),
            HyperbandRung(iteration: 0, bracket: 1, round: 2, from: 0, to: 1),
            HyperbandRung(iteration: -1, bracket: -1, round: -1, from: 0, to: 1),
        ] {
            let trial = SearchTrial(SearchProposal(values: [.number(0.5)], rung: rung), .failed)
            #expect { try search.next(after: [trial]) } throws: { ($0 as? Diagnostic)?.id == "search-space" }
        }
        // A number of a trial that is not there is no index of ours.
        let stray = HyperbandRung(iteration: 0, bracket: 2, round: 1, from: 1, to: 3, continues: 99)
        _ = try search.next(after: [SearchTrial(SearchProposal(values: [.number(0.5)], rung: stray), .finished(score: 1))])
        for (epochs, factor, iterations) in [(0, 3, 1), (.max, 3, 1), (9, 1, 1), (9, .max, 1), (9, 3, 0), (9, 3, .max)] {
            #expect { try HyperbandSchedule(maxEpochs: epochs, factor: factor, iterations: iterations) } throws: {
                ($0 as? Diagnostic)?.id == "search-space"
            }
        }
        // Under the name that scripts have for it.
        #expect { try HyperbandSchedule(maxEpochs: 2_000_000) } throws: {
            ($0 as? Diagnostic)?.message == "`epochs` of `hyperband` expected a whole number from 1 to 1000000, found 2000000"
        }
    }
}
