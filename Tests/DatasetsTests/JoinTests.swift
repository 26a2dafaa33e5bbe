import Diagnostics
import Tensors
import TestSupport
import Testing

@testable import Datasets

/// The data set a table makes, as far as it depends on the order of its lines: identifiers and targets of each part.
private func dataset(_ lines: [String]) throws -> [[String]] {
    let text = "target,name\n" + lines.joined(separator: "\n")
    return try withFile("t.csv", Array(text.utf8)) { path in
        let table = try readCSV(path: path)
        let rows = try table.rowsInOrder(ofID: "name")
        let ids = try rows.map { try table.column("name").cells[$0] }
        let targets = try table.targets(column: "target", rows: rows)
        let parts = try SplitRule.random(train: 0.7, validation: 0.15, holdout: 0.15, seed: 7).parts(count: rows.count)
        return [parts.train, parts.validation, parts.holdout].map { $0.map { "\(ids[$0]) \(targets[$0])" } }
    }
}

@Suite(.timed) struct JoinTests {
    @Test func aShuffledTableIsTheSameDataSet() throws {
        let lines = (1...40).map { "\($0 * 3),CHGCAR-\($0)" }
        let expected = try dataset(lines)
        #expect(expected.flatMap { $0 }.count == 40)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<10 { #expect(try dataset(lines.shuffled(using: &generator)) == expected) }
        #expect(try dataset(lines.reversed()) == expected)
    }

    @Test func refusesDuplicatesAndGaps() throws {
        try withFile("t.csv", Array("id,x\na,1\nb,2\na,3\n,4\n".utf8)) { path in
            let table = try readCSV(path: path)
            let found = diagnostic { _ = try table.rowsInOrder(ofID: "id") }
            #expect(found.id == "duplicate-id" && found.data?.line == 4 && found.message.hasSuffix("found `a` again; it is on line 2 too"))
        }
        try withFile("t.csv", Array("id,x\na,1\n,4\n".utf8)) { path in
            let table = try readCSV(path: path)
            try expectFault("bad-data", "expected an identifier in column `id`, found an empty cell") {
                _ = try table.rowsInOrder(ofID: "id")
            }
            try expectFault("unknown-column") { _ = try table.rowsInOrder(ofID: "ID_") }
        }
    }

    @Test func joinsByKeyAndPairsByPositionOnlyWhenAsked() throws {
        try withFile("t.csv", Array("image,y\n10,1\n2,2\n1,3\n".utf8)) { path in
            let table = try readCSV(path: path)
            let files = [1, 2, 10, 11].map { GlobMatch(path: "f/\($0).png", key: "\($0)") }
            let joined = try table.join(files.reversed(), id: "image")
            #expect(joined.map(\.row) == [2, 1, 0] && joined.map(\.path) == ["f/1.png", "f/2.png", "f/10.png"])
            let found = diagnostic { _ = try table.join(files.dropLast(2), id: "image") }
            #expect(found.id == "no-partner" && found.data?.line == 2)
            let paired = try table.pairByPosition(["f/10.png", "f/9.png", "f/1.png"])
            #expect(paired.map(\.row) == [0, 1, 2] && paired.map(\.path) == ["f/1.png", "f/9.png", "f/10.png"])
            try expectFault("count-mismatch") { _ = try table.pairByPosition(["f/1.png"]) }
        }
    }
}

@Suite(.timed) struct TargetSpaceTests {
    private let values = [1.0, 10, 100, 1000, 5]

