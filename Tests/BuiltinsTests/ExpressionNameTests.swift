import Language
import TestSupport
import Testing

@testable import Builtins

/// What axes say of numbers that are made of columns.
@Suite(.timed) struct ExpressionNameTests {
    private func call(_ name: String, _ arguments: [(String, Value)]) -> Value {
        .call(
            Call(
                name, Fields(arguments.map { ($0.0, Field($0.1, Origin())) }), type: .tensor(TensorType(shape: nil, unit: "GPa")),
                origin: Origin()))
    }

    private func column(_ name: String) -> Value { call("[name]", [("x", .none), ("name", .text(Text(name)))]) }
    private func binary(_ a: Value, _ name: String, _ b: Value) -> Value { call(name, [("a", a), ("b", b)]) }

    @Test func namesAreWrittenAsTheExpressionIs() {
        let (k, g) = (column("k_vrh"), column("G"))
        func name(_ value: Value) -> String? { quantityName(of: value, catalogue) }
        #expect(name(call("log", [("x", k)])) == "log(bulk modulus)")
        #expect(name(binary(k, "*", .number(2))) == "bulk modulus * 2")
        #expect(name(binary(binary(k, "+", g), "/", .number(2))) == "(bulk modulus + G) / 2")
        #expect(name(binary(k, "-", binary(g, "-", .number(1)))) == "bulk modulus - (G - 1)")
        #expect(name(binary(.number(-1), "*", g)) == "-1 * G" && name(binary(g, "^", .number(2))) == "G ^ 2")
        #expect(name(call("mean", [("x", g), ("axis", .none)])) == "mean(G)")
        // No column, another argument, and something else in it.
        #expect(name(binary(.number(1), "+", .number(2))) == nil && name(call("mean", [("x", g), ("axis", .number(0))])) == nil)
        #expect(name(binary(g, "+", call("cube", [("path", .text(Text("a.cube")))]))) == nil)
    }
}
