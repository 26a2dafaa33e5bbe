import Tensors

/// A pretrained network without its top, as its authors published it: everything that ecdx knows of it, in one file each.
public struct Architecture: Sendable {
    /// Name of the network in keras.applications, by which scripts name it.
    public let name: String
    /// Least height and width of an input image, in pixels (keras.applications, `obtain_input_shape`).
    public let minimumSize: Int
    /// Height and width of the images that the published weights were trained with, in pixels.
    public let defaultSize: Int
    /// Preparation of pixels by the network's own `preprocess_input`, for red, green and blue from 0 to 255
    /// (keras.applications.imagenet_utils).
    public let preparation: PixelPreparation
    /// The published file of its weights.
    public let weights: PublishedWeights
    /// Names of the layers that end its blocks, where its authors have such names.
    public let blocks: [String]
    /// Appends its layers in the order of Keras's making, under Keras's names, to layer 0, and gives the place of the last.
    let build: @Sendable (_ builder: inout BackboneBuilder) throws -> Int

    init(
        name: String, minimumSize: Int, defaultSize: Int, preparation: PixelPreparation, weights: PublishedWeights, blocks: [String] = [],
        build: @escaping @Sendable (_ builder: inout BackboneBuilder) throws -> Int
    ) {
        (self.name, self.minimumSize, self.defaultSize) = (name, minimumSize, defaultSize)
        (self.preparation, self.weights, self.blocks, self.build) = (preparation, weights, blocks, build)
    }

    /// All architectures, in the order in which they are listed; new ones go to the end.
    public static let all: [Architecture] = [
        InceptionV3,
        Xception,
        VGG16,
        VGG19,
        DenseNet121,
        ResNet50,
    ]

    /// The architecture of a name; nil where there is none.
    public static func named(_ name: String) -> Architecture? { all.first { $0.name == name } }
}

extension Architecture: Hashable {
    /// Whether two architectures have one name: it stands for all that is known of them.
    public static func == (one: Architecture, other: Architecture) -> Bool { one.name == other.name }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Architecture: CustomStringConvertible {
    /// The name of the architecture.
    public var description: String { name }
}
