import CCurl
import Diagnostics

/// The address of a file on the web, as libcurl understands it.
public struct Address: Sendable, Hashable {
    /// The address as it was written.
    public let text: String
    /// The scheme in lower case, `https` or `http`.
    public let scheme: String
    /// The host in lower case, an IPv6 address in brackets.
    public let host: String
    /// The port, that of the scheme where the address names none.
    let port: Int

    /// Whether the other address is of the same server: the same scheme, host and port.
    func isSameServer(as other: Address) -> Bool { scheme == other.scheme && host == other.host && port == other.port }

    /// Parses an address. Throws `refused-address` where `text` is no address, names a user or a password, or is neither https
    /// nor of this machine.
    public init(_ text: String) throws {
        try self.init(text, from: nil)
    }

    /// Parses the address that a redirect from `previous` leads to. Throws as `init(_:)`, and where a redirect of another machine
    /// leads to this one.
    init(_ text: String, from previous: Address?) throws {
        var scheme = [CChar](repeating: 0, count: 32)
        var host = [CChar](repeating: 0, count: 512)
        var message = [CChar](repeating: 0, count: 256)
        var (port, credentials): (Int32, Int32) = (0, 0)
        let isAddress =
            !text.utf8.contains(0)
            && ecdx_curl_parts(text, &scheme, scheme.count, &host, host.count, &port, &credentials, &message, message.count) == 0
        let leads = previous.map { "a redirect of `\($0.host)` leads to" } ?? "found"
        guard isAddress else {
            throw Diagnostic("refused-address", "expected an address such as `https://host/folder`, \(leads) `\(text)`")
        }
        guard credentials == 0 else {
            throw Diagnostic(
                "refused-address", "expected an address without user and password, \(leads) one of `\(String(cBuffer: host))` that has them"
            )
        }
        self.text = text
        self.scheme = String(cBuffer: scheme)
        self.host = String(cBuffer: host)
        self.port = Int(port)
        let isAllowed = self.scheme == "https" || self.scheme == "http" && isLoopback
        guard isAllowed, !self.host.isEmpty else {
            throw Diagnostic(
                "refused-address", "expected https, \(leads) `\(text)`",
                notes: ["what is not encrypted can be changed on its way; plain http is for this machine only"])
        }
        if isLoopback, let previous, !previous.isLoopback {
            throw Diagnostic("refused-address", "expected another machine, \(leads) this one, `\(self.host)`")
        }
    }

    /// Whether the host is this machine, by name or number.
    public var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && !$0.hasPrefix("+") }
    }
}
