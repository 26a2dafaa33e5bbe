import Datasets
import Diagnostics
import Tensors
import TestSupport
import Testing

@Suite(.timed) struct ArrayCSVTests {
    private func array(_ shape: Shape, _ values: [Double], _ precision: NumericArray.Precision = .double) throws -> NumericArray {
        try NumericArray(shape: shape, values: values, precision: precision)
    }

    @Test func shortestDigits() throws {
        #expect(try arrayCSV(array([2, 2], [0.1, 1, -2.5e-7, 1.0 / 3])) == "0.1,1.0\n-2.5e-07,0.3333333333333333\n")
        #expect(try arrayCSV(array([2], [0.1, .infinity], .single)) == "0.1\ninf\n")
        #expect(try arrayCSV(NumericArray(scalar: -.nan)) == "nan\n")
        #expect(try arrayCSV(array([0, 2], [])).isEmpty)
        try expectFault("shape") { _ = try arrayCSV(array([1, 1, 1], [1])) }
        try expectFault("shape") { _ = try arrayCSV(array([2, 0], [])) }
    }

    @Test func everyBitComesBack() throws {
        var random = Philox(RandomKey(seed: 2, purpose: .sampling))
        let values =
            (0..<600).map { _ in Double(bitPattern: random.next()) }.map { $0.isNaN ? 0 : $0 } + [
                .infinity, -.infinity, .leastNonzeroMagnitude, -0.0, .greatestFiniteMagnitude, 1e22,
            ]
        let written = try array([202, 3], values)
        try withFile("a.csv", Array(arrayCSV(written).utf8)) { path in
            let read = try readArrayCSV(path)
            #expect(read.shape == [202, 3] && read.precision == .double)
            #expect(read.values.map(\.bitPattern) == values.map(\.bitPattern))
        }
        let single = try array([3, 202], values, .single)
        try withFile("a.csv", Array(arrayCSV(single).utf8)) { path in
            let read = try readArrayCSV(path).converted(to: .single)
            #expect(read.values.map(\.bitPattern) == single.values.map(\.bitPattern))
        }
    }

    @Test(arguments: [
        ("1,2\n3,4\n", [2, 2]), ("1,2\r\n3,4\r\n\r\n", [2, 2]), ("1\r2\r3", [3, 1]), ("\u{FEFF}1,2", [1, 2]), (" 1 ,\t2\n", [1, 2]),
        ("nan,inf,-Infinity\n", [1, 3]), ("1e5,+2.,.5\n", [1, 3]),
    ])
    func reads(_ text: String, _ shape: [Int]) throws {
        let read = try withFile("a.csv", Array(text.utf8)) { try readArrayCSV($0) }
        #expect(read.shape == Shape(shape))
    }

    @Test(arguments: [
        ("1,2\n3\n", 2, "expected 2 cells, found 1"), ("1,2\n3,4\n5,6,7", 3, "expected 2 cells, found 3"),
        ("1,2\n3,x\n", 2, "expected a number, found `x`"),
        ("1,\n", 1, "expected a number, found an empty cell"), ("1,2\n\n3,4\n", 2, "expected numbers, found an empty line"),
        ("1;2\n", 1, "expected a number, found `1;2`"),
        ("a,b\n1,2\n", 1, "expected a number, found `a`"), ("# by hand\n1,2\n", 1, "expected a number, found `# by hand`"),
        ("1,1D5\n", 1, "expected a number, found `1D5`"),
        ("1,1-5\n", 1, "expected a number, found `1-5`"), ("1,\"2\"\n", 1, "expected a number, found `\"2\"`"),
        ("1,0x10\n", 1, "expected a number, found `0x10`"), ("1,2\0\n", 1, "expected a number, found `2\0`"),
    ])
    func refuses(_ text: String, _ line: Int, _ message: String) throws {
        try withFile("a.csv", Array(text.utf8)) { path in
            let found = diagnostic { _ = try readArrayCSV(path) }
            #expect(found.id == "bad-data" && found.data == DataPlace(file: path, line: line) && found.message == message, "\(found)")
            #expect(found.hints.isEmpty == (line != 1 || message.hasPrefix("expected 2")))
        }
    }

    @Test func nothingAtAll() throws {
        for text in ["", "\n\n", "\u{FEFF}"] {
            try withFile("a.csv", Array(text.utf8)) { path in try expectFault("bad-data") { _ = try readArrayCSV(path) } }
        }
        try withFile("a.csv", [0x31, 0x2C, 0xFF, 0x0A]) { path in try expectFault("bad-data") { _ = try readArrayCSV(path) } }
        try expectFault("cannot-read") { _ = try readArrayCSV("/nowhere/a.csv") }
    }
}
