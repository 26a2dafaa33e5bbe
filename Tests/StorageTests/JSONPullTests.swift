import Diagnostics
import TestSupport
import Testing

@testable import Storage

/// Reads a text value by value, as JSONPull gives it, into the tree that the other reader makes at once.
private func tree(_ json: JSONPull) throws -> JSONValue {
    switch try json.kind() {
    case .object:
        var members: [String: JSONValue] = [:]
        try json.object { members[$0] = try tree(json) }
        return .object(members)
    case .array:
        var elements: [JSONValue] = []
        try json.array { index in
            #expect(index == elements.count)
            elements.append(try tree(json))
        }
        return .array(elements)
    case .string: return .string(try json.string())
    case .number: return .number(try json.number())
    case .null:
        try json.skip()
        return .null
    case .bool:
        try json.skip()
        return .bool(true)
    }
}

private func withoutIntegers(_ value: JSONValue) -> JSONValue {
    switch value {
    case .integer(let number): .number(Double(number))
    case .array(let elements): .array(elements.map(withoutIntegers))
    case .object(let members): .object(members.mapValues(withoutIntegers))
    default: value
    }
}

private func pull<R>(_ text: String, piece: Int = TextPieces.usualSize, _ body: (JSONPull) throws -> R) throws -> R {
    try withFile("a.json", Array(text.utf8)) { try JSONPull.read(path: $0, size: piece, body) }
}

private let document = """
    {"a": [1, -2.5, 3e2, 0.1e-5, [], {}, [[]], {"b": {"c": [true, null]}}], "é\\u00e9\\"\\\\": "x\\n\\ud83d\\ude00",
     "numbers": [ 1,2 , 3.25,
    4 ], "": "", "deep": [[[[[[[{"x": [0]}]]]]]]]}

    """

@Suite(.timed) struct JSONPullTests {
    @Test func readsWhatTheOtherReaderReads() throws {
        let expected = withoutIntegers(try JSONValue(parsing: document))
        for piece in [1, 2, 3, 7, 64, TextPieces.usualSize] {
            #expect(try pull(document, piece: piece, tree) == expected, "\(piece)")
            try pull(document, piece: piece) { try $0.skip() }
        }
    }

    @Test func readsNumbersAtOnce() throws {
        for piece in 1...20 {
            var found: [Double] = []
            try pull(document, piece: piece) { json in
                try json.object { if $0 == "numbers" { try json.numbers(into: &found) } else { try json.skip() } }
            }
            #expect(found == [1, 2, 3.25, 4])
        }
    }

    @Test func refusesEveryCut() throws {
        let text = Array(document.utf8)
        let last = text.lastIndex(of: UInt8(ascii: "}")) ?? 0
        for count in 0...last {
            for piece in [1, 64] {
                try withFile("a.json", Array(text.prefix(count))) { path in
                    for read in [{ _ = try tree($0) }, { try $0.skip() }] as [(JSONPull) throws -> Void] {
                        let fault = diagnostic { try JSONPull.read(path: path, size: piece, read) }
                        #expect(
                            fault.id == "bad-data" && fault.data?.line != nil && fault.message.contains("at byte"), "\(count): \(fault)")
                    }
                }
            }
        }
    }

    @Test(arguments: [
        ("[1 2]", "expected `,` or `]`, found `2` at byte 4"), ("[1,]", "expected a JSON value, found `]` at byte 4"),
        ("{\"a\" 1}", "expected `:`, found `1` at byte 6"), ("{a: 1}", "expected a name in quotes, found `a` at byte 2"),
        ("{\"a\": 1,}", "expected a name in quotes, found `}` at byte 9"), ("[tru]", "expected a JSON value, found `tru` at byte 2"),
        ("[1] x", "expected the end of the JSON document, found `x and the end of the file` at byte 5"),
        ("[NaN]", "expected a JSON value, found `NaN` at byte 2"),
        ("[1x]", "expected a JSON value, found `1x` at byte 2"), ("{\"a\": 1]", "expected `,` or `}`, found `]` at byte 8"),
        ("\"a", "expected a closing quote, found the end of the file, at byte 1"),
        ("\"a\\\"", "expected a closing quote, found the end of the file, at byte 1"),
    ]) func namesThePlace(_ text: String, _ message: String) throws {
        for piece in [1, 3, TextPieces.usualSize] {
            let fault = diagnostic { try pull(text, piece: piece) { try $0.skip() } }
            #expect(
                fault.message.replacing("`", with: "") == message.replacing("`", with: "") && fault.data?.line == 1, "\(piece): \(fault)")
        }
    }

    /// What is nested without end ends neither the stack nor the memory.
    @Test func boundsNesting() throws {
        for text in [String(repeating: "[", count: 300_000), String(repeating: "{\"a\":", count: 100_000)] {
            #expect(diagnostic { try pull(text) { try $0.skip() } }.message.contains("nested at most 65536 deep"))
        }
        let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
        try pull(deep) { try $0.skip() }
    }
}
