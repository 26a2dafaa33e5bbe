import Diagnostics
import Glibc
import Tensors
import TestSupport
import Testing

@testable import Datasets

/// The pattern of make_fixtures.py, in 0...1.
private func pattern(_ shape: Shape) throws -> Tensor {
    let n = shape.extents
    var values: [Float] = []
    for y in 0..<n[0] {
        for x in 0..<n[1] {
            for k in 0..<n[2] { values.append(Float(Double((x * x * 7 + y * y * 3 + x * y * 5 + k * 83) & 255) / 255)) }
        }
    }
    return try Tensor(shape: shape, values: values)
}

private func fill(_ name: String) throws -> Augmentation.Fill {
    switch name {
    case "reflect": .reflect
    case "nearest": .nearest
    case "wrap": .wrap
    case "constant": .constant(0.25)
    default: throw Diagnostic("test", "no fill \(name)")
    }
}

private func steps(_ name: String, _ n: [Double], _ text: String, _ shape: Shape) throws -> [DrawnStep] {
    let height = Double(shape.extents[0])
    let width = Double(shape.extents[1])
    switch name {
    case "rotate": return [.rotate(turns: n[0], fill: try fill(text))]
    case "zoom": return [.zoom(scale: n[0], fill: try fill(text))]
    case "translate": return [.translate(down: n[0] * height, right: n[1] * width, fill: try fill(text))]
    case "contrast": return [.contrast(factor: n[0])]
    case "flip": return [.flip(horizontal: n[0] == 1, vertical: n[1] == 1)]
    case "chain":
        return [
            .rotate(turns: n[0], fill: .reflect), .none, .zoom(scale: n[1], fill: .nearest),
            .translate(down: n[2] * height, right: n[3] * width, fill: .reflect),
        ]
    default: throw Diagnostic("test", "no layer \(name)")
    }
}

@Suite(.timed) struct AugmentationTests {
    /// To 1e-5 of the range of the values, 0...1: Keras computes its matrices in single precision, and the fixtures are rounded
    /// to 1e-6.
    @Test func agreesWithKeras() throws {
        var counts: [String: Int] = [:]
        for line in try text(of: fixture("augmentation/transforms.txt")).split(separator: "\n") {
            let halves = line.split(separator: ":")
            let words = halves[0].split(separator: " ").map(String.init)
            let name = words[0]
            let shape = Shape(words.suffix(3).compactMap { Int($0) })
            let numbers = words.dropFirst().dropLast(4).compactMap { Double($0) }
            let expected = halves[1].split(separator: " ").compactMap { Int($0) }
            let drawn = try steps(name, numbers, words[words.count - 4], shape)
            let result = try Augmenter([], shape: shape).apply(drawn, to: pattern(shape))
            try #require(result.shape == shape && result.values.count == expected.count)
            let error = zip(result.values, expected).reduce(0) { max($0, abs($1.0 - Float(Double($1.1) * 1e-6))) }
            #expect(error <= 1e-5, "\(halves[0])")
            counts[name, default: 0] += 1
        }
        #expect(counts == ["rotate": 120, "zoom": 96, "translate": 96, "contrast": 18, "flip": 18, "chain": 1])
    }

    /// Three channels are computed by other instructions than one; each is what it would be alone.
    @Test func channelsAreAlike() throws {
        let three = try pattern([9, 14, 3])
        for fill in [Augmentation.Fill.reflect, .nearest, .wrap, .constant(0.5)] {
            for step in [
                DrawnStep.rotate(turns: 0.17, fill: fill), .zoom(scale: 1.6, fill: fill), .translate(down: -3.3, right: 20.25, fill: fill),
            ] {
                let together = try Augmenter([], shape: [9, 14, 3]).apply([step], to: three)
                for k in 0..<3 {
                    let one = try Tensor(shape: [9, 14, 1], values: (0..<126).map { three.values[$0 * 3 + k] })
                    let alone = try Augmenter([], shape: [9, 14, 1]).apply([step], to: one)
                    #expect(alone.values == (0..<126).map { together.values[$0 * 3 + k] })
                }
            }
        }
    }

    /// Positive angles turn counter-clockwise, as seen with the first row on top; four quarters give the image back.
    @Test func directionsAreAsDocumented() throws {
        let square = try Tensor(shape: [2, 2, 1], values: [1, 2, 3, 4])
        let augmenter = try Augmenter([], shape: [2, 2, 1])
        func near(_ step: DrawnStep, _ expected: [Float]) throws {
            let found = try augmenter.apply([step], to: square).values
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(step): \(found)")
        }
        try near(.rotate(turns: 0.25, fill: .reflect), [2, 4, 1, 3])
        try near(.rotate(turns: -0.25, fill: .reflect), [3, 1, 4, 2])
        try near(.rotate(turns: 1, fill: .reflect), [1, 2, 3, 4])
        try near(.translate(down: 1, right: 0, fill: .constant(9)), [9, 9, 1, 2])
        try near(.translate(down: 0, right: 1, fill: .nearest), [1, 1, 3, 3])
        try near(.flip(horizontal: true, vertical: false), [2, 1, 4, 3])
        try near(.flip(horizontal: false, vertical: true), [3, 4, 1, 2])
        try near(.contrast(factor: 2), [-0.5, 1.5, 3.5, 5.5])
    }

