import Diagnostics
import Glibc
import Storage
import TestSupport
import Testing

@testable import Weights

/// Damage of every kind: the outcome is a diagnostic or a file, never the end of this process, and never a wait.
@Suite(.timed) struct DamagedWeightsTests {
    @Test(arguments: ["legacy.h5", "keras3.weights.h5"])
    func aFileCutAnywhereIsRefused(name: String) throws {
        let scratch = try Scratch()
        let bytes = try readFile(fixture(name))
        for step in 0..<40 {
            let length = bytes.count * step / 40
            let path = try scratch.file("cut.h5", Array(bytes.prefix(length)))
            let found = diagnostic { _ = try read(path) }
            #expect(found.id == "bad-weights", "\(length): \(found)")
            #expect(found.data?.file == path)
        }
        #expect(diagnostic { _ = try read(scratch.file("cut.h5", bytes.dropLast())) }.message.contains("truncated"))
    }

    @Test(arguments: ["old.h5", "legacy.h5", "nested-whole.h5", "keras3.weights.h5"])
    func bytesThatChangedAreSurvived(name: String) throws {
        let scratch = try Scratch()
        let bytes = try readFile(fixture(name))
        var random = Steps(state: UInt64(name.utf8.count))
        // Numbers say little of the reader: what describes them is what is not zero and not among them.
        let places = bytes.indices.filter { bytes[$0] != 0 }
        for _ in 0..<(soaks ? 2000 : 50) {
            var damaged = bytes
            for _ in 0..<(1 + random.next() % 4) {
                let place = places[Int(random.next() % UInt64(places.count))]
                damaged[place] = [0, 0xFF, damaged[place] ^ UInt8(1 << (random.next() % 8))][Int(random.next() % 3)]
            }
            let path = try scratch.file("damaged.h5", damaged)
            let start = ContinuousClock.now
            do {
                let file = try read(path)
                for layer in file.layers { for array in layer.arrays { #expect(array.values.count == array.shape.reduce(1, *)) } }
            } catch let error as Diagnostic {
                #expect(error.id == "bad-weights", "\(error)")
            }
            // A file on which the library turns in circles takes the processor time it is allowed.
            #expect(ContinuousClock.now - start < .seconds(60))
        }
    }
}

private let soaks = getenv("ECDX_SOAK") != nil

/// A generator of numbers for tests (xorshift), the same each time.
private struct Steps {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
