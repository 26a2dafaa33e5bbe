import Diagnostics
import Experiments
import Synchronization
import TestSupport
import Testing

@testable import Host

@Suite(.timed) struct ProgressLineTests {
    private func bulk(_ done: Int, elapsed: Double = 4) -> ProgressState {
        ProgressState(
            name: "bulk", done: done, total: 200, measures: [.init("loss", 0.11), .init("validation", short: "val", 0.15)],
            elapsed: elapsed)
    }

    @Test func logLine() {
        #expect(bulk(20).logLine() == "bulk  epoch 20/200  loss 0.110  validation 0.150  00:04")
        #expect(bulk(20).logLine(note: "kept epoch 12") == "bulk  epoch 20/200  loss 0.110  validation 0.150  00:04  kept epoch 12")
        var between = bulk(20)
        between.part = 0.456
        #expect(between.logLine() == "bulk  epoch 20/200 + 45 %  loss 0.110  validation 0.150  00:04")
    }

    @Test func screenLines() {
        #expect(
            bulk(20).screenLine(width: 90)
                == "bulk  ███░░░░░░░░░░░░░░░░░░░░░░░░░░░"
                + "   20/200  loss 0.110  val 0.150  00:04  left 00:36")
        #expect(bulk(50).screenLine(width: 70, ascii: true) == "bulk  [##---------]   50/200  loss 0.110  val 0.150  00:04  left 00:12")
        #expect(
            bulk(200).screenLine(width: 60) == "bulk  ███████████████  200/200  loss 0.110  val 0.150  00:04")
        #expect(bulk(20).screenLine(width: 40) == "bulk   20/200  loss 0.110  val 0.150")
        #expect(bulk(20).screenLine(width: 16) == "bulk   20/200")
        #expect(bulk(20).screenLine(width: 3) == "bu…")
    }

    @Test func everyScreenLineFits() {
        var state = bulk(199, elapsed: 1e5)
        state.name = "日本の実験 fold 3/10"
        for width in 1...120 {
            #expect(displayWidth(state.screenLine(width: width)) <= width)
            #expect(displayWidth(state.screenLine(width: width, ascii: true)) <= width)
        }
    }

    /// A trial with a long label: the place in the run and the time left stay on the line whatever the width.
    @Test(arguments: [
        (20, "found…old 2   20/200"), (40, "found tri…3) fold 2   20/200  02:10 left"),
        (
            80,
            "found …fold 2   20/200  loss 0.110  val 0.150  trial 3/30, fold 2/10, 02:10 left"
        ),
        (
            200,
            "found trial 3 (optimizer.rate 1e-3) fold 2  "
                + "███" + String(repeating: "░", count: 27)
                + "   20/200  loss 0.110  val 0.150  00:04  trial 3 of 30, fold 2 of 10, about 02:10 left"
        ),
    ])
    func theWholeStaysOnTheLine(_ width: Int, _ line: String) {
        var state = bulk(20)
        state.name = "found trial 3 (optimizer.rate 1e-3) fold 2"
        state.whole = WholeProgress(parts: [.init("trial", 3, of: 30), .init("fold", 2, of: 10)], left: 130)
        #expect(state.screenLine(width: width) == line)
        for width in 20...220 {
            #expect(displayWidth(state.screenLine(width: width)) <= width)
            #expect(state.screenLine(width: width).contains(width >= 34 ? "02:10 left" : "20/200"))
        }
        #expect(
            state.logLine() == "found trial 3 (optimizer.rate 1e-3) fold 2  epoch 20/200  loss 0.110  validation 0.150  00:04  "
                + "trial 3 of 30, fold 2 of 10, about 02:10 left")
    }

    @Test(arguments: [(30, "experiment fold 12"), (18, "experiment fold 12"), (12, "experi…ld 12"), (3, "e…2"), (2, "e…"), (0, "")])
    func namesAreShortenedInTheMiddle(_ width: Int, _ text: String) {
        #expect(shortenedInTheMiddle("experiment fold 12", to: width) == text)
        #expect(displayWidth(shortenedInTheMiddle("日本の実験 fold 12", to: width)) <= width)
    }

    @Test func theBarFills() {
        #expect(progressBar(0, width: 4, ascii: false) == "░░░░")
        #expect(progressBar(0.5, width: 4, ascii: false) == "██░░")
        #expect(progressBar(1, width: 4, ascii: false) == "████")
        #expect(progressBar(.nan, width: 4, ascii: false) == "░░░░")
        for step in 0...100 { #expect(displayWidth(progressBar(Double(step) / 100, width: 7, ascii: false)) == 7) }
    }

    @Test func timeLeftCountsOnlyWhatThisRunDid() throws {
        var state = bulk(110, elapsed: 10)
        state.doneBefore = 100
        #expect(try #require(state.remaining) == 90)
        state.done = 100
        #expect(state.remaining == nil)
    }

    @Test(arguments: [(0, "00:00"), (59.9, "00:59"), (61, "01:01"), (3723, "1:02:03"), (.nan, "--:--"), (-1, "--:--"), (1e300, "--:--")])
    func durations(_ seconds: Double, _ text: String) {
        #expect(formatDuration(seconds) == text)
    }

    @Test(arguments: [
        (0.11, "0.110"), (0.0999, "0.0999"), (0.09996, "0.100"), (0.9996, "1.00"), (1.5, "1.50"), (9.996, "10.0"), (12.34, "12.3"),
        (99.96, "100"),
        (1234.6, "1235"), (0, "0.000"), (-0.25, "-0.250"), (1.2e-5, "1.20e-05"), (3e7, "3.00e+07"), (.infinity, "inf"),
        (-.infinity, "-inf"), (.nan, "nan"),
    ])
    func measures(_ value: Double, _ text: String) {
        #expect(formatMeasure(value) == text)
    }
}

