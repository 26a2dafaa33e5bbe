import Diagnostics
import Storage
import Tensors
import TestSupport
import Testing

@Suite(.timed) struct NumericArrayTests {
    @Test func singlePrecisionIsRounded() throws {
        let single = try NumericArray(shape: [3], values: [0.1, 1e300, -1e-60], precision: .single)
        #expect(single.values == [Double(Float(0.1)), .infinity, 0])
        #expect(single.values[2].sign == .minus)
        let double = try NumericArray(shape: [3], values: [0.1, 1e300, 2], precision: .double)
        #expect(double.values == [0.1, 1e300, 2])
        #expect(double.map { $0 / 3 }.values[0] == 0.1 / 3)
        #expect(single.map { $0 / 3 }.values[0] == Double(Float(Double(Float(0.1)) / 3)))
        #expect(double.converted(to: .single).values == [Double(Float(0.1)), .infinity, 2])
        #expect(NumericArray(scalar: 4) == (try NumericArray(shape: [], values: [4], precision: .double)))
    }

    @Test func tensorsComeAndGo() throws {
        let tensor = try Tensor(shape: [2, 2], values: [0.1, -0.2, 3, .infinity])
        let array = NumericArray(tensor)
        #expect(array.precision == .single && array.shape == [2, 2])
        #expect(try array.tensor() == tensor)
        #expect(try NumericArray(shape: [1], values: [0.1], precision: .double).tensor().withUnsafeBuffer { $0[0] } == 0.1)
    }

    @Test func countsHaveToFit() {
        for (shape, count) in [([2, 3], 5), ([], 0), ([-1], 1), ([Int.max, Int.max], 1), ([0, 5], 1)] as [([Int], Int)] {
            let values = [Double](repeating: 1, count: count)
            #expect(diagnostic { try NumericArray(shape: Shape(shape), values: values, precision: .double) }.id == "shape")
        }
    }

    @Test func shapesAreBroadcastAsNumpyDoes() throws {
        for expected in try numpy.list("broadcasts") {
            let a = try expected.shape("a")
            let b = try expected.shape("b")
            if expected["result"]?.arrayValue != nil {
                #expect(try NumericArray.broadcast(a, b) == expected.shape("result"))
                #expect(try NumericArray.broadcast(b, a) == expected.shape("result"))
            } else {
                let found = diagnostic { try NumericArray.broadcast(a, b) }
                #expect(found.id == "shape" && found.message == "expected shapes that go together, found \(a) and \(b)")
            }
        }
    }

    /// Sums, products and quotients to the bit; powers, for which C libraries differ, to two units in the last place.
    @Test func agreesWithNumpy() throws {
        var checked = 0
        for expected in try numpy.list("combined") + numpy.list("exponents") {
            let operation = try #require(expected["operator"]?.stringValue.flatMap(ArrayOperator.init(rawValue:)))
            let a = try expected.array("a")
            let b = try expected.array("b")
            let result = try expected.array("result")
            let found = try NumericArray.combine(operation, a, b)
            if operation == .power {
                #expect(found.isNear(result, steps: 2), "\(a) ^ \(b): \(found), \(result)")
            } else {
                #expect(found.isSame(as: result), "\(operation) \(a) \(b): \(found), \(result)")
            }
            checked += 1
        }
        #expect(checked > 200)
    }

    @Test func resultsThatAreTooLarge() throws {
        let a = try NumericArray(shape: [1 << 15, 1], values: [Double](repeating: 0, count: 1 << 15), precision: .double)
        #expect(diagnostic { try NumericArray.combine(.add, a, a.reshaped([1, 1 << 15])) }.id == "too-large")
        #expect(try NumericArray.broadcast([1 << 14, 1], [1, 1 << 14]) == [1 << 14, 1 << 14])
        for (x, y) in [([1 << 15, 1], [1, 1 << 15]), ([1 << 29], [1 << 29]), ([Int.max, 1], [1, Int.max])] as [([Int], [Int])] {
            #expect(diagnostic { try NumericArray.broadcast(Shape(x), Shape(y)) }.id == "too-large")
        }
    }

    @Test func stepsTakeEverySoManyPositions() throws {
        // numpy: a = arange(24).reshape(4, 6)
        let a = try NumericArray(shape: [4, 6], values: (0..<24).map(Double.init), precision: .double)
        let some = try a.sliced([.stepped(0, 4, by: 2), .stepped(1, 6, by: 3)])
        #expect(some.shape == [2, 2] && some.values == [1, 4, 13, 16])
        let row = try a.sliced([.at(3), .stepped(0, 6, by: 4)])
        #expect(row.shape == [2] && row.values == [18, 22])
        #expect(try a.sliced([.stepped(1, 4, by: 5)]).values == [6, 7, 8, 9, 10, 11])
        #expect(try a.sliced([.stepped(2, 2, by: 2)]).shape == [0, 6])
        for wrong in [AxisSlice.stepped(0, 5, by: 2), .stepped(3, 2, by: 1), .stepped(-1, 2, by: 1), .stepped(0, 4, by: 0)] {
            #expect(throws: Diagnostic.self) { try a.sliced([wrong]) }
        }
    }

    @Test func slicesAgreeWithNumpy() throws {
        for expected in try numpy.list("slices") {
            let slices = try #require(expected["slices"]?.arrayValue).map { slice in
                if let place = slice.intValue { return AxisSlice.at(place) }
                let ends = try #require(slice.arrayValue).compactMap(\.intValue)
                return AxisSlice.range(ends[0], ends[1])
            }
            let array = try expected.array("array")
            let result = try expected.array("result")
            #expect(try array.sliced(slices).isSame(as: result), "\(slices) of \(array.shape)")
            #expect(try NumericArray.slicedShape(array.shape, slices) == result.shape)
        }
    }

    @Test func slicesOutside() throws {
        let array = try NumericArray(shape: [2, 3], values: [1, 2, 3, 4, 5, 6], precision: .double)
        for slices in [
            [.at(2)], [.at(-1)], [.at(0), .at(3)], [.range(0, 3)], [.range(-1, 1)], [.range(2, 1)], [.range(0, .max)], [.at(.max)],
            [.at(0), .at(0), .at(0)],
        ] as [[AxisSlice]] {
            #expect(diagnostic { try array.sliced(slices) }.id == "out-of-range")
        }
        #expect(diagnostic { try array.sliced([.at(1), .at(3)]) }.message == "there is no item 3 on axis 1 of a tensor of shape 2x3")
        #expect(diagnostic { try array.sliced([.range(1, 3)]) }.message == "the slice 1:3 does not lie on axis 0 of a tensor of shape 2x3")
        #expect(diagnostic { try NumericArray(scalar: 1).sliced([.at(0)]) }.id == "out-of-range")
    }

    @Test func transposesAgreeWithNumpy() throws {
        for expected in try numpy.list("transposes") {
            let array = try expected.array("array")
            #expect(try array.transposed().isSame(as: expected.array("result")), "\(array.shape)")
            #expect(try array.transposed().transposed() == array)
        }
    }

    @Test func reshapesKeepTheOrder() throws {
        let array = try NumericArray(shape: [2, 3], values: [1, 2, 3, 4, 5, 6], precision: .single)
        #expect(try array.reshaped([3, 1, 2]) == NumericArray(shape: [3, 1, 2], values: array.values, precision: .single))
        for shape in [[4], [], [-2, -3], [0], [Int.max, 2]] as [[Int]] {
            #expect(diagnostic { try array.reshaped(Shape(shape)) }.id == "shape")
        }
    }
}
