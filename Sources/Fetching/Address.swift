import CCurl
import Diagnostics

/// The address of a file on the web, as libcurl understands it.
public struct Address: Sendable, Hashable {
    public let text: String
    /// In lower case.
    public let scheme: String
    /// In lower case, an IPv6 address in brackets.
    public let host: String

    /// Throws `refused-address` where `text` is no address, names a user or a password, or is neither https nor of this machine.
    public init(_ text: String) throws {
        try self.init(text, from: nil)
    }

    /// The address that a redirect from `previous` leads to. From another machine none leads to this one.
    init(_ text: String, from previous: Address?) throws {
        var scheme = [CChar](repeating: 0, count: 32), host = [CChar](repeating: 0, count: 512), message = [CChar](repeating: 0, count: 256)
        var credentials: Int32 = 0
        let isAddress = !text.utf8.contains(0) && ecdx_curl_parts(text, &scheme, scheme.count, &host, host.count, &credentials, &message, message.count) == 0
        let leads = previous.map { "a redirect of `\($0.host)` leads to" } ?? "found"
        guard isAddress else { throw Diagnostic("refused-address", "expected an address such as `https://host/folder`, \(leads) `\(text)`") }
        guard credentials == 0 else {
            throw Diagnostic("refused-address", "expected an address without user and password, \(leads) one of `\(swiftText(host))` that has them")
        }
        self.text = text
        self.scheme = swiftText(scheme)
        self.host = swiftText(host)
        let isAllowed = self.scheme == "https" || self.scheme == "http" && isLoopback
        guard isAllowed, !self.host.isEmpty else {
            throw Diagnostic(
                "refused-address", "expected https, \(leads) `\(text)`", notes: ["what is not encrypted can be changed on its way; plain http is for this machine only"])
        }
        if isLoopback, let previous, !previous.isLoopback {
            throw Diagnostic("refused-address", "expected another machine, \(leads) this one, `\(self.host)`")
        }
    }

    /// Whether the host is this machine by name or number.
    public var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && !$0.hasPrefix("+") }
    }
}

/// The text of a C buffer up to its zero.
func swiftText(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
