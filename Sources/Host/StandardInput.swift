import Diagnostics
import Glibc

/// Standard input, where it is not a keyboard: the whole of it is one script.
public enum StandardInput {
    /// Whether lines are typed at a terminal.
    public static var isTTY: Bool { isatty(STDIN_FILENO) == 1 }

    /// The largest size of a script, in bytes.
    static let limit = 1 << 24

    /// Reads everything up to the end of the input, as UTF-8. Throws `bad-input` when it is longer than 16 MiB, is not
    /// UTF-8, or cannot be read.
    public static func readAll() throws -> String { try readAll(from: STDIN_FILENO) }

    static func readAll(from descriptor: Int32) throws -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw Diagnostic("bad-input", "standard input cannot be read: \(systemReason(errno))")
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw Diagnostic(
                    "bad-input", "expected a script of at most 16 MiB on standard input, found more", hint: "name the file: `ecdx run FILE`"
                )
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic("bad-input", "expected UTF-8 on standard input, found other bytes", hint: "save the script as UTF-8")
        }
        return text
    }
}
