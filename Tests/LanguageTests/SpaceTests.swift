import Builtins
import SessionTestSupport
import TestSupport
import Testing

@testable import Language

/// What `sample` draws: in the space, spread as it should be, and the same every time.
@Suite(.timed) struct SpaceTests {
    private func sample(_ space: String, count: Int = 2000, seed: Int = 1) throws -> [Double] {
        let drawn = try values("let x = sample(\(space), count: \(count), seed: \(seed))")["x"]
        return try #require(drawn?.items).compactMap(\.number)
    }

    /// The largest distance between the empirical distribution of values in [0, 1] and the uniform one (Kolmogorov and Smirnov).
    private func distance(_ shares: [Double]) -> Double {
        let sorted = shares.sorted()
        let count = Double(shares.count)
        return sorted.enumerated().map { index, share in max(abs(share - Double(index) / count), abs(Double(index + 1) / count - share)) }
            .max() ?? 1
    }

    /// 1.95 / sqrt(n) is passed by chance once in a thousand samples; the seeds are fixed, so that it is once and for all.
    private var bound: Double { 1.95 / 2000.0.squareRoot() }

    @Test(arguments: [1, 2, 3]) func uniform(seed: Int) throws {
        let drawn = try sample("uniform(-3, 5)", seed: seed)
        #expect(drawn.count == 2000 && drawn.allSatisfy { (-3...5).contains($0) })
        #expect(distance(drawn.map { ($0 + 3) / 8 }) < bound)
        // The test can fail: the same numbers are not loguniform.
        #expect(
            distance(
                drawn.map {
                    let share = ($0 + 3) / 8
                    return share * share
                }) > bound)
    }

    @Test(arguments: [1, 2, 3]) func loguniform(seed: Int) throws {
        let drawn = try sample("loguniform(1e-4, 1)", seed: seed)
        #expect(drawn.allSatisfy { (1e-4...1).contains($0) })
        for (low, high) in [(1e-4, 1e-3), (1e-3, 1e-2), (1e-2, 1e-1), (1e-1, 1)] {
            // A quarter of the values lies in each power of ten: 500 expected, 19 is one standard deviation.
            #expect(abs(drawn.count { $0 >= low && $0 < high } - 500) < 80)
        }
    }

    @Test func integers() throws {
        let drawn = try sample("integers(4, 17, step: 4)")
        #expect(Set(drawn) == [4, 8, 12, 16])
        for value in [4.0, 8, 12, 16] { #expect(abs(drawn.count { $0 == value } - 500) < 80) }
    }

    @Test func choice() throws {
        let drawn = try sample("choice([10, 20])")
        #expect(abs(drawn.count { $0 == 10 } - 1000) < 100 && Set(drawn) == [10, 20])
    }

    @Test func aSeedAndAPositionGiveAValue() throws {
        let long = try sample("uniform(0, 1)", count: 50)
        #expect(try sample("uniform(0, 1)", count: 20) == Array(long.prefix(20)))
        #expect(try sample("uniform(0, 1)", count: 50, seed: 2) != long)
        #expect(try sample("uniform(0, 10)", count: 50) == long.map { 10 * $0 })
        #expect(Set(long).count == 50)
    }

    @Test func drawnTogetherTheyDoNotGoTogether() throws {
        let drawn = try values("let x = sample({ a: uniform(0, 1), b: uniform(0, 1) }, count: 2000, seed: 1)")["x"]
        let pairs = try #require(drawn?.items).compactMap(\.record).compactMap { record -> (Double, Double)? in
            guard let a = record["a"]?.value.number, let b = record["b"]?.value.number else { return nil }
            return (a, b)
        }
        #expect(pairs.count == 2000)
        let product = pairs.reduce(0) { $0 + ($1.0 - 0.5) * ($1.1 - 0.5) } / 2000 * 12
        #expect(abs(product) < 0.07)
    }
}
