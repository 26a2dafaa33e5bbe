import Diagnostics
import Tensors
import TestSupport
import Testing

@testable import Datasets

private let both = Augmentation.flip(horizontal: true, vertical: true)

private func key(_ item: Int, seed: UInt64 = 7, epoch: UInt32 = 0) -> RandomKey {
    RandomKey(seed: seed, purpose: .augmentation, epoch: epoch, item: UInt32(item))
}

/// The angles and such of a step, over many items.
private func drawn(_ step: Augmentation, shape: Shape = [10, 20, 1], count: Int = 4000) throws -> [DrawnStep] {
    let augmenter = try Augmenter([step], shape: shape)
    return (0..<count).map { augmenter.draw(key($0))[0] }
}

/// Whether numbers are uniform between two ends, by the test of Kolmogorov and Smirnov at about 1e-4.
private func isUniform(_ numbers: [Double], from low: Double, to high: Double) -> Bool {
    let sorted = numbers.sorted()
    let count = Double(sorted.count)
    guard let first = sorted.first, let last = sorted.last, first >= low, last < high else { return false }
    let distance = sorted.enumerated().reduce(0) { worst, item in
        let place = (item.element - low) / (high - low)
        return max(worst, abs(place - Double(item.offset) / count), abs(place - Double(item.offset + 1) / count))
    }
    return distance < 2.2 / count.squareRoot()
}

@Suite(.timed) struct AugmentationDrawTests {
    /// Four equally likely outcomes: the test of Pearson with three degrees of freedom, at 1e-4.
    @Test func flipsAreIndependent() throws {
        var counts = [0, 0, 0, 0]
        for step in try drawn(both) {
            switch step {
            case .none: counts[0] += 1
            case .flip(let horizontal, let vertical): counts[(horizontal ? 1 : 0) + (vertical ? 2 : 0)] += 1
            default: Issue.record("\(step)")
            }
        }
        let distance = counts.map { ($0 - 1000) * ($0 - 1000) }.reduce(0, +)
        #expect(distance < 21_100, "\(counts)")
        let sideways = try drawn(.flip(horizontal: true, vertical: false)).filter { $0 == .flip(horizontal: true, vertical: false) }
        #expect(abs(sideways.count - 2000) < 126)
        let upright = try drawn(.flip(horizontal: false, vertical: true)).filter { $0 == .flip(horizontal: false, vertical: true) }
        #expect(abs(upright.count - 2000) < 126)
    }

    @Test func parametersAreUniform() throws {
        var turns: [Double] = []
        var scales: [Double] = []
        var downs: [Double] = []
        var rights: [Double] = []
        var factors: [Double] = []
        for step in try [
            Augmentation.rotate(turns: 0.2), .zoom(low: -0.3, high: 0.1), .translate(height: 0.2, width: 0.1), .contrast(factor: 0.4),
        ]
        .flatMap({ try drawn($0) }) {
            switch step {
            case .rotate(let angle, .reflect): turns.append(angle)
            case .zoom(let scale, .reflect): scales.append(scale)
            case .translate(let down, let right, .reflect):
                downs.append(down)
                rights.append(right)
            case .contrast(let factor): factors.append(factor)
            default: Issue.record("\(step)")
            }
        }
        #expect(turns.count == 4000 && isUniform(turns, from: -0.2, to: 0.2))
        #expect(scales.count == 4000 && isUniform(scales, from: 0.7, to: 1.1))
        // In pixels of an image of 10 x 20, and independent of each other.
        #expect(downs.count == 4000 && isUniform(downs, from: -2, to: 2) && isUniform(rights, from: -2, to: 2))
        // Five standard errors of the mean of products, each factor of variance 4/3.
        let together = zip(downs, rights).map { $0 * $1 }.reduce(0, +) / 4000
        #expect(abs(together) < 0.1055)
        #expect(factors.count == 4000 && isUniform(factors, from: 0.6, to: 1.4))
    }

