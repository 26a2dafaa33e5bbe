import Diagnostics
import Storage
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite(.timed) struct PCATests {
    private func matrix(_ rows: [[Double]]) throws -> NumericArray {
        try NumericArray(shape: [rows.count, rows.first?.count ?? 0], values: rows.flatMap { $0 }, precision: .double)
    }

    /// Against scikit-learn's full solver; `square` has small numbers, `constant` a column without variance.
    @Test(arguments: ["tall", "part", "wide", "constant", "square"])
    func agreesWithScikitLearn(_ name: String) throws {
        let expected = try #require(fixture("components.json")["components"]?[name])
        let rows = try matrix(expected.rows("rows"))
        let new = try matrix(expected.rows("new"))
        let fit = try PCA(fitting: rows, components: Int(expected.number("k")))
        #expect(areNear(fit.mean, try expected.numbers("mean"), 1e-13))
        #expect(fit.components.shape == [try expected.rows("components").count, fit.mean.count])
        #expect(areNear(fit.components.values, try expected.rows("components").flatMap { $0 }, 1e-10))
        #expect(areNear(fit.explainedVariance, try expected.numbers("explainedVariance"), 1e-10))
        #expect(areNear(fit.explainedVarianceRatio, try expected.numbers("explainedVarianceRatio"), 1e-10))
        let scores = try fit.scores(of: new)
        #expect(scores.shape.extents == [new.shape.extents[0], fit.explainedVariance.count])
        #expect(areNear(scores.values, try expected.rows("scores").flatMap { $0 }, 1e-10))
    }

    /// 100 planes of 60x60: the components are at right angles, and the scores' variances are those explained.
    @Test func planesOfDensity() throws {
        var random = Philox(RandomKey(seed: 4, purpose: .sampling))
        let rows = try NumericArray(shape: [100, 3600], values: (0..<360_000).map { _ in random.nextNormal() }, precision: .single)
        let fit = try PCA(fitting: rows, components: 5)
        let scores = try fit.scores(of: rows)
        for i in 0..<5 {
            for j in 0...i {
                let product = try NumericArray.combine(.multiply, fit.components.sliced([.at(i)]), fit.components.sliced([.at(j)])).reduced(
                    .sum, axis: nil)
                #expect(isNear(product.values[0], i == j ? 1 : 0))
            }
            let spread = try scores.sliced([.range(0, 100), .at(i)]).reduced(.std, axis: nil).values[0]
            #expect(isNear(spread * spread * 100 / 99, fit.explainedVariance[i], 1e-10))
        }
        #expect(fit.explainedVariance == fit.explainedVariance.sorted(by: >))
    }

    @Test func rowsThatAreEqualHaveNoVariance() throws {
        let fit = try PCA(fitting: matrix([[1, 2], [1, 2], [1, 2]]), components: 2)
        #expect(fit.explainedVariance == [0, 0] && fit.explainedVarianceRatio == [0, 0])
    }

    @Test func refusesWhatItCannotFit() throws {
        let rows = try matrix([[1, 2, 3], [4, 5, 7]])
        for k in [-1, 0, 3, Int.max] { #expect { try PCA(fitting: rows, components: k) } throws: { ($0 as? Diagnostic)?.id == "range" } }
        for broken: [[Double]] in [[[1, 2]], [[1, .nan], [1, 2]], [[1, .infinity], [1, 2]], [], [[], []]] {
            #expect { try PCA(fitting: matrix(broken), components: 1) } throws: { ($0 as? Diagnostic)?.id == "range" }
        }
        #expect { try PCA(fitting: NumericArray(scalar: 1), components: 1) } throws: { ($0 as? Diagnostic)?.id == "shape" }
        let fit = try PCA(fitting: rows, components: 1)
        #expect { try fit.scores(of: NumericArray(shape: [2, 2], values: [1, 2, 3, 4], precision: .double)) } throws: {
            ($0 as? Diagnostic)?.id == "shape"
        }
    }
}
