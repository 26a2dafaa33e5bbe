/// MT19937 (Matsumoto and Nishimura, 1998) as NumPy's legacy `RandomState` seeds and draws from it: here only to repeat
/// splits that were made with scikit-learn. Everything else draws from `Philox`.
struct MersenneTwister {
    private var state: [UInt32]
    private var index = 624

    init(seed: UInt32) {
        state = [seed]
        state.reserveCapacity(624)
        for i in 1..<624 {
            let previous = state[i - 1]
            state.append(1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(i))
        }
    }

    mutating func next() -> UInt32 {
        if index == 624 {
            for i in 0..<624 {
                let y = (state[i] & 0x8000_0000) | (state[(i + 1) % 624] & 0x7FFF_FFFF)
                state[i] = state[(i + 397) % 624] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
            }
            index = 0
        }
        var y = state[index]
        index += 1
        y ^= y >> 11
        y ^= (y << 7) & 0x9D2C_5680
        y ^= (y << 15) & 0xEFC6_0000
        return y ^ (y >> 18)
    }

    /// A random order of 0..<count, that of `RandomState.permutation(count)`: Fisher and Yates downwards, indices by masked
    /// rejection. Up to 2^32 items.
    func permutation(_ count: Int) -> [Int] {
        guard count > 1 else { return count == 1 ? [0] : [] }
        var generator = self
        var order = Array(0..<count)
        for i in stride(from: count - 1, to: 0, by: -1) {
            let limit = UInt32(truncatingIfNeeded: i)
            let mask = UInt32.max >> UInt32(limit.leadingZeroBitCount)
            var draw = generator.next() & mask
            while draw > limit { draw = generator.next() & mask }
            order.swapAt(i, Int(draw))
        }
        return order
    }
}
