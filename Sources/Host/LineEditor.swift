import CReadline
import Diagnostics

/// The outcome of reading one line.
public enum LineRead: Sendable, Hashable {
    /// A line, without its end.
    case line(String)
    /// The end of the input: Control-D on an empty line, or nothing more to read.
    case end
    /// An interruption by Control-C: the line was given up.
    case interrupted
    /// A line of more bytes than this: it was given up.
    case tooLong(Int)
    /// A signal that asks the program to end; the program's own handler has run.
    case signalled(Int32)
}

/// A source of the lines of a session.
public protocol LineSource: AnyObject {
    /// Reads a line. `completions` is asked with the line so far and the cursor's UTF-8 offset in it.
    func read(prompt: String, completions: @escaping (String, Int) -> Completions) throws -> LineRead
    /// Keeps an entry, which may have several lines, for the arrow keys.
    func remember(_ entry: String)
}

/// A line editor on the terminal, through GNU readline. One per process, used from one thread: readline's state is global.
public final class LineEditor: LineSource {
    private var complete: ((String, Int) -> Completions)?

    /// Prepares the editor; `inputrc` files know the program as `name`. Throws `terminal`.
    public init(name: String, historyLimit: Int) throws {
        try Self.check { crl_init(name, Int32(clamping: historyLimit), $0, $1) }
    }

    /// Reads a line, with completion at Tab. Throws `terminal`.
    public func read(prompt: String, completions: @escaping (String, Int) -> Completions) throws -> LineRead {
        complete = completions
        defer { complete = nil }
        // The context lives as long as this call, and readline asks only inside it.
        let context = Unmanaged.passUnretained(self).toOpaque()
        try Self.check { crl_set_completion(candidates, context, $0, $1) }
        defer { _ = crl_set_completion(nil, nil, nil, 0) }

        var line: UnsafeMutablePointer<CChar>?
        var signal: Int32 = 0
        var message = [CChar](repeating: 0, count: 256)
        let status = crl_read_line(prompt, &line, &signal, &message, message.count)
        defer { crl_free(line) }
        switch Int(status) {
        case CRL_OK: return .line(line.map { String(cString: $0) } ?? "")
        case CRL_END: return .end
        case CRL_INTERRUPTED: return .interrupted
        case CRL_TOO_LONG: return .tooLong(Int(CRL_LONGEST_LINE))
        case CRL_SIGNALLED: return .signalled(signal)
        default: throw Self.failure(message)
        }
    }

    /// Keeps an entry in readline's history, for the arrow keys.
    public func remember(_ entry: String) {
        // readline keeps C strings.
        guard !entry.utf8.contains(0) else { return }
        _ = crl_add_history(entry, nil, 0)
    }

    fileprivate func fill(_ into: OpaquePointer, line: String, point: Int) {
        guard let found = complete?(line, point), !found.candidates.isEmpty, found.replaceFrom <= point else { return }
        let typed = slice(of: line, from: found.replaceFrom, to: point)
        guard crl_begin_candidates(into, max(0, found.replaceFrom), found.common(typed: typed), max(0, found.unlisted)) == 0 else { return }
        for candidate in found.candidates where crl_add_candidate(into, candidate.text) != 0 { return }
    }

    /// The size that readline is told of a window: none so small that nothing can be drawn in it, none too large to make room for.
    static func guarded(rows: Int32, columns: Int32) -> (rows: Int32, columns: Int32) {
        var size = (rows: rows, columns: columns)
        crl_guarded_size(&size.rows, &size.columns)
        return size
    }

    /// Whether a line of so many bytes, of which `pasted` more are on their way, is read and drawn.
    static func mayGrow(length: Int, pasted: Int) -> Bool { crl_may_grow(length, pasted) != 0 }

    private static func check(_ call: (UnsafeMutablePointer<CChar>, Int) -> Int32) throws {
        var message = [CChar](repeating: 0, count: 256)
        let status = message.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { call($0, buffer.count) } ?? -1
        }
        guard status == 0 else { throw failure(message) }
    }

    private static func failure(_ message: [CChar]) -> Diagnostic {
        let text = String(cBuffer: message)
        return Diagnostic("terminal", text.isEmpty ? "the terminal cannot be read" : text, hint: "pipe the script in: `ecdx < script.ecdx`")
    }
}

/// Answers readline's question for candidates. Nothing in here throws or traps: it runs inside a C call.
private func candidates(context: UnsafeMutableRawPointer?, line: UnsafePointer<CChar>?, point: Int, into: OpaquePointer?) {
    // In a line that is not UTF-8 the offsets of the text would not be those of the bytes.
    guard let context, let line, let into, let text = String(validatingCString: line) else { return }
    Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue().fill(into, line: text, point: point)
}
