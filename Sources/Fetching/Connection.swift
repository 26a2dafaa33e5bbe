import CCurl
import Diagnostics
import Storage

/// What a server says of the file before it sends it.
struct Answer: Sendable, Hashable {
    var status: Int
    /// Bytes of this answer; nil where it does not say.
    var length: Int?
    /// Of an answer with a part of the file.
    var rangeStart: Int?, rangeTotal: Int?
    /// Names this version of the file; nil where nothing does.
    var etag: String?
}

/// How an exchange ended, other than by an error of the receiver.
enum ExchangeEnd: Sendable, Hashable {
    case done(Answer)
    case stopped
    /// The connection broke, or nothing came for too long: to be tried again.
    case cut(String)
    /// Nothing would be different the next time.
    case failed(String)
}

/// Somebody who takes a file in.
protocol Receiver: AnyObject {
    func begin(_ answer: Answer) throws
    func take(_ bytes: UnsafeRawBufferPointer) throws
    /// Looked at while nothing comes, at least once a second.
    var isStopped: Bool { get }
}

/// A connection to the web that files come through one after the other, kept open between them. One thread at a time.
public final class Connection {
    /// Where waiting ends, in seconds.
    public struct Patience: Sendable {
        /// Until the server is reached.
        public var connect = 30
        /// With less than a byte a second.
        public var stall = 60
        public init() {}
    }

    static let redirects = 10
    private let handle: OpaquePointer
    private let agent: String
    private let patience: Patience

    /// `agent` is how servers are told who asks, such as `ecdx/0.1.0`. Throws `fetch-failed` where libcurl cannot be used.
    public init(agent: String, patience: Patience = Patience()) throws {
        // A server that hangs up is an error of the exchange, not the end of the process.
        try Interrupt.ignoreBrokenPipes()
        var made: OpaquePointer?
        var message = [CChar](repeating: 0, count: 256)
        guard ecdx_curl_new(&made, &message, message.count) == 0, let handle = made else {
            throw Diagnostic("fetch-failed", "expected libcurl, found: \(swiftText(message))")
        }
        self.handle = handle
        self.agent = agent
        self.patience = patience
    }

    deinit { ecdx_curl_free(handle) }

    /// Gets a file, following redirects; `from` and `etag` ask for the rest of one. Throws `refused-address`, `fetch-failed` for
    /// too many redirects, and what the receiver throws.
    func get(_ address: Address, from: Int, etag: String?, receiver: any Receiver) throws -> (end: ExchangeEnd, host: String) {
        var place = address
        for _ in 0...Self.redirects {
            let (end, location) = try exchange(place, from: from, etag: etag, receiver)
            guard case .done(let answer) = end, [301, 302, 303, 307, 308].contains(answer.status) else { return (end, place.host) }
            guard let location else {
                return (.failed("a redirect that does not say where to"), place.host)
            }
            place = try Address(location, from: place)
        }
        throw Diagnostic("fetch-failed", "expected `\(lastName(of: address.text))` after at most \(Self.redirects) redirects of `\(address.host)`, found one more")
    }

    private func exchange(_ address: Address, from: Int, etag: String?, _ receiver: any Receiver) throws -> (ExchangeEnd, location: String?) {
        let context = ExchangeContext(receiver)
        var response = ecdx_curl_response()
        var message = [CChar](repeating: 0, count: 512)
        let status = withExtendedLifetime(context) {
            address.text.withCString { url in
                agent.withCString { agent in
                    withOptionalCString(etag) { etag in
                        var request = ecdx_curl_request(
                            url: url, user_agent: agent, from: Int64(from), if_range: etag, direct: address.isLoopback ? 1 : 0,
                            connect_seconds: patience.connect, stall_seconds: patience.stall)
                        var calls = ExchangeContext.calls(context)
                        return ecdx_curl_get(handle, &request, &calls, &response, &message, message.count)
                    }
                }
            }
        }
        if let failure = context.failure { throw failure }
        let location = withUnsafeBytes(of: &response.location) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let reason = swiftText(message)
        let end: ExchangeEnd = switch Int(status) {
        case ECDX_CURL_DONE: .done(Answer(response))
        case ECDX_CURL_STOPPED: .stopped
        case ECDX_CURL_CUT, ECDX_CURL_SILENT: .cut(reason)
        default: .failed(reason)
        }
        return (end, location.isEmpty ? nil : location)
    }
}

/// What libcurl's calls come back to. An error of the receiver waits here until libcurl has returned.
private final class ExchangeContext {
    let receiver: any Receiver
    var failure: (any Error)?

    init(_ receiver: any Receiver) { self.receiver = receiver }

    /// `context` must live as long as they are used.
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
        let etag = withUnsafeBytes(of: response.etag) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        self.init(
            status: response.status, length: known(response.length), rangeStart: known(response.range_start), rangeTotal: known(response.range_total),
            etag: etag.isEmpty ? nil : etag)
    }
}

private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
}
