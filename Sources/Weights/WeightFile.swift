/// One array of a layer: row-major, the shape's extents slowest axis first, as Keras lays them out (a kernel of a convolution
/// is height, width, in, out).
public struct WeightArray: Sendable, Equatable {
    /// The last component of its name, without `:0`: `kernel`, `moving_mean`; in a Keras 3 file its number: `0`, `1`.
    public var name: String
    public var shape: [Int]
    public var values: [Float]

    public init(name: String, shape: [Int], values: [Float]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}

/// The place of a layer among those of its class: the `index`-th `conv2d` of `model.layers`, from 0. A Keras 3 file knows this
/// and no more.
public struct ClassPlace: Sendable, Hashable, Codable {
    /// In snake case: `conv2d`, `batch_normalization`.
    public var className: String
    public var index: Int

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
    /// The names of the groups of the file that lead to it, its own last: more than one for a layer within a nested model.
    public var path: [String]
    /// Known for Keras 3 files alone.
    public var place: ClassPlace?
    public var arrays: [WeightArray]

    public init(name: String, path: [String], place: ClassPlace? = nil, arrays: [WeightArray]) {
        self.name = name
        self.path = path
        self.place = place
        self.arrays = arrays
    }
}

/// What wrote a weight file, and what that says of the order of its layers.
public struct WeightOrigin: Sendable, Hashable, Codable {
    public enum Layout: String, Sendable, Codable {
        /// Weights alone, as all official files are: lists of names in attributes.
        case legacyWeights
        /// `model.save("x.h5")`: the same in the group `model_weights`, and a description of the model.
        case legacyModel
        /// `model.save_weights("x.weights.h5")` of Keras 3: a tree of groups.
        case keras3
    }

    public enum Order: String, Sendable, Codable {
        /// That of `model.layers`, nested models in their places.
        case model
        /// That of `model.layers`, but within a nested model the layers that trained when it was saved come first, and the file
        /// does not say which did.
        case trainedFirst
        /// By class and number; layers of one class are in the order of `model.layers`.
        case byClass
    }

    public var layout: Layout
    public var order: Order
    /// The version of Keras that wrote it, where the file says so: Keras 3 weights and the oldest files do not.
    public var kerasVersion: String?

    public init(layout: Layout, order: Order, kerasVersion: String? = nil) {
        self.layout = layout
        self.order = order
        self.kerasVersion = kerasVersion
    }
}

/// The layers of a weight file that have weights; those without are left out, as they are when Keras matches by order.
public struct WeightFile: Sendable, Equatable {
    public var layers: [WeightLayer]
    public var origin: WeightOrigin

    public init(layers: [WeightLayer], origin: WeightOrigin) {
        self.layers = layers
        self.origin = origin
    }
}
