import Engine
import Foundation
import Models
import Storage
import Tensors
import Testing

/// The numbers that both sides draw: `bits` and `draw` of Fixtures/make_backbones.py.
enum Drawn {
    static let images = 60000, head = 60001, signs = 60002, elements = 60003

    static func bits(_ architecture: Int, _ layer: Int, _ weight: Int) -> (Int) -> UInt64 {
        let stream = UInt64(architecture + 1) << 40 | UInt64(layer) << 16 | UInt64(weight)
        let start = stream &* 0xD134_2543_DE82_EF95
        return { index in
            var z = start &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    static func values(_ architecture: Int, _ layer: Int, _ weight: Int, _ count: Int, _ range: (Double, Double)) -> [Float] {
        let bits = bits(architecture, layer, weight)
        return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count { buffer[index] = Float(range.0 + (range.1 - range.0) * (Double(bits(index) >> 40) * 0x1p-24)) }
            filled = count
        }
    }

    /// `weight`: the last part of its name.
    static func range(_ architecture: Architecture, _ weight: String, _ shape: [Int]) -> (Double, Double) {
        switch weight {
        case "gamma", "moving_variance": return (0.5, 1.5)
        case "beta", "moving_mean", "bias": return (-0.3, 0.3)
        default:
            let depthwise = weight == "depthwise_kernel"
            var limit = ((depthwise ? 3.0 : 6.0) / Double(shape[0] * shape[1] * (depthwise ? 1 : shape[2]))).squareRoot()
            if architecture.preparation == .caffe, shape[2] == 3 { limit *= 1.0 / 64 }
            if weight == "pointwise_kernel" { limit *= 0.7 }
            if architecture == .ResNet50, shape[3] == 4 * shape[2] { limit *= 0.4 }
            return (-limit, limit)
        }
    }

    static func images(_ architecture: Int, _ count: Int, _ size: ImageSize, trial: Int = 0) -> [Float] {
        let blocks = values(architecture, images, 2 * trial, count * 25 * 25 * 3, (0, 1))
        let noise = values(architecture, images, 2 * trial + 1, count * size.height * size.width * 3, (0, 1))
        var result: [Float] = []
        result.reserveCapacity(noise.count)
        for image in 0..<count {
            let light = 0.5 + Double(image) * 0.25
            for row in 0..<size.height {
                for column in 0..<size.width {
                    for channel in 0..<3 {
                        let block = Double(blocks[((image * 25 + row / 12) * 25 + column / 12) * 3 + channel])
                        let grain = Double(noise[((image * size.height + row) * size.width + column) * 3 + channel])
                        result.append(Float(min(255, (255 * light * (0.75 * block + 0.25 * grain)).rounded(.down))))
                    }
                }
            }
        }
        return result
    }
}

/// What stays of a large array in a fixture: its norm, eight sums with random signs, four of its elements.
struct Sketch {
    var norm: Double
    var signs: [Double]
    var elements: [Float]

    init(norm: Double, signs: [Double], elements: [Float]) { (self.norm, self.signs, self.elements) = (norm, signs, elements) }

    init(_ values: [Float], architecture: Int, tensor: Int, stream: Int = Drawn.signs) {
        let bits = Drawn.bits(architecture, stream, tensor)
        var sums = SIMD8<Double>.zero
        var square = 0.0
        let masks = (0..<256).map { byte in SIMD8<Double>((0..<8).map { byte >> $0 & 1 == 0 ? 1 : -1 }) }
        masks.withUnsafeBufferPointer { masks in
            values.withUnsafeBufferPointer { values in
                for start in stride(from: 0, to: values.count, by: 8) {
                    var word = bits(start / 8)
                    for index in start..<min(start + 8, values.count) {
                        let value = Double(values[index])
                        square += value * value
                        sums += masks[Int(word & 255)] * value
                        word >>= 8
                    }
                }
            }
        }
        norm = square.squareRoot()
        signs = (0..<8).map { sums[$0] }
        let places = Drawn.bits(architecture, Drawn.elements, tensor)
        elements = values.isEmpty ? [] : (0..<4).map { values[Int(places($0) % UInt64(values.count))] }
    }

