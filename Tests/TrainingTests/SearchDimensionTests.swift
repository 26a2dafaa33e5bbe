import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Training

extension SearchValue {
    var number: Double? { if case .number(let value) = self { value } else { nil } }
}

@Suite(.timed) struct SearchDimensionTests {
    private static let kinds: [String: SearchDimension.Kind] = [
        "linear": .linear(low: -1.5, high: 2.5), "logarithmic": .logarithmic(low: 1e-4, high: 0.5), "integers": .integers(low: -3, high: 9),
        "steps": .integers(low: 4, high: 17, step: 4), "logIntegers": .integers(low: 1, high: 64, logarithmic: true),
        "one": .integers(low: 7, high: 7), "choices": .choices(count: 3),
    ]

    @Test(arguments: ["linear", "logarithmic", "integers", "steps", "logIntegers", "one", "choices"])
    func agreesWithKerasTuner(_ name: String) throws {
        let expected = try #require(fixture("search/tuner.json")["mappings"]?[name])
        let dimension = try SearchDimension(name: "x", kind: #require(SearchDimensionTests.kinds[name]))
        let values = try expected.numbers("places").map { dimension.value(at: $0) }
        let numbers = values.map { if case .choice(let index) = $0 { Double(index) } else { $0.number ?? .nan } }
        #expect(areNear(numbers, try expected.numbers("values"), 1e-14))
        #expect(areNear(try values.map { try #require(dimension.coordinate(of: $0)) }, try expected.numbers("back"), 1e-14))
    }

    /// Also at the ends and beyond, where nothing may trap.
    @Test(
        arguments: [
            .linear(low: 0, high: 1), .linear(low: -8e307, high: 8e307), .logarithmic(low: 1e-300, high: 1e-10), .integers(low: 0, high: 0),
            .integers(low: -(1 << 53), high: 1 << 53), .integers(low: 1, high: 1 << 53, logarithmic: true),
            .integers(low: 3, high: 1000, step: 7),
            .choices(count: 1), .choices(count: .max),
        ] as [SearchDimension.Kind])
    func everyValueLiesInItsOwnPlace(_ kind: SearchDimension.Kind) throws {
        let dimension = try SearchDimension(name: "x", kind: kind)
        for u in [0, 1e-17, 0.1, 0.3, 0.5, 0.7, 0.99, 1.0.nextDown, 1, 2, -1, .nan, .infinity, -.infinity] {
            let value = dimension.value(at: u)
            let place = try #require(dimension.coordinate(of: value))
            #expect(place >= 0 && place <= 1)
            if (dimension.count ?? .max) < 10_000 { #expect(dimension.value(at: place) == value) }
        }
    }

    @Test func everyStepIsReached() throws {
        for kind in [
            SearchDimension.Kind.integers(low: 1, high: 40, logarithmic: true), .integers(low: -5, high: 30, step: 3), .choices(count: 17),
        ] {
            let dimension = try SearchDimension(name: "x", kind: kind)
            let count = try #require(dimension.count)
            #expect(Set((0..<20_000).map { dimension.value(at: Double($0) / 20_000) }).count == count)
            #expect(Set((0..<count).map { dimension.gridValue($0, points: 5) }).count == count)
        }
    }

    @Test(
        arguments: [
            .linear(low: 1, high: 1), .linear(low: 2, high: 1), .linear(low: .nan, high: 1), .linear(low: 0, high: .infinity),
            .linear(low: -1e308, high: 1e308), .logarithmic(low: 0, high: 1), .logarithmic(low: -1, high: 1),
            .logarithmic(low: 1e-300, high: 1e300),
            .logarithmic(low: 2, high: 1), .integers(low: 2, high: 1), .integers(low: .min, high: .max),
            .integers(low: 0, high: 4, step: 0),
            .integers(low: 0, high: 4, step: .max), .integers(low: 0, high: 4, logarithmic: true),
            .integers(low: 1, high: 4, step: 2, logarithmic: true),
            .choices(count: 0), .choices(count: -3),
        ] as [SearchDimension.Kind])
    func refusesWhatCannotBeSearched(_ kind: SearchDimension.Kind) throws {
        #expect { try SearchDimension(name: "x", kind: kind) } throws: { ($0 as? Diagnostic)?.id == "search-space" }
    }

    @Test func refusesWhatAFileCannotHold() throws {
        let good = try SearchDimension(name: "rate", kind: .logarithmic(low: 1e-4, high: 1))
        let json = try JSONValue(encoding: good)
        #expect(try json.decoded(as: SearchDimension.self) == good)
        let hostile = try JSONValue(parsing: json.canonical.replacingFirst("\"high\":1", with: "\"high\":-1"))
        #expect(throws: (any Error).self) { try hostile.decoded(as: SearchDimension.self) }
    }

    @Test func valuesOfOtherDimensionsHaveNoPlace() throws {
        let steps = try SearchDimension(name: "x", kind: .integers(low: 4, high: 17, step: 4))
        let choices = try SearchDimension(name: "x", kind: .choices(count: 2))
        let line = try SearchDimension(name: "x", kind: .linear(low: 0, high: 1))
        for value in [SearchValue.choice(0), .number(5), .number(20), .number(0), .number(.nan), .number(8.5), .number(1e300)] {
            #expect(steps.coordinate(of: value) == nil)
        }
        for value in [SearchValue.choice(2), .choice(-1), .number(0)] { #expect(choices.coordinate(of: value) == nil) }
        for value in [SearchValue.choice(0), .number(1.1), .number(.nan), .number(-.infinity)] {
            #expect(line.coordinate(of: value) == nil)
        }
    }
}

extension String {
    /// The same with the first occurrence of a text replaced.
    fileprivate func replacingFirst(_ text: String, with other: String) -> String {
        guard let found = firstRange(of: text) else { return self }
        return self[..<found.lowerBound] + other + self[found.upperBound...]
    }
}
