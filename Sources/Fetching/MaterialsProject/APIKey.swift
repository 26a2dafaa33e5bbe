import Diagnostics
import Glibc

/// A secret key of a web interface, which shows itself to nobody: not as text, in messages, in files, or in addresses. It goes to
/// the server it is for as the header `x-api-key`, or `Authorization`.
public struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The headers that a key goes as.
    public enum Form: Sendable {
        /// `x-api-key`.
        case plain
        /// `Authorization: Bearer` (RFC 6750, 2.1).
        case bearer
    }

    private let secret: String
    private let form: Form

    /// Takes a key, blanks and ends of line around it taken off. Throws `fetch-failed`, without the text, where it is not 8 to 256
    /// letters, digits and marks of ASCII.
    public init(_ text: String, form: Form = .plain) throws {
        let blanks: Set<UInt8> = [9, 10, 13, 32]
        let kept = text.utf8.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed()
        guard (8...256).contains(kept.count), kept.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Diagnostic(
                "fetch-failed", "expected a key of 8 to 256 letters and digits, found another text of \(kept.count) bytes",
                hint: form == .plain
                    ? "copy the key anew; those of the Materials Project have 32 characters"
                    : "copy the token anew into HF_TOKEN; those of the hub begin with `hf_`")
        }
        self.form = form
        secret = String(decoding: Array(kept), as: UTF8.self)
    }

    /// The key of the Materials Project in `MP_API_KEY`; nil where that is not set or empty. Throws `fetch-failed` where it cannot be one.
    public static func materialsProject() throws -> APIKey? {
        guard let text = environment("MP_API_KEY"), !text.isEmpty else { return nil }
        return try APIKey(text)
    }

    /// The token of the Hugging Face hub in `HF_TOKEN`, and from nowhere else; nil where that is not set or empty. Throws
    /// `fetch-failed` where it cannot be one.
    public static func hub() throws -> APIKey? {
        guard let text = environment("HF_TOKEN"), !text.isEmpty else { return nil }
        return try APIKey(text, form: .bearer)
    }

    /// Words in place of the key.
    public var description: String { "(a key)" }
    /// Words in place of the key.
    public var debugDescription: String { description }
    /// A mirror without the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// The line of the header.
    var header: String { form == .plain ? "x-api-key: \(secret)" : "Authorization: Bearer \(secret)" }

    /// A text of a server with words in place of the key, should it hold it.
    func removed(from text: String) -> String { text.replacing(secret, with: description) }

    /// A diagnostic with words in place of the key.
    func removed(from diagnostic: Diagnostic) -> Diagnostic {
        var copy = diagnostic
        copy.message = removed(from: copy.message)
        copy.notes = copy.notes.map(removed)
        copy.hints = copy.hints.map(removed)
        return copy
    }

    /// Whether bytes of a server hold the key.
    func isIn(_ bytes: [UInt8]) -> Bool {
        let key = Array(secret.utf8)
        return bytes.withUnsafeBytes { hay in
            key.withUnsafeBytes { needle in
                guard let start = hay.baseAddress, let wanted = needle.baseAddress else { return false }
                var place = 0
                // `memchr` passes over what does not begin like the key, which is nearly all.
                while place + needle.count <= hay.count,
                    let found = memchr(start + place, Int32(needle[0]), hay.count - needle.count + 1 - place)
                {
                    if memcmp(found, wanted, needle.count) == 0 { return true }
                    place = start.distance(to: UnsafeRawPointer(found)) + 1
                }
                return false
            }
        }
    }
}
