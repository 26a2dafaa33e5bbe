import CCurl
import Diagnostics
import Storage

/// The header of a server's answer: what the server says of the file before sending it.
struct Answer: Sendable, Hashable {
    /// Status code of HTTP.
    var status: Int
    /// Bytes of the answer's body; nil where the server does not say.
    var length: Int?
    /// First byte of the part, and bytes of the whole file, from `Content-Range`; nil for a whole file and where the server does
    /// not say.
    var rangeStart: Int?, rangeTotal: Int?
    /// Entity tag that names this version of the file; nil where nothing does.
    var etag: String?
    /// What the server says of the kind of the body, and of how long to wait; nil where it says nothing.
    var contentType: String?, retryAfter: String?
    /// What the Hugging Face hub says of a refusal, `X-Error-Code`, and of how many questions are left, `RateLimit`; nil likewise.
    var errorCode: String?, rateLimit: String?
    /// The beginning of the body of a refusal, with any status but 200 and 206.
    var refusal: [UInt8] = []
}

/// The end of an exchange, other than by an error of the receiver.
enum ExchangeEnd: Sendable, Hashable {
    /// The server answered, and the answer came whole.
    case done(Answer)
    /// The receiver asked to stop.
    case stopped
    /// The connection broke, or nothing came for too long: to be tried again.
    case cut(String)
    /// The exchange failed, and nothing would be different the next time.
    case failed(String)
}

/// The receiver of a file, told first of the answer and then given its bytes.
protocol Receiver: AnyObject {
    /// Tells the receiver of an answer, before the first of its bytes.
    func begin(_ answer: Answer) throws
    /// Gives the receiver a piece of the answer's body.
    func take(_ bytes: UnsafeRawBufferPointer) throws
    /// Whether to stop; looked at while nothing comes too, at least once a second.
    var isStopped: Bool { get }
}

/// A connection to web servers that downloads files one after the other, kept open between them. One thread at a time.
public final class Connection {
    /// Time limits of a connection, in seconds.
    public struct Patience: Sendable {
        /// Longest time until the server is reached, in seconds.
        public var connect = 30
        /// Longest time with less than a byte a second, in seconds.
        public var stall = 60
        /// Makes the usual limits.
        public init() {}
    }

    /// Most redirects of one file that are followed.
    static let redirects = 10
    private let handle: OpaquePointer
    private let agent: String
    private let patience: Patience

    /// Makes a connection; `agent` is how servers are told who asks, such as `ecdx/0.1.0`. Throws `fetch-failed` where libcurl
    /// cannot be used.
    public init(agent: String, patience: Patience = Patience()) throws {
        // A server that hangs up is an error of the exchange, not the end of the process.
        try Interrupt.ignoreBrokenPipes()
        var made: OpaquePointer?
        var message = [CChar](repeating: 0, count: 256)
        guard ecdx_curl_new(&made, &message, message.count) == 0, let handle = made else {
            throw Diagnostic("fetch-failed", "expected libcurl, found: \(String(cBuffer: message))")
        }
        self.handle = handle
        self.agent = agent
        self.patience = patience
    }

    deinit { ecdx_curl_free(handle) }

    /// Gets a file, following redirects, and says how that ended, at which host, and whether that is another server;
    /// `from` and `etag` ask for the rest of one.
    /// A `key` goes to the server of `address` alone: a redirect to another one is refused then, before anything is asked there,
    /// or followed without the key, whatever comes behind it, where `leavesKey` says so.
    /// Throws `refused-address`, `fetch-failed` for too many redirects, and what the receiver throws.
    func get(
        _ address: Address, from: Int, etag: String?, key givenKey: APIKey? = nil, leavesKey: Bool = false, receiver: any Receiver
    ) throws -> (
        end: ExchangeEnd, host: String, isElsewhere: Bool
    ) {
        var place = address
        var key = givenKey
        for _ in 0...Self.redirects {
            let (end, location) = try exchange(place, from: from, etag: etag, key: key, receiver)
            let isElsewhere = !place.isSameServer(as: address)
            guard case .done(let answer) = end, [301, 302, 303, 307, 308].contains(answer.status) else {
                return (end, place.host, isElsewhere)
            }
            guard let location else {
                return (.failed("a redirect that does not say where to"), place.host, isElsewhere)
            }
            let next = try Address(location, from: place)
            if key != nil, !next.isSameServer(as: address) {
                guard leavesKey else { throw elsewhere(next, from: address) }
                key = nil
            }
            place = next
        }
        throw Diagnostic(
            "fetch-failed",
            "expected `\(lastName(of: address.text))` after at most \(Self.redirects) redirects of `\(address.host)`, found one more")
    }

