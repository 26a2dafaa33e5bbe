import Diagnostics
import Storage

extension MaterialsProjectClient {
    /// An answer of the interface that `read` can read, asked for again where that may help.
    func reply<Found>(
        _ url: String, key: APIKey?, what: String, progress: @escaping (Int) -> Void, read: ([UInt8]) throws -> Found
    ) throws -> ([UInt8], Found) {
        let address = try Address(url)
        let waiting = options.waiting
        var attempt = 0
        while true {
            attempt += 1
            let intake = PageIntake(
                limit: MaterialsProjectFolder.largestAnswer, host: address.host, isStopped: options.isStopped, progress: progress)
            let (end, host, _) = try redacting { try connection.get(address, from: 0, etag: nil, key: key, receiver: intake) }
            switch end {
            case .stopped: throw FetchStopped()
            case .done(let answer) where answer.status == 200:
                guard !isWebPage(intake.bytes, contentType: answer.contentType) else {
                    throw failed(
                        "expected \(what) as JSON from `\(host)`, found a web page (HTML)",
                        hint: "a proxy or a page for logging in may stand in between; look at the address in a browser")
                }
                guard self.key?.isIn(intake.bytes) != true else {
                    throw failed("expected \(what) from `\(host)`, found an answer that repeats the key", hint: "nothing of it was kept")
                }
                do { return (intake.bytes, try read(intake.bytes)) } catch let error as Diagnostic {
                    let fault = failed("expected \(what) from `\(host)`, found another text: \(error.message)", hint: "try again later")
                    try waiting.wait(
                        after: attempt, asked: nil, because: "an answer of `\(host)` cannot be read", otherwise: redacted(fault))
                }
            case .done(let answer):
                switch Verdict(answer, of: host, what: what, key: key) {
                case .stop(let diagnostic): throw diagnostic
                case .again(let reason):
                    let fault = failed(
                        "expected \(what) from `\(host)`, found after \(attempt) attempts that \(reason)",
                        hint: "try again later; the same command goes on from there")
                    try waiting.wait(after: attempt, asked: answer.retryAfter, because: reason, otherwise: fault)
                }
            case .cut(let reason):
                let fault = failed(
                    "expected \(what) from `\(host)`, found after \(attempt) attempts: \(plain(reason))",
                    hint: "try again: the same command goes on from there")
                try waiting.wait(after: attempt, asked: nil, because: "the connection to `\(host)` broke", otherwise: fault)
            case .failed(let reason):
                throw failed(
                    "expected \(what) from `\(host)`, found: \(plain(reason))", hint: "see whether this machine reaches `\(host)`")
            }
        }
    }

    private func redacted(_ diagnostic: Diagnostic) -> Diagnostic { key?.removed(from: diagnostic) ?? diagnostic }

    private func redacting<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as Diagnostic { throw redacted(error) }
    }
}
