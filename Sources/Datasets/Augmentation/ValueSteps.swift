// Steps that move pixels whole, or none. Each reads an image of `size` and writes another that does not overlap it.

func copyFlipped(from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, _ size: ImageSize, horizontal: Bool, vertical: Bool) {
    switch size.channels {
    case 1: copyFlipped(from: from, into: into, size, channels: 1, horizontal: horizontal, vertical: vertical)
    case 3: copyFlipped(from: from, into: into, size, channels: 3, horizontal: horizontal, vertical: vertical)
    default: copyFlipped(from: from, into: into, size, channels: size.channels, horizontal: horizontal, vertical: vertical)
    }
}

@inline(__always)
private func copyFlipped(
    from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, _ size: ImageSize, channels: Int, horizontal: Bool, vertical: Bool
) {
    for row in 0..<size.height {
        let source = from + (vertical ? size.height - 1 - row : row) * size.stride
        let target = into + row * size.stride
        guard horizontal else {
            target.update(from: source, count: size.stride)
            continue
        }
        for column in 0..<size.width {
            let a = source + (size.width - 1 - column) * channels
            let b = target + column * channels
            for k in 0..<channels { b[k] = a[k] }
        }
    }
}

/// Changes the contrast of each channel: (x - mean) * factor + mean, the mean in double precision.
func changeContrast(from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, _ size: ImageSize, factor: Float) {
    let pixels = size.height * size.width
    for channel in 0..<size.channels {
        var sum = 0.0
        for place in stride(from: channel, to: size.count, by: size.channels) { sum += Double(from[place]) }
        let mean = Float(sum / Double(pixels))
        for place in stride(from: channel, to: size.count, by: size.channels) { into[place] = (from[place] - mean) * factor + mean }
    }
}
