import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Training

@Suite(.timed) struct RidgeTests {
    private func matrix(_ rows: [[Double]]) throws -> FeatureMatrix {
        try FeatureMatrix(names: (rows.first ?? []).indices.map { "x\($0)" }, rows: rows)
    }

    /// `wide` has more features than items, `collinear` a feature twice, `constant` one without spread.
    @Test(arguments: ["tall", "wide", "collinear", "constant"])
    func agreesWithScikitLearn(_ name: String) throws {
        let expected = try #require(fixture("metrics.json")["ridge"]?[name])
        let (x, y, new) = (try matrix(expected.rows("x")), try expected.numbers("y"), try matrix(expected.rows("new")))

        let fixed = try #require(expected["fixed"])
        let ridge = try Ridge(features: x, targets: y, penalty: .fixed(2.5))
        #expect(areNear(ridge.coefficients, try fixed.numbers("coefficients"), 1e-9))
        #expect(isNear(ridge.intercept, try fixed.number("intercept")))
        #expect(areNear(try ridge.predict(new), try fixed.numbers("predicted"), 1e-9))
        #expect(isNear(ridge.leaveOneOutError, try fixed.number("leaveOneOutError"), 1e-9))

        let chosen = try #require(expected["chosen"])
        let automatic = try Ridge(features: x, targets: y, penalty: .leaveOneOut(expected.numbers("grid")))
        #expect(isNear(automatic.penalty, try chosen.number("penalty")))
        #expect(areNear(try automatic.predict(new), try chosen.numbers("predicted"), 1e-8))
    }

    @Test func automaticPenaltiesSpanSixDecades() throws {
        guard case .leaveOneOut(let grid) = Ridge.Penalty.automatic else {
            Issue.record("not a grid")
            return
        }
        #expect(grid.count == 25 && isNear(grid.first, 1e-3) && isNear(grid.last, 1e3) && grid[12] == 1)
    }

    @Test func withoutPenaltyItIsLeastSquares() throws {
        let x = try matrix([[1, 5], [2, 3], [3, 9], [4, 1]])
        let y = [[1.0, 5], [2, 3], [3, 9], [4, 1]].map { 7 + 2 * $0[0] - 3 * $0[1] }
        let ridge = try Ridge(features: x, targets: y, penalty: .fixed(0))
        #expect(areNear(try ridge.predict(matrix([[10, 20]])), [7 + 20 - 60], 1e-10))
    }

    @Test func refusesWhatItCannotFit() throws {
        let x = try matrix([[1], [2]])
        for attempt in [
            { try Ridge(features: x, targets: [1]) }, { try Ridge(features: x, targets: [1, .nan]) },
            { try Ridge(features: x, targets: [1, 2], penalty: .fixed(-1)) },
            { try Ridge(features: x, targets: [1, 2], penalty: .leaveOneOut([])) },
            { try Ridge(features: matrix([[1]]), targets: [1]) },
        ] {
            #expect { try attempt() } throws: { ($0 as? Diagnostic)?.id == "ridge" }
        }
        #expect { try matrix([[1], [1, 2]]) } throws: { ($0 as? Diagnostic)?.id == "features" }
        #expect { try matrix([[1], [.infinity]]) } throws: { ($0 as? Diagnostic)?.id == "features" }
        let ridge = try Ridge(features: x, targets: [1, 2])
        #expect { try ridge.predict(FeatureMatrix(names: ["other"], rows: [[1]])) } throws: { ($0 as? Diagnostic)?.id == "ridge" }
    }

    @Test func statisticsAreLogarithmsWherePositive() throws {
        let plain = try FieldStatistics()([1, 2, 4, 9] as [Float])
        #expect(FieldStatistics.names.count == 4)
        #expect(areNear(plain, [4, 3.082207001484488, 1, 9], 1e-12))
        let found = logarithmsWherePositive([plain, [1, 1, 1, 1]])
        #expect(areNear(found[0], [1.3862943611198906, 1.1256458993032474, 0, 2.1972245773362196], 1e-12) && found[1] == [0, 0, 0, 0])
        // No floor makes one number of many, whatever the unit.
        let small = logarithmsWherePositive([[1e-12, -1, 0, 1e-12], [2e-12, 3, 5, 1]])
        #expect(
            areNear(small[0], [naturalLogarithm(1e-12), -1, 0, 1e-12], 1e-12)
                && areNear(small[1], [naturalLogarithm(2e-12), 3, 5, 1], 1e-12))
        #expect { try FieldStatistics()([] as [Float]) } throws: { ($0 as? Diagnostic)?.id == "features" }
        #expect { try FieldStatistics()([1, .nan]) } throws: { ($0 as? Diagnostic)?.id == "features" }
    }

    /// What is constant is told by its own size: features of 1e-14 are no dust.
    @Test func featuresOfAnySizeCount() throws {
        let targets: [Double] = [1, 3, 2, 5, 4]
        func predicted(_ scale: Double) throws -> [Double] {
            let x = try FeatureMatrix(names: ["x"], rows: [1, 3.1, 2.2, 4.7, 4].map { [$0 * scale] })
            return try Ridge(features: x, targets: targets, penalty: .fixed(1e-6)).predict(x)
        }
        #expect(areNear(try predicted(1e-14), try predicted(1), 1e-9))
    }

    @Test func meanBaseline() throws {
        #expect(try MeanBaseline(targets: [1, 2, 6]).predict(count: 2) == [3, 3])
        #expect { try MeanBaseline(targets: []) } throws: { ($0 as? Diagnostic)?.id == "metrics" }
    }
}
