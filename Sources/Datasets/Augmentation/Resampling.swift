/// Writes the image that reads `from` where `map` says, bilinearly, as TensorFlow's ImageProjectiveTransformV3 does in single
/// precision: from the pixels at the floor of each coordinate and one further, along x first.
///
/// Both hold an image of `size` within the bounds of `Augmenter`, and do not overlap.
func resample(from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, _ size: ImageSize, _ map: AffineMap, _ fill: Augmentation.Fill)
{
    // Compiled once for each number of channels that matters, so that the innermost loop has no end to look for.
    switch size.channels {
    case 1: resample(from: from, into: into, size, channels: 1, map, fill)
    case 3: resample(from: from, into: into, size, channels: 3, map, fill)
    default: resample(from: from, into: into, size, channels: size.channels, map, fill)
    }
}

@inline(__always)
private func resample(
    from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, _ size: ImageSize, channels: Int, _ map: AffineMap,
    _ fill: Augmentation.Fill
) {
    switch fill {
    case .reflect: resample(from: from, into: into, size, channels: channels, map, ReflectRule.self)
    case .nearest: resample(from: from, into: into, size, channels: channels, map, NearestRule.self)
    case .wrap: resample(from: from, into: into, size, channels: channels, map, WrapRule.self)
    case .constant(let value): resample(from: from, into: into, size, channels: channels, map, constant: Float(value))
    }
}

@inline(__always)
private func resample<Rule: EdgeRule>(
    from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, _ size: ImageSize, channels: Int, _ map: AffineMap, _: Rule.Type
) {
    let width = Float(size.width)
    let height = Float(size.height)
    let lastX = width - 1
    let lastY = height - 1
    var target = into
    for row in 0..<size.height {
        let bx = map.bx * Float(row)
        let by = map.by * Float(row)
        for column in 0..<size.width {
            // Added in the order of TensorFlow, so that they round alike.
            var x = map.ax * Float(column) + bx + map.cx
            var y = map.ay * Float(column) + by + map.cy
            if !(x >= 0 && x <= lastX) { x = Rule.back(x, extent: width) }
            if !(y >= 0 && y <= lastY) { y = Rule.back(y, extent: height) }
            interpolate(x, y, from: from, into: target, size, channels: channels)
            target += channels
        }
    }
}

/// Resamples with the value `constant` for pixels outside the image.
@inline(__always)
private func resample(
    from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, _ size: ImageSize, channels: Int, _ map: AffineMap, constant: Float
) {
    let width = Float(size.width)
    let height = Float(size.height)
    let lastX = width - 1
    let lastY = height - 1
    var target = into
    for row in 0..<size.height {
        let bx = map.bx * Float(row)
        let by = map.by * Float(row)
        for column in 0..<size.width {
            let x = map.ax * Float(column) + bx + map.cx
            let y = map.ay * Float(column) + by + map.cy
            if x >= 0, x <= lastX, y >= 0, y <= lastY {
                interpolate(x, y, from: from, into: target, size, channels: channels)
            } else if x > -1, x < width, y > -1, y < height {
                interpolateAtEdge(x, y, from: from, into: target, size, channels: channels, constant: constant)
            } else {
                for k in 0..<channels { target[k] = constant }
            }
            target += channels
        }
    }
}

/// Interpolates one pixel at coordinates in 0...width - 1 and 0...height - 1. On the last column and row the pixel beyond
/// has no weight; the last one is read in its place.
@inline(__always)
private func interpolate(
    _ x: Float, _ y: Float, from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, _ size: ImageSize, channels: Int
) {
    let column = Int32(x)
    let line = Int32(y)
    let left = Float(column)
    let upper = Float(line)
    let near = left + 1 - x
    let far = x - left
    let high = upper + 1 - y
    let low = y - upper
    let right = Int(column) < size.width &- 1 ? channels : 0
    let below = Int(line) < size.height &- 1 ? size.width &* channels : 0
    let first = (Int(line) &* size.width &+ Int(column)) &* channels
    let a = from + first
    let b = a + right
    let c = a + below
    let d = c + right
    // Three channels are computed as four, where a fourth value lies in the image: the same sums, in two thirds of the time.
    if channels == 3, first &+ right &+ below &+ 4 <= size.count {
        let sum = high * (near * four(a) + far * four(b)) + low * (near * four(c) + far * four(d))
        UnsafeMutableRawPointer(into).storeBytes(of: sum.lowHalf, as: SIMD2<Float>.self)
        into[2] = sum.z
        return
    }
    for k in 0..<channels {
        into[k] = high * (near * a[k] + far * b[k]) + low * (near * c[k] + far * d[k])
    }
}

@inline(__always) private func four(_ place: UnsafePointer<Float>) -> SIMD4<Float> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Float>.self)
}

/// Interpolates one pixel at coordinates above -1 and below width and height, of which some neighbours lie outside.
private func interpolateAtEdge(
    _ x: Float, _ y: Float, from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, _ size: ImageSize, channels: Int, constant: Float
) {
    let left = x.rounded(.down)
    let upper = y.rounded(.down)
    let column = Int(left)
    let line = Int(upper)
    let near = left + 1 - x
    let far = x - left
    let high = upper + 1 - y
    let low = y - upper
    for k in 0..<channels {
        func value(_ line: Int, _ column: Int) -> Float {
            line >= 0 && line < size.height && column >= 0 && column < size.width
                ? from[line * size.stride + column * channels + k] : constant
        }
        let above = near * value(line, column) + far * value(line, column + 1)
        let under = near * value(line + 1, column) + far * value(line + 1, column + 1)
        into[k] = high * above + low * under
    }
}
