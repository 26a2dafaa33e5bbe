import Diagnostics
import Glibc
import TestSupport
import Testing

@testable import Host

/// Lines from a list in place of a keyboard.
private final class ScriptedLines: LineSource {
    var reads: [LineRead]
    var prompts: [String] = []
    var remembered: [String] = []
    /// Asked at each prompt: the text and the cursor at which completion is wanted.
    var completing: (String, Int)?
    var completed: [Completions] = []

    init(_ reads: [LineRead]) { self.reads = reads }

    func read(prompt: String, completions: @escaping (String, Int) -> Completions) throws -> LineRead {
        prompts.append(prompt)
        if let (text, point) = completing { completed.append(completions(text, point)) }
        guard !reads.isEmpty else { throw Diagnostic("terminal", "the keyboard is gone") }
        return reads.removeFirst()
    }

    func remember(_ entry: String) { remembered.append(entry) }
}

/// A session that counts brackets and records what it is asked.
private final class RecordingSession: ReplSession {
    var asked: [String] = []
    var onSubmit: () -> Void = {}

    func isComplete(_ text: String) -> Bool {
        text.filter { $0 == "{" }.count <= text.filter { $0 == "}" }.count
    }

    func completions(of text: String, at byteOffset: Int) -> Completions {
        Completions(replaceFrom: byteOffset - 1, [.init("\(text)|\(byteOffset)")])
    }

    func submit(_ text: String) {
        asked.append("submit \(text)")
        onSubmit()
    }
    func load(_ path: String) { asked.append("load \(path)") }
    func help(_ name: String) { asked.append("help \(name)") }
    var commands: [ReplCommand] {
        [ReplCommand("undo", summary: "take the last input back") { [self] _ in asked.append("undo") }]
    }
    func declaration(of name: String) -> String? { nil }
    let declaredNames: [String] = []
    let referenceNames: [String] = []
}

@Suite(.timed) struct ReplTests {
    private struct Outcome {
        var status: Int32
        var asked: [String]
        var out: String
        var err: String
        var lines: ScriptedLines
    }

    private func run(
        _ reads: [LineRead], history: HistoryFile? = nil, completing: (String, Int)? = nil, signal: Int32? = nil
    ) -> Outcome {
        let (terminal, capture) = Terminal.captured()
        let session = RecordingSession()
        let lines = ScriptedLines(reads)
        lines.completing = completing
        var pending: Int32?
        session.onSubmit = { pending = signal }
        let hooks = InterruptHooks(reset: { pending = nil }, requested: { pending })
        let repl = Repl(session: session, terminal: terminal, source: lines, history: history, interrupts: hooks)
        let status = repl.run(greeting: "ecdx 0")
        return Outcome(status: status, asked: session.asked, out: capture.out, err: capture.err, lines: lines)
    }

    @Test func linesAreEvaluatedInOrder() {
        let outcome = run([.line("a"), .line(""), .line("  "), .line("b"), .end])
        #expect(outcome.asked == ["submit a", "submit b"])
        #expect(outcome.status == 0)
        #expect(outcome.err == "ecdx 0\n")
        #expect(outcome.out == "")
    }

    @Test func unfinishedInputGoesOn() {
        let outcome = run([.line("m {"), .line(""), .line("  :x"), .line("}"), .line("b"), .end])
        #expect(outcome.asked == ["submit m {\n\n  :x\n}", "submit b"])
        #expect(outcome.lines.prompts == ["ecdx> ", "  ... ", "  ... ", "  ... ", "ecdx> ", "ecdx> "])
        #expect(outcome.lines.remembered == ["m {\n\n  :x\n}", "b"])
    }

    @Test func controlCGivesUpTheWholeInput() {
        let outcome = run([.line("m {"), .interrupted, .line("b"), .interrupted, .end])
        #expect(outcome.asked == ["submit b"])
        #expect(outcome.lines.prompts == ["ecdx> ", "  ... ", "ecdx> ", "ecdx> ", "ecdx> "])
        #expect(outcome.lines.remembered == ["b"])
    }

