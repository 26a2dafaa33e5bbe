import Tensors

/// Eight numbers side by side.
typealias Lanes = SIMD8<Float>
typealias Words = SIMD8<UInt32>

/// Adds independent normal numbers of mean 0 and the standard deviation given: those of the stream `seed`.
///
/// Several times as fast as `Philox.nextNormal` for each, and made of sums, products and roots alone, which round alike on
/// every processor; the C library's logarithm does not.
func addNoise(from: UnsafePointer<Float>, into: UnsafeMutablePointer<Float>, count: Int, deviation: Float, seed: UInt64) {
    let key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let run = Lanes.scalarCount
    var place = 0
    var block: UInt32 = 0
    func add(_ normals: Lanes) {
        if place + run <= count {
            let values = UnsafeRawPointer(from + place).loadUnaligned(as: Lanes.self)
            UnsafeMutableRawPointer(into + place).storeBytes(of: values + deviation * normals, as: Lanes.self)
        } else {
            for lane in 0..<max(0, count - place) { into[place + lane] = from[place + lane] + deviation * normals[lane] }
        }
        place += run
    }
    while place < count {
        let words = philox(block, key)
        let first = normals(words.0, words.1)
        let second = normals(words.2, words.3)
        add(first.0)
        add(first.1)
        add(second.0)
        add(second.1)
        block &+= UInt32(run)
    }
}

/// The blocks `first` to `first + 7` of `Philox(RandomKey(seed: key, purpose: .augmentation))`, word by word.
@inline(__always)
func philox(_ first: UInt32, _ key: SIMD2<UInt32>) -> (Words, Words, Words, Words) {
    let none = Words(repeating: 0)
    var c = Words(0, 1, 2, 3, 4, 5, 6, 7) &+ first
    var d = none
    var e = none
    var f = Words(repeating: UInt32(RandomPurpose.augmentation.rawValue) << 24)
    var k = key
    for round in 0..<10 {
        if round > 0 { k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85) }
        let a = product(0xD251_1F53, c)
        let b = product(0xCD9E_8D57, e)
        (c, d, e, f) = (b.high ^ d ^ Words(repeating: k.x), b.low, a.high ^ f ^ Words(repeating: k.y), a.low)
    }
    return (c, d, e, f)
}

@inline(__always)
private func product(_ factor: UInt32, _ words: Words) -> (high: Words, low: Words) {
    let whole = SIMD8<UInt64>(truncatingIfNeeded: words) &* UInt64(factor)
    return (Words(truncatingIfNeeded: whole &>> 32), Words(truncatingIfNeeded: whole))
}

/// Two normal numbers from two words, by Box and Muller: u in (0, 1] with 23 bits, so that none is further out than 5.65, and
/// an angle made of a quarter, the two highest bits, and a place in it of 23 bits.
@inline(__always)
func normals(_ u: Words, _ angle: Words) -> (Lanes, Lanes) {
    let radius = (-2 * logarithm(2 - unit(u))).squareRoot()
    let x = (unit(angle &<< 2) - 1.5) * (Float.pi / 2)
    let y = x * x
    // Polynomials of Cephes' sinf and cosf, for -pi/4 to pi/4.
    let sine = x + x * y * (-1.666_665_461_1e-1 + y * (8.332_160_873_6e-3 - y * 1.951_529_589_1e-4))
    let cosine = 1 - 0.5 * y + y * y * (4.166_664_568_298_827e-2 + y * (-1.388_731_625_493_765e-3 + y * 2.443_315_711_809_948e-5))
    // Quarters 0 to 3 turn (c, s) to (c, s), (-s, c), (-c, -s), (s, -c).
    // Chosen by bits: the compiler takes comparisons apart.
    let isOdd = 0 &- (angle &>> 30 & 1)
    let c = unsafeBitCast(cosine, to: Words.self)
    let s = unsafeBitCast(sine, to: Words.self)
    return (radius * signed(c & ~isOdd | s & isOdd, angle ^ angle &<< 1), radius * signed(s & ~isOdd | c & isOdd, angle))
}

/// Numbers in 1 ..< 2, from the 23 highest bits of each word.
@inline(__always) private func unit(_ words: Words) -> Lanes { unsafeBitCast(words &>> 9 | 0x3F80_0000, to: Lanes.self) }

/// The numbers whose bits are `x`, with the other sign where the highest of `bits` is set.
@inline(__always) private func signed(_ x: Words, _ bits: Words) -> Lanes { unsafeBitCast(x ^ (bits & 0x8000_0000), to: Lanes.self) }

/// The natural logarithm of normal numbers above 0, to about 1e-7: Cephes' logf.
@inline(__always) private func logarithm(_ x: Lanes) -> Lanes {
    // x = m * 2^e with m from the root of 1/2 to that of 2, whose bits are 0x3F3504F3: shifted so that the exponent steps there.
    let bits = unsafeBitCast(x, to: Words.self) &+ (0x3F80_0000 - 0x3F35_04F3)
    // An exponent as the last bits of a float of 2^23 is itself, plus 2^23.
    let e = unsafeBitCast(bits &>> 23 | 0x4B00_0000, to: Lanes.self) - Float(0x80_0000 + 127)
    let z = unsafeBitCast((bits & 0x007F_FFFF) &+ 0x3F35_04F3, to: Lanes.self) - 1
    let y = z * z
    // In steps: the compiler takes its time over one long sum.
    let high = ((7.037_683_629_2e-2 * z - 1.151_461_031_0e-1) * z + 1.167_699_874_0e-1) * z - 1.242_014_084_6e-1
    let middle = ((high * z + 1.424_932_278_7e-1) * z - 1.666_805_766_5e-1) * z + 2.000_071_476_5e-1
    let p = (middle * z - 2.499_999_399_3e-1) * z + 3.333_333_117_4e-1
    return z + (p * z * y - 2.121_944_40e-4 * e - 0.5 * y) + 0.693_359_375 * e
}
