import Tensors
import TestSupport
import Testing

@Suite(.timed) struct RandomTests {
    /// Known answers of the authors' library Random123, `kat_vectors`, philox4x32 with 10 rounds.
    @Test func blocksAreThePublishedOnes() {
        #expect(
            Philox.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
                == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        #expect(
            Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
                == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(
            Philox.block(counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0))
                == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    /// Every part of an address leads to other numbers; the same address to the same.
    @Test func streamsAreApart() {
        let base = RandomKey(seed: 1, purpose: .shuffle)
        var keys = [base]
        for change: (inout RandomKey) -> Void in [
            { $0.seed = 2 }, { $0.seed = 1 << 40 }, { $0.purpose = .dropout }, { $0.stage = 1 }, { $0.fold = 1 }, { $0.epoch = 1 },
            { $0.item = 1 },
        ] {
            var key = base
            change(&key)
            keys.append(key)
        }
        let firsts = keys.map { key in
            var stream = Philox(key)
            return [stream.next(), stream.next(), stream.next()]
        }
        #expect(Set(firsts).count == keys.count)
        var again = Philox(base)
        #expect(firsts[0] == [again.next(), again.next(), again.next()])
    }

    @Test func permutationsHoldEachItemOnce() {
        for count in [0, 1, 2, 3, 10, 1000] {
            var stream = Philox(RandomKey(seed: 3, purpose: .split))
            #expect(stream.permutation(count).sorted() == Array(0..<count))
        }
    }

    /// Mean and deviation within five standard errors.
    @Test func normalsAreNormal() {
        var stream = Philox(RandomKey(seed: 5, purpose: .sampling))
        let values = (0..<20_000).map { _ in stream.nextNormal() }
        let mean = values.reduce(0, +) / 20_000
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        #expect(abs(mean) < 5 / 20_000.0.squareRoot())
        #expect(abs(variance - 1) < 5 * (2 / 20_000.0).squareRoot())
    }
}
