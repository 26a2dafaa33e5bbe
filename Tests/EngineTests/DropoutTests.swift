import Engine
import Models
import Tensors
import TestSupport
import Testing

@Suite(.timed) struct DropoutTests {
    /// What a dropout layer makes of ones.
    static func mask(_ shape: Shape, rate: Double, batch: Int, key: RandomKey?, second: Bool = false) throws -> [Float] {
        var builder = NetworkBuilder()
        let x = try builder.input("x", shape: shape)
        var nodes = [try builder.apply(.dropout(rate: rate), to: x)]
        if second { nodes.append(try builder.apply(.dropout(rate: rate), to: x)) }
        builder.graph.outputs = nodes
        let program = try Program(builder.graph, batch: batch, purpose: .training(trainable: []), threads: 1)
        try program.fill([Float](repeating: 1, count: batch * shape.count))
        try program.forward(dropout: key)
        return nodes.indices.flatMap { program.output($0) }
    }

    static let key = RandomKey(seed: 1, purpose: .dropout, stage: 2, fold: 3, epoch: 4, item: 5)

    @Test(arguments: [0.1, 0.2, 0.5, 0.9]) func theShareOfDroppedValues(rate: Double) throws {
        let mask = try Self.mask([5000], rate: rate, batch: 8, key: Self.key)
        let kept = mask.filter { $0 != 0 }
        let scale = Float(1) / (1 - Float(rate))
        #expect(kept.allSatisfy { $0 == scale })
        // Five standard deviations of a binomial; the key is fixed, so this either always holds or never.
        let n = Double(mask.count)
        #expect(abs(Double(kept.count) / n - (1 - rate)) < 5 * (rate * (1 - rate) / n).squareRoot())
        // Neighbours are independent: the share of kept pairs is the square.
        let pairs = zip(mask, mask.dropFirst()).filter { $0 != 0 && $1 != 0 }.count
        #expect(abs(Double(pairs) / n - (1 - rate) * (1 - rate)) < 5 * (0.25 / n).squareRoot())
    }

    @Test func withoutAKeyNothingIsDropped() throws {
        #expect(try Self.mask([50], rate: 0.5, batch: 2, key: nil).allSatisfy { $0 == 1 })
        #expect(try Self.mask([50], rate: 0, batch: 2, key: Self.key).allSatisfy { $0 == 1 })
    }

    /// Bit for bit the numbers that the address of each element says, in lengths that fill no block of the generator and in images,
    /// whose elements lie elsewhere in memory.
    @Test(arguments: [[1], [31], [70], [5, 3, 19]] as [Shape]) func theMaskIsOfPhilox(_ shape: Shape) throws {
        let mask = try Self.mask(shape, rate: 0.3, batch: 3, key: Self.key)
        let place: UInt32 = 3 << 24 | 2 << 16 | 3
        let stream = Philox.block(counter: SIMD4(0, 5, 4, place), key: SIMD2(1, 0))
        for item in 0..<3 {
            for element in 0..<shape.count {
                let words = Philox.block(
                    counter: SIMD4(UInt32(element / 4), UInt32(item), stream.z, stream.w), key: SIMD2(stream.x, stream.y))
                let isDropped = Float(words[element % 4] >> 8) * 0x1p-24 < 0.3
                #expect(mask[item * shape.count + element] == (isDropped ? 0 : 1 / (1 - Float(0.3))), "\(shape) \(item) \(element)")
            }
        }
    }

    @Test func aMaskDependsOnKeyDropoutItemAndElementAlone() throws {
        let base = try Self.mask([37], rate: 0.5, batch: 4, key: Self.key)
        #expect(try Self.mask([37], rate: 0.5, batch: 4, key: Self.key) == base)
        // A smaller batch, fewer elements, an image instead of a vector, another rate: the same numbers where they overlap.
        #expect(try Self.mask([37], rate: 0.5, batch: 2, key: Self.key) == Array(base[..<74]))
        let short = try Self.mask([10], rate: 0.5, batch: 2, key: Self.key)
        #expect(Array(short[..<10]) == Array(base[..<10]) && Array(short[10...]) == Array(base[37..<47]))
        #expect(try Self.mask([1, 37, 1], rate: 0.5, batch: 4, key: Self.key) == base)
        let gentle = try Self.mask([37], rate: 0.2, batch: 4, key: Self.key)
        #expect(zip(base, gentle).allSatisfy { $0 == 0 || $1 != 0 })
        // Items of a batch, and every part of the key, differ.
        let items = (0..<4).map { item in Array(base[(37 * item)..<(37 * item + 37)]) }
        #expect(Set(items).count == 4)
        var keys = [RandomKey](repeating: Self.key, count: 7)
        keys[1].stage += 1
        keys[2].fold += 1
        keys[3].epoch += 1
        keys[4].item += 1
        keys[5].seed += 1
        keys[6].seed += 1 << 32
        let masks = try keys.map { try Self.mask([37], rate: 0.5, batch: 4, key: $0) }
        #expect(Set(masks).count == masks.count)
        let two = try Self.mask([37], rate: 0.5, batch: 4, key: Self.key, second: true)
        #expect(Array(two[..<148]) == base && Array(two[148...]) != base)
    }

    @Test func theLayoutOfAnImageDoesNotMatter() throws {
        // Behind a convolution an image lies in blocks of channels, behind an input it is row-major.
        let shape: Shape = [4, 3, 17]
        let expected = try Self.mask(shape, rate: 0.5, batch: 2, key: Self.key)
        let graph = try network([4, 3, 1], [conv(17, kernel: [1, 1]), .dropout(rate: 0.5)])
        let program = try Program(graph, batch: 2, purpose: .training(trainable: []), threads: 1)
        var store = ParameterStore()
        store["conv_1.kernel"] = Tensor(zeros: [1, 1, 1, 17])
        store["conv_1.bias"] = try Tensor(shape: [17], values: [Float](repeating: 1, count: 17))
        try program.load(store)
        try program.forward(dropout: Self.key)
        #expect(program.output() == expected)
    }
}
