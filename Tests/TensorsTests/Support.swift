import Storage
import Tensors
import TestSupport
import Testing

/// What numpy makes of small arrays: see Fixtures/make_arrays.py.
let numpy: JSONValue = (try? JSONValue(parsing: readText(fixture("arrays.json")))) ?? .null

extension JSONValue {
    func list(_ name: String) throws -> [JSONValue] {
        let list = try #require(self[name]?.arrayValue)
        try #require(!list.isEmpty)
        return list
    }

    func whole(_ name: String) throws -> [Int] { try #require(self[name]?.arrayValue).map { try #require($0.intValue) } }
    func shape(_ name: String) throws -> Shape { Shape(try whole(name)) }
    /// Numbers as hexadecimal texts.
    func exact(_ name: String) throws -> [Double] { try #require(self[name]?.arrayValue).map { try $0.exact() } }
    func exact() throws -> Double { try #require(stringValue.flatMap(Double.init)) }

    func array(_ name: String) throws -> NumericArray { try #require(self[name]).array() }
    func array() throws -> NumericArray {
        let precision = try #require(self["precision"]?.stringValue.flatMap(NumericArray.Precision.init(rawValue:)))
        return try NumericArray(shape: shape("shape"), values: exact("values"), precision: precision)
    }
}

extension NumericArray {
    /// Equal to the last bit, one NaN as good as another.
    func isSame(as other: NumericArray) -> Bool {
        shape == other.shape && precision == other.precision
            && zip(values, other.values).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
    }

    /// Equal but for so many units in the last place of its precision.
    func isNear(_ other: NumericArray, steps: Double) -> Bool {
        let unit = (precision == .single ? 0x1p-23 : 0x1p-52) * steps
        return shape == other.shape && precision == other.precision
            && zip(values, other.values).allSatisfy { a, b in
                a == b || (a.isNaN && b.isNaN) || abs(a - b) <= unit * abs(b) + (precision == .single ? 0x1p-149 : 0)
            }
    }
}