    /// An estimate of norm(self - other) / norm(other). Each sum of the difference with random signs has the expected square
    /// norm(difference)^2, so the mean of eight such squares over that has the distribution of a chi-squared of eight degrees
    /// over eight: a difference of 1e-3 is estimated below 2.5e-4 once in 4e5 tensors. The elements and the norm are looked
    /// at too.
    func deviation(from other: Sketch) -> Double {
        let square = zip(signs, other.signs).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 8
        let estimate = square.squareRoot() / other.norm
        let single = zip(elements, other.elements).map { abs(Double($0) - Double($1)) / other.norm }.max() ?? 0
        let largest = max(estimate, abs(norm - other.norm) / other.norm, single)
        return largest.isNaN ? .infinity : largest
    }
}

struct ImageSize: Sendable {
    var height, width: Int
    var key: String { "\(height)x\(width)" }
}

/// What Keras made of one architecture.
struct BackboneFixture {
    let architecture: Architecture
    let contents: Safetensors
    let number: Int

    /// Which numbers are drawn depends on the place in this order.
    static let order = Architecture.all

    static func file(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/backbones/\(name)")
    }

    init(_ architecture: Architecture) throws {
        self.architecture = architecture
        contents = try readSafetensors(Self.file("\(architecture.name).safetensors").path)
        number = try #require(Self.order.firstIndex(of: architecture))
    }

    func floats(_ name: String) throws -> [Float] {
        guard case .float(let values) = try #require(contents[name], "\(name)").values else { return [] }
        return values
    }

    func sketch(_ key: String, tensor: Int) throws -> Sketch {
        Sketch(
            norm: Double(try floats("norms.\(key)")[tensor]),
            signs: try floats("signs.\(key)")[tensor * 8..<tensor * 8 + 8].map(Double.init),
            elements: Array(try floats("elements.\(key)")[tensor * 4..<tensor * 4 + 4]))
    }

    /// The network, and its drawn parameters. With a head: global average, one number.
    func network(_ size: ImageSize, head: Bool) throws -> (graph: Graph, layers: [KerasLayer], store: ParameterStore) {
        var builder = NetworkBuilder()
        let input = try builder.input("image", shape: [size.height, size.width, 3])
        var (node, backbone) = try builder.apply(architecture, to: input, preparation: architecture.preparation)
        var store = ParameterStore()
        let shapes = Dictionary(builder.graph.parameters.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
        for (place, layer) in backbone.layers.enumerated() {
            for (index, name) in layer.parameters.enumerated() {
                let shape = try #require(shapes[name])
                let range = Drawn.range(architecture, String(name.split(separator: ".").last ?? ""), shape.extents)
                store[name] = try Tensor(shape: shape, values: Drawn.values(number, place, index, shape.count, range))
            }
        }
        if head {
            node = try builder.apply(.globalAveragePool, to: node)
            node = try builder.apply(.dense(units: 1, activation: nil, bias: true), to: node)
            let channels = shapes.isEmpty ? 0 : try #require(builder.graph.parameters.first { $0.name == "dense_1.kernel" }).shape.count
            store["dense_1.kernel"] = try Tensor(
                shape: [channels, 1], values: Drawn.values(number, Drawn.head, 0, channels, (-0.05, 0.05)))
            store["dense_1.bias"] = try Tensor(shape: [1], values: Drawn.values(number, Drawn.head, 1, 1, (-0.2, 0.2)))
        }
        builder.graph.outputs = [node]
        return (builder.graph, backbone.layers, store)
    }
}

/// The largest difference, as a share of the largest magnitude of what was expected.
func deviation(_ found: [Float], _ expected: [Float]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let largest = expected.reduce(0) { max($0, abs(Double($1))) }
    return zip(found, expected).reduce(0) { max($0, ($1.0.isNaN ? .infinity : abs(Double($1.0) - Double($1.1))) / largest) }
}

extension Program {
    func setInput(_ values: [Float], _ name: String = "image") throws {
        try withInput(name) { buffer in
            #expect(buffer.count == values.count)
            for (index, value) in values.enumerated() where index < buffer.count { buffer[index] = value }
        }
    }

    func firstOutput() -> [Float] { withOutput(0) { Array($0) } }
}
