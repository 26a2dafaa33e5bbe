import TestSupport
import Testing

@testable import Language

/// Values that share parts cost what there is of them, though as trees they are without end. Counted and not timed: whatever walked
/// through the trees here would not end.
@Suite(.timed) struct SharedValueTests {
    /// A value of two parts that are one, so many deep, built anew each time.
    private func doubled(_ depth: Int, from base: Value = .text(Text("base"))) -> Value {
        (0..<depth).reduce(base) { value, _ in
            .call(Call("+", ["a": Field(value), "b": Field(value)], type: .any, origin: Origin()))
        }
    }

    @Test func extentsAreThoseOfTrees() {
        let small = doubled(3).extent
        #expect(small.size == 15 && small.height == 3 && !small.holdsNegativeZero && !small.isFlat)
        #expect(doubled(1).extent.isFlat)
        #expect(doubled(100).extent.size == Extent.mostCounted && doubled(100).extent.height == 100)
        #expect(doubled(100, from: .number(-0.0)).extent.holdsNegativeZero)
        #expect(doubled(100).countOfParts(most: 1_000) == 201 && doubled(100).countOfParts(most: 50) == 51)
        // Once a field is another, so is the extent.
        var fields: Fields = ["a": Field(.number(1))]
        #expect(fields.extent.size == 2)
        fields["b"] = Field(.list([ListItem(.number(1)), ListItem(.number(2))]))
        #expect(fields.extent.size == 5 && fields.extent.height == 2)
    }

    @Test func equalValuesThatShareNothingAreComparedPartByPart() {
        let (a, b) = (doubled(100), doubled(100))
        #expect(a == b && a.hashValue == b.hashValue)
        #expect(a != doubled(100, from: .text(Text("other"))) && a != doubled(99))
        #expect(Set([a, b, doubled(100)]).count == 1)
        // What was found equal stays so when it is changed afterwards.
        guard case .call(var call) = a else { return }
        call.arguments["a"] = Field(.number(1))
        #expect(.call(call) != a && .call(call) != b && a == b)
    }

    @Test func walksGoThroughEachPartOnce() throws {
        var visits = 0
        let found = doubled(100).collect { value -> String? in
            visits += 1
            return value.string
        }
        #expect(found == ["base", "base"] && visits == 201)
        visits = 0
        let holds = doubled(100).contains { value in
            visits += 1
            return value.isNone
        }
        #expect(!holds && visits == 201)
        // As often as it stands there, where that is not often.
        #expect(doubled(3).collect(\.string).count == 8)
        #expect(source(of: doubled(2)) == "((\"base\" + \"base\") + (\"base\" + \"base\"))" && source(of: doubled(100)) == "(...)")
    }
}
