import CHDF5
import Diagnostics

/// A layer of a weight file, before its numbers are read.
struct FoundLayer: Codable, Equatable {
    /// An array of a layer, before its numbers are read.
    struct Array: Codable, Equatable {
        var name: String
        var shape: [Int]
        /// Path of the array in the file.
        var location: String
    }

    var name: String
    var path: [String]
    var place: ClassPlace?
    var arrays: [Array]
}

/// The table of contents of a weight file, before its numbers are read.
struct Contents: Codable, Equatable {
    var layers: [FoundLayer]
    var origin: WeightOrigin
}

/// Inspects the arrays of a file and counts what they take: the same bytes under many names are a small file and a large answer.
struct ArraySurvey {
    /// The most arrays that a file may have.
    static let mostArrays = 200_000
    let file: HDF5File
    private var stored = 0, count = 0

    init(_ file: HDF5File) { self.file = file }

    /// The array at `location`; nil where it is no weight: integers of 4 and 8 bytes are counters of steps and the state of
    /// random generators, which Keras keeps among the weights. Throws `bad-weights`.
    mutating func array(_ name: String, at location: String) throws -> FoundLayer.Array? {
        let found = try file.describe(location)
        count += 1
        stored += Int(clamping: found.stored)
        guard count <= Self.mostArrays, stored <= file.size else {
            throw unusable("expected arrays that together are no larger than the file, found more at `\(location)`")
        }
        if Int(found.kind) == ECDX_H5_INTEGERS {
            if found.width >= 4 { return nil }
            throw unusable(
                "expected numbers of type float16, float32 or float64 in `\(location)`, found integers of \(found.width) bytes",
                hint: "save the model without quantization")
        }
        let shape = withUnsafeBytes(of: found.extents) { $0.bindMemory(to: Int64.self).prefix(Int(found.rank)).map { Int($0) } }
        return FoundLayer.Array(name: name, shape: shape, location: location)
    }
}

/// Reads the layers of an HDF5 weight file of any layout, without their numbers. Throws `bad-weights`.
func contents(of file: HDF5File) throws -> Contents {
    let found: Contents
    if try file.hasAttribute("/", "layer_names") || file.hasAttribute("/", "layer_names0") {
        found = try legacyContents(of: file, at: "", layout: .legacyWeights)
    } else if try file.kind("/model_weights") == .group {
        found = try legacyContents(of: file, at: "/model_weights", layout: .legacyModel)
    } else {
        found = try keras3Contents(of: file)
    }
    guard !found.layers.isEmpty else {
        throw unusable(
            "expected the weights of a Keras model, found an HDF5 file without any",
            hint: "save it with `model.save_weights(\"NAME.weights.h5\")`")
    }
    return found
}
