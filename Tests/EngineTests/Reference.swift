import Tensors

/// The plainest reading of a graph, item by item in double precision: what the engine is compared with.
struct Reference {
    let graph: Graph
    let batch: Int
    /// The factors of each dropout by its number, batch times item.
    var masks: [Int: [Double]] = [:]
    /// Whether batch normalisations take the statistics of the batch.
    var batchStatistics = false

    /// All outputs, batch times item.
    func outputs(_ inputs: [String: [Double]], _ parameters: [String: [Double]]) -> [[Double]] {
        var values: [[Double]] = []
        for node in graph.nodes {
            let source = node.inputs.first.map { values[$0] } ?? []
            let shape = node.inputs.first.map { graph.nodes[$0].shape.extents } ?? []
            switch node.operation {
            case .concatenate: values.append(joined(node.inputs.map { (values[$0], graph.nodes[$0].shape.extents.last ?? 1) }))
            case .add: values.append(node.inputs.dropFirst().reduce(source) { sum, other in zip(sum, values[other]).map(+) })
            default: values.append(evaluate(node, source, shape, inputs, parameters))
            }
        }
        return graph.outputs.map { values[$0] }
    }

    private func evaluate(
        _ node: Graph.Node, _ x: [Double], _ shape: [Int], _ inputs: [String: [Double]], _ parameters: [String: [Double]]
    ) -> [Double] {
        switch node.operation {
        case .input(let name): inputs[name] ?? []
        case .concatenate, .add: []
        case .batchNorm(let norm): normalized(x, channels: shape.last ?? 1, norm, parameters)
        case .pixels(let order, let scale, let offset):
            stride(from: 0, to: x.count, by: shape[2]).flatMap { pixel in
                order.indices.map { x[pixel + order[$0]] * Double(scale[$0]) + Double(offset[$0]) }
            }
        case .zeroPad(let before, _):
            padded(x, shape, node.shape.extents, before)
        case .depthwise(let size, let strides, let padding, let kernel):
            windows(x, shape, node.shape.extents, size, strides, padding) { taps, out in
                let k = parameters[kernel] ?? []
                for c in 0..<shape[2] { out(c, taps.reduce(0) { $0 + x[$1.place + c] * k[$1.tap * shape[2] + c] }) }
            }
        case .flatten: x
        case .activation(.relu): x.map { max($0, 0) }
        case .activation(.tanh): x.map(hyperbolicTangent)
        case .activation(.sigmoid): x.map(logistic)
        case .activation(.gelu): x.map { 0.5 * $0 * (1 + errorFunction($0 / 2.0.squareRoot())) }
        case .activation(.geluTanh):
            x.map { 0.5 * $0 * (1 + hyperbolicTangent((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
        // Sequences are compared with transformers, in ModelsTests.
        case .textEmbedding, .layerNorm, .attention, .tokenMean, .firstToken: []
        case .dropout(_, let index), .learningDropout(_, let index): masks[index].map { zip(x, $0).map(*) } ?? x
        case .dense(let units, let kernel, let bias):
            product(x, length: shape[0], units, parameters[kernel] ?? [], bias.flatMap { parameters[$0] })
        case .convolution(let filters, let size, let strides, let padding, let kernel, let bias):
            windows(x, shape, node.shape.extents, size, strides, padding) { taps, out in
                let k = parameters[kernel] ?? []
                let b = bias.flatMap { parameters[$0] }
                for o in 0..<filters {
                    var sum = b?[o] ?? 0
                    for (tap, place) in taps {
                        for c in 0..<shape[2] { sum += x[place + c] * k[(tap * shape[2] + c) * filters + o] }
                    }
                    out(o, sum)
                }
            }
        case .pool(let kind, let size, let strides, let padding):
            windows(x, shape, node.shape.extents, size, strides, padding) { taps, out in
                for c in 0..<shape[2] {
                    let seen = taps.map { x[$0.place + c] }
                    out(c, kind == .max ? seen.reduce(-.infinity, max) : seen.reduce(0, +) / Double(seen.count))
                }
            }
        case .globalAveragePool:
            windows(x, shape, [1, 1, shape[2]], [shape[0], shape[1]], [1, 1], .valid) { taps, out in
                for c in 0..<shape[2] { out(c, taps.reduce(0) { $0 + x[$1.place + c] } / Double(taps.count)) }
            }
        }
    }

    private func joined(_ sources: [(values: [Double], channels: Int)]) -> [Double] {
        guard let first = sources.first else { return [] }
        return (0..<first.values.count / first.channels).flatMap { place in
            sources.flatMap { $0.values[place * $0.channels..<(place + 1) * $0.channels] }
        }
    }

    private func padded(_ x: [Double], _ from: [Int], _ to: [Int], _ before: [Int]) -> [Double] {
        var y = [Double](repeating: 0, count: batch * to[0] * to[1] * to[2])
        for item in 0..<batch {
            for row in 0..<from[0] {
                for column in 0..<from[1] {
                    for c in 0..<from[2] {
                        y[((item * to[0] + row + before[0]) * to[1] + column + before[1]) * to[2] + c] =
                            x[((item * from[0] + row) * from[1] + column) * from[2] + c]
                    }
                }
            }
        }
        return y
    }

    private func normalized(_ x: [Double], channels: Int, _ norm: BatchNormalization, _ parameters: [String: [Double]]) -> [Double] {
        var y = x
        for c in 0..<channels {
            let places = Array(stride(from: c, to: x.count, by: channels))
            var mean = parameters[norm.mean]?[c] ?? 0
            var variance = parameters[norm.variance]?[c] ?? 1
            if batchStatistics {
                mean = places.reduce(0) { $0 + x[$1] } / Double(places.count)
                variance = places.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / Double(places.count)
            }
            let scale = (norm.gamma.flatMap { parameters[$0]?[c] } ?? 1) / (variance + Double(norm.epsilon)).squareRoot()
            for place in places { y[place] = (x[place] - mean) * scale + (norm.beta.flatMap { parameters[$0]?[c] } ?? 0) }
        }
        return y
    }

    private func product(_ x: [Double], length: Int, _ units: Int, _ kernel: [Double], _ bias: [Double]?) -> [Double] {
        var y: [Double] = []
        for item in 0..<batch {
            for o in 0..<units {
                y.append((0..<length).reduce(bias?[o] ?? 0) { $0 + x[item * length + $1] * kernel[$1 * units + o] })
            }
        }
        return y
    }

    /// Calls `body` for every output pixel with the taps that fall on the image and where their pixels begin.
    private func windows(
        _ x: [Double], _ from: [Int], _ to: [Int], _ size: [Int], _ strides: [Int], _ padding: Padding,
        _ body: (_ taps: [(tap: Int, place: Int)], _ out: (Int, Double) -> Void) -> Void
    ) -> [Double] {
        var y = [Double](repeating: 0, count: batch * to[0] * to[1] * to[2])
        let before = (0..<2).map { axis -> Int in
            padding == .valid ? 0 : max(0, (to[axis] - 1) * strides[axis] + size[axis] - from[axis]) / 2
        }
        for item in 0..<batch {
            for row in 0..<to[0] {
                for column in 0..<to[1] {
                    var taps: [(tap: Int, place: Int)] = []
                    for i in 0..<size[0] {
                        for j in 0..<size[1] {
                            let r = row * strides[0] + i - before[0]
                            let c = column * strides[1] + j - before[1]
                            guard (0..<from[0]).contains(r), (0..<from[1]).contains(c) else { continue }
                            taps.append((i * size[1] + j, ((item * from[0] + r) * from[1] + c) * from[2]))
                        }
                    }
                    body(taps) { y[((item * to[0] + row) * to[1] + column) * to[2] + $0] = $1 }
                }
            }
        }
        return y
    }
}
