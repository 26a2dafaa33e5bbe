/// One array of a layer: row-major, the shape's extents slowest axis first, as Keras lays them out (a kernel of a convolution
/// is height, width, in, out).
public struct WeightArray: Sendable, Equatable {
    /// The last component of the array's name, without `:0`: `kernel`, `moving_mean`; in a Keras 3 file its number: `0`, `1`.
    public var name: String
    /// Extents of the array, slowest axis first.
    public var shape: [Int]
    /// Values in row-major order, in single precision.
    public var values: [Float]

    /// Makes an array of row-major values.
    public init(name: String, shape: [Int], values: [Float]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}

/// The place of a layer among those of its class: the `index`-th `conv2d` of `model.layers`, from 0. A Keras 3 file knows this
/// and no more.
public struct ClassPlace: Sendable, Hashable, Codable {
    /// Name of the class in snake case: `conv2d`, `batch_normalization`.
    public var className: String
    /// Number of the layer among those of its class, from 0.
    public var index: Int

    /// Makes the place of the `index`-th layer of a class, from 0.
    public init(className: String, index: Int) {
        self.className = className
        self.index = index
    }
}

/// A layer that has weights. Its arrays come in Keras's order: kernel, bias; depthwise kernel, pointwise kernel, bias; gamma
/// and beta where the layer has them, moving mean, moving variance.
public struct WeightLayer: Sendable, Equatable {
    /// The layer's own name at the time it was saved. Names depend on the session: do not match by them alone.
    public var name: String
    /// The names of the groups of the file that lead to the layer, its own last: more than one for a layer within a nested model.
    public var path: [String]
    /// The layer's place among those of its class, known for Keras 3 files alone.
    public var place: ClassPlace?
    /// The layer's arrays, in Keras's order.
    public var arrays: [WeightArray]

    /// Makes a layer of the given arrays.
    public init(name: String, path: [String], place: ClassPlace? = nil, arrays: [WeightArray]) {
        self.name = name
        self.path = path
        self.place = place
        self.arrays = arrays
    }
}

/// The origin of a weight file: what wrote it, and what that says of the order of its layers.
public struct WeightOrigin: Sendable, Hashable, Codable {
    /// The layouts of HDF5 weight files that Keras has had.
    public enum Layout: String, Sendable, Codable {
        /// Weights alone, as all official files are: lists of names in attributes.
        case legacyWeights
        /// A whole model, `model.save("x.h5")`: the same as `legacyWeights` in the group `model_weights`, and a description of
        /// the model.
        case legacyModel
        /// A tree of groups, `model.save_weights("x.weights.h5")` of Keras 3.
        case keras3
    }

    /// The orders in which a file can have its layers.
    public enum Order: String, Sendable, Codable {
        /// The order of `model.layers`, nested models in their places.
        case model
        /// The order of `model.layers`, but within a nested model the layers that trained when it was saved come first, and the
        /// file does not say which did.
        case trainedFirst
        /// The order of class and number; layers of one class are in the order of `model.layers`.
        case byClass
    }

    /// The layout of the file.
    public var layout: Layout
    /// The order of the layers in the file.
    public var order: Order
    /// The version of Keras that wrote the file, where the file says so: Keras 3 weights and the oldest files do not.
    public var kerasVersion: String?

    /// Makes an origin of the given layout and order.
    public init(layout: Layout, order: Order, kerasVersion: String? = nil) {
        self.layout = layout
        self.order = order
        self.kerasVersion = kerasVersion
    }
}

/// The layers of a weight file that have weights; those without are left out, as they are when Keras matches by order.
public struct WeightFile: Sendable, Equatable {
    /// The layers with weights, in the order of the file.
    public var layers: [WeightLayer]
    /// The origin of the file: what wrote it, and what that says of the order of its layers.
    public var origin: WeightOrigin

    /// Makes a weight file of the given layers.
    public init(layers: [WeightLayer], origin: WeightOrigin) {
        self.layers = layers
        self.origin = origin
    }
}
