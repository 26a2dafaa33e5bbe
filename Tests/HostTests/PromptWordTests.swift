import TestSupport
import Testing

@testable import Host

/// Words of other prompts, and the commands that came with them.
@Suite(.timed) struct PromptWordTests {
    @Test(arguments: [
        ("exit", ":quit"), ("quit()", ":quit"), (" exit() ", ":quit"), ("help", ":help"), ("help()", ":help"),
        ("help plane", ":help plane"),
        ("help(plane)", ":help plane"), ("help(\"plane\")", ":help plane"), ("plane?", ":help plane"), ("plane??", ":help plane"),
        ("bulk.holdout?", ":type bulk.holdout"), ("ls", ":list"),
    ])
    func wordsOfOtherPrompts(_ line: String, _ command: String) { #expect(meantCommand(line, declared: []) == command) }

    @Test(arguments: ["exit + 1", "let exit = 3", "help(1 + 2)", "?plane", "1 + 1", "plane(al)", "x ? y", "f(\"what?\")", "list"])
    func linesOfTheLanguage(_ line: String) { #expect(meantCommand(line, declared: []) == nil) }

    @Test func aDeclaredNameMeansItself() {
        #expect(meantCommand("exit", declared: ["exit"]) == nil)
        #expect(meantCommand("help(3)", declared: ["help"]) == nil)
    }

    @Test func whatWasTakenBackIsDeclaredAgain() throws {
        let spoken = try SpokenSession()
        spoken.type("let a = 1")
        spoken.type("let b = a + 1")
        #expect(spoken.type(":redo").err == "nothing was taken back since something was declared\n")
        spoken.type(":undo")
        spoken.type(":undo")
        #expect(spoken.type("a").err.contains("nothing is called `a`"))
        #expect(spoken.type(":redo").err == "declared again: `a`\n")
        #expect(spoken.type(":redo").err == "declared again: `b`\n")
        #expect(spoken.type("b").out == "2\n")
        spoken.type(":undo")
        spoken.type("let c = 5")
        #expect(spoken.type(":redo").err == "nothing was taken back since something was declared\n")
        #expect(spoken.type("b").err.contains("nothing is called `b`"))
    }

    @Test func numbersAreShownWithAsManyDigitsAsAreAskedFor() throws {
        let spoken = try SpokenSession()
        spoken.type("let t = tensor([1 / 3, 2])")
        #expect(spoken.type("t.min").out == "0.333\n")
        spoken.type(":digits 12")
        #expect(spoken.type("t.min").out == "0.333333333333\n")
        #expect(spoken.type("t").out == "2 numbers: min 0.333333333333, mean 1.16666666667, max 2\n  0.333333333333               2\n")
        #expect(spoken.type("table csv(\"data/fcc-dft/properties.csv\") |> pick([\"k_vrh\"]) |> first(1)").out.contains("."))
        spoken.type(":digits")
        #expect(spoken.type("t.min").out == "0.333\n")
        for wrong in [":digits 0", ":digits 18", ":digits many"] {
            #expect(spoken.type(wrong).err.contains("error[command-argument]: `:digits` expected a whole number from 1 to 17"))
        }
        #expect(spoken.type("t.min").out == "0.333\n")
    }

    @Test func columnsOfAHistoryAreOffered() throws {
        let spoken = try SpokenSession()
        spoken.type(smallScript)
        #expect(spoken.offers("bulk.history[\"ep").contains { $0.hasPrefix("epoch") })
        #expect(spoken.type(":type bulk.history[\"epoch\"]").out == "tensor\n")
        #expect(spoken.type(":type predictions(bulk, on: crystals)").out == "144 numbers, GPa\n")
        spoken.type("experiment found like bulk { optimizer: adam(rate: choice([0.01, 0.02])), search: gridSearch() }")
        #expect(spoken.type(":type found.best.optimizer.rate").out == "number, computed when it is asked for\n")
        #expect(spoken.offers("found.best.optimizer.") == ["rate"])
    }
}
