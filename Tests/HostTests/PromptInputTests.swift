import Glibc
import TestSupport
import Testing

/// Ways of typing: pastes, long lines, wide letters, ends of input, interrupts.
@Suite(.serialized, .timed) struct PromptInputTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private func paste(_ text: String) -> String { "\u{1B}[200~\(text.replacing("\n", with: "\r"))\u{1B}[201~" }

    @Test func aPastedCellIsOneInput() throws {
        let terminal = try startPrompt(in: folder)
        let cell = """
            # %% A cell
            # with a comment, and { a brace in it

            let a = 1

            let b = [
                a,

                2,  # two
            ]

            show b
            show a + 1

            """
        try terminal.send(paste(cell))
        try terminal.expect("show a + 1")
        try terminal.send("\r")
        let printed = try terminal.expect("\n2\r\n")
        #expect(printed.contains("[1, 2]\r\n2\r\n"))
        try terminal.expect("ecdx> ")
        // Nothing of it ran line by line.
        #expect(!terminal.output.contains("  ... "))
        #expect(folder.read("state/ecdx/history")?.split(separator: "\n").count == 1)
        try terminal.quit()
    }

    @Test func aPasteThatIsUnfinishedGoesOn() throws {
        let terminal = try startPrompt(in: folder)
        try terminal.send(paste("let a = [1,\n2,") + "\r")
        try terminal.expect("  ... ")
        try terminal.enter("3]")
        #expect(try terminal.enter("show a").contains("[1, 2, 3]"))
        try terminal.quit()
    }

    @Test func controlCGivesUpAPaste() throws {
        let terminal = try startPrompt(in: folder)
        try terminal.send(paste("let a = 1\nlet b = 2"))
        try terminal.expect("let b = 2")
        try terminal.send("\u{3}")
        try terminal.expect("ecdx> ")
        #expect(try terminal.enter("show a").contains("nothing is called `a`"))
        try terminal.quit()
    }

    @Test func controlDInUnfinishedInputSaysWhatIsMissing() throws {
        let terminal = try startPrompt(in: folder)
        try terminal.send("let a = [1,\r")
        try terminal.expect("  ... ")
        try terminal.send("\u{4}")
        try terminal.expect("error[")
        try terminal.expect("ecdx> ")
        #expect(try terminal.enter("1 + 1").contains("2\r\n"))
        try terminal.quit()
    }

    @Test func aVeryLongLineIsTakenWhole() throws {
        let terminal = try startPrompt(in: folder, ["TERM": "dumb"])
        let sum = (1...2000).map(String.init).joined(separator: "+")
        try terminal.send("show sum\u{15}let list = [" + sum.replacing("+", with: ", ") + "]\r")
        try terminal.expect("2000]")
        try terminal.expect("ecdx> ", timeout: 60)
        #expect(try terminal.enter("list[1999]").contains("2000\r\n"))
        try terminal.quit()
    }

    @Test func wideLettersAreOneKeyEach() throws {
        let terminal = try startPrompt(in: folder, columns: 20)
        // Three wide letters typed and two of them taken back; then Tab behind one.
        #expect(try terminal.enter("let 日本語\u{7F}\u{7F} = 20 + 22").contains("ecdx> "))
        try terminal.send("show 日\t\r")
        try terminal.expect("42\r\n")
        try terminal.expect("ecdx> ")
        // Tab completes a name of several of them, and one of letters with accents.
        try terminal.enter("let été = 7")
        try terminal.send("show ét\t\r")
        try terminal.expect("7\r\n")
        try terminal.expect("ecdx> ")
        try terminal.quit()
    }

    @Test func controlCAtAnyTimeReturnsToThePrompt() throws {
        let terminal = try startPrompt(in: folder)
        for round in 0..<12 {
            // In the middle of typing, of a continuation, right behind Enter.
            try terminal.send(["let x", "let x = (\r", "1 + 1\r", "\t\t", ":he\t", "\u{12}le"][round % 6])
            usleep(UInt32(round) * 3000)
            try terminal.send("\u{3}")
            usleep(60_000)
            try terminal.send("\u{3}")
            usleep(20_000)
        }
        try terminal.send("\u{15}1000 + 234\r")
        try terminal.expect("1234\r\n")
        try terminal.expect("ecdx> ")
        try terminal.quit()
    }

    @Test func tabCompletesTheLanguage() throws {
        #expect(symlink(Place.experiments + "/data", folder.path + "/data") == 0)
        let terminal = try startPrompt(in: folder)
        try terminal.enter("let aluminium = chgcar(\"\(folder.path)/data/fcc-dft/densities/Al-fcc.C\t)")
        try terminal.send("alu\t.electr\t\r")
        try terminal.expect(" e\r\n")
        try terminal.expect("ecdx> ")
        // Two Tabs list what there is.
        try terminal.send("conv(16, kernel: 3, activation: \t\t")
        for word in ["relu", "tanh", "sigmoid"] { try terminal.expect(word) }
        // The line is drawn again below the list.
        try terminal.expect("activation: ")
        try terminal.send("\u{3}")
        try terminal.expect("ecdx> ")
        try terminal.send("?globalA\t\r")
        try terminal.expect("The mean of each channel")
        try terminal.expect("ecdx> ")
        try terminal.quit()
    }

    @Test func aCompletionInTheMiddleOfALine() throws {
        let terminal = try startPrompt(in: folder)
        try terminal.enter("let mine = 5")
        // The cursor goes back before ` + 1`.
        try terminal.send("show min + 1\u{1B}[D\u{1B}[D\u{1B}[D\u{1B}[De\u{7F}\te\r")
        let printed = try terminal.expect("ecdx> ")
        #expect(printed.contains("6\r\n") || printed.contains("error["))
        try terminal.quit()
    }

    @Test(arguments: ["dumb", "xterm"])
    func withoutColours(_ term: String) throws {
        let terminal = try startPrompt(in: folder, ["TERM": term, "NO_COLOR": "1"])
        #expect(try terminal.enter("nonsense").contains("error[unknown-name]"))
        #expect(!terminal.output.contains("\u{1B}[1;31m"))
        if term == "dumb" { #expect(!terminal.output.contains("\u{1B}")) }
        try terminal.quit()
    }

    @Test func aNarrowWindow() throws {
        let terminal = try startPrompt(in: folder, columns: 12, rows: 4)
        try terminal.send(":help\r")
        try terminal.expect(":quit")
        try terminal.expect("ecdx> ")
        try terminal.send("sh\t\t")
        try terminal.send("\u{15}7 * 6\r")
        try terminal.expect("42\r\n")
        try terminal.expect("ecdx> ")
        try terminal.quit()
    }
}
