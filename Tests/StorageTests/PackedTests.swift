import Diagnostics
import Storage
import TestSupport
import Testing

private let packings = [("gz", "gzip"), ("bz2", "bzip2"), ("xz", "xz"), ("zst", "zstd")]

private func packed(_ name: String) throws -> [UInt8] { try bytes(of: fixture("packed/" + name)) }

private func whole(_ path: String) throws -> [UInt8] { try FileBytes.read(path: path).withBytes { Array($0) } }

private func head(_ path: String, _ wanted: Int) throws -> [UInt8] {
    try FileBytes.head(path: path, wanted: wanted).withBytes { Array($0) }
}

/// The text of a file by pieces, with the most of it that was in memory.
private func pieces(_ path: String, size: Int) throws -> (text: [UInt8], most: Int) {
    try TextPieces.read(path: path, size: size, whole: 0) { text in
        var all: [UInt8] = []
        var most = 0
        while true {
            most = max(most, text.end - text.place)
            all += UnsafeBufferPointer(start: text.place, count: text.end - text.place)
            text.place = text.end
            if text.isLast { return (all, most) }
            text.place = try text.more(from: text.place)
        }
    }
}

/// Files packed by gzip, bzip2, xz and zstd are read as what they hold, whatever their names.
@Suite(.timed) struct PackedTests {
    @Test(arguments: packings) func readsWholeFilesAndBeginnings(_ ending: String, _ name: String) throws {
        let text = try packed("text")
        try withFile("some.data", try packed("text." + ending)) { path in
            let all = try whole(path)
            #expect(all == text)
            for wanted in [0, 1, 8, 1000, text.count - 1, text.count, text.count + 1, 1 << 22] {
                let found = try head(path, wanted)
                #expect(found == Array(text.prefix(wanted)), "\(wanted)")
            }
            for size in [1, 7, 1000, text.count, 1 << 18] {
                let found = try pieces(path, size: size)
                #expect(found.text == text && found.most <= size, "\(size)")
            }
        }
    }

    /// What is behind the part that is asked for is not looked at.
    @Test(arguments: packings) func aBeginningNeedsNoEnd(_ ending: String, _ name: String) throws {
        // Of bzip2 and zstd a block is the least that can be unpacked.
        let all = try packed("text." + ending)
        let cut = Array(ending == "bz2" || ending == "zst" ? all.dropLast(4) : all.dropLast(all.count / 3))
        try withFile("cut", cut) { path in
            let (found, text) = (try head(path, 100), try packed("text"))
            #expect(found == Array(text.prefix(100)))
        }
    }

    @Test(arguments: packings) func joinsMembers(_ ending: String, _ name: String) throws {
        let (text, one) = (try packed("text"), try packed("text." + ending))
        for other in packings where other.0 != ending {
            try withFile("mixed", one + (try packed("text." + other.0))) { path in
                let found = diagnostic { _ = try FileBytes.read(path: path) }
                #expect(found.id == "bad-data" && found.message.contains("the \(name) data are damaged"), "\(found)")
            }
        }
        try withFile("two", one + one) { path in
            let all = try whole(path)
            #expect(all == text + text)
            for size in [7, text.count, 1 << 18] {
                let found = try pieces(path, size: size).text
                #expect(found == all, "\(size)")
            }
            let found = try head(path, text.count + 5)
            #expect(found == text + text.prefix(5))
        }
    }

    @Test(arguments: packings) func refusesWhatIsCutOff(_ ending: String, _ name: String) throws {
        let one = try packed("text." + ending)
        for count in stride(from: 4, to: one.count, by: max(1, one.count / 97)) + [one.count - 8, one.count - 4, one.count - 1] {
            try withFile("cut", Array(one.prefix(count))) { path in
                for found in [diagnostic { _ = try FileBytes.read(path: path) }, diagnostic { _ = try pieces(path, size: 100) }] {
                    #expect(found.id == "bad-data" && found.message.contains("the \(name) data end too early"), "\(count): \(found)")
                    #expect(found.data?.file == path && found.message.utf8.allSatisfy { $0 >= 32 && $0 < 127 })
                }
            }
        }
    }

    @Test(arguments: packings) func refusesDamage(_ ending: String, _ name: String) throws {
        let one = try packed("text." + ending)
        for place in [one.count / 3, one.count / 2, one.count - 5] {
            var damaged = one
            damaged[place] ^= 0x55
            try withFile("damaged", damaged) { path in
                for found in [diagnostic { _ = try FileBytes.read(path: path) }, diagnostic { _ = try pieces(path, size: 100) }] {
                    #expect(found.id == "bad-data" && found.message.contains("the \(name) data"), "\(place): \(found)")
                    #expect(found.message.utf8.allSatisfy { $0 >= 32 && $0 < 127 })
                }
            }
        }
        try withFile("tail", one + Array("tail".utf8)) { path in
            try expectFault("bad-data") { _ = try FileBytes.read(path: path) }
            try expectFault("bad-data") { _ = try pieces(path, size: 100) }
        }
    }

    @Test(arguments: [("greedy.xz", "xz"), ("greedy.zst", "zstd")])
    func refusesWhatAsksForTooMuchMemory(_ file: String, _ name: String) throws {
        let found = diagnostic { _ = try FileBytes.read(path: fixture("packed/" + file)) }
        #expect(found.id == "bad-data" && found.message.contains("the \(name) data need more memory"), "\(found)")
    }

    /// Words that look like the beginning of a packed file are text.
    @Test(arguments: ["BZh", "BZh91 is a comment\n1.0\n", "P*M", "(", "7zXZ", "P*M text"])
    func takesTextForText(_ text: String) throws {
        try withFile("text", Array(text.utf8)) { path in
            let found = try whole(path)
            #expect(found == Array(text.utf8))
        }
    }
}
