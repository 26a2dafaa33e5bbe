import Diagnostics
import Storage
import Tensors
import TestSupport
import Testing

@Suite(.timed) struct ReductionTests {
    /// numpy's in double, rounded where the array is single.
    @Test func agreesWithNumpy() throws {
        var checked = 0
        let arrays = try numpy.list("reduced").map { try $0.array() }
        for expected in try numpy.list("reductions") {
            let array = arrays[try #require(expected["array"]?.intValue)]
            let axis = expected["axis"]?.intValue
            let scale = array.values.filter(\.isFinite).reduce(1) { max($0, abs($1)) } * Double(max(1, array.count))
            for reduction in Reduction.allCases {
                let result = try #require(expected["results"]).array(reduction.rawValue)
                let found = try array.reduced(reduction, axis: axis)
                #expect(found.shape == result.shape && found.precision == result.precision)
                #expect(try NumericArray.reducedShape(array.shape, axis: axis) == result.shape)
                let unit = array.precision == .single ? 0x1p-23 : 0x1p-52
                for (a, b) in zip(found.values, result.values) {
                    #expect(
                        a == b || (a.isNaN && b.isNaN) || abs(a - b) <= unit * max(abs(b), array.precision == .single ? 0 : scale / 16),
                        "\(reduction) \(array.shape) \(axis ?? -1): \(a), \(b)")
                    checked += 1
                }
            }
        }
        #expect(checked > 1000)
    }

    /// Bytes come to what their array comes to, to the last bit.
    @Test func bytesAreReducedAsTheirArray() throws {
        for count in [1, 7, 8, 127, 129, 1000, 100_003] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 7) }
            let array = try NumericArray(shape: [count], bytes: bytes)
            #expect(try array == NumericArray(Tensor(shape: [count], values: bytes.map { Float($0) })))
            for reduction in Reduction.allCases {
                #expect(try NumericArray.reduced(bytes, reduction) == array.reduced(reduction, axis: nil), "\(reduction) of \(count)")
            }
        }
        try expectFault("shape") { _ = try NumericArray.reduced([], .mean) }
        #expect(try NumericArray.reduced([], .sum).values == [0])
    }

    /// A million numbers far from 0: to 1e-14 of numpy's.
    @Test func longSums() throws {
        let values = (0..<1_000_000).map { Double(UInt32(truncatingIfNeeded: UInt64($0) &* 2_654_435_761)) / 0x1p32 + 1e6 }
        let array = try NumericArray(shape: [1_000_000], values: values, precision: .double)
        let expected = try #require(numpy["long"])
        for reduction in Reduction.allCases {
            let result = try #require(expected[reduction.rawValue]).exact()
            let found = try array.reduced(reduction, axis: nil).values[0]
            #expect(abs(found - result) <= 1e-14 * abs(result), "\(reduction)")
            // The deviation of a column is that of the row; 1e6 against a spread of 0.3 costs six digits.
            let column = try array.reshaped([1_000_000, 1]).reduced(reduction, axis: 0).values[0]
            #expect(abs(column - result) <= 1e-14 * abs(result), "\(reduction) of a column")
            let pairs = try array.reshaped([500_000, 2]).reduced(reduction, axis: 0)
            #expect(reduction != .mean || abs((pairs.values[0] + pairs.values[1]) / 2 - result) <= 1e-14 * result)
        }
    }

    @Test func nothingToReduce() throws {
        let none = try NumericArray(shape: [0, 3], values: [], precision: .double)
        #expect(try none.reduced(.sum, axis: nil) == NumericArray(scalar: 0))
        #expect(try none.reduced(.sum, axis: 0).values == [0, 0, 0])
        #expect(try none.reduced(.max, axis: 1) == NumericArray(shape: [0], values: [], precision: .double))
        for reduction in [Reduction.mean, .min, .max, .std] {
            #expect(diagnostic { try none.reduced(reduction, axis: 0) }.id == "shape")
            #expect(diagnostic { try none.reduced(reduction, axis: nil) }.id == "shape")
        }
        #expect(diagnostic { try none.reduced(.sum, axis: 2) }.message == "there is no axis 2 in a tensor of shape 0x3")
        for axis in [-1, 2, .max] { #expect(diagnostic { try NumericArray.reducedShape([2, 3], axis: axis) }.id == "out-of-range") }
    }

    @Test func normsAgreeWithNumpy() throws {
        for expected in try numpy.list("norms") {
            let array = try expected.array("array")
            let order = try #require(expected["order"]).exact()
            let result = try #require(expected["result"]).exact()
            let found = try array.norm(order)
            #expect(
                found == result || (found.isNaN && result.isNaN) || abs(found - result) <= 1e-14 * result,
                "\(order) of \(array): \(found), \(result)")
        }
    }

    /// Where squares would leave the range of doubles: the exact values.
    @Test func normsDoNotOverflow() throws {
        for scale in [1e300, 1e-300, 0x1p-1074] {
            let array = try NumericArray(shape: [2], values: [3 * scale, -4 * scale], precision: .double)
            #expect(abs(try array.norm(2) / scale - 5) < 1e-12)
            #expect(abs(try array.norm(1) / scale - 7) < 1e-12)
            #expect(try array.norm(.infinity) == 4 * scale)
            #expect(try array.norm(1e6) == 4 * scale)
        }
        #expect(try NumericArray(shape: [0], values: [], precision: .double).norm(2) == 0)
        for order in [0, -1, -Double.infinity, Double.nan] { #expect(diagnostic { try NumericArray(scalar: 1).norm(order) }.id == "range") }
    }
}
