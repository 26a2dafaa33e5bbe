import Glibc
import TestSupport
import Testing

/// The real program behind a pseudo-terminal, typed to as by a person. Only what holds for any session is here.
@Suite(.serialized, .timed) struct PromptTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    /// The program at its first prompt.
    private func start(_ changes: [String: String] = [:], columns: Int = 80) throws -> PseudoTerminal {
        let executable = try builtProgram()
        var environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "XDG_STATE_HOME": folder.path + "/state", "TERM": "xterm",
            "INPUTRC": "/dev/null", "LC_ALL": "C.UTF-8",
        ]
        environment.merge(changes) { $1 }
        let terminal = try PseudoTerminal(executable: executable, environment: environment, columns: columns)
        try terminal.expect("ecdx> ")
        return terminal
    }

    private func end(_ terminal: PseudoTerminal) throws {
        try terminal.send(":quit\r")
        #expect(terminal.wait() == 0)
        #expect(terminal.isCooked)
    }

    @Test func helpAndQuit() throws {
        let terminal = try start()
        try terminal.send(":help\r")
        try terminal.expect(":load FILE")
        try terminal.expect("ecdx> ")
        try end(terminal)
    }

    @Test func controlDEndsTheSession() throws {
        let terminal = try start()
        try terminal.send("\u{4}")
        #expect(terminal.wait() == 0)
        #expect(terminal.isCooked)
    }

    @Test func controlCClearsTheLine() throws {
        let terminal = try start()
        try terminal.send("half of a li")
        try terminal.expect("half of a li")
        try terminal.send("\u{3}")
        try terminal.expect("^C")
        // The next line, and no further.
        let between = try terminal.expect("ecdx> ")
        #expect(between.utf8.filter { $0 == 0x0A }.count == 1)
        try terminal.send(":qiut\r")
        try terminal.expect("did you mean `:quit`?")
        try terminal.expect("ecdx> ")
        // Many in a row leave no trace.
        for _ in 0..<20 {
            try terminal.send("x\u{3}")
            try terminal.expect("^C")
            try terminal.expect("ecdx> ")
        }
        try end(terminal)
    }

    @Test func controlCInsideUnfinishedInputReturnsToThePrompt() throws {
        let terminal = try start()
        try terminal.send("let x = (\r")
        try terminal.expect("  ... ")
        try terminal.send("1 +\r")
        try terminal.expect("  ... ")
        try terminal.send("\u{3}")
        try terminal.expect("ecdx> ")
        try end(terminal)
    }

    @Test func controlCAbandonsASearchOfTheHistory() throws {
        let terminal = try start()
        try terminal.send(":help\r")
        try terminal.expect("ecdx> ")
        try terminal.send("\u{12}")
        try terminal.expect("reverse-i-search")
        // What is found is shown, the match marked.
        try terminal.send("hel")
        try terminal.expect("hel\u{1B}")
        try terminal.send("\u{3}")
        try terminal.expect("ecdx> ")
        try end(terminal)
    }

    /// readline's callback interface, with its two keys read after a search, jumps into a frame that has returned.
    @Test func anUnknownKeyEndsASearch() throws {
        let terminal = try start()
        try terminal.send("\u{12}")
        try terminal.expect("reverse-i-search")
        try terminal.send("\u{18})\u{3}")
        try terminal.expect("ecdx> ")
        try terminal.send("\u{15}:help\r")
        try terminal.expect(":load FILE")
        try terminal.expect("ecdx> ")
        try end(terminal)
    }

    @Test func tabCompletesCommandsAndFiles() throws {
        try folder.write("session.ecdx", "")
        let terminal = try start()
        try terminal.send(":lo\t")
        try terminal.expect(":load ")
        try terminal.send("\(folder.path)/se\t")
        try terminal.expect("session.ecdx")
        try terminal.send("\u{3}")
        try terminal.expect("ecdx> ")
        try end(terminal)
    }

    @Test func whatWasTypedIsThereInTheNextSession() throws {
        var terminal = try start()
        try terminal.send(":help\r")
        try terminal.expect("ecdx> ")
        try end(terminal)
        #expect(folder.read("state/ecdx/history") == ":help\n:quit\n")
        #expect(folder.mode("state/ecdx/history") == 0o600)
        terminal = try start()
        try terminal.send("\u{1B}[A")
        try terminal.expect(":quit")
        try terminal.send("\u{1B}[A")
        try terminal.expect("help")
        try terminal.send("\r")
        try terminal.expect(":load FILE")
        try terminal.expect("ecdx> ")
        try end(terminal)
    }

    @Test func aPasteWaitsForTheEnterKey() throws {
        let terminal = try start()
        try terminal.send("\u{1B}[200~let a = 1\rlet b = 2\u{1B}[201~")
        try terminal.expect("let b = 2")
        #expect(!terminal.output.contains("  ... "))
        try terminal.send("\r")
        try terminal.expect("ecdx> ")
        try end(terminal)
        #expect(folder.read("state/ecdx/history")?.hasPrefix("let a = 1\\nlet b = 2\n") == true)
    }

    @Test func controlCAbandonsAPasteThatNeverEnds() throws {
        let terminal = try start()
        try terminal.send("\u{1B}[200~let a = 1\r")
        // readline shows nothing of an unfinished paste, so there is no text to wait for.
        usleep(200_000)
        kill(terminal.process, SIGINT)
        try terminal.expect("ecdx> ")
        try end(terminal)
        #expect(folder.read("state/ecdx/history") == ":quit\n")
    }

    @Test(arguments: [SIGTERM, SIGHUP])
    func aSignalLeavesTheTerminalInOrder(_ signal: Int32) throws {
        let terminal = try start()
        try terminal.send("half")
        try terminal.expect("half")
        #expect(!terminal.isCooked)
        kill(terminal.process, signal)
        #expect(terminal.wait() == 128 + signal)
        #expect(terminal.isCooked)
    }

    @Test func controlBackslashIsNoEnd() throws {
        let terminal = try start()
        try terminal.send("\u{1C}:help\r")
        try terminal.expect(":load FILE")
        try terminal.expect("ecdx> ")
        try end(terminal)
    }

    @Test func theWindowMayChange() throws {
        let terminal = try start(columns: 100)
        try terminal.send("a line that is longer than the window will be in a moment")
        try terminal.expect("in a moment")
        for columns in [20, 5, 200, 60] {
            terminal.resize(columns: columns, rows: 10)
            usleep(50_000)
        }
        try terminal.send("\u{3}")
        try terminal.expect("^C")
        try terminal.expect("ecdx> ")
        try end(terminal)
    }

    @Test func aDumbTerminalGetsNoEscapes() throws {
        let terminal = try start(["TERM": "dumb"])
        try terminal.send(":lo\tx\u{3}")
        try terminal.expect("ecdx> ")
        try terminal.send(":help\r")
        try terminal.expect(":load FILE")
        try terminal.expect("ecdx> ")
        try terminal.send("\u{4}")
        #expect(terminal.wait() == 0)
        #expect(!terminal.output.contains("\u{1B}"))
    }

    @Test func aHistoryThatCannotBeWrittenIsToldOnce() throws {
        let terminal = try start(["ECDX_HISTORY": "/proc/no/history", "NO_COLOR": "1"])
        try terminal.send(":help\r")
        try terminal.expect("warning[history]")
        try terminal.expect("ecdx> ")
        try terminal.send(":help\r")
        try terminal.expect(":load FILE")
        try terminal.expect("ecdx> ")
        try end(terminal)
        #expect(terminal.output.split(separator: "warning[history]").count == 2)
    }

    @Test func lettersOfAnyLanguageAreWhole() throws {
        // With no locale at all the keys are still read as UTF-8.
        for locale in ["C.UTF-8", "C", ""] {
            let terminal = try start(["LC_ALL": locale])
            try terminal.send(":é日x\u{7F}\u{7F}\u{7F}quit\r")
            #expect(terminal.wait() == 0)
        }
    }
}
