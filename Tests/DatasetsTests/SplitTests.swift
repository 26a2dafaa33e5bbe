import Diagnostics
import TestSupport
import Testing

@testable import Datasets

@Suite(.timed) struct SplitTests {
    @Test func repeatsScikitLearn() throws {
        let lines = try text(of: fixture("splits.txt")).split(separator: "\n")
        #expect(lines.count == 8)
        for line in lines {
            let fields = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
            let rule = SplitRule.trainTestSplit(
                rest: try #require(Double(fields[0][2])), holdoutOfRest: try #require(Double(fields[0][3])),
                seed: try #require(UInt64(fields[0][1])))
            let parts = try rule.parts(count: try #require(Int(fields[0][0])))
            #expect([parts.train, parts.validation, parts.holdout] == fields[1...].map { $0.compactMap { Int($0) } }, "\(fields[0])")
        }
    }

    /// The published splits of the stacking-fault images: Arora et al. (seed 54), Massa et al. (seed 42); numbers from 1.
    @Test func repeatsThePublishedSplits() throws {
        let arora = try SplitRule.trainTestSplit(rest: 0.2, holdoutOfRest: 0.5, seed: 54).parts(count: 137)
        #expect(arora.validation.map { $0 + 1 } == [5, 41, 99, 1, 81, 62, 46, 49, 102, 86, 135, 92, 32, 127])
        #expect(arora.holdout.map { $0 + 1 } == [124, 105, 11, 74, 94, 89, 43, 130, 12, 66, 54, 114, 136, 91])
        #expect(arora.train.prefix(10).map { $0 + 1 } == [82, 21, 52, 126, 93, 128, 79, 44, 96, 59])
        let massa = try SplitRule.trainTestSplit(rest: 0.3, holdoutOfRest: 0.5, seed: 42).parts(count: 137)
        #expect(
            massa.validation.map { $0 + 1 } == [67, 46, 41, 105, 12, 5, 13, 115, 25, 27, 1, 37, 99, 85, 110, 133, 126, 116, 32, 11, 79])
        #expect(
            massa.holdout.map { $0 + 1 } == [101, 68, 134, 17, 124, 63, 57, 131, 52, 65, 19, 70, 20, 86, 43, 77, 28, 102, 118, 106, 90])
        #expect(
            massa.train.map { $0 + 1 } == [
                61, 123, 94, 45, 16, 87, 40, 23, 56, 74, 98, 48, 31, 81, 109, 10, 34, 128, 26, 84, 29, 66, 69, 54,
                6, 78, 83, 50, 36, 35, 95, 8, 44, 71, 82, 114, 120, 9, 14, 125, 4, 18, 39, 73, 111, 7, 136, 130,
                113, 55, 51, 96, 47, 97, 62, 135, 80, 112, 92, 42, 59, 91, 49, 89, 121, 58, 76, 33, 132, 60, 64, 119,
                38, 30, 108, 127, 2, 53, 22, 3, 24, 104, 100, 117, 88, 129, 75, 122, 137, 21, 72, 107, 15, 93, 103,
            ])
        #expect([arora.train.count, Set(arora.train + arora.validation + arora.holdout).count] == [109, 137])
    }

    @Test func drawsAsNumPyDoes() {
        var generator = MersenneTwister(seed: 42)
        #expect((0..<5).map { _ in generator.next() } == [1_608_637_542, 3_421_126_067, 4_083_286_876, 787_846_414, 3_143_890_026])
        #expect(MersenneTwister(seed: 42).permutation(10) == [8, 1, 5, 0, 7, 2, 9, 4, 3, 6])
        #expect(MersenneTwister(seed: 42).permutation(1) == [0] && MersenneTwister(seed: 42).permutation(0) == [])
    }

    @Test(arguments: [(144, [101, 22, 21]), (100, [70, 15, 15]), (10, [7, 2, 1]), (20, [14, 3, 3]), (3, [2, 1, 0]), (7, [5, 1, 1])])
    func sizesAddUp(_ count: Int, _ sizes: [Int]) throws {
        let rule = SplitRule.random(train: 0.7, validation: 0.15, holdout: 0.15, seed: 7)
        if sizes.contains(0) {
            try expectFault("split-empty", "expected at least one item in each part of the split, found none for `holdout` among 3 items") {
                _ = try rule.parts(count: count)
            }
            return
        }
        let parts = try rule.parts(count: count)
        #expect([parts.train.count, parts.validation.count, parts.holdout.count] == sizes)
        #expect((parts.train + parts.validation + parts.holdout).sorted() == Array(0..<count))
        #expect(parts.train == parts.train.sorted() && parts.holdout == parts.holdout.sorted())
        #expect(try rule.parts(count: count) == parts)
    }

    @Test func eachSeedDrawsItsOwn() throws {
        let splits = try (0..<20).map {
            try SplitRule.random(train: 0.5, validation: 0.25, holdout: 0.25, seed: UInt64($0)).parts(count: 40)
        }
        #expect(Set(splits).count == 20)
        // Every item comes into the holdout about as often as into the validation part: 20 of 80 draws of a quarter.
        let seen = Set(splits.flatMap(\.holdout))
        #expect(seen.count == 40)
    }

    /// The very items are part of every recorded result: they may change only with the version of the split.
    @Test func theDrawIsFixed() throws {
        let parts = try SplitRule.random(train: 0.7, validation: 0.15, holdout: 0.15, seed: 7).parts(count: 20)
        #expect(parts.validation == [0, 15, 17] && parts.holdout == [6, 11, 14])
    }

    @Test func refusesPartsThatDoNotAddUp() throws {
        try expectFault("split-over", "the parts of the split add up to 105 %") {
            try SplitRule.random(train: 0.7, validation: 0.2, holdout: 0.15, seed: 7).check()
        }
        try expectFault("split-over", "the parts of the split add up to 7030 %") {
            try SplitRule.random(train: 70, validation: 0.15, holdout: 0.15, seed: 7).check()
        }
        try expectFault("split-under", "the parts of the split add up to 95 %") {
            try SplitRule.random(train: 0.7, validation: 0.1, holdout: 0.15, seed: 7).check()
        }
        try expectFault("split-part", "expected `validation` between 0 and 100 %, found -15 %") {
            try SplitRule.random(train: 1, validation: -0.15, holdout: 0.15, seed: 7).check()
        }
        try expectFault("split-part") { try SplitRule.random(train: .nan, validation: 0.15, holdout: 0.15, seed: 7).check() }
        try expectFault("split-over") { try SplitRule.random(train: 1e300, validation: 0.15, holdout: 0.15, seed: 7).check() }
        for rest in [0, 1, -0.5, 1.5, .nan, .infinity] {
            try expectFault("split-part") { try SplitRule.trainTestSplit(rest: rest, holdoutOfRest: 0.5, seed: 1).check() }
            try expectFault("split-part") { try SplitRule.trainTestSplit(rest: 0.5, holdoutOfRest: rest, seed: 1).check() }
        }
        try expectFault("split-part") { try SplitRule.trainTestSplit(rest: 0.5, holdoutOfRest: 0.5, seed: 1 << 32).check() }
        for count in [-5, 0, 1, 2] {
            try expectFault("split-empty") { _ = try SplitRule.trainTestSplit(rest: 0.5, holdoutOfRest: 0.5, seed: 1).parts(count: count) }
            try expectFault("split-empty") {
                _ = try SplitRule.random(train: 0.5, validation: 0.25, holdout: 0.25, seed: 1).parts(count: count)
            }
        }
    }
}
