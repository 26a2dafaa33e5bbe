import Diagnostics
import Storage
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite(.timed) struct CorrelationTests {
    private func vector(_ values: [Double]) throws -> NumericArray {
        try NumericArray(shape: [values.count], values: values, precision: .double)
    }

    /// Against numpy's `corrcoef` and scipy's `spearmanr`; `offset` lies far from 0, the squares of `small` would vanish.
    @Test(arguments: ["related", "turned", "unrelated", "tied", "small", "curved"])
    func agreesWithNumpyAndScipy(_ name: String) throws {
        let expected = try #require(fixture("components.json")["correlations"]?[name])
        let x = try vector(expected.numbers("x"))
        let y = try vector(expected.numbers("y"))
        #expect(isNear(try correlation(x, y), try expected.number("pearson")))
        #expect(isNear(try rankCorrelation(x, y), try expected.number("spearman")))
    }

    /// Far from 0 the numbers themselves have lost four digits or more, in numpy as here.
    @Test func farFromZero() throws {
        let expected = try #require(fixture("components.json")["correlations"]?["offset"])
        let x = try vector(expected.numbers("x"))
        let y = try vector(expected.numbers("y"))
        #expect(isNear(try correlation(x, y), try expected.number("pearson"), 1e-10))
        #expect(isNear(try rankCorrelation(x, y), try expected.number("spearman")))
    }

    @Test func equalValuesShareTheirRank() throws {
        let expected = try #require(fixture("components.json")["ranks"])
        #expect(averageRanks(try expected.numbers("values")) == (try expected.numbers("result")))
        #expect(averageRanks([]) == [])
    }

    @Test func staysBetweenItsEnds() throws {
        for n in 2..<40 {
            let x = try vector((0..<n).map { 0.1 * Double($0 * $0) })
            let own = try correlation(x, x)
            #expect(own <= 1 && isNear(own, 1))
            #expect(isNear(try correlation(x, x.map { -3 * $0 }), -1))
        }
        #expect(isNear(try correlation(vector([1e308, -1e308, 0]), vector([1, -1, 0])), 1))
    }

    @Test func nanGoesThrough() throws {
        #expect(try correlation(vector([1, 2, .nan]), vector([1, 2, 4])).isNaN)
        #expect(try rankCorrelation(vector([1, 2, 4]), vector([1, .nan, 4])).isNaN)
    }

    @Test func refusesWhatHasNoCorrelation() throws {
        let x = try vector([1, 2, 3])
        for other in [try vector([1, 2]), try vector([0.1, 0.1, 0.1]), try x.reshaped([3, 1])] {
            #expect { try correlation(x, other) } throws: { ($0 as? Diagnostic)?.id == "type" }
            #expect { try rankCorrelation(other, x) } throws: { ($0 as? Diagnostic)?.id == "type" }
        }
        #expect { try correlation(vector([1]), vector([2])) } throws: { ($0 as? Diagnostic)?.id == "type" }
    }
}
