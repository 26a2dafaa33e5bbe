import Dispatch
import Glibc
import Storage
import Synchronization

/// A web server on this machine, as good or as bad as a test wants it.
public final class FetchServer: Sendable {
    /// A request as it came.
    public struct Request: Sendable {
        /// The path with what stands behind `?`.
        public var path: String
        /// By names in lower case.
        public var headers: [String: String]

        /// The first byte asked for, where a part is asked for.
        public var from: Int? { headers["range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } }
    }

    /// A reply to send.
    public struct Reply: Sendable {
        /// Status code of HTTP.
        public var status = 200
        /// Further headers.
        public var headers: [String: String] = [:]
        /// The bytes of the body.
        public var body: [UInt8] = []
        /// What Content-Length says; nil: the truth.
        public var length: Int?
        /// Says no length at all: the end of the connection is the end.
        public var isEndless = false
        /// Hangs up after so many bytes of the body.
        public var cut: Int?
        /// Microseconds between two KiB.
        public var pause: UInt32 = 0
        /// Not HTTP at all: sent as it is.
        public var raw: [UInt8]?

        /// Makes a reply, by default an empty file.
        public init(
            status: Int = 200, headers: [String: String] = [:], body: [UInt8] = [], length: Int? = nil, isEndless: Bool = false,
            cut: Int? = nil, pause: UInt32 = 0, raw: [UInt8]? = nil
        ) {
            (self.status, self.headers, self.body, self.length, self.isEndless) = (status, headers, body, length, isEndless)
            (self.cut, self.pause, self.raw) = (cut, pause, raw)
        }

        /// A redirect to another place, or one that does not say where to.
        public static func redirect(_ place: String?, status: Int = 302) -> Reply {
            Reply(status: status, headers: place.map { ["Location": $0] } ?? [:], body: Array("elsewhere".utf8))
        }

        /// A file as a good server sends it: a part where one is asked for and the version is still the same.
        public static func file(_ bytes: [UInt8], etag: String? = nil, for request: Request, cut: Int? = nil, pause: UInt32 = 0) -> Reply {
            var reply = Reply(headers: etag.map { ["ETag": $0] } ?? [:], body: bytes, cut: cut, pause: pause)
            guard let from = request.from, let etag, request.headers["if-range"] == etag else { return reply }
            guard from < bytes.count else { return Reply(status: 416) }
            reply.status = 206
            reply.headers["Content-Range"] = "bytes \(from)-\(bytes.count - 1)/\(bytes.count)"
            reply.body = Array(bytes[from...])
            return reply
        }
    }

    /// The port on this machine.
    public let port: UInt16
    private let listener: Int32
    private let handler: @Sendable (Request) -> Reply
    private let state = Mutex<(requests: [Request], connections: Int)>(([], 0))

    /// What was asked so far.
    public var requests: [Request] { state.withLock { $0.requests } }
    /// The number of connections that were made.
    public var connections: Int { state.withLock { $0.connections } }
    /// The address of the server, without a slash at the end.
    public var base: String { "http://127.0.0.1:\(port)" }

    /// Starts a server whose replies `handler` gives.
    public init(_ handler: @escaping @Sendable (Request) -> Reply) throws {
        self.handler = handler
        let door = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        listener = door
        let isReady = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                door >= 0 && bind(door, raw, size) == 0 && listen(door, 64) == 0 && getsockname(door, raw, &size) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isReady else { throw TestFailure(description: "no server: errno \(errno)") }
        DispatchQueue(label: "ecdx.test.server").async { [weak self] in
            while true {
                let connection = accept(door, nil, nil)
                guard connection >= 0 else { return }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                guard let self else {
                    close(connection)
                    return
                }
                self.state.withLock { $0.connections += 1 }
                DispatchQueue(label: "ecdx.test.connection").async { [weak self] in
                    while let self, self.serve(connection) {}
                    // A program started meanwhile may hold it too. What was sent arrives only if the other side hangs up first.
                    shutdown(connection, Int32(SHUT_WR))
                    var (wait, byte) = (timeval(tv_sec: 2, tv_usec: 0), UInt8(0))
                    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
                    while recv(connection, &byte, 1, 0) == 1 {}
                    close(connection)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// One request and its reply; false where the connection ends.
    private func serve(_ connection: Int32) -> Bool {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard recv(connection, &byte, 1, 0) == 1 else { return false }
            head.append(byte)
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        var request = Request(path: lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? "", headers: [:])
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { request.headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " }) }
        }
        state.withLock { $0.requests.append(request) }
        let reply = handler(request)
        if let raw = reply.raw {
            _ = put(raw, connection)
            return false
        }
        var text = "HTTP/1.1 \(reply.status) X\r\n" + reply.headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        text += reply.isEndless ? "Connection: close\r\n\r\n" : "Content-Length: \(reply.length ?? reply.body.count)\r\n\r\n"
        guard put(Array(text.utf8), connection) else { return false }
        var sent = 0
        let end = min(reply.cut ?? reply.body.count, reply.body.count)
        while sent < end {
            let next = min(end, sent + (reply.pause > 0 ? 1024 : 1 << 16))
            guard put(Array(reply.body[sent..<next]), connection) else { return false }
            sent = next
            if reply.pause > 0 { usleep(reply.pause) }
        }
        return reply.cut == nil && !reply.isEndless && reply.length == nil
    }

    private func put(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(connection, $0.baseAddress.map { $0 + done }, bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}

/// A value that a test and its server share.
public final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>
    /// Makes a value to share.
    public init(_ value: Value) { state = Mutex(value) }

    /// The value.
    public var value: Value {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    /// Changes the value, alone with it.
    public func change<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result { state.withLock { body(&$0) } }
}

/// A count that several threads add to.
public final class Tally: Sendable {
    private let state = Mutex(0)
    /// Makes a count of 0.
    public init() {}
    /// Adds one.
    public func add() { state.withLock { $0 += 1 } }
    /// The count.
    public var value: Int { state.withLock { $0 } }
}

extension Scratch {
    /// The names in the folder.
    public var names: [String] { (try? listFolder(path)) ?? [] }
}

/// Bytes that look like nothing, and the same for the same seed.
public func fetchBytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 24)
    }
}
