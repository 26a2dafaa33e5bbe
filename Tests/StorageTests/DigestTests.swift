import Diagnostics
import TestSupport
import Testing

@testable import Storage

@Suite(.timed) struct DigestTests {
    /// FIPS 180-4 example messages, from NIST's "SHA256.pdf", and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ])
    func publishedVectors(message: String, hex: String) throws {
        #expect(try sha256(message).hex == hex)
    }

    @Test func piecesGiveTheHashOfTheWhole() throws {
        let bytes = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let hasher = try Hasher256()
        var start = 0
        for size in [0, 1, 63, 64, 65, 4096, 999_999_999] {
            let end = min(bytes.count, start + size)
            try hasher.write(Array(bytes[start..<end]))
            start = end
        }
        #expect(try hasher.finish() == sha256(bytes))
    }

    @Test func aFileHasTheHashOfItsBytes() throws {
        let scratch = try Scratch()
        let bytes = (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        try writeWhole(bytes, to: scratch.file("a"))
        #expect(try sha256(ofFile: scratch.file("a")) == sha256(bytes))
        #expect(diagnostic { _ = try sha256(ofFile: scratch.file("b")) }.id == "cannot-read")
        #expect(diagnostic { _ = try sha256(ofFile: scratch.path) }.message == "expected a file, found a folder or a device")
    }

    @Test func aFinishedHasherIsRefused() throws {
        let hasher = try Hasher256()
        _ = try hasher.finish()
        #expect(diagnostic { _ = try hasher.finish() }.id == "cannot-hash")
    }

    @Test func onlySixtyFourLowerCaseDigitsAreADigest() throws {
        let hex = try sha256("x").hex
        #expect(Digest(hex: hex)?.hex == hex)
        #expect(Digest(hex: hex.uppercased()) == nil)
        #expect(Digest(hex: String(hex.dropLast())) == nil)
        #expect(Digest(hex: String(hex.dropLast()) + "g") == nil)
        let value = try JSONValue(encoding: sha256("x"))
        #expect(value == .string(hex))
        #expect(try value.decoded(as: Digest.self).hex == hex)
        #expect(diagnostic { _ = try JSONValue.string("zz").decoded(as: Digest.self) }.id == "bad-data")
    }

    @Test func hashesAreRememberedUntilTheFileChanges() throws {
        let scratch = try Scratch()
        let file = scratch.file("data")
        let memory = scratch.file("hashes.json")
        try writeWhole("one", to: file)
        let first = FileHashes(memory)
        // Too fresh: a change within the same tick of the clock would go unseen.
        #expect(try first.digest(of: file) == sha256("one"))
        try first.save()
        #expect(fileStatus(memory) == nil)

        // A false entry shows that the memory is what answers.
        let status = try #require(fileStatus(file))
        let entry: JSONValue = [
            "bytes": .integer(status.bytes), "inode": .integer(Int(truncatingIfNeeded: status.inode)),
            "modified": .integer(Int(status.modified)),
            "changed": .integer(Int(status.changed)), "sha256": .string(try sha256("false").hex),
        ]
        try writeWhole(JSONValue.object([try resolvedPath(file): entry]).canonical, to: memory)
        let second = FileHashes(memory)
        #expect(try second.digest(of: file) == sha256("false"))
        #expect(try second.digest(of: file, verify: true) == sha256("one"))
        try writeWhole("two", to: file)
        // A list of actions sees one state of the files.
        #expect(try second.digest(of: file, verify: true) == sha256("one"))
        second.forget()
        #expect(try second.digest(of: file) == sha256("two"))

        try writeWhole("not JSON", to: memory)
        #expect(try FileHashes(memory).digest(of: file) == sha256("two"))
    }
}
