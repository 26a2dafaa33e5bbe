import Diagnostics
import Storage
import Synchronization

extension MaterialsProjectClient {
    /// What a call for densities came to.
    public struct DensityOutcome: Sendable, Hashable {
        /// Number of files that were fetched now.
        public var fetched = 0
        /// Number of files that were there already.
        public var there = 0
        /// The materials whose density is not to be had: no static calculation, or no such object.
        public var missing: [MaterialID] = []
    }

    /// Fetches the charge densities of materials into the folder `densities`, under the names of the materials, as far as they are not
    /// there. Objects that there are not are counted and stop nothing; each file appears whole, and a part is gone on with.
    ///
    /// `progress` is told how many of the materials are settled, of how many, and the bytes that came now; threads call it one at a
    /// time. Throws `fetch-failed`, `refused-address`, `would-overwrite`, `wrong-hash` where an object is not what it was at the first
    /// fetch, `cannot-write`, `bad-data` and `FetchStopped`; what came stays.
    public func fetchDensities(
        of materials: [MaterialID], progress: @escaping @Sendable (_ done: Int, _ total: Int, _ bytes: Int) -> Void = { _, _, _ in }
    ) throws -> DensityOutcome {
        let materials = Set(materials).sorted()
        let known = store.folder.densities
        var outcome = DensityOutcome()
        var open: [MaterialID] = []
        for material in materials {
            let density = known[material]
            if let density, density.file == nil, !options.asksForMissingAgain {
                outcome.missing.append(material)
            } else if let density, let file = density.file, fileStatus(joined(store.path, file))?.bytes == density.bytes {
                outcome.there += 1
            } else {
                open.append(material)
            }
        }
        let settled = materials.count - open.count
        progress(settled, materials.count, 0)
        guard !open.isEmpty else { return outcome }
        // Asked of all materials, so that a later call has the same questions and finds their answers.
        let wanted = Set(open)
        let chosen = try chooseTasks(of: materials).filter { wanted.contains($0.material) }
        let work = DensityTransfers(
            chosen, known: known, settled: settled, store: store, endpoint: endpoints.densities, agent: agent,
            options: options, progress: progress)
        let threads = min(4, max(1, options.transfers))
        concurrently(threads, threads: threads) { _ in work.carryOut() }
        try store.refresh()
        let result = try work.result()
        outcome.fetched = result.fetched
        outcome.missing = (outcome.missing + result.missing).sorted()
        return outcome
    }
}

/// Transfers of densities that several threads share, each with a connection of its own.
private final class DensityTransfers: Sendable {
    private struct State {
        var choices: [ChosenTask]
        var next = 0
        var settled: Int
        /// Bytes of whole files, and of those on their way by the number of the transfer.
        var bytes = 0
        var coming: [Int: Int] = [:]
        var fetched = 0
        var missing: [MaterialID] = []
        var failure: (any Error)?
        var told = ContinuousClock.now
    }

    private let state: Mutex<State>
    private let known: [MaterialID: MaterialsProjectFolder.Density]
    private let total: Int
    private let store: AnswerStore
    private let endpoint: Address
    private let agent: String
    private let options: MaterialsProjectOptions
    private let progress: @Sendable (Int, Int, Int) -> Void

    init(
        _ choices: [ChosenTask], known: [MaterialID: MaterialsProjectFolder.Density], settled: Int, store: AnswerStore, endpoint: Address,
        agent: String, options: MaterialsProjectOptions, progress: @escaping @Sendable (Int, Int, Int) -> Void
    ) {
        state = Mutex(State(choices: choices, settled: settled))
        total = choices.count + settled
        (self.known, self.store, self.endpoint, self.agent) = (known, store, endpoint, agent)
        (self.options, self.progress) = (options, progress)
    }

