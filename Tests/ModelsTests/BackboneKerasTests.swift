import Engine
import Foundation
import Models
import Storage
import Tensors
import TestSupport
import Testing

/// Features and gradients of the backbones against keras.applications (Fixtures/make_backbones.py), at 75 x 75, 75 x 196 and
/// the default size. One after another: each uses all processors.
@Suite(.serialized, .timed) struct BackboneKerasTests {
    @Test(arguments: BackboneFixture.order) func layersAreThoseOfKeras(_ architecture: Architecture) throws {
        let names = try JSONDecoder().decode([String: [String]].self, from: Data(contentsOf: BackboneFixture.file("layers.json")))
        let layers = try BackboneFixture(architecture).network(ImageSize(height: 75, width: 75), head: false).layers.map(\.name)
        // Keras counts on from one model to the next in the name of the input alone.
        #expect(layers.dropFirst() == (names[architecture.name] ?? [])[...].dropFirst())
    }

    /// Both sum in single precision, in different orders, over a hundred layers: 1e-4 of the largest value is asked for, 3e-5
    /// is kept.
    @Test(arguments: BackboneFixture.order) func features(_ architecture: Architecture) throws {
        let fixture = try BackboneFixture(architecture)
        let side = architecture.defaultSize
        for size in [ImageSize(height: 75, width: 75), ImageSize(height: 75, width: 196), ImageSize(height: side, width: side)] {
            let count = size.height > 75 ? 1 : 2
            let (graph, _, store) = try fixture.network(size, head: false)
            let program = try Program(graph, batch: count, purpose: .inference)
            try program.load(store)
            try program.setInput(Drawn.images(fixture.number, count, size))
            try program.forward(dropout: nil)
            let found = program.firstOutput()
            let channels = try #require(graph.nodes.last?.shape.extents.last)
            let off = deviation(pooled(found, images: count, channels: channels), try fixture.floats("pooled.\(size.key)"))
            #expect(off < 3e-5, "\(size.key): \(off)")
            let whole: Double
            if size.height > 75 {
                let expected = try fixture.floats("features.\(size.key).signs").map(Double.init)
                let sketch = Sketch(found, architecture: fixture.number, tensor: Drawn.signs)
                whole = sketch.deviation(from: Sketch(norm: expected[8], signs: Array(expected[0..<8]), elements: []))
            } else {
                whole = deviation(Array(found.suffix(found.count / count)), try fixture.floats("features.\(size.key)"))
            }
            #expect(whole < 3e-5, "\(size.key): \(whole)")
            report("\(architecture.name) \(size.key) features \(whole) pooled \(off)")
        }
    }

    /// The averages of each image's channels.
    private func pooled(_ features: [Float], images: Int, channels: Int) -> [Float] {
        var sums = [Double](repeating: 0, count: images * channels)
        let length = features.count / images
        for (place, value) in features.enumerated() { sums[place / length * channels + place % channels] += Double(value) }
        return sums.map { Float($0 * Double(channels) / Double(length)) }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var architecture: Architecture, width: Int, last: Int?
        var testDescription: String { "\(architecture.name) 75x\(width) \(last.map { "last \($0)" } ?? "all") layers" }
    }

    static let cases = BackboneFixture.order.flatMap { architecture in
        [75, 196].flatMap { width in [nil, 50].map { Case(architecture: architecture, width: width, last: $0) } }
    }

    /// norm(g - gK) / norm(gK) of every trainable tensor, estimated from eight sums with random signs (`Sketch.deviation`): 1e-3
    /// is asked for, estimates under 2.5e-4 show it. Where a ReLU or a maximum has to decide between values as close as rounding,
    /// either gradient is right; the fixture says what that is worth to each tensor (`kinks`), and four times that is let
    /// pass. The gradients of vectors are compared number by number. Then one step of gradient descent.
    @Test(arguments: cases) func gradients(_ test: Case) throws {
        let fixture = try BackboneFixture(test.architecture)
        let size = ImageSize(height: 75, width: test.width)
        let key = size.key
        let (graph, layers, store) = try fixture.network(size, head: true)
        let statistics = Set(graph.parameters.filter(\.isStatistic).map(\.name))
        let all = layers.flatMap(\.parameters).filter { !statistics.contains($0) } + ["dense_1.kernel", "dense_1.bias"]
        let wanted = test.last.map { Set(layers.suffix($0).flatMap(\.parameters) + ["dense_1.kernel", "dense_1.bias"]) } ?? Set(all)
        let program = try Program(graph, batch: 3, purpose: .training(trainable: wanted.subtracting(statistics)))
        try program.load(store)
        try program.setInput(Drawn.images(fixture.number, 3, size, trial: Int(try fixture.floats("trial.\(key)").first ?? 0)))
        let targets = try fixture.floats("targets.\(key)")
        let losses = try fixture.floats("losses.\(key)")
        let rates = try fixture.floats("rates.\(key)")
        func loss() throws -> Double {
            try program.forward(dropout: nil)
            return zip(program.firstOutput(), targets).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) } / 3
        }
        let before = try loss()
        let predictions = try fixture.floats("predictions.\(key)")
        #expect(deviation(program.firstOutput(), predictions) < 1e-4)
        #expect(abs(before - Double(losses[0])) < 1e-4 * Double(losses[0]))
        let errors = zip(program.firstOutput(), targets).map { 2 * ($0 - $1) / 3 }
        try program.withOutputGradient(0) { buffer in for index in errors.indices { buffer[index] = errors[index] } }
        try program.backward()

        let kinks = try fixture.floats("kinks.\(key)")
        #expect(kinks.count == all.count)
        var worst = (0.0, "")
        var worstVector = (0.0, "")
        var vectors = test.width == 75 ? try fixture.floats("vectors.\(key)")[...] : []
        for (tensor, name) in all.enumerated() {
            let shape = try #require(store[name]).shape
            let vector = shape.rank == 1 ? Array(vectors.prefix(shape.count)) : []
            if shape.rank == 1 { vectors = vectors.dropFirst(shape.count) }
            guard wanted.contains(name) else { continue }
            let gradient = try program.gradient(of: name).values
            let expected = try fixture.sketch(key, tensor: tensor)
            let off = Sketch(gradient, architecture: fixture.number, tensor: tensor).deviation(from: expected)
            let kink = 4 * Double(kinks[tensor])
            #expect(off < max(2.5e-4, kink), "\(name): \(off)")
            if off > worst.0 { worst = (off, name) }
            guard !vector.isEmpty else { continue }
            let single = zip(gradient, vector).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) }.squareRoot() / expected.norm
            #expect(single < max(2.5e-4, kink), "\(name): \(single)")
            if single > worstVector.0 { worstVector = (single, name) }
        }
        let place = test.last == nil ? 0 : 1
        try program.descend(rate: Double(rates[place]))
        let after = try loss()
        let change = Double(losses[place + 1]) - before
        #expect(abs(after - Double(losses[place + 1])) < 2e-3 * abs(change), "the change of the loss")
        report(
            """
            \(test.testDescription): gradient \(worst), vectors \(worstVector), loss off \(abs(before / Double(losses[0]) - 1)), \
            change off \(abs((after - Double(losses[place + 1])) / change))
            """
        )
    }
}

/// Prints what was found where `ECDX_REPORT` asks for it.
func report(_ line: @autoclosure () -> String) {
    if ProcessInfo.processInfo.environment["ECDX_REPORT"] != nil { print(line()) }
}
