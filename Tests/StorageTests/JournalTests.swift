import Diagnostics
import Glibc
import TestSupport
import Testing

@testable import Storage

@Suite(.timed) struct JournalTests {
    @Test func linesAreAddedAndRead() throws {
        let scratch = try Scratch()
        let path = scratch.file("journal.jsonl")
        #expect(try Journal.read(path).entries.isEmpty)
        try Journal(path).append(["event": "start"])
        try Journal(path).append(["event": "a\nb"])
        let (entries, torn) = try Journal.read(path)
        #expect(entries == [["event": "start"], ["event": "a\nb"]])
        #expect(!torn)
        #expect(try readText(path) == "{\"event\":\"start\"}\n{\"event\":\"a\\nb\"}\n")
    }

    /// Cut at every byte, a journal reads as the lines that were finished, and goes on from there.
    @Test func aTornLastLineIsPassedOverAndCutOff() throws {
        let scratch = try Scratch()
        let path = scratch.file("journal.jsonl")
        let whole = Array("{\"n\":1}\n{\"n\":2}\n".utf8)
        for length in 0...whole.count {
            try writeWhole(Array(whole.prefix(length)), to: path)
            let finished = length / 8
            let (entries, torn) = try Journal.read(path)
            #expect(entries.count == finished, "\(length)")
            #expect(torn == (length % 8 != 0), "\(length)")
            try Journal(path).append(["n": 9])
            let after = try Journal.read(path)
            #expect(after.entries.count == finished + 1, "\(length)")
            #expect(after.entries.last == ["n": 9])
            #expect(!after.torn)
        }
    }

    @Test func aTornLineLongerThanOnePieceIsCutOff() throws {
        let scratch = try Scratch()
        let path = scratch.file("journal.jsonl")
        try writeWhole("{\"n\":1}\n\"" + String(repeating: "x", count: 10_000), to: path)
        try Journal(path).append(["n": 2])
        #expect(try Journal.read(path).entries == [["n": 1], ["n": 2]])
        try writeWhole(String(repeating: "x", count: 9_000), to: path)
        try Journal(path).append(["n": 3])
        #expect(try Journal.read(path).entries == [["n": 3]])
    }

    @Test func aBrokenLineInTheMiddleIsNamed() throws {
        let scratch = try Scratch()
        let path = scratch.file("journal.jsonl")
        try writeWhole("{\"n\":1}\n{\"n\":\n{\"n\":3}\n", to: path)
        let found = diagnostic { _ = try Journal.read(path) }
        #expect(found.id == "bad-data")
        #expect(found.data == DataPlace(file: path, line: 2))
    }

    @Test func aJournalThatCannotBeOpenedIsSaid() throws {
        let scratch = try Scratch()
        #expect(diagnostic { _ = try Journal(scratch.file("none/journal.jsonl")) }.id == "cannot-write")
        #expect(diagnostic { _ = try Journal(scratch.path) }.id == "cannot-write")
    }

    @Test func manyThreadsDoNotMixLines() throws {
        let scratch = try Scratch()
        let journal = try Journal(scratch.file("journal.jsonl"), durable: false)
        inParallel(8) { thread in
            for index in 0..<50 { try? journal.append(["thread": .integer(thread), "index": .integer(index)]) }
        }
        let entries = try Journal.read(journal.path).entries
        #expect(entries.count == 400)
        for thread in 0..<8 {
            #expect(entries.filter { $0["thread"]?.intValue == thread }.compactMap { $0["index"]?.intValue } == Array(0..<50))
        }
    }
}
