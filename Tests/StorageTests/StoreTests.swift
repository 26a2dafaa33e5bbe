import Diagnostics
import Glibc
import TestSupport
import Testing

@testable import Storage

@Suite(.timed) struct StoreTests {
    @Test func theStoreIsWhereItIsAskedFor() {
        #expect(Store.location(script: "a/b.ecdx", given: nil, environment: nil) == "a/.ecdx")
        #expect(Store.location(script: "b.ecdx", given: nil, environment: "") == "./.ecdx")
        #expect(Store.location(script: "b.ecdx", given: nil, environment: "/s") == "/s")
        #expect(Store.location(script: "b.ecdx", given: "/t", environment: "/s") == "/t")
    }

    @Test func lookingMakesNothing() throws {
        let scratch = try Scratch()
        let store = try Store(at: scratch.file(".ecdx"), base: scratch.path, create: false)
        #expect(store.runs().isEmpty)
        #expect(try !store.cache.has(sha256("x")))
        #expect(try listFolder(scratch.path) == [])
    }

    @Test func aStoreOfAnotherFormatIsRefused() throws {
        let scratch = try Scratch()
        _ = try Store(at: scratch.file(".ecdx"), base: scratch.path)
        _ = try Store(at: scratch.file(".ecdx"), base: scratch.path)
        try writeWhole("2\n", to: scratch.file(".ecdx/format"))
        let found = diagnostic { _ = try Store(at: scratch.file(".ecdx"), base: scratch.path) }
        #expect(found.id == "store-format")
        #expect(found.message == "expected a store of format 1, found format `2`")
    }

    @Test func runsAreMadeListedFoundAndRemoved() throws {
        let scratch = try Scratch()
        let store = try Store(at: scratch.file(".ecdx"), base: scratch.path)
        let first = try store.run("abc123")
        let second = try store.run("abd456")
        try first.journal().append(["event": "start"])
        try writeWhole("script", to: second.script)
        #expect(store.runs().map(\.id) == ["abc123", "abd456"])
        #expect(try store.run(matching: "abd") == second)
        #expect(diagnostic { _ = try store.run(matching: "ab") }.message.contains("found 2"))
        for prefix in ["x", "", "abd4567"] { #expect(diagnostic { _ = try store.run(matching: prefix) }.id == "unknown-run") }
        for id in ["", "..", ".x", "a/b", "a b", String(repeating: "a", count: 200)] {
            #expect(diagnostic { _ = try store.run(id) }.id == "unknown-run", "\(id)")
        }
        let lease = try first.lease()
        #expect(diagnostic { try first.remove() }.id == "in-use")
        lease.release()
        try first.remove()
        #expect(store.runs().map(\.id) == ["abd456"])
    }
}

@Suite(.timed) struct CheckpointTests {
    private func checkpoint(_ sequence: Int) -> Checkpoint {
        Checkpoint(
            sequence: sequence, tensors: [NamedTensor(name: "w", shape: [2], values: [Float(sequence), 0.5])],
            state: ["epoch": .integer(sequence), "loss": 0.1])
    }

    /// Writes `checkpoint(sequence)` as a training does.
    private func save(_ sequence: Int, in checkpoints: Checkpoints) throws {
        try checkpoints.save(
            sequence: sequence, state: checkpoint(sequence).state,
            tensors: [TensorSource(name: "w", shape: [2]) { [Float(sequence), 0.5] }])
    }

    @Test func theNewestTwoAreKept() throws {
        let scratch = try Scratch()
        let checkpoints = Checkpoints(folder: scratch.file("c"))
        #expect(checkpoints.newest().checkpoint == nil)
        for sequence in [1, 2, 30, 400] { try save(sequence, in: checkpoints) }
        #expect(checkpoints.sequences() == [400, 30])
        let (newest, warnings) = checkpoints.newest()
        #expect(newest == checkpoint(400))
        #expect(warnings.isEmpty)
        #expect(try listFolder(scratch.file("c")) == ["0000000030.safetensors", "0000000400.safetensors"])
    }

    /// Every byte of the newest flipped, and every length cut: the one before is found each time.
    @Test func aDamagedNewestFallsBack() throws {
        let scratch = try Scratch()
        let checkpoints = Checkpoints(folder: scratch.file("c"))
        for sequence in [1, 2] { try save(sequence, in: checkpoints) }
        let path = checkpoints.path(of: 2)
        let whole = try readFile(path)
        for index in 0..<whole.count {
            var flipped = whole
            flipped[index] ^= 1
            for damaged in [flipped, Array(whole.prefix(index))] {
                try writeUnsafely(damaged, to: path)
                let (newest, warnings) = checkpoints.newest()
                #expect(newest == checkpoint(1), "byte \(index)")
                #expect(warnings.count == 1)
                #expect(warnings.first?.severity == .warning)
                #expect(warnings.first?.data?.file == path)
            }
        }
        try writeUnsafely(whole, to: path)
        #expect(checkpoints.newest().checkpoint == checkpoint(2))
        // One renamed to be newer than it is.
        try writeUnsafely(whole, to: checkpoints.path(of: 3))
        #expect(checkpoints.newest().checkpoint == checkpoint(2))
    }

    @Test func bothDamagedIsNone() throws {
        let scratch = try Scratch()
        let checkpoints = Checkpoints(folder: scratch.file("c"))
        for sequence in [1, 2] {
            try save(sequence, in: checkpoints)
            try writeUnsafely([1, 2, 3], to: checkpoints.path(of: sequence))
        }
        let (newest, warnings) = checkpoints.newest()
        #expect(newest == nil)
        #expect(warnings.count == 2)
    }

    @Test func aFutureThatWasGivenUpGoes() throws {
        let scratch = try Scratch()
        let checkpoints = Checkpoints(folder: scratch.file("c"))
        for sequence in [10, 20] { try save(sequence, in: checkpoints) }
        try writeUnsafely([], to: checkpoints.path(of: 20))
        try save(15, in: checkpoints)
        #expect(checkpoints.sequences() == [15, 10])
    }

    @Test func trainingsOfOneRunAreKeptApart() throws {
        let run = RunFolder(id: "x", path: "/r/x")
        #expect(try run.checkpoints("regressor-1").folder == "/r/x/checkpoints/regressor-1")
        let odd = ["a/b", "a.b", "a b", "..", "", "é", String(repeating: "x", count: 100), String(repeating: "x", count: 101)]
        let folders = try odd.map { try run.checkpoints($0).folder }
        #expect(Set(folders).count == odd.count)
        #expect(folders.allSatisfy { parentFolder(of: $0) == "/r/x/checkpoints" && lastName(of: $0).utf8.count < 80 })
    }

    private func writeUnsafely(_ bytes: [UInt8], to path: String) throws {
        let file = try OpenFile(writing: path, flags: O_WRONLY | O_CREAT | O_TRUNC)
        try bytes.withUnsafeBytes { try file.write($0) }
    }
}
