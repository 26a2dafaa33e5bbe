import Glibc
import TestSupport
import Testing

@testable import Host

@Suite(.timed) struct HistoryFileTests {
    @Test(arguments: ["plot a", "let x = {\n  a: \"\\(b)\\n\"\n}", "a\\", "\\n", "tab\tand é", "\r\n"])
    func anEntryIsOneLine(_ entry: String) {
        let line = HistoryFile.encode(entry)
        #expect(!line.unicodeScalars.contains("\n"))
        #expect(HistoryFile.decode(line + "\n") == [entry])
    }

    @Test func entriesOutliveTheSession() throws {
        let folder = try Scratch()
        let file = HistoryFile(path: folder.path + "/state/ecdx/history")
        #expect(try file.load() == [])
        try file.append("one")
        try file.append("two\nlines")
        #expect(try file.load() == ["one", "two\nlines"])
        #expect(folder.mode("state/ecdx/history") == 0o600)
        #expect(folder.mode("state/ecdx") == 0o700)
    }

    @Test func aFileOthersCouldReadIsClosedToThem() throws {
        let folder = try Scratch()
        try folder.write("history", "one\n")
        chmod(folder.path + "/history", 0o644)
        #expect(try HistoryFile(path: folder.path + "/history").load() == ["one"])
        #expect(folder.mode("history") == 0o600)
    }

    @Test func theFileIsBounded() throws {
        let folder = try Scratch()
        let file = HistoryFile(path: folder.path + "/history", limit: 10)
        for number in 1...15 { try file.append("entry \(number)") }
        #expect(try file.load().count == 10)
        #expect(folder.read("history")?.split(separator: "\n").count == 15)
        try file.append("entry 16")
        let kept = (7...16).map { "entry \($0)" }
        #expect(try file.load() == kept)
        #expect(folder.read("history") == kept.map { $0 + "\n" }.joined())
        #expect(folder.mode("history") == 0o600)
    }

    @Test func aTornLastLineCostsOnlyItself() throws {
        let folder = try Scratch()
        let file = HistoryFile(path: folder.path + "/history")
        try folder.write("history", "one\ntw")
        try file.append("three")
        #expect(try file.load() == ["one", "tw", "three"])
    }

    @Test func hugeAndBinaryFilesAreBorne() throws {
        let folder = try Scratch()
        let file = HistoryFile(path: folder.path + "/history", limit: 3)
        try folder.write("history", String(repeating: "x", count: HistoryFile.longestFile) + "\nlast\n\u{1}\u{1B}[A\n")
        #expect(try file.load() == ["last", "\u{1}\u{1B}[A"])
        try file.append("nul \0 is not kept")
        try file.append(String(repeating: "y", count: HistoryFile.longestEntry + 1))
        #expect(try file.load() == ["last", "\u{1}\u{1B}[A"])
    }

    @Test func whatIsNoFileIsRefused() throws {
        let folder = try Scratch()
        #expect(throws: (any Error).self) { try HistoryFile(path: folder.path).load() }
        #expect(throws: (any Error).self) { try HistoryFile(path: folder.path).append("x") }
        mkfifo(folder.path + "/fifo", 0o600)
        #expect(throws: (any Error).self) { try HistoryFile(path: folder.path + "/fifo").load() }
        #expect(throws: (any Error).self) { try HistoryFile(path: "/proc/no/history").append("x") }
    }

    @Test func location() {
        #expect(HistoryFile.location(chosen: "/x/h", state: "/s", home: "/home/a") == "/x/h")
        #expect(HistoryFile.location(chosen: "", state: "/s", home: "/home/a") == nil)
        #expect(HistoryFile.location(chosen: nil, state: "/s", home: "/home/a") == "/s/ecdx/history")
        #expect(HistoryFile.location(chosen: nil, state: "relative", home: "/home/a") == "/home/a/.local/state/ecdx/history")
        #expect(HistoryFile.location(chosen: nil, state: nil, home: nil) == nil)
    }
}
