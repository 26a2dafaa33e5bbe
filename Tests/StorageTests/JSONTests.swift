import Diagnostics
import TestSupport
import Testing

@testable import Storage

@Suite(.timed) struct JSONTests {
    @Test func canonicalTextIsSortedAndMinimal() throws {
        let value = try JSONValue(parsing: " { \"b\" : [1, 2.50, -0, 1e2, true, null], \"a\": \"x\\ny\\u0001\" } ")
        #expect(value.canonical == #"{"a":"x\ny\u0001","b":[1,2.5,-0.0,100.0,true,null]}"#)
        #expect(try JSONValue(parsing: value.canonical) == value)
        #expect(try JSONValue(parsing: value.pretty) == value)
    }

    @Test func namesAreSortedByBytes() {
        let value: JSONValue = ["é": 1, "z": 2, "B": 3, "a": 4, "": 5]
        #expect(value.canonical == #"{"":5,"B":3,"a":4,"z":2,"é":1}"#)
    }

    @Test(arguments: [
        0.1, 1.0, -0.0, 0x1p-1074, 1.7976931348623157e308, 1.0 / 3.0, 1e16, 123_456_789_012_345_680, 2.2250738585072014e-308,
        6.62607015e-34,
    ])
    func doublesComeBackBitForBit(value: Double) throws {
        let text = JSONValue.number(value).canonical
        #expect(try JSONValue(parsing: text).doubleValue?.bitPattern == value.bitPattern)
    }

    @Test func integersStayIntegers() throws {
        #expect(try JSONValue(parsing: "9223372036854775807") == .integer(Int.max))
        #expect(try JSONValue(parsing: "-9223372036854775808") == .integer(Int.min))
        #expect(try JSONValue(parsing: "9223372036854775808") == .number(9_223_372_036_854_775_808))
        #expect(try JSONValue(parsing: "1.0") == .number(1))
    }

    @Test func whatJSONLacksIsText() throws {
        #expect(JSONValue.array([.number(.infinity), .number(-.infinity), .number(.nan)]).canonical == #"["inf","-inf","nan"]"#)
        #expect(JSONValue.string("nan").doubleValue?.isNaN == true)
        #expect(JSONValue.string("-inf").doubleValue == -.infinity)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", ".5", "+1", "1e", "tru", "nul", "\"a", "\"\u{1}\"", #""\x""#, #""\u12""#,
        #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "[1 2]", "{\"a\" 1}", "1 2", "NaN", "-", "--1", "[", "]", "'a'", "1e999", "-1e999",
    ])
    func whatIsNotJSONIsRefused(text: String) {
        #expect(diagnostic { _ = try JSONValue(parsing: text) }.id == "bad-data")
    }

    @Test func escapesAndPairsAreRead() throws {
        #expect(try JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#) == .string("\"\\/\u{8}\u{C}\n\r\té😀é"))
    }

    @Test func aNameGivenTwiceIsRefused() {
        #expect(diagnostic { _ = try JSONValue(parsing: #"{"a":1,"a":2}"#) }.message == "expected every name once, found `a` twice")
        // The same name by an escape.
        #expect(diagnostic { _ = try JSONValue(parsing: #"{"a":1,"\u0061":2}"#) }.id == "bad-data")
    }

    @Test func bytesThatAreNotTextAreRefused() {
        for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] {
            #expect(diagnostic { _ = try JSONValue(parsing: bytes) }.id == "bad-data")
        }
    }

    @Test func nestingIsBounded() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(diagnostic { _ = try JSONValue(parsing: deep) }.message == "expected JSON nested at most 64 deep, found more")
        _ = try JSONValue(parsing: String(repeating: "[", count: 60) + String(repeating: "]", count: 60))
    }

    @Test func theLineIsNamed() {
        let found = diagnostic { _ = try JSONValue(parsing: "{\n\n\"a\": x}", in: DataPlace(file: "f", line: 10)) }
        #expect(found.data == DataPlace(file: "f", line: 12))
        #expect(found.message == "expected a value, found `x` at byte 8 of the JSON text")
    }

    struct Sample: Codable, Equatable {
        var epoch: Int
        var loss: Double
        var float: Float
        var names: [String]
        var rest: Double?
    }

    @Test func swiftValuesGoThroughAndBack() throws {
        let sample = Sample(epoch: 3, loss: .infinity, float: 0.1, names: ["a/b", "é\n"], rest: nil)
        let value = try JSONValue(encoding: sample)
        #expect(value.canonical == #"{"epoch":3,"float":0.1,"loss":"inf","names":["a/b","é\n"]}"#)
        #expect(try value.decoded(as: Sample.self) == sample)
        let found = diagnostic { _ = try JSONValue(parsing: #"{"epoch":3}"#).decoded(as: Sample.self) }
        #expect(found.message == "expected a member `loss`, found none")
    }
}
