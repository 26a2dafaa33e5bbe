import Diagnostics

extension Search {
    /// One bracket of a Hyperband search: the numbers of its trials, by round.
    private struct Bracket {
        let iteration: Int
        let number: Int
        var rounds: [[Int]]
    }

    /// The next training of a Hyperband search, in the order of Keras Tuner 1.4: the oldest bracket with something to run comes
    /// first, its first round before any promotion, and a new bracket begins when none has. A configuration is promoted as soon
    /// as more of its round have ended without promotion than will be left behind. Unlike Keras Tuner, where a bracket with
    /// failures never ends and a space of few values stops the search, a failed trial counts as the worst of its round, and a
    /// round that can get no further trial goes on with those it has. Throws `search-space` for a trial of another schedule.
    func hyperband(_ schedule: HyperbandSchedule, after trials: [SearchTrial]) throws -> SearchStep {
        let brackets = try begun(schedule, trials)
        // Drawn at most once: the number of the trial says what is drawn, so a second draw would only give the same.
        let fresh = drawn(after: trials)

        for (position, bracket) in brackets.enumerated() {
            let first = bracket.rounds[0]
            // A first round that is short, though later trials are there, was cut short by a lack of new values.
            let wasLeft = position + 1 < brackets.count || bracket.rounds.dropFirst().contains { !$0.isEmpty }
            if !wasLeft, first.count < schedule.size(bracket: bracket.number, round: 0), let fresh {
                return .run(new(fresh, schedule, iteration: bracket.iteration, bracket: bracket.number))
            }
            if let promotion = promotion(in: bracket, schedule, trials) { return .run(promotion) }
        }

        let last = brackets.last
        let number = last.map { $0.number == 0 ? schedule.brackets - 1 : $0.number - 1 } ?? schedule.brackets - 1
        let iteration = last.map { $0.number == 0 ? $0.iteration + 1 : $0.iteration } ?? 0
        let isComplete = iteration >= schedule.iterations
        if !isComplete, let fresh { return .run(new(fresh, schedule, iteration: iteration, bracket: number)) }
        if trials.contains(where: \.isRunning) { return .wait }
        return .done(isComplete ? .complete : .exhausted)
    }

    private func new(_ values: [SearchValue], _ schedule: HyperbandSchedule, iteration: Int, bracket: Int) -> SearchProposal {
        let rung = HyperbandRung(iteration: iteration, bracket: bracket, round: 0, from: 0, to: schedule.epochs(bracket: bracket, round: 0))
        return SearchProposal(values: values, rung: rung)
    }

    /// The brackets that trials belong to, the oldest first.
    private func begun(_ schedule: HyperbandSchedule, _ trials: [SearchTrial]) throws -> [Bracket] {
        var brackets: [Bracket] = []
        for (index, trial) in trials.enumerated() {
            guard let rung = trial.proposal.rung, (0..<schedule.iterations).contains(rung.iteration),
                (0..<schedule.brackets).contains(rung.bracket), (0...rung.bracket).contains(rung.round)
            else { throw Diagnostic("search-space", "trial \(index + 1) of the search is not one of its Hyperband schedule") }
            if let known = brackets.lastIndex(where: { $0.iteration == rung.iteration && $0.number == rung.bracket }) {
                brackets[known].rounds[rung.round].append(index)
            } else {
                var bracket = Bracket(
                    iteration: rung.iteration, number: rung.bracket, rounds: Array(repeating: [], count: rung.bracket + 1))
                bracket.rounds[rung.round].append(index)
                brackets.append(bracket)
            }
        }
        return brackets
    }

    /// The best trial of the earliest round that can be promoted.
    private func promotion(in bracket: Bracket, _ schedule: HyperbandSchedule, _ trials: [SearchTrial]) -> SearchProposal? {
        // The first round is full, or has got all it will.
        var isClosed = true
        for round in bracket.rounds.indices.dropFirst() {
            let past = bracket.rounds[round - 1]
            let size = schedule.size(bracket: bracket.number, round: round)
            let promoted = Set(bracket.rounds[round].compactMap { trials[$0].proposal.rung?.continues })
            let candidates = past.filter { !trials[$0].isRunning && !promoted.contains($0) }
            let total = isClosed ? past.count : schedule.size(bracket: bracket.number, round: round - 1)
            var best: (index: Int, score: Double)?
            for index in candidates {
                guard let score = trials[index].score, best.map({ score < $0.score }) ?? true else { continue }
                best = (index, score)
            }
            if let best, candidates.count > max(0, total - size) {
                let rung = HyperbandRung(
                    iteration: bracket.iteration, bracket: bracket.number, round: round,
                    from: schedule.epochs(bracket: bracket.number, round: round - 1),
                    to: schedule.epochs(bracket: bracket.number, round: round), continues: best.index)
                return SearchProposal(values: trials[best.index].proposal.values, rung: rung)
            }
            let nothingComes = isClosed && best == nil && !past.contains { trials[$0].isRunning }
            isClosed = bracket.rounds[round].count >= size || nothingComes
        }
        return nil
    }
}
