import Builtins
import Diagnostics
import SessionTestSupport
import TestSupport
import Testing

@testable import Language

@Suite(.timed) struct ParserTests {
    private func parse(_ text: String) -> SyntaxTree { catalogue.parse(text, file: "t") }

    /// The expression with a bracket around every operation.
    private func shape(_ text: String) throws -> String {
        let tree = parse(text)
        #expect(tree.diagnostics == [])
        guard case .expression(let expression) = try #require(tree.statements.first).kind else { return "" }
        return shape(expression)
    }

    private func shape(_ expression: Expression) -> String {
        switch expression.kind {
        case .number(let value, let percent): written(percent ? value * 100 : value) + (percent ? "%" : "")
        case .name(let name): name
        case .bool(let value): "\(value)"
        case .negate(let inner): "(-\(shape(inner)))"
        case .not(let inner): "(not \(shape(inner)))"
        case .binary(let operation, let a, let b): "(\(shape(a)) \(operation.rawValue) \(shape(b)))"
        case .range(let a, let b, let by): "(\(shape(a)) .. \(shape(b))\(by.map { " by " + shape($0) } ?? ""))"
        case .pipe(let value, let name, let arguments):
            "(\(shape(value)) |> \(name.text)(\(arguments.map { shape($0.value) }.joined(separator: ", "))))"
        case .member(let base, let name): "\(shape(base)).\(name.text)"
        case .call(let callee, let arguments):
            "\(shape(callee))(\(arguments.map { ($0.label.map { $0.text + ": " } ?? "") + shape($0.value) }.joined(separator: ", ")))"
        case .index(let base, let items): "\(shape(base))[\(items.count)]"
        case .list(let items): "[\(items.map(shape).joined(separator: ", "))]"
        case .with(let base, let body): "(\(shape(base)) with \(body.members.count))"
        case .text(let parts): "\"\(parts.count)\""
        default: "?"
        }
    }

    @Test(arguments: [
        ("1 + 2 * 3", "(1 + (2 * 3))"), ("1 - 2 - 3", "((1 - 2) - 3)"), ("2 ^ 3 ^ 2", "(2 ^ (3 ^ 2))"), ("-2 ^ 2", "(-(2 ^ 2))"),
        ("a >> b >> c |> d", "(((a >> b) >> c) |> d())"), ("a |> f(1) |> g", "((a |> f(1)) |> g())"),
        ("not a and b or c", "(((not a) and b) or c)"),
        ("1..2 + 3 by 2", "(1 .. (2 + 3) by 2)"), ("a.b.c(1)[2].d", "a.b.c(1)[1].d"), ("f(x: 1, 2)", "f(x: 1, 2)"),
        ("70% + 1", "(70% + 1)"),
        ("a < b", "(a < b)"), ("a with { b: 1 } with { c: 2 }", "((a with 1) with 1)"), ("f(\n1,\n2\n)", "f(1, 2)"), ("a.for", "a.for"),
        ("a.table.in", "a.table.in"),
        ("a\n  >> b", "(a >> b)"), ("(1 + 2) * 3", "((1 + 2) * 3)"), ("[1, 2,]", "[1, 2]"),
    ])
    func operators(_ text: String, _ expected: String) throws {
        #expect(try shape(text) == expected)
    }

    @Test func textInQuotesMayNameAField() throws {
        let tree = parse("let r = { \"PBE + U\": 1, \"a {b}\": 2, \"say \\\"x\\\"\": 3, PBE: 4 }")
        #expect(tree.diagnostics == [] && tree.roles.names.count == 3)
        guard case .binding(let binding) = tree.statements.first?.kind, case .record(let entries) = binding.value.kind else {
            Issue.record("expected a record")
            return
        }
        #expect(entries.map(\.name.text) == ["PBE + U", "a {b}", "say \"x\"", "PBE"])
        for text in ["{ \" \": 1 }", "{ \"a\\nb\": 1 }", "{ \"\\(x)\": 1 }", "{ \"a\" 1 }", "{ \"a\", b: 1 }"] {
            #expect(parse("let r = " + text).diagnostics.count == 1, "\(text)")
        }
        #expect(["PBE", "_a1", "for", "Å"].allSatisfy(isPlainName))
        #expect(!["", "PBE + U", "1a", "[111]", "a.b", "a ", "a#b", "\"a\""].contains(where: isPlainName))
        #expect(fieldName("PBE") == "PBE" && fieldName("a \"b\"") == "\"a \\\"b\\\"\"")
    }

    @Test func anyWordMayNameAField() {
        let tree = parse("dataset d {\n    for: 1, in: 2, input: 3, stage: 4, model: 5, let: 6, table.on: 7\n}")
        #expect(tree.diagnostics == [])
        guard case .declaration(let declaration) = tree.statements.first?.kind else {
            Issue.record("expected a declaration")
            return
        }
        let paths = declaration.body.members.map {
            if case .field(let path, _) = $0 { path.map(\.text).joined(separator: ".") } else { "?" }
        }
        #expect(paths == ["for", "in", "input", "stage", "model", "let", "table.on"])
    }

    @Test func wordsOfTheirPlaceAreNamesElsewhere() {
        for word in ["dataset", "model", "experiment", "input", "stage", "on", "to", "by"] {
            #expect(parse("let \(word) = 1\nlet x = \(word) + 1").diagnostics == [], "\(word)")
        }
    }

    @Test func aScriptShowsSeveralMistakes() {
        let tree = parse("let a = \nlet b = 2\nlet 3 = c\nmodel m {\n    input x 3\n    y: [1, 2\n}\nlet d = )\n")
        #expect(tree.diagnostics.count >= 3)
        #expect(tree.statements.contains { $0.declaredName?.text == "b" })
    }

    @Test func spansHoldWhatTheyName() throws {
        let text = "let total = first + second * third"
        guard case .binding(let binding) = try #require(parse(text).statements.first).kind,
            case .binary(_, _, let right) = binding.value.kind
        else {
            Issue.record("expected a sum")
            return
        }
        let bytes = Array(text.utf8)
        func slice(_ span: SourceSpan) -> String { String(decoding: bytes[span.start..<span.end], as: UTF8.self) }
        #expect(slice(binding.value.span) == "first + second * third")
        #expect(slice(right.span) == "second * third")
    }

    /// The deepest nesting that is read before the parser gives up, on the stack that a program's first thread usually has.
    @Test(arguments: ["(", "[", "{ a: ", "-", "not ", "f(", "if true { ", "\"\\("])
    func theDeepestNestingFitsASmallStack(_ open: String) throws {
        let found = try onLargeStack(bytes: smallStack) {
            catalogue.parse("let x = " + String(repeating: open, count: 20_000), file: "t").diagnostics.count
        }
        #expect(found >= 1)
    }

    @Test func interpolationNestsSafely() {
        let text = "let t = " + String(repeating: "\"\\(", count: 30) + "1" + String(repeating: ")\"", count: 30)
        #expect(parse(text).diagnostics.map(\.id).contains("too-deep"))
    }
}
