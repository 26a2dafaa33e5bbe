import Foundation
import Plotting
import TestSupport
import Testing

@testable import Host

@Suite(.timed) struct GraphicsChoiceTests {
    private func choice(
        tty: Bool = true, term: String = "xterm-256color", wish: String? = nil, multiplexed: Bool = false,
        answers: TerminalAnswers = TerminalAnswers()
    ) -> (chosen: InlineGraphics, asked: Bool) {
        var asked = false
        let chosen = GraphicsTraits(isTerminal: tty, term: term, wish: wish, isMultiplexed: multiplexed).choice {
            asked = true
            return answers
        }
        return (chosen, asked)
    }

    @Test func theTerminalDecides() {
        #expect(choice() == (.dumb, true))
        #expect(choice(answers: .init(sixel: true)) == (.sixel, true))
        #expect(choice(answers: .init(sixel: true, kitty: true)) == (.kitty, true))
    }

    @Test func aMultiplexerShowsNoKittyPictures() {
        #expect(choice(multiplexed: true, answers: .init(kitty: true)).chosen == .dumb)
        #expect(choice(multiplexed: true, answers: .init(sixel: true, kitty: true)).chosen == .sixel)
        #expect(choice(wish: "kitty", multiplexed: true) == (.kitty, false))
    }

    @Test func whatIsNoScreenIsNotAsked() {
        let able = TerminalAnswers(sixel: true, kitty: true)
        #expect(choice(tty: false, answers: able) == (.dumb, false))
        #expect(choice(tty: false, wish: "sixel", answers: able) == (.dumb, false))
        #expect(choice(term: "dumb", answers: able) == (.dumb, false))
        #expect(choice(term: "dumb", wish: "kitty", answers: able) == (.dumb, false))
        #expect(choice(term: "", answers: able) == (.dumb, false))
        #expect(choice(term: "linux", answers: able) == (.dumb, false))
    }

    @Test(arguments: InlineGraphics.allCases)
    func aWishIsGranted(_ wish: InlineGraphics) {
        #expect(choice(wish: wish.rawValue, answers: .init(sixel: true, kitty: true)) == (wish, false))
    }

    @Test func anUnknownWishIsNone() {
        #expect(choice(wish: "ascii", answers: .init(sixel: true)) == (.sixel, true))
        #expect(GraphicsTraits(isTerminal: true, term: "xterm", wish: "ascii").hasUnknownWish)
        #expect(!GraphicsTraits(isTerminal: true, term: "xterm", wish: "").hasUnknownWish)
        #expect(!GraphicsTraits(isTerminal: true, term: "xterm", wish: "none").hasUnknownWish)
    }
}

@Suite(.timed) struct KittyImageTests {
    @Test(arguments: [0, 1, 2, 3, 4, 3071, 3072, 3073, 10_000])
    func theFileComesWhole(_ size: Int) throws {
        let png = (0..<size).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let sequences = KittyImage.sequences(png: png)
        var text = ""
        for (index, sequence) in sequences.enumerated() {
            #expect(sequence.hasPrefix("\u{1B}_G") && sequence.hasSuffix("\u{1B}\\"))
            let parts = sequence.dropFirst(3).dropLast(2).split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
            try #require(parts.count == 2)
            #expect(parts[1].utf8.count <= 4096)
            // All but the last hold a multiple of 4 characters, as the protocol wants.
            if index + 1 < sequences.count { #expect(parts[1].utf8.count % 4 == 0) }
            #expect(parts[0] == (index == 0 ? "a=T,f=100,q=2," : "") + (index + 1 < sequences.count ? "m=1" : "m=0"))
            text += parts[1]
        }
        #expect(text == Data(png).base64EncodedString())
    }

    @Test func columnsAndMultiplexers() {
        #expect(KittyImage.sequences(png: [1], columns: 79) == ["\u{1B}_Ga=T,f=100,q=2,c=79,m=0;AQ==\u{1B}\\"])
        #expect(
            KittyImage.sequences(png: [1], multiplexed: true) == ["\u{1B}Ptmux;\u{1B}\u{1B}_Ga=T,f=100,q=2,m=0;AQ==\u{1B}\u{1B}\\\u{1B}\\"])
    }
}

