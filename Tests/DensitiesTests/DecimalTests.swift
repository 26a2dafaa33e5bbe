import TestSupport
import Testing

@testable import Densities
@testable import Storage

private func parse(_ text: String) -> Double? {
    (Array(text.utf8) + [UInt8](repeating: 0, count: 32)).withUnsafeBufferPointer {
        decimal(UnsafeBufferPointer(rebasing: $0.prefix(text.utf8.count)))
    }
}

@Suite(.timed) struct DecimalTests {
    @Test func readsWhatPythonReads() throws {
        let lines = try text(of: fixture("numbers.txt")).split(separator: "\n")
        #expect(lines.count > 1500)
        for line in lines {
            let parts = line.split(separator: " ")
            let bits = try #require(UInt64(parts[1], radix: 16))
            #expect(parse(String(parts[0]))?.bitPattern == bits, "\(line)")
        }
    }

    @Test(arguments: [
        "", "-", "+", ".", "e5", "-.", "1e", "1e+", "1.2.3", "--1", "+-1", "1,5", "nan", "inf", "Infinity", "0x1p3", "1_000", "*****",
        "1.0E+", "1-5", "1+02", "1.5-1000", "1 2", "1e5.", "\u{0661}", "1e5e5", "abc",
    ])
    func refusesWhatIsNoNumber(_ text: String) {
        #expect(parse(text) == nil)
    }

    @Test func tooLargeIsInfinite() {
        #expect(parse("1e309") == .infinity)
        #expect(parse("-1e999999999999999999999") == -.infinity)
        #expect(parse("1.7976931348623159e308") == .infinity)
    }

    /// The number of a text in the shape of a sample, and whether vectors of bytes may be used; nil where it is of no or another shape.
    private func scan(_ sample: String, _ text: String, vectors: Bool) -> Double? {
        let room = [UInt8](repeating: 32, count: 40)
        return (Array(sample.utf8) + room).withUnsafeBufferPointer { first in
            (Array(text.utf8) + room).withUnsafeBufferPointer { second -> Double? in
                guard let a = first.baseAddress, let b = second.baseAddress, let shape = NumberShape(a, a + sample.utf8.count) else {
                    return nil
                }
                var value = 0.0
                var end = b
                let stop = b + text.utf8.count
                let count =
                    vectors
                    ? shape.read(&end, end: stop, into: &value, most: 1) : shape.readWithoutVectors(&end, end: stop, into: &value, most: 1)
                return count == 1 && end == stop ? value : nil
            }
        }
    }

    @Test(arguments: [true, false]) func aShapeReadsOnlyItsOwn(_ vectors: Bool) throws {
        func scan(_ sample: String, _ text: String) -> Double? { self.scan(sample, text, vectors: vectors) }
        #expect(scan("1.2345E+01", "9.8765E-03") == 9.8765e-3)
        #expect(scan("1.2345E+01", "-9.8765E-03") == -9.8765e-3)
        #expect(scan("0.12345678901E+02", "-0.10000000001E-08") == -0.10000000001e-8)
        #expect(scan("0.12345678E+02", "0.87654321E+02") == 87.654321)
        #expect(scan("0.1E+02", "0.7E-01") == 0.07)
        #expect(scan("1.2345E+01", "-.2345E+01") == -2.345)
        #expect(scan("-.2345E+01", "1.2345E+01") == 12.345)
        #expect(scan("-.2345E+01", "-0.0000E+00")?.bitPattern == (-0.0).bitPattern)
        #expect(scan("0.12345678901234E+02", "-.99999999999999E+00") == -0.99999999999999)
        if !vectors { #expect(scan("0.12345678901E+02", "0.99999999999E+22") == 0.99999999999e22) }
        for other in [
            "1.234E+01", "12.345E+01", "1.2345e+01", "1.2345E+1", "1.2345E+001", "1.23x5E+01", "1.2345E001", "1.2345D+01", "x.2345E+01",
            "1.2345E+0x", "1.2345E+99", "1.2345E,01", "1.2345E)01", "1.2345E/01", "--.2345E+1", "--.2345E+01", "+.2345E+01", "1.2345E+:1",
            "1.2345E+0/", "/.2345E+01", ":.2345E+01", "..2345E+01", "1-2345E+01", "1.2345E\u{80}01", "1.2345\u{65}+01",
        ] {
            #expect(scan("1.2345E+01", other) == nil, "\(other)")
        }
        #expect(scan("1E+01", "1E+01") == nil)
        #expect(scan("0.123456789012345E+01", "0.123456789012345E+01") == nil)
    }

    /// Numbers of every shape, mixed with others, come out as the standard library has them, to the bit.
    @Test func runsOfNumbersAreThoseOfTheStandardLibrary() throws {
        var random = SystemRandomNumberGenerator()
        for round in 0..<400 {
            let fraction = round % 16
            var words: [String] = []
            for _ in 0..<50 {
                let digits = (0..<fraction).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
                let whole = ["0", "-0", "-", "7", "-3", "9"].randomElement(using: &random) ?? "0"
                let letter = Int.random(in: 0..<40, using: &random) == 0 ? "D" : round % 2 == 0 ? "E" : "e"
                let power = Int.random(in: round % 3 == 0 ? -99...99 : -12...12, using: &random)
                let exponent = (power < 0 ? "-" : "+") + (abs(power) < 10 ? "0" : "") + String(abs(power))
                words.append(Int.random(in: 0..<30, using: &random) == 0 ? "17.25" : "\(whole).\(digits)0\(letter)\(exponent)")
            }
            let blanks = [" ", "  ", "\n", "\r\n ", "\t"]
            let text = words.reduce("") { $0 + $1 + (blanks.randomElement(using: &random) ?? " ") }
            let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 32)
            var found = [Double](repeating: .nan, count: words.count)
            let count = bytes.withUnsafeBufferPointer { bytes -> Int in
                guard var place = bytes.baseAddress else { return 0 }
                var run = NumberRun()
                return run.read(&place, end: place + text.utf8.count, into: &found, most: words.count)
            }
            let expected = words.map { Double($0.replacing("D", with: "E").replacing("-.", with: "-0.")) ?? .nan }
            #expect(count == words.count && found.map(\.bitPattern) == expected.map(\.bitPattern), "\(text)")
        }
    }
}
