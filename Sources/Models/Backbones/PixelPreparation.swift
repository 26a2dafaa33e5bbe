import Tensors

/// Preprocessing of pixels from 0 to 255 for the input of a network.
public enum PixelPreparation: String, Sendable, Hashable, Codable, CaseIterable {
    /// Pixels scaled to -1...1: x / 127.5 - 1.
    case plusMinusOne
    /// Pixels centred: blue, green, red, less the means of ImageNet.
    case caffe
    /// Pixels standardized: x / 255, less the means of ImageNet, divided by its deviations.
    case torch
    /// Pixels scaled to 0...1: x / 255.
    case unit
    /// Pixels as they are.
    case none

    /// Whether red, green and blue are scaled and shifted by the same numbers.
    public var treatsChannelsAlike: Bool {
        guard case .pixels(_, let scale, let offset)? = operation() else { return true }
        return Set(scale).count == 1 && Set(offset).count == 1
    }

    /// The graph operation that prepares images of three channels, or those of one as `grey` says. Nil where there is nothing to
    /// do.
    func operation(grey: GreyImages? = nil) -> Operation? {
        var order = [0, 1, 2]
        var scale: [Float]
        var offset: [Float]
        switch self {
        case .plusMinusOne: (scale, offset) = ([1 / 127.5, 1 / 127.5, 1 / 127.5], [-1, -1, -1])
        case .caffe: (order, scale, offset) = ([2, 1, 0], [1, 1, 1], [-103.939, -116.779, -123.68])
        case .torch:
            let means: [Float] = [0.485, 0.456, 0.406]
            let deviations: [Float] = [0.229, 0.224, 0.225]
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

/// Ways to feed images of one channel to a backbone of three.
public enum GreyImages: String, Sendable, Hashable, CaseIterable {
    /// The one channel repeated as three equal ones.
    case repeated = "repeat"
    /// The one channel as it is, under first kernels that are summed over their three channels: a third of the work of that layer
    /// and of the numbers that learn in it. Pixels are prepared with the means of the three scales and shifts, so it gives what
    /// `repeated` does where those are the same for all channels, in InceptionV3 and Xception and with `unit`.
    case summed = "sum"
}
