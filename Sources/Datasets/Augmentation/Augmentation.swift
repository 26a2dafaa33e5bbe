import Diagnostics

/// A random augmentation step, by which images are changed while a model trains. The meaning of each is that of the Keras
/// layer named, in Keras 2, bilinear interpolation throughout; where Keras 3 differs is said. What is drawn is drawn anew
/// for each image.
public enum Augmentation: Sendable, Hashable, Codable {
    /// RandomFlip: left and right change places with probability 1/2, and so do top and bottom, independently of each other,
    /// so that both together have four equally likely outcomes. Keras 3 draws once for both in the mode
    /// `horizontal_and_vertical`: there an image is left alone or turned by half a turn.
    case flip(horizontal: Bool, vertical: Bool)
    /// RandomRotation: about the centre by an angle uniform in -turns..<turns, in full turns, counter-clockwise where
    /// positive. The image keeps its size. 0 to 1.
    case rotate(turns: Double, fill: Fill = .reflect)
    /// RandomZoom(height_factor=(low, high)): both axes about the centre, by a scale uniform in 1 + low ..< 1 + high. The
    /// scale is that of the field of view: above 1 the content gets smaller. Both above -1 and at most 1, low <= high.
    case zoom(low: Double, high: Double, fill: Fill = .reflect)
    /// RandomTranslation: down by a share of the height uniform in -height..<height, and to the right by one of the width
    /// uniform in -width..<width; parts of pixels are interpolated. 0 to 1 each.
    case translate(height: Double, width: Double, fill: Fill = .reflect)
    /// RandomContrast: (x - mean) * f + mean with the mean of each channel of the image and f uniform in
    /// 1 - factor ..< 1 + factor, the same for all channels. 0 to 1. Keras cuts the result to 0...255, which harms images in
    /// other units; here nothing is cut.
    case contrast(factor: Double)
    /// GaussianNoise: to each value its own normal number of mean 0 and this standard deviation is added, in units of the
    /// values. 0 or more.
    case noise(deviation: Double)

    /// The fill mode, which says what is read beyond the edges of an image: `fill_mode` of Keras, as TensorFlow computes
    /// it.
    public enum Fill: Sendable, Hashable, Codable {
        /// The image mirrored at the edge: `d c b a | a b c d | d c b a`.
        case reflect
        /// The nearest pixel of the edge: `a a a a | a b c d | d d d d`.
        case nearest
        /// One value everywhere: `k k k k | a b c d | k k k k`. Within a pixel of the edge, between the two.
        case constant(Double)
        /// The image repeated: `a b c d | a b c d | a b c d`. TensorFlow goes over from one copy to the next at the centre
        /// of the last pixel and not between the two, and gives that pixel twice the width; so it is here.
        case wrap
    }

    /// Whether the step leaves every image as it is, whatever is drawn.
    public var isIdentity: Bool {
        switch self {
        case .flip(let horizontal, let vertical): !horizontal && !vertical
        case .rotate(let turns, _): turns == 0
        case .zoom(let low, let high, _): low == 0 && high == 0
        case .translate(let height, let width, _): height == 0 && width == 0
        case .contrast(let factor): factor == 0
        case .noise(let deviation): deviation == 0
        }
    }

    /// Checks the numbers of the step. Throws `range` for those that it does not take.
    func check() throws {
        switch self {
        case .flip: return
        case .rotate(let turns, let fill):
            try demand(0 <= turns && turns <= 1, "`rotate` expected `turns` from 0 to 1", turns)
            try fill.check()
        case .zoom(let low, let high, let fill):
            try demand(-1 < low && low <= 1, "`zoom` expected `low` above -1 and at most 1", low)
            try demand(low <= high && high <= 1, "`zoom` expected `high` from `low`, \(low), to 1", high)
            try fill.check()
        case .translate(let height, let width, let fill):
            try demand(0 <= height && height <= 1, "`translate` expected `height` from 0 to 1", height)
            try demand(0 <= width && width <= 1, "`translate` expected `width` from 0 to 1", width)
            try fill.check()
        case .contrast(let factor): try demand(0 <= factor && factor <= 1, "`contrast` expected `factor` from 0 to 1", factor)
        case .noise(let deviation):
            try demand(deviation >= 0 && Float(deviation).isFinite, "`noise` expected a finite `deviation` from 0 on", deviation)
        }
    }
}

extension Augmentation.Fill {
    fileprivate func check() throws {
        if case .constant(let value) = self { try demand(Float(value).isFinite, "`constant` expected a number of single precision", value) }
    }
}

private func demand(_ holds: Bool, _ expected: String, _ found: Double) throws {
    guard holds else { throw Diagnostic("range", "\(expected), found \(found)") }
}

extension Sequence<Augmentation> {
    /// Whether the steps together change anything. Where they do not, what a frozen model makes of an image can be kept.
    public var isRandom: Bool { contains { !$0.isIdentity } }
}
