import Builtins
import Diagnostics
import Experiments
import Foundation
import SessionTestSupport
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Language

/// Scripts that nobody would write: tokens dropped, doubled, swapped, put in, and bytes of any kind. Whatever the text, it
/// must give diagnostics; it must not trap, and not take long. What is still a script must have a layout. `ECDX_SOAK=1`
/// tries ten times as many.
@Suite(.timed) struct MutationTests {
    /// Seconds of the processor's time that one script may take. A script that uses up its budget of steps takes several in a
    /// debug build.
    #if DEBUG
    private static let limit = 15.0
    #else
    private static let limit = 2.0
    #endif

    /// What a campaign found.
    private struct Campaign: Sendable {
        var faults: [String] = []
        var accepted = 0
        /// The most seconds a script took, by what was done with it.
        var slowest: [String: (seconds: Double, name: String, number: Int)] = [:]
    }

    @Test func noTextTrapsOrHangs() throws {
        let sources = try ProjectScript.all()
        let count = isAsked("ECDX_SOAK") ? 20_000 : 2_000
        let tokens = sources.map { Mutant.tokens(of: $0.text) }
        // Where the thread is, for a hang to be told from work.
        let place = Watched()
        let watch = Thread {
            var last = -1
            var since = ContinuousClock.now
            while !place.isOver {
                usleep(100_000)
                let (now, text) = place.current
                if now != last { (last, since) = (now, .now) }
                if ContinuousClock.now - since > .seconds(60) {
                    FileHandle.standardError.write(Data("mutant \(now) hangs:\n\(text)\n".utf8))
                    exit(1)
                }
            }
        }
        watch.start()
        defer { place.end() }
        let campaign = try onLargeStack {
            var campaign = Campaign()
            for number in 0..<count {
                var random = Philox(RandomKey(seed: 20, purpose: .sampling, item: UInt32(number)))
                let source = sources[number % sources.count]
                let text = Mutant.wild(tokens[number % sources.count], &random)
                place.begin(number, text)
                try self.attempt(number, text, source, &campaign)
            }
            return campaign
        }
        #expect(campaign.faults == [])
        #expect(campaign.accepted > count / 100)
        let slowest = campaign.slowest.sorted { $0.key < $1.key }.map { work, slow in
            "\(work) \((slow.seconds * 1000).rounded() / 1000) s (number \(slow.number), of \(slow.name))"
        }
        print("mutants: \(count), scripts still: \(campaign.accepted), slowest: \(slowest.joined(separator: ", "))")
    }

    private func attempt(_ number: Int, _ text: String, _ source: ProjectScript, _ campaign: inout Campaign) throws {
        // The processor's time of this thread: others may keep it waiting.
        let start = clock(CLOCK_THREAD_CPUTIME_ID)
        let session = try Session(base: source.folder + "/", options: options(), reporter: CollectingReporter())
        let checked = session.check(text, file: "mutant.ecdx")
        let shown = Renderer(sources: session.sources).render(checked.script.diagnostics)
        let checkedAt = clock(CLOCK_THREAD_CPUTIME_ID)
        let formatted = ScriptFormatter.format(text, file: "mutant.ecdx", grammar: catalogue.grammar)
        let end = clock(CLOCK_THREAD_CPUTIME_ID)
        if shown.isEmpty != checked.script.diagnostics.isEmpty { campaign.faults.append("mutant \(number) has no words:\n\(text)") }
        for (work, seconds) in [("check", checkedAt - start), ("fmt", end - checkedAt)] {
            if seconds > Self.limit {
                campaign.faults.append("mutant \(number) of \(source.name) takes \(seconds) s to \(work):\n\(text.prefix(4000))")
            }
            if seconds > campaign.slowest[work]?.seconds ?? 0 { campaign.slowest[work] = (seconds, source.name, number) }
        }
        let tree = catalogue.parse(text, file: "mutant.ecdx")
        if !tree.printed.utf8.elementsEqual(text.utf8) { campaign.faults.append("mutant \(number) is not printed as it was:\n\(text)") }
        if (formatted.text == nil) != formatted.diagnostics.contains(where: { $0.severity == .error })
            || formatted.diagnostics.contains(where: { $0.id == "internal" })
        {
            campaign.faults.append("mutant \(number) has no layout:\n\(text)")
        }
        if formatted.text != nil { campaign.accepted += 1 }
        campaign.faults += layoutFaults(text).map { "mutant \(number): \($0)" }
    }

    @Test func bytesAreNoScripts() throws {
        let count = isAsked("ECDX_SOAK") ? 20_000 : 1_000
        let silent = try onLargeStack {
            var silent: [Int] = []
            for number in 0..<count {
                var random = Philox(RandomKey(seed: 21, purpose: .sampling, item: UInt32(number)))
                let text = String(decoding: (0..<random.nextInt(below: 400)).map { _ in UInt8(random.nextInt(below: 256)) }, as: UTF8.self)
                let tree = catalogue.parse(text, file: "t")
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
