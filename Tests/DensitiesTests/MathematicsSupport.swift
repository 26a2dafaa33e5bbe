import Densities
import Foundation
import TestSupport
import Testing

/// What peers make of the densities in Fixtures/field; written by Fixtures/make_mathematics.py.
struct Mathematics: Decodable {
    struct Digest: Decodable {
        let shape: [Int]
        let mean: Double
        let min: Double
        let max: Double
        let places: [Int]
        let values: [Double]
    }
    struct Regrid: Decodable {
        let file: String
        let method: String
        let matrix: [[Int]]?
        let by: [Double]?
        let digest: Digest
        enum Keys: String, CodingKey { case file, method, matrix, by }
        init(from decoder: any Decoder) throws {
            let box = try decoder.container(keyedBy: Keys.self)
            file = try box.decode(String.self, forKey: .file)
            method = try box.decode(String.self, forKey: .method)
            matrix = try box.decodeIfPresent([[Int]].self, forKey: .matrix)
            by = try box.decodeIfPresent([Double].self, forKey: .by)
            digest = try Digest(from: decoder)
        }
        var regridding: Regridding {
            switch method {
            case "trilinear": .trilinear
            case "cutOff": .fourier(shrinking: .cutOff)
            default: .fourier(shrinking: .sampled)
            }
        }
    }
    struct Window: Decodable {
        let file: String
        let point: [Double]
        let along: [Double]
        let towards: [Double]
        let sides: [Double]
        let anchor: String
        let trilinear: Digest
        let fourier: Digest
    }
    struct Mean: Decodable {
        let file: String
        let miller: [Int]
        let point: [Double]
        let value: Double
    }
    struct Found: Decodable {
        let file: String
        let tolerance: Double
        let number: Int
        let symbol: String
        let volume: Double
        let lengths: [Double]
        let standardAtoms: Int
    }
    struct Average: Decodable {
        let file: String
        let axis: Int
        let height: Double
        let planar: [Double]
        let window: Double
        let macroscopic: [Double]
    }
    struct Atoms: Decodable {
        let file: String
        let electrons: Double
        let shape: [Int]
        let places: [Int]
        let values: [Double]
    }
    struct Table: Decodable {
        let element: String
        let places: [Double]
        let values: [Double]
        let electrons: Double
    }
    let regrid: [Regrid]
    let supercell: [Regrid]
    let shift: [Regrid]
    let window: [Window]
    let mean: [Mean]
    let symmetry: [Found]
    let average: [Average]
    let atoms: [Atoms]
    let tables: [Table]

    static func read() throws -> Mathematics {
        try JSONDecoder().decode(Mathematics.self, from: Data(text(of: fixture("mathematics.json")).utf8))
    }
}

func fieldDensity(_ name: String) throws -> Density { try readCHGCAR(path: field(name)) }

/// The largest deviation of an array from a digest of it, of the largest value.
func deviation(_ values: [Double], _ digest: Mathematics.Digest) -> Double {
    guard values.count == digest.shape.reduce(1, *) else { return .infinity }
    let size = max(abs(digest.min), abs(digest.max))
    var worst = abs(values.reduce(0, +) / Double(values.count) - digest.mean)
    worst = max(worst, abs((values.min() ?? .infinity) - digest.min), abs((values.max() ?? .infinity) - digest.max))
    for (place, value) in zip(digest.places, digest.values) { worst = max(worst, abs(values[place] - value)) }
    return worst / size
}
