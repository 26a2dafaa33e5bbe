import Diagnostics
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite(.timed) struct CacheTests {
    @Test func anEntryIsMadeOnceAndFound() throws {
        let scratch = try Scratch()
        let cache = Cache(root: scratch.file("cache"))
        let key = try sha256("key")
        #expect(!cache.has(key))
        var builds = 0
        for _ in 0..<3 {
            let folder = try cache.insert(key) { folder in
                builds += 1
                try writeWhole("numbers", to: joined(folder, "a.bin"))
            }
            #expect(folder == cache.path(key))
            #expect(try readText(joined(folder, "a.bin")) == "numbers")
        }
        #expect(builds == 1)
        #expect(cache.keys() == [key])
        #expect(cache.verify(key))
        #expect(try listFolder(scratch.file("cache/making")) == [])
    }

    @Test func aFailingBuildLeavesNothing() throws {
        let scratch = try Scratch()
        let cache = Cache(root: scratch.file("cache"))
        let key = try sha256("key")
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try cache.insert(key) { folder in
                try writeWhole("half", to: joined(folder, "a.bin"))
                throw Stop()
            }
        }
        #expect(!cache.has(key))
        #expect(try listFolder(scratch.file("cache/making")) == [])
        #expect(diagnostic { try cache.insert(key) { try createFolder(joined($0, "sub")) } }.id == "cannot-write")
        #expect(try listFolder(scratch.file("cache/making")) == [])
    }

    /// What an interrupted copy of the store leaves: a file missing, a file short, no list.
    @Test(arguments: ["missing", "short", "unlisted", "garbled list", "empty"])
    func aDamagedEntryIsAbsentAndMadeAnew(damage: String) throws {
        let scratch = try Scratch()
        let cache = Cache(root: scratch.file("cache"))
        let key = try sha256("key")
        let build = { (folder: String) in try writeWhole("numbers", to: joined(folder, "a.bin")) }
        let folder = try cache.insert(key, build)
        switch damage {
        case "missing": try removeTree(joined(folder, "a.bin"))
        case "short": try writeWhole("num", to: joined(folder, "a.bin"))
        case "unlisted": try removeTree(joined(folder, "entry.json"))
        case "garbled list": try writeWhole("{\"files\":", to: joined(folder, "entry.json"))
        default:
            try removeTree(folder)
            try createFolder(folder)
        }
        #expect(!cache.has(key))
        try cache.insert(key, build)
        #expect(cache.verify(key))
        #expect(try readText(joined(folder, "a.bin")) == "numbers")
    }

    @Test func changedContentsAreFoundByReading() throws {
        let scratch = try Scratch()
        let cache = Cache(root: scratch.file("cache"))
        let key = try sha256("key")
        let folder = try cache.insert(key) { try writeWhole("numbers", to: joined($0, "a.bin")) }
        try writeWhole("nombers", to: joined(folder, "a.bin"))
        #expect(cache.has(key))
        #expect(!cache.verify(key))
    }

    @Test func whatIsReadIsWhatWasWritten() throws {
        let scratch = try Scratch()
        let cache = Cache(root: scratch.file("cache"))
        let key = try sha256("key")
        #expect(try cache.bytes("a.bin", of: key) == nil && cache.tensors("t.safetensors", of: key) == nil)
        let tensors = Safetensors(tensors: [NamedTensor(name: "t", shape: [2], values: [1, 2])])
        let folder = try cache.insert(key) {
            try writeWhole("numbers", to: joined($0, "a.bin"))
            try writeSafetensors(tensors, to: joined($0, "t.safetensors"))
        }
        #expect(try cache.bytes("a.bin", of: key) == Array("numbers".utf8) && cache.tensors("t.safetensors", of: key) == tensors)
        try writeWhole("nombers", to: joined(folder, "a.bin"))
        var bytes = try readFile(joined(folder, "t.safetensors"))
        bytes[bytes.count - 1] ^= 1
        try writeWhole(bytes, to: joined(folder, "t.safetensors"))
        for found in [diagnostic { try cache.bytes("a.bin", of: key) }, diagnostic { try cache.tensors("t.safetensors", of: key) }] {
            #expect(found.id == "bad-data" && found.message == "expected the file as ecdx wrote it, found other contents")
            #expect(found.data?.file.hasPrefix(folder) == true)
        }
        // What is not listed with a hash is believed.
        let list = joined(folder, "entry.json")
        try writeWhole(try readText(list).replacing("sha256", with: "sha1"), to: list)
        #expect(try cache.bytes("a.bin", of: key) == Array("nombers".utf8))
        try cache.remove(key)
        #expect(try cache.bytes("a.bin", of: key) == nil)
    }

    @Test func manyThreadsGetTheSameEntry() throws {
        for _ in 0..<10 {
            let scratch = try Scratch()
            let cache = Cache(root: scratch.file("cache"))
            let key = try sha256("key")
            let found = Mutex<[String]>([])
            inParallel(8) { thread in
                let folder = try? cache.insert(key) { try writeWhole("from \(thread)", to: joined($0, "a.bin")) }
                let text = folder.flatMap { try? readText(joined($0, "a.bin")) }
                found.withLock { $0.append(text ?? "none") }
            }
            let texts = found.withLock { Set($0) }
            #expect(texts.count == 1)
            #expect(texts.first?.hasPrefix("from ") == true)
            #expect(cache.verify(key))
            #expect(try listFolder(scratch.file("cache/making")) == [])
        }
    }
}