    /// What all threads came to. Throws the first error of any.
    func result() throws -> (fetched: Int, missing: [MaterialID]) {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return (state.fetched, state.missing)
        }
    }

    /// Takes one density after the other until none is left, or a thread failed.
    func carryOut() {
        do {
            let connection = try Connection(agent: agent)
            while let (number, choice) = take() {
                if options.isStopped() { throw FetchStopped() }
                let density = try settle(choice, number, over: connection)
                finish(number, density)
            }
        } catch {
            state.withLock { if $0.failure == nil { $0.failure = error } }
        }
    }

    private var isStopped: Bool { options.isStopped() || state.withLock { $0.failure != nil } }

    private func take() -> (Int, ChosenTask)? {
        state.withLock { state in
            guard state.failure == nil, state.choices.indices.contains(state.next) else { return nil }
            defer { state.next += 1 }
            return (state.next, state.choices[state.next])
        }
    }

    private func finish(_ number: Int, _ density: MaterialsProjectFolder.Density) {
        state.withLock { state in
            state.coming[number] = nil
            state.bytes += density.bytes ?? 0
            state.settled += 1
            if density.file == nil { state.missing.append(density.material) } else { state.fetched += 1 }
            progress(state.settled, total, state.bytes + state.coming.values.reduce(0, +))
        }
    }

    private func came(_ number: Int, _ bytes: Int) {
        state.withLock { state in
            state.coming[number] = bytes
            // A piece is some KiB; nobody reads so fast.
            guard state.told.duration(to: .now) > .milliseconds(100) else { return }
            state.told = .now
            progress(state.settled, total, state.bytes + state.coming.values.reduce(0, +))
        }
    }

    /// Fetches a density, or finds that there is none, and keeps what became of it.
    private func settle(_ choice: ChosenTask, _ number: Int, over connection: Connection) throws -> MaterialsProjectFolder.Density {
        var density = MaterialsProjectFolder.Density(
            material: choice.material, task: choice.task?.id, candidates: choice.candidates, lastUpdated: choice.lastUpdated, file: nil,
            url: nil, time: timeOfNow(), status: 0, bytes: nil, sha256: nil)
        for name in choice.task.map({ $0.id.objectNames(given: $0.given) }) ?? [] {
            density.url = endpoint.text + "/" + name
            if let found = try transfer(density, number, over: connection) {
                density.status = found
                continue
            }
            let file = joined(MaterialsProjectFolder.Names.densityFolder, "\(choice.material).json.gz")
            density.file = file
            density.bytes = fileStatus(joined(store.path, file))?.bytes
            return density
        }
        try store.keep(density)
        return density
    }

    /// Fetches an object and keeps its line; gives the status where there is no such object.
    private func transfer(_ density: MaterialsProjectFolder.Density, _ number: Int, over connection: Connection) throws -> Int? {
        let name = joined(MaterialsProjectFolder.Names.densityFolder, "\(density.material).json.gz")
        let path = joined(store.path, name)
        let url = density.url ?? ""
        if fileStatus(path, followingLinks: false) != nil, known[density.material]?.file == nil {
            throw Diagnostic(
                "would-overwrite", "expected no file or one that was fetched, found one from elsewhere", data: DataPlace(file: path),
                hint: "move it away, or fetch to another folder with --to")
        }
        var fetching = FetchOptions()
        (fetching.limit, fetching.attempts, fetching.tellsEnds) = (options.largestDensity, 1, true)
        fetching.isStopped = { self.isStopped }
        var waiting = options.waiting
        waiting.isStopped = fetching.isStopped
        let what = "the charge density of \(density.material)"
        var attempt = 0
        while true {
            attempt += 1
            do {
                _ = try connection.fetch(url, to: path, options: fetching, progress: { bytes, _ in self.came(number, bytes) }) {
                    part, file in
                    try checkKind(part, what, host: endpoint.host)
                    if let before = known[density.material]?.sha256, before != file.sha256 {
                        throw Diagnostic(
                            "wrong-hash",
                            "expected \(what) as it was at the first fetch, with the SHA-256 \(before), found \(file.sha256)",
                            notes: ["the publisher has changed it, or it was changed on its way; nothing of it was kept"],
                            hint: "fetch to another folder to have the new one")
                    }
                    var kept = density
                    (kept.file, kept.status, kept.time) = (name, 200, timeOfNow())
                    (kept.bytes, kept.sha256) = (file.bytes, file.sha256)
                    // Before it has its name: a file without a line would be taken for one from elsewhere.
                    try store.keep(kept)
                }
                return nil
            } catch let refused as TransferRefused {
                if isMissing(refused.answer) { return refused.answer.status }
                switch Verdict(refused.answer, of: refused.host, what: what, key: nil) {
                case .stop(let diagnostic): throw diagnostic
                case .again(let reason):
                    let fault = failed(
                        "expected \(what) from `\(refused.host)`, found after \(attempt) attempts that \(reason)",
                        hint: "try again later; the same command goes on from there")
                    try waiting.wait(after: attempt, asked: refused.answer.retryAfter, because: reason, otherwise: fault)
                }
            } catch let cut as TransferCut {
                let fault = failed(
                    "expected \(what) from `\(cut.host)`, found after \(attempt) attempts: \(cut.reason)",
                    hint: "try again: the same command goes on from there")
                try waiting.wait(after: attempt, asked: nil, because: "the connection to `\(cut.host)` broke", otherwise: fault)
            }
        }
    }

    /// Whether a refusal says that there is no such object. The bucket says it with status 404, or, where its list may not be read, with
    /// status 403 and the code `AccessDenied`; a 403 of anyone else, such as a proxy, says nothing of the object.
    private func isMissing(_ answer: Answer) -> Bool {
        switch answer.status {
        case 404, 410: true
        case 403:
            String(decoding: answer.refusal, as: UTF8.self).contains("<Code>AccessDenied</Code>")
        default: false
        }
    }

    /// Refuses what is neither gzip nor JSON, such as the page of a proxy.
    private func checkKind(_ path: String, _ what: String, host: String) throws {
        let head = try readFileHead(path, count: 256).head
        let first = head.first { $0 > 0x20 }
        guard head.starts(with: [0x1F, 0x8B]) || first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            let found = isWebPage(head, contentType: nil) ? "a web page (HTML)" : "a file of another kind"
            throw failed(
                "expected \(what) from `\(host)` as JSON in gzip, found \(found)",
                hint: "a proxy or a page for logging in may stand in between; look at the address in a browser")
        }
    }
}
