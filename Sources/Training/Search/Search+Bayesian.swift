import Tensors

extension Search {
    /// Proposes the values with the lowest confidence bound of a Gaussian process through the scores; nil where none are
    /// left that were not tried.
    ///
    /// As in Keras Tuner 1.4: random trials until `initial` have finished, then the least mean - beta deviation in the unit
    /// cube, sought from 50 random starts. Failed trials are left out; running ones are imagined to end at mean +
    /// deviation, so that none is proposed beside them. Unlike there, the best finished point is a start too, a stepped
    /// dimension is judged at the centre of the part it falls into, values that were tried are passed over, and of more
    /// than 200 trials the 120 latest and the 80 best of the others are looked at: time grows as the cube of their number.
    func bayesian(_ settings: BayesianSettings, after trials: [SearchTrial]) throws -> [SearchValue]? {
        let finished = trials.indices.filter { trials[$0].score != nil }
        guard finished.count >= settings.initial ?? max(3 * dimensions.count, 3), let best = trials.best else {
            return drawn(after: trials)
        }

        var points: [[Double]] = []
        var scores: [Double] = []
        for index in mostTelling(finished, of: trials) {
            guard let score = trials[index].score, let point = coordinates(of: trials[index].proposal.values) else { continue }
            points.append(point)
            scores.append(score)
        }
        var process = try GaussianProcess(points: points, scores: scores, noise: settings.noise)
        let running = trials.lazy.filter(\.isRunning).compactMap { coordinates(of: $0.proposal.values) }.suffix(50)
        if !running.isEmpty {
            for point in running {
                let imagined = try process.prediction(at: point)
                let score = imagined.mean + imagined.deviation
                // Beyond the largest number, where the scores are near it.
                guard score.isFinite else { continue }
                points.append(point)
                scores.append(score)
            }
            process = try GaussianProcess(points: points, scores: scores, noise: settings.noise)
        }

        var generator = generator(trial: trials.count, purpose: 2)
        var starts = (0..<50).map { _ in dimensions.map { _ in generator.nextDouble() } }
        if let point = coordinates(of: trials[best].proposal.values) { starts.append(point) }
        let minima = try starts.map { try minimumInBox(from: $0) { try process.lowerBound(at: $0, beta: settings.beta) }.point }

        let tried = Set(trials.lazy.map(\.proposal.values))
        var chosen: (values: [SearchValue], bound: Double)?
        for values in (minima + starts).map(values(at:)) where !tried.contains(values) {
            guard let point = coordinates(of: values) else { continue }
            let bound = try process.lowerBound(at: point, beta: settings.beta).value
            if chosen.map({ bound < $0.bound }) ?? true { chosen = (values, bound) }
        }
        return chosen?.values ?? drawn(after: trials)
    }

    private func mostTelling(_ finished: [Int], of trials: [SearchTrial]) -> [Int] {
        guard finished.count > 200 else { return finished }
        let latest = finished.suffix(120)
        let earlier = finished.dropLast(120).sorted { (trials[$0].score ?? 0, $0) < (trials[$1].score ?? 0, $1) }
        return earlier.prefix(80).sorted() + latest
    }
}
