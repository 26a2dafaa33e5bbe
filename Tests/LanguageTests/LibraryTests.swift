import Builtins
import Experiments
import Foundation
import SessionTestSupport
import TestSupport
import Testing

@testable import Language

/// What help and completion know of the library in the language itself.
@Suite(.timed) struct LibraryTests {
    @Test func everyFunctionIsDescribed() throws {
        let functions = StandardLibrary.functions(in: Place.library)
        #expect(Set(functions.map(\.name)).isSuperset(of: ["arora", "compact", "regression", "report", "parities"]))
        #expect(Set(functions.map(\.name)).count == functions.count)
        for function in functions {
            #expect(function.comment.hasSuffix("."), "\(function.name)")
            #expect(function.file.hasPrefix("stdlib/"))
        }
        let arora = try #require(functions.first { $0.name == "arora" })
        #expect(arora.signature == "arora(height: Number = 73, width: Number = 196)")
        #expect(arora.summary.hasPrefix("The reference CNN of Arora et al., Table 1"))
    }

    @Test func theCommentIsTheOneAbove() {
        let tree = catalogue.parse(
            "# Far away.\n\n# %% Cell\n# Near: doubles\n# a number.\ndef twice(x, by: Number = 1 + 1) = by * x\ndef bare() = 1\n", file: "f"
        )
        #expect(tree.documentedFunctions.map(\.comment) == ["Near: doubles a number.", ""])
        #expect(tree.documentedFunctions.map(\.signature) == ["twice(x, by: Number = 1 + 1)", "bare()"])
    }

    @Test func noLibraryIsNoMistake() {
        #expect(StandardLibrary.functions(in: nil).isEmpty)
        #expect(StandardLibrary.functions(in: Place.corpus + "/no such folder").isEmpty)
    }

    /// What a script calls its own changes nothing in the library's functions, whatever it is.
    @Test func aScriptDoesNotReachIntoTheLibrary() throws {
        let plain = try values("let m = compact()")["m"]
        let hidden = try values(
            "let conv = 1\nlet dense = 2\nlet relu = 3\nlet filters = 4\nlet same = 5\ndef arora() = 6\nlet m = compact()\nlet n = arora()")
        #expect(hidden["m"] == plain)
        #expect(hidden["n"]?.number == 6)
    }

    @Test func theQuickstartsNetworkIsTheLibrarys() throws {
        let text = try String(contentsOfFile: Place.experiments + "/quickstart.ecdx", encoding: .utf8)
        let found = try values(text + "\nlet ours = compact()\nlet same = regression(crystals)", in: Place.experiments)
        #expect(found["ours"] == found["cnn"])
        #expect(found["same"] == found["bulk"])
    }
}
