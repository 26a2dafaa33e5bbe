/// A rule that brings a coordinate beyond an axis back to it, in pixels from the centre of the first: TensorFlow's
/// `MapCoordinate`.
///
/// Coordinates are finite and of magnitude below 2^24: `Augmenter` bounds its sides and its parameters. They are cut to the
/// axis at the end all the same, so that what comes back can be used as a position whatever came in.
protocol EdgeRule {
    static func back(_ c: Float, extent: Float) -> Float
}

enum ReflectRule: EdgeRule {
    @inline(__always) static func back(_ c: Float, extent: Float) -> Float {
        // The pattern is symmetric about -0.5 and has a period of twice the extent; few coordinates go that far.
        var c = c < 0 ? -1 - c : c
        let period = 2 * extent
        if c >= period { c -= period * (c / period).rounded(.towardZero) }
        return cut(c >= extent ? period - 1 - c : c, extent)
    }
}

enum NearestRule: EdgeRule {
    @inline(__always) static func back(_ c: Float, extent: Float) -> Float { cut(c, extent) }
}

enum WrapRule: EdgeRule {
    @inline(__always) static func back(_ c: Float, extent: Float) -> Float {
        // TensorFlow counts periods by extent - 1 and moves by extent.
        let last = extent - 1
        let step = max(last, 1)
        if c < 0 { return cut(c + extent * ((-c / step).rounded(.towardZero) + 1), extent) }
        return c > last ? cut(c - extent * (c / step).rounded(.towardZero), extent) : cut(c, extent)
    }
}

/// Clamps a coordinate to 0...extent - 1; 0 for what is not a number.
@inline(__always) private func cut(_ c: Float, _ extent: Float) -> Float { c > 0 ? min(c, extent - 1) : 0 }