    /// These numbers are part of every recorded result: a change of them is a change of `NodeVersion`.
    @Test func theNumbersArePinned() throws {
        let augmenter = try Augmenter([both, .rotate(turns: 0.2), .noise(deviation: 1)], shape: [6, 7, 3])
        let address = RandomKey(seed: 42, purpose: .augmentation, stage: 1, fold: 2, epoch: 3, item: 4)
        var stream = Philox(address)
        let words = (0..<6).map { _ in stream.next() }
        func share(_ word: UInt64) -> Double { Double(word >> 11) * 0x1p-53 }
        let horizontal = share(words[0]) < 0.5
        let vertical = share(words[1]) < 0.5
        let flip = horizontal || vertical ? DrawnStep.flip(horizontal: horizontal, vertical: vertical) : .none
        #expect(
            augmenter.draw(address) == [
                flip, .rotate(turns: -0.2 + 0.4 * share(words[2]), fill: .reflect), .noise(deviation: 1, seed: words[4]),
            ])
        let image = try Tensor(shape: [6, 7, 3], values: (0..<126).map { Float($0 * $0 % 101) })
        #expect(checksum(try augmenter.apply(to: image, key: address)) == 0xB5C4_0D41_ED50_A0AE)
    }

    /// Every part of the address leads to other numbers, the purpose to the same; the place of a step counts, its neighbours do not.
    @Test func numbersDependOnTheAddressAndThePlace() throws {
        let rotate = Augmentation.rotate(turns: 0.2)
        let augmenter = try Augmenter([both, rotate, rotate], shape: [4, 4, 1])
        let base = RandomKey(seed: 1, purpose: .augmentation)
        var draws = [augmenter.draw(base)[1]]
        for change: (inout RandomKey) -> Void in [{ $0.seed = 2 }, { $0.stage = 1 }, { $0.fold = 1 }, { $0.epoch = 1 }, { $0.item = 1 }] {
            var other = base
            change(&other)
            draws.append(augmenter.draw(other)[1])
        }
        #expect(Set(draws).count == 6)
        let first = augmenter.draw(base)
        #expect(first[1] != first[2])
        #expect(augmenter.draw(RandomKey(seed: 1, purpose: .dropout)) == first)
        let others = try Augmenter([.noise(deviation: 1), rotate, .flip(horizontal: false, vertical: false), rotate], shape: [4, 4, 1])
            .draw(base)
        #expect(others[1] == first[1] && others[2] == .none)
    }

    /// The bits of an image are the same in any order, with any scratch, and on several threads.
    @Test func orderAndThreadsChangeNothing() async throws {
        let shape: Shape = [17, 23, 3]
        let list: [Augmentation] = [
            both, .rotate(turns: 0.2), .contrast(factor: 0.3), .zoom(low: -0.2, high: 0.2, fill: .wrap), .noise(deviation: 0.1),
        ]
        let augmenter = try Augmenter(list, shape: shape)
        let image = try Tensor(shape: shape, values: (0..<shape.count).map { Float($0 * 31 % 256) })
        let expected = try (0..<24).map { try augmenter.apply(to: image, key: key($0)) }
        #expect(Set(expected.map(\.values)).count == 24)
        var scratch = AugmentationScratch()
        var result = Tensor(zeros: shape)
        for item in (0..<24).reversed() {
            try image.withUnsafeBuffer { from in
                try result.withUnsafeMutableBuffer { try augmenter.apply(to: from, into: $0, key: key(item), scratch: &scratch) }
            }
            #expect(result == expected[item])
        }
        let found = try await withThrowingTaskGroup(of: (Int, Tensor).self) { group in
            for item in 0..<24 { group.addTask { (item, try augmenter.apply(to: image, key: key(item))) } }
            return try await group.reduce(into: [Int: Tensor]()) { $0[$1.0] = $1.1 }
        }
        #expect(expected.indices.allSatisfy { found[$0] == expected[$0] })
    }

    /// A list is its steps one after another, whichever buffer each of them writes.
    @Test func stepsFollowOneAnother() throws {
        let shape: Shape = [6, 9, 3]
        let augmenter = try Augmenter([], shape: shape)
        let image = try Tensor(shape: shape, values: (0..<shape.count).map { Float($0 * 37 % 101) })
        let steps: [DrawnStep] = [
            .flip(horizontal: true, vertical: false), .rotate(turns: 0.1, fill: .reflect), .none, .contrast(factor: 1.2),
            .noise(deviation: 2, seed: 3),
            .zoom(scale: 0.8, fill: .constant(1)),
        ]
        for length in 0...steps.count {
            let together = try augmenter.apply(Array(steps.prefix(length)), to: image)
            #expect(try together == steps.prefix(length).reduce(image) { try augmenter.apply([$1], to: $0) })
        }
    }

    @Test func knowsWhatChangesNothing() throws {
        #expect(![Augmentation]().isRandom)
        let idle: [Augmentation] = [
            .flip(horizontal: false, vertical: false), .rotate(turns: 0), .zoom(low: 0, high: 0), .translate(height: 0, width: 0),
            .contrast(factor: 0),
            .noise(deviation: 0),
        ]
        let augmenter = try Augmenter(idle, shape: [3, 3, 1])
        #expect(!idle.isRandom && !augmenter.isRandom && augmenter.draw(key(0)).allSatisfy { $0 == .none })
        let image = try Tensor(shape: [3, 3, 1], values: [1, 2, 3, 4, 5, .infinity, 7, 8, -0.0])
        #expect(try augmenter.apply(to: image, key: key(0)) == image)
        for step: Augmentation in [
            .flip(horizontal: false, vertical: true), .rotate(turns: 0.1), .zoom(low: 0.1, high: 0.1), .translate(height: 0, width: 0.1),
            .contrast(factor: 1),
            .noise(deviation: 1),
        ] { #expect((idle + [step]).isRandom) }
    }

    @Test func refusesNonsense() throws {
        try expectFault("range", "`rotate` expected `turns` from 0 to 1, found 1.5") {
            _ = try Augmenter([.rotate(turns: 1.5)], shape: [4, 4, 1])
        }
        for step: Augmentation in [
            .rotate(turns: -0.1), .rotate(turns: .nan), .rotate(turns: 0.1, fill: .constant(.infinity)),
            .rotate(turns: 0.1, fill: .constant(1e300)),
            .zoom(low: -1, high: 0), .zoom(low: 0.2, high: 0.1), .zoom(low: 0, high: 1.1), .zoom(low: .nan, high: 0),
            .zoom(low: 0, high: .nan),
            .translate(height: 1.1, width: 0), .translate(height: 0, width: -0.1), .contrast(factor: 1.01), .contrast(factor: .nan),
            .noise(deviation: -1),
            .noise(deviation: .infinity), .noise(deviation: 1e300), .zoom(low: 0, high: 0.1, fill: .constant(.nan)),
        ] { try expectFault("range", nil, "\(step)") { _ = try Augmenter([both, step], shape: [4, 4, 1]) } }
        for shape in [
            [], [4], [4, 4], [1, 4, 4, 1], [0, 4, 1], [4, -1, 1], [4, 4, 0], [16385, 1, 1], [1, 16385, 1], [16384, 16384, 2], [1, 1, .max],
        ] as [Shape] {
            try expectFault("shape", nil, "\(shape)") { _ = try Augmenter([both], shape: shape) }
        }
        let augmenter = try Augmenter([both], shape: [2, 2, 1])
        for shape in [[4], [2, 1, 2], [2, 2, 2], [0]] as [Shape] {
            try expectFault("shape", nil, "\(shape)") { _ = try augmenter.apply(to: Tensor(zeros: shape), key: key(0)) }
        }
        for (count, room) in [(3, 4), (4, 3), (5, 4), (0, 4), (4, 0)] {
            let image = [Float](repeating: 1, count: count)
            var result = [Float](repeating: 2, count: room)
            var scratch = AugmentationScratch()
            try expectFault("shape", nil, "\(count) \(room)") {
                try image.withUnsafeBufferPointer { from in
                    try result.withUnsafeMutableBufferPointer { try augmenter.apply(to: from, into: $0, key: key(0), scratch: &scratch) }
                }
            }
            #expect(result.allSatisfy { $0 == 2 })
        }
    }
}

/// FNV-1a over the bits.
private func checksum(_ tensor: Tensor) -> UInt64 {
    tensor.values.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01B3 }
}
