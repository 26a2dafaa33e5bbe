import Diagnostics

/// The purposes of streams of random numbers. The raw values are part of every recorded result: never renumber.
public enum RandomPurpose: UInt8, Sendable, Codable, CaseIterable {
    /// One purpose, with the number that stands for it in every recorded result.
    case initializer = 1
    case shuffle = 2
    case dropout = 3
    case augmentation = 4
    case split = 5
    case bootstrap = 6
    case search = 7
    case sampling = 8
}

/// The address of one stream of random numbers. Nothing is drawn from a shared state: whoever holds the same key gets the same
/// numbers, whatever ran before, on however many threads.
public struct RandomKey: Sendable, Hashable {
    /// The seed, from which the generator's key is made.
    public var seed: UInt64
    /// The purpose of the stream.
    public var purpose: RandomPurpose
    /// The stage of a training or a search that the stream belongs to.
    public var stage: UInt8
    /// The fold of a cross-validation that the stream belongs to.
    public var fold: UInt16
    /// The epoch that the stream belongs to.
    public var epoch: UInt32
    /// The item, step or parameter that the stream belongs to.
    public var item: UInt32

    /// Makes the key of a stream; what is not given is 0.
    public init(seed: UInt64, purpose: RandomPurpose, stage: UInt8 = 0, fold: UInt16 = 0, epoch: UInt32 = 0, item: UInt32 = 0) {
        self.seed = seed
        self.purpose = purpose
        self.stage = stage
        self.fold = fold
        self.epoch = epoch
        self.item = item
    }
}

/// Philox 4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
public struct Philox: RandomNumberGenerator, Sendable {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var buffer = SIMD4<UInt32>(repeating: 0)
    private var used = 4

    /// Starts the stream at an address.
    public init(_ address: RandomKey) {
        key = SIMD2(UInt32(truncatingIfNeeded: address.seed), UInt32(truncatingIfNeeded: address.seed >> 32))
        let place = UInt32(address.purpose.rawValue) << 24 | UInt32(address.stage) << 16 | UInt32(address.fold)
        counter = SIMD4(0, address.item, address.epoch, place)
    }

    /// The Philox function itself: the block of four 32-bit words of a counter under a key, for tests against published vectors.
    public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var c = counter
        var k = key
        for round in 0..<10 {
            if round > 0 { k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85) }
            let a = UInt64(0xD251_1F53) * UInt64(c.x)
            let b = UInt64(0xCD9E_8D57) * UInt64(c.z)
            c = SIMD4(
                UInt32(truncatingIfNeeded: b >> 32) ^ c.y ^ k.x, UInt32(truncatingIfNeeded: b),
                UInt32(truncatingIfNeeded: a >> 32) ^ c.w ^ k.y, UInt32(truncatingIfNeeded: a))
        }
        return c
    }

    /// The next 32 random bits.
    @inline(__always)
    public mutating func next32() -> UInt32 {
        if used == 4 {
            buffer = Philox.block(counter: counter, key: key)
            counter.x &+= 1
            used = 0
        }
        defer { used += 1 }
        return buffer[used]
    }

    /// The next 64 random bits: two 32-bit words, the lower one first.
    public mutating func next() -> UInt64 {
        let low = UInt64(next32())
        return low | UInt64(next32()) << 32
    }

    /// A random number uniform in [0, 1) with 24 bits.
    public mutating func nextFloat() -> Float { Float(next32() >> 8) * 0x1p-24 }

    /// A random number uniform in [0, 1) with 53 bits.
    public mutating func nextDouble() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A standard normal random number, by Box and Muller.
    public mutating func nextNormal() -> Double {
        let u = 1 - nextDouble()
        let v = nextDouble()
        return (-2 * naturalLogarithm(u)).squareRoot() * cosineOf(2 * .pi * v)
    }

    /// A random integer uniform in 0..<bound without bias; 0 where bound is 0 or 1.
    public mutating func nextInt(below bound: Int) -> Int {
        guard bound > 1 else { return 0 }
        return Int(next(upperBound: UInt64(bound)))
    }

    /// A random permutation of 0..<count (Fisher and Yates, downwards).
    public mutating func permutation(_ count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var order = Array(0..<count)
        for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, nextInt(below: i + 1)) }
        return order
    }
}