@Suite(.timed) struct TerminalQueryTests {
    private func reply(_ text: String) -> TerminalQuery.Reply { TerminalQuery.Reply(Array(text.utf8)) }

    @Test func answersAreTakenApart() {
        #expect(reply("\u{1B}[?62;4;22c").answers == TerminalAnswers(sixel: true))
        #expect(reply("\u{1B}[?62;22c").answers == TerminalAnswers())
        // 4 as the class of the terminal, or as a part of another number, is no attribute.
        #expect(reply("\u{1B}[?4;6c").answers == TerminalAnswers())
        #expect(reply("\u{1B}[?62;14;42c").answers == TerminalAnswers())
        #expect(reply("\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62c").answers == TerminalAnswers(kitty: true))
        #expect(reply("\u{1B}_Gi=31;ENOTSUPPORTED\u{1B}\\\u{1B}[?62;4c").answers == TerminalAnswers(sixel: true))
    }

    @Test func keysTypedMeanwhileStay() {
        let mixed = reply("ab\u{1B}_Gi=31;OK\u{1B}\\c\u{1B}[A\u{1B}[?62;4cé")
        #expect(mixed.isWhole)
        #expect(String(decoding: mixed.keys, as: UTF8.self) == "abc\u{1B}[Aé")
        #expect(!reply("\u{1B}[?62;4").isWhole)
        #expect(!reply("\u{1B}_Gi=31;OK").isWhole)
        #expect(reply("\u{1B}").keys == [0x1B])
    }
}

@Suite(.timed) struct FigureScreenTests {
    private let screen = Terminal.Traits(outIsTTY: true, errIsTTY: true)

    private func figure() throws -> Figure {
        .heatmap(
            try Plane(rows: 3, columns: 4, values: (0..<12).map { Float($0) }), colours: ColourScale("density", unit: "e/A^3"), sites: [])
    }

    private func shown(
        _ wish: String?, tty: Bool = true, window: WindowSize? = WindowSize(columns: 60, rows: 20)
    ) throws -> (out: String, err: String) {
        let (terminal, capture) = Terminal.captured(screen, width: window?.columns, window: window)
        let screen = FigureScreen(terminal: terminal, traits: GraphicsTraits(isTerminal: tty, term: "xterm", wish: wish))
        try screen.show(figure())
        return (capture.out, capture.err)
    }

    @Test func charactersFitTheWindow() throws {
        let text = try shown("dumb").out
        #expect(!text.contains("\u{1B}"))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 20)
        #expect(lines.allSatisfy { displayWidth($0) < 60 })
        #expect(try shown("dumb", window: WindowSize(columns: 5, rows: 2)).out.contains("\n"))
    }

    @Test func picturesAreSent() throws {
        let sixel = try shown("sixel").out
        #expect(sixel.hasPrefix("\u{1B}P") && sixel.hasSuffix("\u{1B}\\\n"))
        let kitty = try shown("kitty").out
        // A PNG file begins so; the window does not say how many pixels it has.
        #expect(kitty.hasPrefix("\u{1B}_Ga=T,f=100,q=2,c=59,m="))
        #expect(kitty.contains(";iVBORw0KGgo"))
    }

    @Test func noneShowsNothing() throws {
        #expect(try shown("none") == ("", "the figure is not shown: ECDX_GRAPHICS is `none`\n"))
    }

    @Test func thePictureFitsTheWindow() {
        let pixels = WindowSize(columns: 100, rows: 50, pixels: .init(width: 1000, height: 1000))
        #expect(pixels.room == (1000, 960))
        #expect(WindowSize(columns: 80, rows: 24).room == (640, 352))
        #expect(WindowSize(columns: 1, rows: 1).room == (64, 48))
    }
}
