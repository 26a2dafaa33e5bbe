import Diagnostics
import Glibc
import Storage

/// How patiently the hub is asked, and how to stop.
public struct HubOptions: Sendable {
    /// The number of attempts for one answer or file.
    public var attempts = 5
    /// The wait before the second attempt, in seconds; each further one is twice as long.
    public var firstWait = 1.0
    /// The longest wait, in seconds, where the server asks for none; one that asks for up to 600 s is waited for.
    public var longestWait = 300.0
    /// The most bytes that a file of weights may have.
    public var largestWeights = 1 << 34
    /// The most bytes that any other file may have.
    public var largestFile = 1 << 27
    /// Whether to stop; asked several times a second.
    public var isStopped: @Sendable () -> Bool = { Interrupt.requested != nil }
    /// Takes remarks for people, a line each.
    public var tell: @Sendable (String) -> Void = { _ in }
    /// How time passes while it waits.
    var sleep: @Sendable (Double) -> Void = { usleep(UInt32($0 * 1e6)) }
    /// Makes the usual options.
    public init() {}

    var waiting: Waiting {
        Waiting(
            attempts: max(1, attempts), firstWait: max(0, firstWait), longestWait: max(0, longestWait), isStopped: isStopped, tell: tell,
            sleep: sleep)
    }
}

/// A reader of models on the Hugging Face hub, by plain HTTP: what it says of a model, and the files of one commit.
///
/// The token goes to the hub's own server alone: it is in no address, file or message, and where the hub leads to another server, as
/// it does for large files, it stays behind. One thread at a time.
public final class HubClient {
    /// The largest answer to a question about a model, in bytes.
    static let largestAnswer = 1 << 24
    let endpoint: HubEndpoint
    let token: APIKey?
    let options: HubOptions
    let connection: Connection

    /// Makes a reader without asking anything. `agent` is how servers are told who asks. Throws `fetch-failed` where libcurl cannot
    /// be used.
    public init(endpoint: HubEndpoint, token: APIKey?, agent: String, options: HubOptions = HubOptions()) throws {
        connection = try Connection(agent: agent)
        (self.endpoint, self.token, self.options) = (endpoint, token, options)
    }

    /// Asks what a model has at its revision. Throws `fetch-failed`, `refused-address` and `FetchStopped`.
    public func listing(of name: HubName) throws -> HubListing {
        let revision = name.revision ?? HubName.usualRevision
        let address = try Address(endpoint.listing(of: name.id, at: revision))
        let listing = try repeated(name, file: nil) { attempt in
            let intake = PageIntake(
                limit: Self.largestAnswer, host: address.host, isStopped: options.isStopped, progress: { _ in })
            let (end, host, isElsewhere) = try connection.get(address, from: 0, etag: nil, key: token, leavesKey: true, receiver: intake)
            switch end {
            case .stopped: throw FetchStopped()
            case .done(let answer) where answer.status == 200:
                return try read(intake.bytes, answer, host, name)
            case .done(let answer): throw TransferRefused(answer: answer, host: host, isElsewhere: isElsewhere)
            case .cut(let reason): throw TransferCut(reason: plain(reason), host: host)
            case .failed(let reason):
                throw failed(
                    "expected `\(name)` from `\(host)`, found: \(plain(reason))",
                    hint: "see whether this machine reaches `\(host)`; HF_ENDPOINT names another hub")
            }
        }
        guard !isCommit(revision) || revision == listing.commit else {
            throw failed("expected the commit \(revision) of `\(name.id)` from `\(address.host)`, found \(listing.commit)")
        }
        return listing
    }

    private func read(_ bytes: [UInt8], _ answer: Answer, _ host: String, _ name: HubName) throws -> HubListing {
        guard !isWebPage(bytes, contentType: answer.contentType) else {
            throw failed(
                "expected what there is of `\(name)` as JSON from `\(host)`, found a web page (HTML)",
                hint: "a proxy or a page for logging in may stand in between, or HF_ENDPOINT is no hub")
        }
        guard token?.isIn(bytes) != true else {
            throw failed(
                "expected what there is of `\(name)` from `\(host)`, found an answer that repeats the token", hint: "unset HF_TOKEN")
        }
        do { return try HubListing(bytes, name: name) } catch let error as Diagnostic {
            throw failed(
                "expected what there is of `\(name)` from `\(host)`, found \(error.id == "bad-data" ? "no JSON: " : "")\(error.message)",
                hint: "see whether HF_ENDPOINT is a hub, and try again later")
        }
    }

    /// Gets one file of a listing into the folder of its commit, unless it is there, and says which. Throws what `FetchFolder` throws.
    func get(
        _ file: String, of listing: HubListing, into folder: FetchFolder, limit: Int, progress: (_ bytes: Int, _ total: Int?) -> Void
    ) throws -> FetchFolder.Outcome {
        let known = listing.files[file]
        if let bytes = known?.bytes, bytes > limit {
            throw failed(
                "expected at most \(limit) bytes of `\(file)` of `\(listing.name)`, found that the hub announces \(bytes)",
                hint: "see whether it is the model that you mean")
        }
        var fetching = FetchOptions()
        (fetching.limit, fetching.announced, fetching.attempts) = (limit, known?.bytes, 1)
        (fetching.tellsEnds, fetching.refusesPages, fetching.key, fetching.isStopped) = (true, true, token, options.isStopped)
        let url = endpoint.file(file, of: listing.name.id, at: listing.commit)
        return try withoutActuallyEscaping(progress) { progress in
            try repeated(listing.name, file: file) { _ in
                try folder.get(file, from: url, expecting: known?.hash, options: fetching, progress: progress)
            }
        }
    }

    /// Does something until it works, with waits where the trouble passes. Diagnostics come without the token, should a server
    /// have repeated it.
    private func repeated<Result>(_ name: HubName, file: String?, _ body: (_ attempt: Int) throws -> Result) throws -> Result {
        let what = file.map { "`\($0)` of `\(name)`" } ?? "`\(name)`"
        let onward = "try again later: the same command goes on from there"
        var attempt = 0
        do {
            while true {
                attempt += 1
                do { return try body(attempt) } catch let refused as TransferRefused {
                    let verdict = HubVerdict(
                        refused, hub: endpoint.address, name: name, file: file, hasToken: token != nil)
                    switch verdict {
                    case .stop(let diagnostic): throw diagnostic
                    case .again(let reason, let asked):
                        let fault = failed("expected \(what), found after \(attempt) attempts that \(reason)", hint: onward)
                        try options.waiting.wait(after: attempt, asked: asked, because: reason, otherwise: fault)
                    }
                } catch let cut as TransferCut {
                    let fault = failed("expected \(what) from `\(cut.host)`, found after \(attempt) attempts: \(cut.reason)", hint: onward)
                    try options.waiting.wait(after: attempt, asked: nil, because: "the connection to `\(cut.host)` broke", otherwise: fault)
                }
            }
        } catch let diagnostic as Diagnostic {
            throw token?.removed(from: diagnostic) ?? diagnostic
        }
    }
}
