import Datasets
import Engine
import Models
import Storage
import Tensors
import TestSupport
import Testing

@testable import Training

/// A file beside the tests.
func fixture(_ name: String) throws -> JSONValue { try JSONValue(parsing: readText(TestSupport.fixture(name))) }

extension JSONValue {
    func numbers(_ name: String) throws -> [Double] { try #require(self[name]?.arrayValue).map { try #require($0.doubleValue) } }
    func rows(_ name: String) throws -> [[Double]] {
        try #require(self[name]?.arrayValue).map { try #require($0.arrayValue).map { try #require($0.doubleValue) } }
    }
    func number(_ name: String) throws -> Double { try #require(self[name]?.doubleValue) }
}

func isNear(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    guard let a else { return false }
    return abs(a - b) <= tolerance * max(1, abs(b))
}
func areNear(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isNear($0, $1, tolerance) }
}
