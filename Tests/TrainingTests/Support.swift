import Datasets
import Engine
import Models
import Storage
import Tensors
import Testing

@testable import Training

/// A file beside the tests.
func fixture(_ name: String, from file: StaticString = #filePath) throws -> JSONValue {
    let here = String(describing: file)
    let folder = here[..<(here.lastIndex(of: "/") ?? here.startIndex)]
    return try JSONValue(parsing: readText("\(folder)/Fixtures/\(name)"))
}

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
