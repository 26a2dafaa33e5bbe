import Diagnostics
import Tensors

/// The memory that an `Augmenter` works in, kept from image to image. One a thread.
public struct AugmentationScratch: Sendable {
    var steps: [DrawnStep] = []
    var pixels: [Float] = []

    /// Memory that is taken when the first image comes.
    public init() {}
}

/// A list of augmentations for images of one shape: a pure function of an image and the address of its random numbers.
/// Batches, threads and order change nothing, and memory is taken for the first image only.
public struct Augmenter: Sendable {
    /// The steps in their order.
    public let steps: [Augmentation]
    /// The shape of an image: height, width, channels.
    public let shape: Shape
    let size: ImageSize

    /// The longest side of an image, in pixels, so that single precision tells the parts of its pixels apart.
    public static let longestSide = 16384
    /// The most values of an image, so that their positions fit 32 bits.
    public static let largestCount = 1 << 28

    /// Makes an augmenter of steps for images of one shape. Throws `range` for numbers that a step does not take, and
    /// `shape` where the shape is not height x width x channels, has an extent below 1, or is larger than `longestSide` and
    /// `largestCount` allow.
    public init(_ steps: [Augmentation], shape: Shape) throws {
        for step in steps { try step.check() }
        let extents = shape.extents
        guard extents.count == 3, extents.allSatisfy({ $0 > 0 }) else {
            throw Diagnostic("shape", "augmentation expected images of height x width x channels, found shape \(shape)")
        }
        guard extents[0] <= Augmenter.longestSide, extents[1] <= Augmenter.longestSide,
            let count = shape.checkedCount, count <= Augmenter.largestCount
        else {
            throw Diagnostic(
                "shape",
                """
                augmentation expected images of at most \(Augmenter.longestSide) pixels a side and \(Augmenter.largestCount) values, \
                found shape \(shape)
                """
            )
        }
        self.steps = steps
        self.shape = shape
        size = ImageSize(height: extents[0], width: extents[1], channels: extents[2])
    }

    /// Whether the list changes anything.
    public var isRandom: Bool { steps.isRandom }

    /// The steps as drawn for one image, one entry a step. They depend on the seed, stage, fold, epoch and item of the key,
    /// and on the places of the steps in the list; the purpose of the key is not looked at.
    public func draw(_ key: RandomKey) -> [DrawnStep] {
        var drawn: [DrawnStep] = []
        draw(key, into: &drawn)
        return drawn
    }

    private func draw(_ key: RandomKey, into drawn: inout [DrawnStep]) {
        var address = key
        address.purpose = .augmentation
        var stream = Philox(address)
        drawn.removeAll(keepingCapacity: true)
        for step in steps { drawn.append(step.draw(from: &stream, height: size.height, width: size.width)) }
    }

    /// Writes to `result` the image, contiguous in the order of `shape`, changed as `key` has it. `image` and `result` may
    /// not overlap. Throws `shape` where the length of either is not that of `shape`.
    public func apply(
        to image: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>, key: RandomKey,
        scratch: inout AugmentationScratch
    ) throws {
        draw(key, into: &scratch.steps)
        try apply(scratch.steps, to: image, into: result, pixels: &scratch.pixels)
    }

    /// The image of a tensor, changed as `key` has it. Throws `shape` where the shape of the tensor is not that of the
    /// augmenter.
    public func apply(to image: Tensor, key: RandomKey) throws -> Tensor { try apply(draw(key), to: image) }

    func apply(_ drawn: [DrawnStep], to image: Tensor) throws -> Tensor {
        guard image.shape == shape else {
            throw Diagnostic("shape", "augmentation expected an image of shape \(shape), found \(image.shape)")
        }
        var result = Tensor(zeros: shape)
        var pixels: [Float] = []
        try image.withUnsafeBuffer { from in
            try result.withUnsafeMutableBuffer { try apply(drawn, to: from, into: $0, pixels: &pixels) }
        }
        return result
    }

    /// Runs the steps, of which each reads one buffer and writes the other. Which is written first is chosen so that the
    /// last step writes `result`.
    private func apply(
        _ drawn: [DrawnStep], to image: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>, pixels: inout [Float]
    ) throws {
        guard image.count == size.count, result.count == size.count, let from = image.baseAddress, let into = result.baseAddress else {
            throw Diagnostic(
                "shape",
                """
                augmentation expected \(size.count) values for an image of shape \(shape), found \(image.count) and room for \(result.count)
                """
            )
        }
        let passes = drawn.reduce(0) { $1 == .none ? $0 : $0 + 1 }
        guard passes > 0 else { return into.update(from: from, count: size.count) }
        if passes > 1, pixels.count < size.count { pixels = [Float](repeating: 0, count: size.count) }
        pixels.withUnsafeMutableBufferPointer { between in
            var source = from
            var left = passes
            for step in drawn where step != .none {
                left -= 1
                let target = left.isMultiple(of: 2) ? into : between.baseAddress ?? into
                step.apply(from: source, into: target, size)
                source = UnsafePointer(target)
            }
        }
    }
}

/// The extents of an image, each at least 1. Its values lie row by row, the channels of a pixel together.
struct ImageSize {
    let height: Int, width: Int, channels: Int

    /// The number of values from one row to the next.
    var stride: Int { width * channels }
    var count: Int { height * stride }
}

extension DrawnStep {
    /// Applies the step to an image. Both buffers hold an image of `size`, and do not overlap.
    func apply(from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, _ size: ImageSize) {
        switch self {
        case .none: into.update(from: from, count: size.count)
        case .flip(let horizontal, let vertical): copyFlipped(from: from, into: into, size, horizontal: horizontal, vertical: vertical)
        case .rotate(let turns, let fill): resample(from: from, into: into, size, AffineMap(turns: turns, size), fill)
        case .zoom(let scale, let fill): resample(from: from, into: into, size, AffineMap(scale: scale, size), fill)
        case .translate(let down, let right, let fill): resample(from: from, into: into, size, AffineMap(down: down, right: right), fill)
        case .contrast(let factor): changeContrast(from: from, into: into, size, factor: Float(factor))
        case .noise(let deviation, let seed): addNoise(from: from, into: into, count: size.count, deviation: Float(deviation), seed: seed)
        }
    }
}
