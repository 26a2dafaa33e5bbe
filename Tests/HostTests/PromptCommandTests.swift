import Foundation
import Glibc
import TestSupport
import Testing

/// Commands that need the real program: editors, saved scripts, pictures, broken surroundings.
@Suite(.serialized, .timed) struct PromptCommandTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private func editor(_ script: String) throws -> String {
        try folder.write("editor", "#!/bin/sh\n\(script)\n")
        chmod(folder.path + "/editor", 0o700)
        return folder.path + "/editor"
    }

    @Test func theEditorChangesTheLastInput() throws {
        let terminal = try startPrompt(in: folder, ["EDITOR": editor("sed -i s/20/40/ \"$1\"")])
        try terminal.enter("20 + 2")
        #expect(try terminal.enter(":edit").contains("42\r\n"))
        // What was edited can be called back.
        try terminal.send("\u{1B}[A\r")
        try terminal.expect("42\r\n")
        try terminal.expect("ecdx> ")
        // A declaration too, with arguments in the name of the editor.
        try terminal.enter("let a = 20")
        try terminal.enter("let b = 1")
        try terminal.enter(":edit a")
        #expect(try terminal.enter("a").contains("40\r\n"))
        #expect(try terminal.enter(":edit c").contains("nothing here was declared as `c`"))
        try terminal.quit()
    }

    @Test(arguments: [
        ("exit 3", "ended with status 3: nothing is changed"), (": > \"$1\"", "the text is empty: nothing is changed"),
        ("true", "the text is as it was: nothing is changed"), ("rm \"$1\"", "cannot be read back"),
        ("printf '\\377' > \"$1\"", "expected UTF-8"),
    ])
    func anEditorThatFailsChangesNothing(_ script: String, _ said: String) throws {
        let terminal = try startPrompt(in: folder, ["VISUAL": editor(script), "EDITOR": "/nonsense"])
        try terminal.enter("let a = 20")
        #expect(try terminal.enter(":edit a").replacing("\r\n", with: " ").contains(said))
        #expect(try terminal.enter("a").contains("20\r\n"))
        try terminal.quit()
    }

    @Test func anEditorThatIsNotThere() throws {
        let terminal = try startPrompt(in: folder, ["VISUAL": "/no/such/editor"])
        #expect(try terminal.enter(":edit").contains("error[editor]"))
        try terminal.quit()
    }

    /// A session with models, training and actions, saved, is a script with the same output.
    @Test func aSavedSessionRunsToTheSameOutput() throws {
        #expect(symlink(Place.experiments + "/data", folder.path + "/data") == 0)
        let executable = try builtProgram()
        try folder.write("first.ecdx", smallScript.replacing("epochs: 1", with: "epochs: 2") + "\nshow al.max\n")
        let terminal = try startPrompt(in: folder, ["TERM": "dumb", "COLUMNS": "200"], columns: 200)
        func inFolder(_ text: String) -> String { text.replacing("data/", with: "\(folder.path)/data/") }
        try folder.write("first.ecdx", inFolder(smallScript) + "\nshow al.max\n")
        try terminal.enter(":load \(folder.path)/first.ecdx", timeout: 60)
        try terminal.enter("let scale = 2")
        try terminal.enter("scale * 21")
        try terminal.enter("let scale = 3")
        try terminal.enter("al")
        try terminal.enter("|> min")
        try terminal.enter("experiment quick like bulk { seed: 2 }", timeout: 60)
        try terminal.enter("show quick.holdout.r2", timeout: 120)
        try terminal.enter("scale * 14")
        let saved = try terminal.enter(":save \(folder.path)/session.ecdx")
        #expect(saved.contains("wrote: "))
        try terminal.quit()
        let again = try piped(
            "", to: executable, arguments: ["run", folder.path + "/session.ecdx", "--store", folder.path + "/store"], in: folder.path)
        #expect(again.status == 0)
        // Every line the script prints was printed by the session, but that `scale` is what it was at the end.
        let lines = again.out.split(separator: "\n").map(String.init)
        #expect(lines.contains("63") && lines.contains("42"))
        let session = terminal.output.replacing("\r\n", with: "\n")
        for line in lines where line != "63" { #expect(session.contains(line + "\n"), "\(line)") }
    }

    @Test func aFigureIsDrawnInSixelsWhereTheTerminalTakesThem() throws {
        #expect(symlink(Place.experiments + "/data", folder.path + "/data") == 0)
        let terminal = try startPrompt(in: folder, columns: 80, rows: 24, pixels: (800, 480))
        try terminal.send(
            "plot heatmap(plane(chgcar(\"\(folder.path)/data/fcc-dft/densities/Al-fcc.CHGCAR.gz\"), [1, 1, 1], size: [8, 8]))\r")
        // The program asks; a key is typed before the terminal answers.
        try terminal.expect("\u{1B}[c")
        try terminal.send("7\u{1B}[?62;4;6c")
        let picture = try terminal.expect("\u{1B}\\", timeout: 60)
        let start = try #require(picture.firstRange(of: "\u{1B}P"))
        #expect(picture[start.upperBound...].contains("q\"1;1;"))
        try terminal.expect("ecdx> ")
        // The key came to the prompt.
        try terminal.send(" * 6\r")
        try terminal.expect("42\r\n")
        try terminal.expect("ecdx> ")
        // It is not asked again.
        let second = try terminal.enter(
            "plot heatmap(plane(chgcar(\"\(folder.path)/data/fcc-dft/densities/Al-fcc.CHGCAR.gz\"), [1, 1, 0], size: [8, 8]))", timeout: 60)
        #expect(!second.contains("\u{1B}[c") && second.contains("\u{1B}P"))
        try terminal.quit()
    }

    @Test func aFigureIsDrawnInCharactersWhereItDoesNot() throws {
        #expect(symlink(Place.experiments + "/data", folder.path + "/data") == 0)
        let plot = "plot heatmap(plane(chgcar(\"\(folder.path)/data/fcc-dft/densities/Al-fcc.CHGCAR.gz\"), [1, 1, 1], size: [8, 8]))"
        // A terminal that answers nothing is waited for, not for long.
        for changes in [["TERM": "xterm"], ["TERM": "dumb"], ["TERM": "xterm", "ECDX_GRAPHICS": "dumb"]] {
            let terminal = try startPrompt(in: folder, changes)
            let drawn = try terminal.enter(plot, timeout: 60)
            #expect(drawn.contains("@@%"))
            #expect(!drawn.contains("\u{1B}P"))
            #expect(drawn.contains("\u{1B}[c") == (changes == ["TERM": "xterm"]))
            try terminal.quit()
        }
    }

    @Test func withoutGnuplotTheSessionGoesOn() throws {
        #expect(symlink(Place.experiments + "/data", folder.path + "/data") == 0)
        let terminal = try startPrompt(in: folder, ["PATH": folder.path, "ECDX_GRAPHICS": "dumb"])
        let said = try terminal.enter(
            "plot heatmap(plane(chgcar(\"\(folder.path)/data/fcc-dft/densities/Al-fcc.CHGCAR.gz\"), [1, 1, 1], size: [8, 8]))", timeout: 60)
        #expect(said.contains("error[no-gnuplot]"))
        #expect(try terminal.enter("7 * 6").contains("42\r\n"))
        try terminal.quit()
    }
}