    /// Thin images, single pixels and the largest parameters: every value of the result is one between those of the source.
    @Test func thinImagesStayInBounds() throws {
        for shape in [[1, 1, 1], [1, 1, 3], [1, 9, 3], [9, 1, 3], [1, 300, 1], [300, 1, 2], [2, 1, 5]] as [Shape] {
            let image = try pattern(shape)
            for fill in [Augmentation.Fill.reflect, .nearest, .wrap, .constant(0.5)] {
                let augmenter = try Augmenter(
                    [
                        .rotate(turns: 1, fill: fill), .translate(height: 1, width: 1, fill: fill),
                        .zoom(low: -0.999999, high: 1, fill: fill),
                        .flip(horizontal: true, vertical: true),
                    ], shape: shape)
                for item in 0..<40 {
                    let result = try augmenter.apply(to: image, key: RandomKey(seed: 3, purpose: .augmentation, item: UInt32(item)))
                    #expect(result.values.allSatisfy { $0 >= -1e-5 && $0 <= 1 + 1e-5 })
                }
            }
        }
    }

    /// Coordinates beyond all bounds, which no list can draw, read pixels of the image or the constant, too.
    @Test func nothingIsReadBeyondTheImage() throws {
        let image = try pattern([5, 6, 3])
        let augmenter = try Augmenter([], shape: [5, 6, 3])
        for far in [1e7, -1e7, 1e30, -1e30, .infinity, .nan] {
            for fill in [Augmentation.Fill.reflect, .nearest, .wrap, .constant(0.5)] {
                let result = try augmenter.apply(
                    [.translate(down: far, right: -far, fill: fill), .zoom(scale: far, fill: fill)], to: image)
                #expect(result.values.allSatisfy { $0 >= 0 && $0 <= 1 })
            }
        }
    }

    @Test func notANumberSpreadsAndNoMore() throws {
        var values = try pattern([8, 8, 3]).values
        values[3 * 8 * 3 + 4 * 3] = .nan
        let image = try Tensor(shape: [8, 8, 3], values: values)
        let augmenter = try Augmenter([], shape: [8, 8, 3])
        let turned = try augmenter.apply([.rotate(turns: 0.1, fill: .reflect)], to: image).values.filter(\.isNaN).count
        #expect(turned > 0 && turned <= 9)
        let contrast = try augmenter.apply([.contrast(factor: 0.5)], to: image).values
        #expect(contrast.indices.allSatisfy { contrast[$0].isNaN == $0.isMultiple(of: 3) })
        #expect(try augmenter.apply([.noise(deviation: 1, seed: 1)], to: image).values.filter(\.isNaN).count == 1)
        #expect(try augmenter.apply([.flip(horizontal: true, vertical: true)], to: image).values.filter(\.isNaN).count == 1)
    }

    /// The words are those of the generator, and the normal numbers those of Box and Muller in double precision, to 2e-6.
    @Test func noiseIsThatOfTheGenerator() throws {
        let seed: UInt64 = 0x0123_4567_89AB_CDEF
        var stream = Philox(RandomKey(seed: seed, purpose: .augmentation))
        let key = SIMD2<UInt32>(0x89AB_CDEF, 0x0123_4567)
        for first in [UInt32(0), 8, 16] {
            let found = philox(first, key)
            let words = [found.0, found.1, found.2, found.3]
            for lane in 0..<8 { for word in words { #expect(word[lane] == stream.next32()) } }
            let (a, b) = normals(found.0, found.1)
            for lane in 0..<8 {
                let expected = boxMuller(found.0[lane], found.1[lane])
                #expect(abs(Double(a[lane]) - expected.0) < 2e-6 && abs(Double(b[lane]) - expected.1) < 2e-6)
            }
        }
        // The ends of both: u = 1, and the least u.
        let ends = normals(Words(repeating: 0), Words(repeating: 0))
        let most = normals(Words(repeating: .max), Words(repeating: .max))
        #expect(ends.0[0] == 0 && ends.1[0] == 0)
        let expected = boxMuller(.max, .max)
        #expect(abs(Double(most.0[0]) - expected.0) < 1e-5 && abs(Double(most.1[0]) - expected.1) < 1e-5)
    }

    /// Mean, deviation, fourth moment and neighbours of 300000 numbers, each within five standard errors.
    @Test func noiseIsNormal() throws {
        let shape: Shape = [100, 1000, 3]
        let count = Double(shape.count)
        let values = try Augmenter([], shape: shape).apply([.noise(deviation: 2, seed: 5)], to: Tensor(zeros: shape)).values.map {
            Double($0) / 2
        }
        func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / count }
        let bound = 5 / count.squareRoot()
        let squares = values.map { $0 * $0 }
        let far = Double(squares.count { $0 > 4 }) / count
        #expect(abs(mean(values)) < bound)
        #expect(abs(mean(squares) - 1) < bound * 1.415)
        #expect(abs(mean(squares.map { $0 * $0 }) - 3) < bound * 9.8)
        #expect(abs(mean(zip(values, values.dropFirst()).map { $0 * $1 })) < bound)
        #expect(abs(far - 0.0455) < bound * 0.213)
        // A length that is no multiple of the run: the same numbers, and all of them.
        let few = try Augmenter([], shape: [1, 1, 13]).apply([.noise(deviation: 2, seed: 5)], to: Tensor(zeros: [1, 1, 13]))
        #expect(few.values.map { Double($0) / 2 } == Array(values.prefix(13)))
    }
}

/// Box and Muller in double precision, from the bits that `normals` uses.
private func boxMuller(_ u: UInt32, _ angle: UInt32) -> (Double, Double) {
    let radius = (-2 * log(1 - Double(u >> 9) * 0x1p-23)).squareRoot()
    let turn = 2 * Double.pi * (Double(angle >> 30) / 4 + (Double((angle &<< 2) >> 9) * 0x1p-23 - 0.5) / 4)
    return (radius * cos(turn), radius * sin(turn))
}