    @Test func aLineThatIsTooLongIsGivenUpWithTheWholeInput() {
        let outcome = run([.line("m {"), .tooLong(65536), .line("b"), .end])
        #expect(outcome.asked == ["submit b"])
        #expect(outcome.lines.prompts == ["ecdx> ", "  ... ", "ecdx> ", "ecdx> "])
        #expect(
            outcome.err.contains("error[bad-input]: expected a line of at most 65536 bytes, found a longer one")
                && outcome.err.contains("`:load`"), "\(outcome.err)")
    }

    @Test func theEndInsideAnInputEvaluatesWhatIsThere() {
        #expect(run([.line("m {"), .end, .end]).asked == ["submit m {"])
    }

    @Test func anInterruptedComputationReturnsToThePrompt() {
        let outcome = run([.line("long"), .line("next"), .end], signal: SIGINT)
        #expect(outcome.asked == ["submit long", "submit next"])
        #expect(outcome.status == 0)
    }

    @Test(arguments: [(SIGTERM, Int32(143)), (SIGUSR1, Int32(143)), (SIGHUP, Int32(129))])
    func signalsThatAskToEndEndTheSession(_ signal: Int32, _ status: Int32) {
        let computing = run([.line("long"), .line("next"), .end], signal: signal)
        #expect(computing.asked == ["submit long"])
        #expect(computing.status == status)
        #expect(run([.signalled(signal), .line("next")]).status == status)
    }

    @Test func commands() {
        let outcome = run([
            .line(":help plot"), .line("?mean"), .line(" ? mean"), .line(":l a.ecdx"), .line(":undo"), .line(":quit"), .line("never"),
        ])
        #expect(outcome.asked == ["help plot", "help mean", "help mean", "load a.ecdx", "undo"])
        #expect(outcome.status == 0)
    }

    @Test func helpListsEveryCommand() {
        #expect(
            run([.line(":help"), .end]).out == """
                command       does
                ────────────────────────────────────\
                ───────────────────────────────────
                :edit [NAME]  change the last input, or a declaration, in an editor
                :help [NAME]  these commands, or the reference of a name, as `?NAME` is
                :load FILE    evaluate a script here
                :quit         end the session (Control-D does too)
                :undo         take the last input back
                Tab completes, Control-R searches what was typed before, Control-C gives up a line or stops a computation.

                """)
    }

    @Test func aBadCommandNeverEndsTheSession() {
        let outcome = run([.line(":qiut"), .line("a"), .end])
        #expect(outcome.asked == ["submit a"])
        #expect(
            outcome.err == """
                ecdx 0
                error[unknown-command]: there is no command `:qiut`
                  hint: did you mean `:quit`?

                """)
    }

    @Test func completionSeesTheLinesBefore() {
        let outcome = run([.line("m {"), .interrupted, .end], completing: ("ab", 2))
        #expect(outcome.lines.completed.map { $0.candidates.first?.text } == ["ab|2", "m {\nab|6", "ab|2"])
        #expect(outcome.lines.completed.map(\.replaceFrom) == [1, 1, 1])
        // At the start of a line the session would change the line before: nothing is offered.
        let start = run([.line("m {"), .end, .end], completing: ("ab", 0))
        #expect(start.lines.completed[1] == .none)
        #expect(run([.end], completing: (":qu", 3)).lines.completed.map { $0.candidates.map(\.text) } == [["quit"]])
    }

    @Test func historyHoldsOneOfRepeatedInputs() throws {
        let folder = try Scratch()
        let file = HistoryFile(path: folder.path + "/history")
        let first = run([.line("a"), .line("a"), .line("m {"), .line("}"), .line("a"), .line(":quit")], history: file)
        #expect(first.lines.remembered == ["a", "m {\n}", "a", ":quit"])
        let second = run([.line(":quit")], history: file)
        #expect(second.lines.remembered == ["a", "m {\n}", "a", ":quit"])
        #expect(try file.load() == ["a", "m {\n}", "a", ":quit"])
    }

    @Test func ahistoryThatCannotBeKeptIsToldOnce() {
        let outcome = run([.line("a"), .line("b"), .end], history: HistoryFile(path: "/proc/no/history"))
        #expect(outcome.asked == ["submit a", "submit b"])
        #expect(outcome.err.components("warning[history]") == 1)
        #expect(outcome.err.contains("the history `/proc/no/history` cannot be kept: no such file or directory"))
    }

    @Test func aKeyboardThatIsGoneEndsTheSession() {
        let outcome = run([.line("a")])
        #expect(outcome.status == 1)
        #expect(outcome.err.hasSuffix("error[terminal]: the keyboard is gone\n"))
    }
}

extension String {
    /// How often `part` stands in the text.
    fileprivate func components(_ part: String) -> Int {
        var count = 0
        var rest = Substring(self)
        while let found = rest.firstRange(of: part) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}