/// A clock that stands still until it is told to go on.
private final class HandClock: Sendable {
    private let seconds = Mutex(0.0)
    func advance(_ by: Double) { seconds.withLock { $0 += by } }
    @Sendable func now() -> Double { seconds.withLock { $0 } }
}

@Suite(.timed) struct ProgressBarTests {
    @Test func aLogHasALinePerEpoch() {
        let (terminal, capture) = Terminal.captured()
        let clock = HandClock()
        let bar = ProgressBar("bulk", total: 3, on: terminal, clock: clock.now)
        for epoch in 1...3 {
            clock.advance(1)
            bar.update(done: epoch - 1, part: 0.5)
            clock.advance(1)
            bar.update(done: epoch, measures: [.init("loss", 1 / Double(epoch))])
        }
        bar.finish()
        #expect(capture.out == "")
        #expect(
            capture.err == """
                bulk  epoch 1/3  loss 1.00  00:02
                bulk  epoch 2/3  loss 0.500  00:04
                bulk  epoch 3/3  loss 0.333  00:06

                """)
    }

    @Test func aLongTrainingHasALinePerTenth() {
        let (terminal, capture) = Terminal.captured()
        let bar = ProgressBar("bulk", total: 95, on: terminal, clock: { 0 })
        for epoch in 1...95 { bar.update(done: epoch) }
        bar.finish(note: "ran 95 epochs")
        let lines = capture.err.split(separator: "\n")
        #expect(lines.map { $0.split(separator: " ")[2] } == [10, 20, 30, 40, 50, 60, 70, 80, 90, 95].map { "\($0)/95" } + ["95"])
        #expect(lines.last == "bulk  ran 95 epochs")
    }

    @Test func oneOfManyTrainingsHasALineAtItsEnd() {
        let (terminal, capture) = Terminal.captured()
        let clock = HandClock()
        let bar = ProgressBar(
            "found trial 2", total: 60, whole: WholeProgress(parts: [.init("trial", 2, of: 9)]), on: terminal, clock: clock.now)
        for epoch in 1...60 {
            clock.advance(0.75)
            bar.update(done: epoch)
        }
        bar.place(WholeProgress(parts: [.init("trial", 2, of: 9)], left: 100))
        bar.finish(note: "ran 60 epochs")
        #expect(
            capture.err == """
                found trial 2  epoch 40/60  00:30  trial 2 of 9
                found trial 2  epoch 60/60  00:45  ran 60 epochs

                """)
    }

    @Test func aLongEpochIsLoggedEvery30Seconds() {
        let (terminal, capture) = Terminal.captured()
        let clock = HandClock()
        let bar = ProgressBar("bulk", total: 2, on: terminal, clock: clock.now)
        for step in 1...9 {
            clock.advance(10)
            bar.update(done: 0, part: Double(step) / 10)
        }
        bar.finish(note: "interrupted")
        #expect(
            capture.err == """
                bulk  epoch 0/2 + 30 %  00:30
                bulk  epoch 0/2 + 60 %  01:00
                bulk  epoch 0/2 + 90 %  01:30
                bulk  interrupted

                """)
    }

    @Test func aScreenIsRedrawnTenTimesASecondAtMost() {
        let traits = Terminal.Traits(outIsTTY: true, errIsTTY: true)
        let (terminal, capture) = Terminal.captured(traits, width: 60)
        let clock = HandClock()
        let bar = ProgressBar("bulk", total: 1000, on: terminal, clock: clock.now)
        for step in 1...1000 {
            clock.advance(0.001)
            bar.update(done: step)
        }
        bar.finish()
        let drawings = capture.err.split(separator: "\r").filter { $0.contains("█") || $0.contains("░") }.count
        #expect((9...11).contains(drawings))
        #expect(Screen(columns: 60, capture.err).lines == ["bulk  epoch 1000/1000  00:01"])
        bar.update(done: 1)
        bar.finish()
        #expect(Screen(columns: 60, capture.err).lines == ["bulk  epoch 1000/1000  00:01"])
    }

    @Test func aDiagnosticStandsAboveTheBar() {
        let traits = Terminal.Traits(outIsTTY: true, errIsTTY: true, allowsColor: false)
        let (terminal, capture) = Terminal.captured(traits, width: 50)
        let clock = HandClock()
        let bar = ProgressBar("bulk", total: 10, on: terminal, clock: clock.now)
        bar.update(done: 5)
        terminal.report(Diagnostic("small-holdout", "R2 over 14 samples", severity: .warning))
        let during = Screen(columns: 50, capture.err).lines
        #expect(during.first == "warning[small-holdout]: R2 over 14 samples")
        #expect(during.count == 2 && during.last?.contains("5/10") == true)
        bar.cancel()
        #expect(Screen(columns: 50, capture.err).lines == ["warning[small-holdout]: R2 over 14 samples"])
    }

    @Test func aDumbTerminalGetsLines() {
        let traits = Terminal.Traits(outIsTTY: true, errIsTTY: true, movesCursor: false, allowsColor: false)
        let (terminal, capture) = Terminal.captured(traits, width: 50)
        let bar = ProgressBar("bulk", total: 2, on: terminal, clock: { 0 })
        bar.update(done: 1)
        bar.finish()
        #expect(capture.err == "bulk  epoch 1/2  00:00\n")
    }
}

/// What a terminal shows after it was sent a text: carriage returns, line feeds, and erasing to the end of the line.
struct Screen {
    private(set) var lines: [String] = []

    init(columns: Int, _ text: String) {
        var row: [Character] = []
        var column = 0
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch character {
            case "\r": column = 0
            case "\n":
                lines.append(String(row))
                row = []
                column = 0
            case "\r\n":
                lines.append(String(row))
                row = []
                column = 0
            case "\u{1B}" where rest.hasPrefix("[K"):
                rest.removeFirst(2)
                row = Array(row.prefix(column))
            default:
                if column < row.count { row[column] = character } else { row.append(character) }
                column += 1
                if column == columns {
                    lines.append(String(row))
                    row = []
                    column = 0
                }
            }
        }
        if !row.isEmpty { lines.append(String(row)) }
    }
}
