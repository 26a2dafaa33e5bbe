#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension String {
    /// The text of a C buffer up to its zero, read as UTF-8.
    public init(cBuffer buffer: some Sequence<CChar>) {
        self.init(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// The value of an environment variable; nil where it is not set.
public func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// The system's words for an error number, in lower case as messages have them.
public func systemReason(_ error: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(error, &buffer, buffer.count) == 0 else { return "error \(error)" }
    return String(cBuffer: buffer).lowercased()
}