    private func elsewhere(_ place: Address, from address: Address) -> Diagnostic {
        Diagnostic(
            "refused-address",
            "expected an answer of `\(address.host)` itself to a question with a key, a redirect leads to another server, `\(place.host)`",
            notes: ["a key goes to the server it is for and to no other"], hint: "see whether the address of the interface has changed")
    }

    private func exchange(
        _ address: Address, from: Int, etag: String?, key: APIKey?, _ receiver: any Receiver
    ) throws -> (ExchangeEnd, location: String?) {
        let context = ExchangeContext(receiver)
        var response = ecdx_curl_response()
        var message = [CChar](repeating: 0, count: 512)
        let status = withExtendedLifetime(context) {
            address.text.withCString { url in
                agent.withCString { agent in
                    withOptionalCString(etag) { etag in
                        withOptionalCString(key?.header) { header in
                            var request = ecdx_curl_request(
                                url: url, user_agent: agent, from: Int64(from), if_range: etag, header: header,
                                direct: address.isLoopback ? 1 : 0, connect_seconds: patience.connect, stall_seconds: patience.stall)
                            var calls = ExchangeContext.calls(context)
                            return ecdx_curl_get(handle, &request, &calls, &response, &message, message.count)
                        }
                    }
                }
            }
        }
        if let failure = context.failure { throw failure }
        let location = withUnsafeBytes(of: &response.location) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let reason = String(cBuffer: message)
        let end: ExchangeEnd =
            switch Int(status) {
            case ECDX_CURL_DONE: .done(Answer(response))
            case ECDX_CURL_STOPPED: .stopped
            case ECDX_CURL_CUT, ECDX_CURL_SILENT: .cut(reason)
            default: .failed(reason)
            }
        return (end, location.isEmpty ? nil : location)
    }
}

/// The context that libcurl's callbacks come back to. An error of the receiver waits here until libcurl has returned.
private final class ExchangeContext {
    let receiver: any Receiver
    var failure: (any Error)?

    init(_ receiver: any Receiver) { self.receiver = receiver }

    /// The callbacks for libcurl; `context` must live as long as they are used.
    static func calls(_ context: ExchangeContext) -> ecdx_curl_calls {
        ecdx_curl_calls(
            context: Unmanaged.passUnretained(context).toOpaque(),
            begin: { raw, response in
                guard let response else { return 1 }
                return ExchangeContext.call(raw) { try $0.begin(Answer(response.pointee)) }
            },
            data: { raw, bytes, count in ExchangeContext.call(raw) { try $0.take(UnsafeRawBufferPointer(start: bytes, count: count)) } },
            pause: { raw in
                guard let raw else { return 1 }
                return Unmanaged<ExchangeContext>.fromOpaque(raw).takeUnretainedValue().receiver.isStopped ? 1 : 0
            })
    }

    private static func call(_ raw: UnsafeMutableRawPointer?, _ body: (any Receiver) throws -> Void) -> Int32 {
        guard let raw else { return 1 }
        let context = Unmanaged<ExchangeContext>.fromOpaque(raw).takeUnretainedValue()
        do {
            try body(context.receiver)
            return 0
        } catch {
            context.failure = error
            return 1
        }
    }
}

extension Answer {
    init(_ response: ecdx_curl_response) {
        func known(_ value: Int64) -> Int? { value < 0 ? nil : Int(value) }
        func text<Buffer>(_ buffer: Buffer) -> String? {
            let text = withUnsafeBytes(of: buffer) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return text.isEmpty ? nil : text
        }
        self.init(
            status: response.status, length: known(response.length), rangeStart: known(response.range_start),
            rangeTotal: known(response.range_total),
            etag: text(response.etag), contentType: text(response.content_type), retryAfter: text(response.retry_after),
            errorCode: text(response.error_code), rateLimit: text(response.rate_limit),
            refusal: withUnsafeBytes(of: response.refusal) { Array($0.prefix(response.refusal_count)) })
    }
}

private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
}
