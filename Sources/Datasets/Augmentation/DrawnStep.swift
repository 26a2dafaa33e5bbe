import Tensors

/// A step of augmentation with the numbers that were drawn for it: what it does is fixed.
public enum DrawnStep: Sendable, Hashable {
    /// No change.
    case none
    /// A flip of left and right, of top and bottom, or of both.
    case flip(horizontal: Bool, vertical: Bool)
    /// A rotation by an angle in full turns, counter-clockwise where positive.
    case rotate(turns: Double, fill: Augmentation.Fill)
    /// A zoom of both axes by a scale of the field of view: above 1 the content gets smaller.
    case zoom(scale: Double, fill: Augmentation.Fill)
    /// A translation down and to the right, in pixels.
    case translate(down: Double, right: Double, fill: Augmentation.Fill)
    /// A change of contrast: (x - mean) * factor + mean with the mean of each channel.
    case contrast(factor: Double)
    /// Normal noise of this standard deviation, from the stream with this seed.
    case noise(deviation: Double, seed: UInt64)
}

extension Augmentation {
    /// Draws the numbers of the step for an image of `height` x `width` pixels. Takes exactly two numbers of 64 bits from
    /// the stream, whatever the step is: what a step gets depends on its place in the list and on nothing that stands
    /// before it.
    func draw(from stream: inout Philox, height: Int, width: Int) -> DrawnStep {
        let first = stream.next()
        let second = stream.next()
        // Uniform in [0, 1) with 53 bits, as `nextDouble`.
        let u = Double(first >> 11) * 0x1p-53
        let v = Double(second >> 11) * 0x1p-53
        func between(_ low: Double, _ high: Double, _ share: Double) -> Double { low + (high - low) * share }
        guard !isIdentity else { return .none }
        switch self {
        case .flip(let horizontal, let vertical):
            let turned = (horizontal: horizontal && u < 0.5, vertical: vertical && v < 0.5)
            return turned.horizontal || turned.vertical ? .flip(horizontal: turned.horizontal, vertical: turned.vertical) : .none
        case .rotate(let turns, let fill): return .rotate(turns: between(-turns, turns, u), fill: fill)
        case .zoom(let low, let high, let fill): return .zoom(scale: between(1 + low, 1 + high, u), fill: fill)
        case .translate(let down, let right, let fill):
            return .translate(down: between(-down, down, u) * Double(height), right: between(-right, right, v) * Double(width), fill: fill)
        case .contrast(let factor): return .contrast(factor: between(1 - factor, 1 + factor, u))
        case .noise(let deviation): return .noise(deviation: deviation, seed: first)
        }
    }
}
