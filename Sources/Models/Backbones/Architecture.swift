import Tensors

/// The pretrained networks of keras.applications that ecdx builds, without their tops.
public enum Architecture: String, Sendable, Hashable, Codable, CaseIterable {
    case InceptionV3, Xception, VGG16, VGG19, DenseNet121

    /// The least height and width of an image (keras.applications, `obtain_input_shape`).
    public var minimumSize: Int {
        switch self {
        case .InceptionV3: 75
        case .Xception: 71
        case .VGG16, .VGG19, .DenseNet121: 32
        }
    }

    /// The height and width its weights were trained with.
    public var defaultSize: Int {
        switch self {
        case .InceptionV3, .Xception: 299
        case .VGG16, .VGG19, .DenseNet121: 224
        }
    }

    /// How its own `preprocess_input` prepares pixels, red, green and blue from 0 to 255 (keras.applications.imagenet_utils).
    public var preprocessing: PixelPreparation {
        switch self {
        case .InceptionV3, .Xception: .plusMinusOne
        case .VGG16, .VGG19: .caffe
        case .DenseNet121: .torch
        }
    }
}

/// How pixels from 0 to 255 become numbers that a network likes.
public enum PixelPreparation: String, Sendable, Hashable, Codable, CaseIterable {
    /// x / 127.5 - 1.
    case plusMinusOne
    /// Blue, green, red, less the means of ImageNet.
    case caffe
    /// x / 255, less the means of ImageNet, divided by its deviations.
    case torch
    /// x / 255.
    case unit
    /// As they are.
    case none

    /// The operation on images of three channels, or on those of one as `grey` says. Nil where there is nothing to do.
    func operation(grey: GreyImages? = nil) -> Operation? {
        var order = [0, 1, 2], scale: [Float], offset: [Float]
        switch self {
        case .plusMinusOne: (scale, offset) = ([1 / 127.5, 1 / 127.5, 1 / 127.5], [-1, -1, -1])
        case .caffe: (order, scale, offset) = ([2, 1, 0], [1, 1, 1], [-103.939, -116.779, -123.68])
        case .torch:
            let means: [Float] = [0.485, 0.456, 0.406], deviations: [Float] = [0.229, 0.224, 0.225]
            scale = deviations.map { 1 / (255 * $0) }
            offset = zip(means, deviations).map { -$0 / $1 }
        case .unit: (scale, offset) = ([1 / 255, 1 / 255, 1 / 255], [0, 0, 0])
        case .none:
            guard grey == .repeated else { return nil }
            (scale, offset) = ([1, 1, 1], [0, 0, 0])
        }
        func mean(_ values: [Float]) -> Float { Float(values.reduce(0) { $0 + Double($1) } / Double(values.count)) }
        switch grey {
        case .repeated: return .pixels(order: [0, 0, 0], scale: scale, offset: offset)
        case .summed: return .pixels(order: [0], scale: [mean(scale)], offset: [mean(offset)])
        case nil: return .pixels(order: order, scale: scale, offset: offset)
        }
    }
}

/// How images of one channel go into a backbone of three.
public enum GreyImages: String, Sendable, Hashable, CaseIterable {
    /// Three equal channels.
    case repeated = "repeat"
    /// One channel, under the sum of the three channels of each of the first kernels: a third of the work of that layer and of the
    /// numbers that learn in it. Pixels are prepared with the means of the three scales and shifts, so it gives what `repeated`
    /// does where those are the same for all channels, in InceptionV3 and Xception and with `unit`.
    case summed = "sum"
}
