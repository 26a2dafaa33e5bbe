import Diagnostics
import Experiments
import Foundation
@testable import Language
import Synchronization
import Tensors
import Testing

/// Scripts that nobody would write: tokens dropped, doubled, swapped, put in, and bytes of any kind. Whatever the text, it
/// must give diagnostics; it must not trap, and not take long. `ECDX_SOAK=1` tries ten times as many.
@Suite struct MutationTests {
    private static let inserted = [
        "(", ")", "[", "]", "{", "}", ",", ":", "=", ".", "..", ">>", "|>", "+", "-", "*", "/", "^", "<", "==", "\n", "\"", "\\(", "#", "for", "in", "if", "else",
        "and", "not", "like", "with", "let", "def", "param", "use", "true", "none", "show", "plot", "table", "to", "on", "by", "model", "dataset", "experiment",
        "input", "stage", "0", "-1", "1e999", "70%", "1e15", "9007199254740993", "x", "image", "relu", "\u{0}", "\u{FEFF}", "\u{202E}", "é", "'", "\t",
    ]

    private struct Source: Sendable {
        var text: String
        var folder: String
    }

    private func sources() throws -> [Source] {
        var sources = try CorpusFile.all().filter { $0.script.utf8.count < 8_000 && $0.folder != "limits" }
            .map { Source(text: $0.script, folder: Place.corpus + "/" + $0.folder) }
        for folder in [Place.experiments, Place.library] {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where name.hasSuffix(".ecdx") && !name.hasPrefix(".") {
                sources.append(Source(text: try String(contentsOfFile: folder + "/" + name, encoding: .utf8), folder: folder))
            }
        }
        return sources
    }

    private func mutant(_ text: String, _ random: inout Philox) -> String {
        let bytes = Array(text.utf8)
        var pieces: [[UInt8]] = []
        var end = 0
        for token in Lexer.lex(text, file: "t").tokens where token.span.end > token.span.start && token.span.start >= end {
            // White space and comments before a token go with it.
            pieces.append(Array(bytes[end..<token.span.end]))
            end = token.span.end
        }
        if pieces.isEmpty { pieces = [bytes] }
        for _ in 0...random.nextInt(below: 3) {
            let at = random.nextInt(below: pieces.count), other = random.nextInt(below: pieces.count)
            switch random.nextInt(below: 7) {
            case 0: if pieces.count > 1 { pieces.remove(at: at) }
            case 1: pieces.insert(pieces[at], at: at)
            case 2: pieces.swapAt(at, other)
            case 3, 4: pieces.insert(Array((" " + Self.inserted[random.nextInt(below: Self.inserted.count)] + " ").utf8), at: at)
            case 5: pieces[at] = (0..<(1 + random.nextInt(below: 6))).map { _ in UInt8(random.nextInt(below: 256)) }
            default: pieces.removeLast(min(pieces.count - 1, random.nextInt(below: pieces.count)))
            }
        }
        return String(decoding: pieces.flatMap { $0 }, as: UTF8.self)
    }

    @Test func noTextTrapsOrHangs() throws {
        let sources = try sources(), count = isAsked("ECDX_SOAK") ? 20_000 : 2_000
        // Where the thread is, for a hang to be told from work.
        let place = Watched()
        let watch = Thread {
            var last = -1, since = ContinuousClock.now
            while !place.isOver {
                usleep(100_000)
                let (now, text) = place.current
                if now != last { (last, since) = (now, .now) }
                if ContinuousClock.now - since > .seconds(20) {
                    FileHandle.standardError.write(Data("mutant \(now) hangs:\n\(text)\n".utf8))
                    exit(1)
                }
            }
        }
        watch.start()
        defer { place.end() }
        let slow = try onLargeStack {
            var slow: [String] = []
            for number in 0..<count {
                var random = Philox(RandomKey(seed: 20, purpose: .sampling, item: UInt32(number)))
                let source = sources[number % sources.count]
                let text = mutant(source.text, &random)
                place.begin(number, text)
                // The processor's time of this thread: others may keep it waiting.
                let start = clock(CLOCK_THREAD_CPUTIME_ID)
                let session = try Session(base: source.folder + "/", options: options(), reporter: CollectingReporter())
                let checked = session.check(text, file: "mutant.ecdx")
                let shown = Renderer(sources: session.sources).render(checked.script.diagnostics)
                if shown.isEmpty != checked.script.diagnostics.isEmpty { slow.append("mutant \(number) has no words:\n\(text)") }
                if clock(CLOCK_THREAD_CPUTIME_ID) - start > 2 { slow.append("mutant \(number) takes more than 2 s:\n\(text)") }
            }
            return slow
        }
        #expect(slow == [])
    }

    @Test func bytesAreNoScripts() throws {
        let count = isAsked("ECDX_SOAK") ? 20_000 : 1_000
        let silent = try onLargeStack {
            var silent: [Int] = []
            for number in 0..<count {
                var random = Philox(RandomKey(seed: 21, purpose: .sampling, item: UInt32(number)))
                let text = String(decoding: (0..<random.nextInt(below: 400)).map { _ in UInt8(random.nextInt(below: 256)) }, as: UTF8.self)
                let tree = Parser.parse(text, file: "t")
                let rest = text.unicodeScalars.filter { !$0.properties.isWhitespace }
                if tree.diagnostics.isEmpty, tree.statements.isEmpty, tree.comments.isEmpty, !rest.isEmpty { silent.append(number) }
            }
            return silent
        }
        #expect(silent == [])
    }

    private func options() -> SessionOptions {
        var options = SessionOptions()
        options.standardLibrary = Place.library
        options.store = "/nowhere/.ecdx"
        return options
    }

    private func clock(_ id: clockid_t) -> Double {
        var now = timespec()
        clock_gettime(id, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}

/// The mutant at hand, for the thread that watches.
private final class Watched: Sendable {
    private let state = Mutex((number: -1, text: "", over: false))
    var current: (Int, String) { state.withLock { ($0.number, $0.text) } }
    var isOver: Bool { state.withLock { $0.over } }
    func begin(_ number: Int, _ text: String) { state.withLock { ($0.number, $0.text) = (number, text) } }
    func end() { state.withLock { $0.over = true } }
}
