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

    @Test func aShapeReadsOnlyItsOwn() throws {
        func scan(_ sample: String, _ text: String) -> Double? {
            let room = [UInt8](repeating: 32, count: 32)
            return (Array(sample.utf8) + room).withUnsafeBufferPointer { first in
                (Array(text.utf8) + room).withUnsafeBufferPointer { second -> Double? in
                    guard let a = first.baseAddress, let b = second.baseAddress, let shape = NumberShape(a, a + sample.utf8.count) else {
                        return nil
                    }
                    var value = 0.0
                    guard let end = shape.scan(b, &value), end == b + text.utf8.count else { return nil }
                    return value
                }
            }
        }
        #expect(scan("1.2345E+01", "9.8765E-03") == 9.8765e-3)
        #expect(scan("1.2345E+01", "-9.8765E-03") == -9.8765e-3)
        #expect(scan("0.12345678901E+02", "0.99999999999E+22") == 0.99999999999e22)
        #expect(scan("0.12345678901E+02", "-0.10000000001E-08") == -0.10000000001e-8)
        #expect(scan("0.12345678E+02", "0.87654321E+02") == 87.654321)
        #expect(scan("0.1E+02", "0.7E-01") == 0.07)
        for other in [
            "1.234E+01", "12.345E+01", "1.2345e+01", "1.2345E+1", "1.2345E+001", "1.23x5E+01", "1.2345E001", "1.2345D+01", "x.2345E+01",
            "1.2345E+0x", "-.2345E+01", "1.2345E+99",
        ] {
            #expect(scan("1.2345E+01", other) == nil, "\(other)")
        }
        #expect(scan("1E+01", "1E+01") == nil)
        #expect(scan("0.123456789012345E+01", "0.123456789012345E+01") == nil)
    }
}
