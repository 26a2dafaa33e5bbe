import Datasets
import Diagnostics
import TestSupport
import Testing

/// Against scikit-learn 1.9: `[list(v) for _, v in KFold(k, shuffle=True, random_state=seed).split(range(n))]`.
@Suite(.timed) struct KFoldTests {
    @Test func theFoldsOfScikitLearn() throws {
        #expect(try kFold(10, folds: 3, seed: 42) == [[0, 1, 5, 8], [2, 7, 9], [3, 4, 6]])
        #expect(try kFold(116, folds: 10, seed: 42).map(\.count) == [12, 12, 12, 12, 12, 12, 11, 11, 11, 11])
        #expect(try kFold(116, folds: 10, seed: 42)[3] == [5, 16, 28, 33, 35, 39, 44, 64, 65, 66, 95, 111])
        #expect(try kFold(7, folds: 7, seed: 0).flatMap { $0 } == [6, 2, 1, 3, 0, 5, 4])
    }

    @Test func everyItemIsLeftOutOnce() throws {
        for (count, folds) in [(2, 2), (5, 2), (95, 10), (10, 10)] {
            let found = try kFold(count, folds: folds, seed: 5)
            #expect(found.flatMap { $0 }.sorted() == Array(0..<count) && found.allSatisfy { $0 == $0.sorted() })
        }
    }

    @Test func whatCannotBeFolded() {
        for (count, folds, seed) in [(10, 1, 0), (10, 11, 0), (0, 2, 0), (10, 2, 1 << 32)] as [(Int, Int, UInt64)] {
            #expect(throws: Diagnostic.self) { try kFold(count, folds: folds, seed: seed) }
        }
    }
}
