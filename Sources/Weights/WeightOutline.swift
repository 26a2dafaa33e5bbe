import Storage

/// The layers of a weight file without their numbers.
public struct WeightOutline: Sendable, Hashable {
    /// An array without its numbers.
    public struct Array: Sendable, Hashable {
        /// The name of the array, as that of a `WeightArray`.
        public var name: String
        /// Extents of the array, slowest axis first.
        public var shape: [Int]
    }

    /// A layer without the numbers of its arrays.
    public struct Layer: Sendable, Hashable {
        /// The layer's own name at the time it was saved.
        public var name: String
        /// The names of the groups of the file that lead to the layer, its own last.
        public var path: [String]
        /// The layer's place among those of its class, known for Keras 3 files alone.
        public var place: ClassPlace?
        /// The layer's arrays, in Keras's order.
        public var arrays: [Array]
    }

    /// The layers with weights, in the order of the file.
    public var layers: [Layer]
    /// The origin of the file: what wrote it, and what that says of the order of its layers.
    public var origin: WeightOrigin
}

extension WeightFile {
    /// The layers of the file without their numbers.
    public var outline: WeightOutline {
        WeightOutline(
            layers: layers.map { layer in
                WeightOutline.Layer(
                    name: layer.name, path: layer.path, place: layer.place,
                    arrays: layer.arrays.map { WeightOutline.Array(name: $0.name, shape: $0.shape) })
            }, origin: origin)
    }
}

extension WeightOutline {
    init(_ contents: Contents) {
        layers = contents.layers.map { layer in
            Layer(
                name: layer.name, path: layer.path, place: layer.place,
                arrays: layer.arrays.map { Array(name: $0.name, shape: $0.shape) })
        }
        origin = contents.origin
    }
}

/// The program that reads weight files in a process of its own: this one, or, in another program of the same build, the `ecdx`
/// beside it. Throws `cannot-read`.
public func weightReaderProgram() throws -> String {
    let own = try resolvedPath("/proc/self/exe")
    if lastName(of: own) == "ecdx" { return own }
    let beside = joined(parentFolder(of: own), "ecdx")
    if fileStatus(beside)?.kind == .file { return beside }
    // A runner of tests lies elsewhere; its build is named by what it runs.
    for argument in CommandLine.arguments {
        let candidate = joined(parentFolder(of: argument), "ecdx")
        if fileStatus(candidate)?.kind == .file { return candidate }
    }
    return own
}
