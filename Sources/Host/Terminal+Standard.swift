import Diagnostics
import Glibc
import Synchronization

extension Terminal {
    /// The terminal of this process: standard output and standard error. From then on a reader that goes away is an
    /// error of a write (`failure(of:)`), not a signal that ends the program. Children inherit that: whoever spawns
    /// one gives it the default back.
    ///
    /// It is one and the same at each call, so that what could not be written is known at the end.
    public static func standard() -> Terminal {
        signal(SIGPIPE, SIG_IGN)
        return ofProcess
    }

    private static let ofProcess = makeStandard()

    private static func makeStandard() -> Terminal {
        let out = isatty(STDOUT_FILENO) == 1
        let err = isatty(STDERR_FILENO) == 1
        let dumb = environment("TERM").map { $0.isEmpty || $0 == "dumb" } ?? true
        // no-color.org: set and not empty.
        let plain = environment("NO_COLOR").map { !$0.isEmpty } ?? false
        let traits = Traits(
            outIsTTY: out, errIsTTY: err, movesCursor: !dumb, allowsColor: !dumb && !plain, unicode: localeIsUTF8())
        let descriptor = out ? STDOUT_FILENO : STDERR_FILENO
        let screen = out || err
        return Terminal(
            traits: traits, width: { screenWidth(descriptor, isScreen: screen) }, window: { screen ? windowSize(descriptor) : nil }
        ) { stream, bytes in
            writeAll(bytes, to: stream == .out ? STDOUT_FILENO : STDERR_FILENO)
        }
    }

    /// A terminal that keeps what is written to it, for tests.
    public static func captured(
        _ traits: Traits = Traits(outIsTTY: false, errIsTTY: false), width: Int? = nil, window: WindowSize? = nil
    ) -> (Terminal, Capture) {
        let capture = Capture()
        let terminal = Terminal(traits: traits, width: { width }, window: { window }) { stream, bytes in
            capture.add(String(decoding: bytes, as: UTF8.self), to: stream)
            return 0
        }
        return (terminal, capture)
    }
}

/// The text written to a captured terminal, escape sequences included.
public final class Capture: Sendable {
    private let texts = Mutex<[Terminal.Stream: String]>([:])

    /// The results.
    public var out: String { texts.withLock { $0[.out] ?? "" } }
    /// The progress and diagnostics.
    public var err: String { texts.withLock { $0[.err] ?? "" } }

    func add(_ text: String, to stream: Terminal.Stream) { texts.withLock { $0[stream, default: ""] += text } }
}

/// Whether the locale that the environment asks for, or the plain one, shows UTF-8: only a locale that is named and
/// says otherwise is taken at its word, since every terminal of today reads UTF-8.
private func localeIsUTF8() -> Bool {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
        guard let value = environment(name), !value.isEmpty else { continue }
        let lower = value.lowercased()
        return lower.contains("utf-8") || lower.contains("utf8") || lower == "c" || lower == "posix"
    }
    return true
}

/// The width in columns of the window behind `descriptor`, or `COLUMNS`, or 80; nil where neither stream is a screen.
private func screenWidth(_ descriptor: Int32, isScreen: Bool) -> Int? {
    guard isScreen else { return nil }
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    if let columns = environment("COLUMNS").flatMap({ Int($0) }), (1...10_000).contains(columns) { return columns }
    return 80
}

/// The size of the window behind `descriptor`, 80 x 24 where it does not say.
private func windowSize(_ descriptor: Int32) -> WindowSize {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
        return WindowSize(columns: 80, rows: 24)
    }
    let hasPixels = size.ws_xpixel > 0 && size.ws_ypixel > 0
    return WindowSize(
        columns: Int(size.ws_col), rows: Int(size.ws_row),
        pixels: hasPixels ? .init(width: Int(size.ws_xpixel), height: Int(size.ws_ypixel)) : nil)
}

/// Writes every byte, whatever the descriptor takes at a time; 0, or the errno of the write that failed.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
        var done = 0
        while done < buffer.count {
            let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            if count >= 0 {
                done += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                // Another program may have made the shared terminal non-blocking.
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
            default: return errno
            }
        }
        return 0
    }
}
