import Glibc
import TestSupport
import Testing

@testable import Host

@Suite(.timed) struct CompletionsTests {
    private func names(_ names: String...) -> [Completions.Candidate] { names.map { .init($0, suffix: "(") } }

    @Test func whatCandidatesShareIsInserted() {
        #expect(Completions(replaceFrom: 0, names("plane", "planes")).common(typed: "p") == "plane")
        #expect(Completions(replaceFrom: 0, names("plane")).common(typed: "p") == "plane(")
        #expect(Completions(replaceFrom: 0, names("plot", "parity")).common(typed: "p") == "p")
        // Nothing typed is ever taken back.
        #expect(Completions(replaceFrom: 0, names("Plot", "Plane")).common(typed: "pl") == "pl")
        // Characters stay whole: é and è share their first byte.
        #expect(Completions(replaceFrom: 0, names("é", "è")).common(typed: "") == "")
    }

    @Test func matchingGoesByWhatStandsBeforeTheCursor() {
        let found = Completions.matching(names("plot", "plane", "mean", "plot"), in: "show plxx", from: 5, to: 7)
        #expect(found.candidates.map(\.text) == ["plot", "plane"])
        #expect(found.replaceFrom == 5)
        #expect(Completions.matching(names("a"), in: "é", from: 0, to: 99).candidates.map(\.text) == ["a"])
    }

    @Test func paths() throws {
        let folder = try Scratch()
        try folder.write("one.ecdx", "")
        try folder.write("two.csv", "")
        try folder.write(".hidden", "")
        try folder.write("bad\u{7}name", "")
        mkdir(folder.path + "/sub", 0o700)
        func texts(_ typed: String) -> [String] {
            pathCompletions(of: folder.path + "/" + typed, replaceFrom: 6).candidates.map {
                String($0.text.dropFirst(folder.path.count + 1))
            }
        }
        #expect(texts("") == ["one.ecdx", "sub/", "two.csv"])
        #expect(texts("o") == ["one.ecdx"])
        #expect(texts(".h") == [".hidden"])
        #expect(texts("absent/") == [])
    }
}

@Suite(.timed) struct CommandTests {
    private let commands = [
        ReplCommand("help", argument: .text("NAME", required: false), summary: "") { _ in },
        ReplCommand("load", argument: .file("FILE", required: true), summary: "") { _ in },
        ReplCommand("quit", summary: "") { _ in },
        ReplCommand("list", summary: "") { _ in },
        ReplCommand("li", summary: "") { _ in },
    ]

    @Test(arguments: [
        (":help", "help", ""), ("  :help  plot ", "help", "plot"), (":h", "help", ""), (":q", "quit", ""), (":li", "li", ""),
        (":lis", "list", ""),
        (":lo a b.ecdx", "load", "a b.ecdx"), (":help\nplot", "help", "plot"),
    ])
    func calls(_ text: String, _ name: String, _ argument: String) throws {
        let call = try CommandCall(text, among: commands)
        #expect(call.name == name)
        #expect(call.argument == argument)
    }

    @Test(arguments: [
        (":qiut", "unknown-command", "did you mean `:quit`?"), (":zzz", "unknown-command", ":help lists the commands"),
        (":", "unknown-command", ":help lists the commands"), (":l", "ambiguous-command", "type one letter more"),
        (":load", "command-argument", "type `:load FILE`"), (":quit now", "command-argument", "type `:quit` alone"),
    ])
    func diagnostics(_ text: String, _ id: String, _ hint: String) {
        do {
            _ = try CommandCall(text, among: commands)
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.id == id)
            #expect(error.hints == [hint])
        }
    }

    @Test func completion() throws {
        func texts(_ line: String) -> [String] {
            commandCompletions(of: line, at: line.utf8.count, among: commands).candidates.map { $0.text + $0.suffix }
        }
        #expect(texts(":") == ["help ", "load ", "quit", "list", "li"])
        #expect(texts(" :q") == ["quit"])
        #expect(texts(":quit ") == [])
        #expect(texts(":help p") == [])
        let folder = try Scratch()
        try folder.write("a.ecdx", "")
        let found = commandCompletions(of: ":lo  \(folder.path)/a", at: 7 + folder.path.utf8.count, among: commands)
        #expect(found.candidates.map(\.text) == [folder.path + "/a.ecdx"])
        #expect(found.replaceFrom == 5)
    }
}
