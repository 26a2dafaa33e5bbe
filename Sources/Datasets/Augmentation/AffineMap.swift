#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An affine map from a pixel of the result to the place in the source that it reads: pixel (x, y) at (ax x + bx y + cx, ay
/// x + by y + cy), in pixels from the centre of the first. The matrices are those of Keras's layers, computed in double
/// precision.
struct AffineMap {
    let ax: Float, bx: Float, cx: Float
    let ay: Float, by: Float, cy: Float

    /// A rotation about the centre, by full turns (RandomRotation).
    init(turns: Double, _ size: ImageSize) {
        let angle = 2 * Double.pi * turns
        let sine = sin(angle)
        let cosine = cos(angle)
        let x = Double(size.width - 1) / 2
        let y = Double(size.height - 1) / 2
        (ax, bx, cx) = (Float(cosine), Float(-sine), Float(x - x * cosine + y * sine))
        (ay, by, cy) = (Float(sine), Float(cosine), Float(y - x * sine - y * cosine))
    }

    /// A zoom of both axes about the centre (RandomZoom).
    init(scale: Double, _ size: ImageSize) {
        (ax, bx, cx) = (Float(scale), 0, Float(Double(size.width - 1) / 2 * (1 - scale)))
        (ay, by, cy) = (0, Float(scale), Float(Double(size.height - 1) / 2 * (1 - scale)))
    }

    /// A translation by pixels (RandomTranslation).
    init(down: Double, right: Double) {
        (ax, bx, cx) = (1, 0, Float(-right))
        (ay, by, cy) = (0, 1, Float(-down))
    }
}
