/// The share that a pixel of the source has in one of the target, along one axis.
struct AreaTerm {
    let target: Int, source: Int
    let weight: Float
}

/// The shares along one axis that shrinks by `scale`, in the order of the targets: OpenCV's `computeResizeAreaTab`.
///
/// Target d covers d * scale up to (d + 1) * scale. Parts below a thousandth at its ends are dropped, and the weights are
/// not made to add up to 1 afterwards.
func areaTerms(from: Int, to: Int, scale: Double) -> [AreaTerm] {
    var terms: [AreaTerm] = []
    for target in 0..<to {
        let start = Double(target) * scale
        let end = start + scale
        let width = min(scale, Double(from) - start)
        let last = min(Int(end.rounded(.down)), from - 1)
        let first = min(Int(start.rounded(.up)), last)
        if Double(first) - start > 1e-3 {
            terms.append(AreaTerm(target: target, source: first - 1, weight: Float((Double(first) - start) / width)))
        }
        for source in first..<last { terms.append(AreaTerm(target: target, source: source, weight: Float(1 / width))) }
        if end - Double(last) > 1e-3 {
            terms.append(AreaTerm(target: target, source: last, weight: Float(min(min(end - Double(last), 1), width) / width)))
        }
    }
    return terms
}

extension ResizePlan {
    /// Resizes by area means: sums in single precision, along the rows of the source first, in OpenCV's order, so that they
    /// round alike.
    func areaMeans<Value>(of values: [Value], _ rows: [AreaTerm], _ columns: [AreaTerm], _ float: (Value) -> Float) -> [Float] {
        let stride = target.width * channels
        var result = [Float](repeating: 0, count: target.height * stride)
        var row = [Float](repeating: 0, count: stride)
        for term in rows {
            for index in row.indices { row[index] = 0 }
            let base = term.source * source.width * channels
            for column in columns {
                let from = base + column.source * channels
                let to = column.target * channels
                for channel in 0..<channels { row[to + channel] += float(values[from + channel]) * column.weight }
            }
            let to = term.target * stride
            for index in row.indices { result[to + index] += row[index] * term.weight }
        }
        return result
    }

    /// Means of whole blocks of bytes: of 2 x 2 with halves up, of others in single precision with halves to even.
    func blockMeans(of values: [UInt8], _ rows: Int, _ columns: Int) -> [UInt8] {
        let share = 1 / Float(rows * columns)
        let halves = rows == 2 && columns == 2
        return blocks(rows, columns) { (offsets: StrideTo<Int>, length: Int) in
            var sum = 0
            for start in offsets {
                for index in Swift.stride(from: start, to: start + length, by: channels) { sum += Int(values[index]) }
            }
            return halves
                ? UInt8(truncatingIfNeeded: (sum + 2) >> 2) : UInt8(max(0, min(255, (Float(sum) * share).rounded(.toNearestOrEven))))
        }
    }

    func blockMeans(of values: [Float], _ rows: Int, _ columns: Int) -> [Float] {
        let share = 1 / Float(rows * columns)
        return blocks(rows, columns) { (offsets: StrideTo<Int>, length: Int) in
            var sum: Float = 0
            for start in offsets {
                for index in Swift.stride(from: start, to: start + length, by: channels) { sum += values[index] }
            }
            return sum * share
        }
    }

    /// One result for each channel of each block, from where the rows of the block begin and how far they reach.
    private func blocks<Value>(_ rows: Int, _ columns: Int, _ mean: (StrideTo<Int>, Int) -> Value) -> [Value] {
        let line = source.width * channels
        let length = columns * channels
        var result: [Value] = []
        result.reserveCapacity(target.height * target.width * channels)
        for y in 0..<target.height {
            for x in 0..<target.width {
                for channel in 0..<channels {
                    let start = y * rows * line + x * length + channel
                    result.append(mean(stride(from: start, to: start + rows * line, by: line), length))
                }
            }
        }
        return result
    }
}