    @Test func scalesByTheTrainingPartAlone() throws {
        for transform in TargetSpace.Transform.allCases {
            for scale in TargetSpace.Scale.allCases {
                let space = try TargetSpace(transform: transform, scale: scale, column: "k", values: values, training: [0, 1, 2])
                var other = values
                other[3] = 77
                #expect(try TargetSpace(transform: transform, scale: scale, column: "k", values: other, training: [0, 1, 2]) == space)
                for value in values { #expect(abs(space.inverse(space.forward(value)) - value) < 1e-11 * value) }
            }
        }
        let minmax = try TargetSpace(scale: .minmax, column: "k", values: values, training: [0, 1, 2])
        #expect([1.0, 100, 10].map(minmax.forward) == [0, 1, 9.0 / 99])
        let standard = try TargetSpace(transform: .log, scale: .standard, column: "k", values: values, training: [0, 2])
        #expect(abs(standard.forward(1) + 1) < 1e-15 && abs(standard.forward(100) - 1) < 1e-15 && abs(standard.forward(10)) < 1e-15)
        // Population, not sample: 1, 10, 100 with mean 37.
        let plain = try TargetSpace(scale: .standard, column: "k", values: values, training: [0, 1, 2])
        #expect(plain.center == 37 && abs(plain.spread - 1998.0.squareRoot()) < 1e-12)
        #expect(try TargetSpace(column: "k", values: values, training: []).forward(3) == 3)
    }

    @Test func refusesWhatHasNoLogarithm() throws {
        try expectFault("log-domain", "`transform: log` needs positive targets; `m` is 0 in 2 rows") {
            _ = try TargetSpace(transform: .log, column: "m", values: [1, 0, 0], training: [0])
        }
        try expectFault("log-domain", "`transform: log` needs positive targets; `m` is 0 in 1 row and negative in 2 rows") {
            _ = try TargetSpace(transform: .log, column: "m", values: [-1, 0, -2], training: [0])
        }
        try expectFault("bad-data") { _ = try TargetSpace(transform: .log, column: "m", values: [1, .nan], training: [0]) }
    }

    @Test func refusesToScaleAConstant() throws {
        for constant in [0, 3, 0.1, -1e300] {
            let values = [constant, constant, constant, 8]
            for scale in [TargetSpace.Scale.minmax, .standard] {
                try expectFault("constant-target") { _ = try TargetSpace(scale: scale, column: "m", values: values, training: [0, 1, 2]) }
            }
            #expect(try TargetSpace(column: "m", values: values, training: [0, 1, 2]).forward(8) == 8)
        }
        try expectFault("constant-target") { _ = try TargetSpace(scale: .minmax, column: "m", values: [1, 2], training: []) }
    }
}

@Suite(.timed) struct SamplesTests {
    @Test func gathersItems() throws {
        let input = try Tensor(shape: [3, 1, 2], values: [0, 1, 10, 11, 20, 21])
        let targets = try Tensor(shape: [3, 1], values: [5, 6, 7])
        let samples = try Samples(ids: ["a", "b", "c"], tensors: ["x": input], targets: targets)
        let some = try samples.gather([2, 0, 2])
        #expect(some.ids == ["c", "a", "c"] && some.count == 3)
        #expect(try some.inputs["x"]?.tensor().values == [20, 21, 0, 1, 20, 21] && some.inputs["x"]?.tensor().shape == [3, 1, 2])
        #expect(some.targets.values == [7, 5, 7])
        #expect(try samples.gather([]).count == 0)
        for wrong in [[3], [-1], [0, 99]] { try expectFault("shape") { _ = try samples.gather(wrong) } }
        try expectFault("shape") { _ = try Samples(ids: ["a"], tensors: ["x": input], targets: try Tensor(shape: [1, 1], values: [1])) }
        try expectFault("shape") {
            _ = try Samples(ids: ["a", "b", "c"], inputs: [:], targets: try Tensor(shape: [3], values: [1, 2, 3]))
        }
    }

    @Test func scalesInputsByChannel() throws {
        let input = try Tensor(shape: [3, 2, 2], values: [1, 7, 3, 7, 5, 7, 7, 7, 1000, 1000, -1000, 7])
        let scaler = try InputScaler(fitting: Items(input), training: [0, 1])
        #expect(scaler.means == [4, 7] && abs(scaler.deviations[0] - 5.0.squareRoot()) < 1e-15 && scaler.deviations[1] == 1)
        let scaled = try scaler.apply(to: input)
        let part = scaled.values.prefix(8)
        let first = stride(from: 0, to: 8, by: 2).map { Double(part[$0]) }
        #expect(abs(first.reduce(0, +)) < 1e-6 && abs(first.reduce(0) { $0 + $1 * $1 } / 4 - 1) < 1e-6)
        #expect(scaled.values[1] == 0 && scaled.values[9] == 993)
        try expectFault("shape") { _ = try scaler.apply(to: Tensor(zeros: [3, 3])) }
        try expectFault("shape") { _ = try InputScaler(fitting: Items(input), training: [3]) }
        try expectFault("split-empty") { _ = try InputScaler(fitting: Items(input), training: []) }
        try expectFault("shape") { _ = try InputScaler(fitting: Items(Tensor(zeros: [3])), training: [0]) }
    }
}
