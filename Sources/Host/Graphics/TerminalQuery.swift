import CReadline
import Glibc

/// A query that asks the terminal what it can do.
enum TerminalQuery {
    /// The request for Primary Device Attributes: every terminal answers it, so that waiting seldom takes the whole time.
    static let attributes = "\u{1B}[c"

    /// The reply of a terminal, taken apart: its answers, and the keys that were typed meanwhile.
    struct Reply: Equatable {
        var answers = TerminalAnswers()
        /// Whether the answer to `attributes` is there, which comes last.
        var isWhole = false
        var keys: [UInt8] = []

        init(_ bytes: [UInt8]) {
            var index = 0
            while index < bytes.count {
                if bytes[index] == 0x1B, index + 1 < bytes.count {
                    if bytes[index + 1] == 0x5F, let end = Self.endOfString(bytes, from: index + 2) {
                        let text = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
                        if text.hasPrefix("G"), text.hasSuffix(";OK") { answers.kitty = true }
                        index = end + 2
                        continue
                    }
                    if let end = Self.endOfAttributes(bytes, from: index) {
                        let fields = bytes[(index + 3)..<end].split(separator: 0x3B)
                        // The first field is the class of the terminal.
                        if fields.dropFirst().contains([0x34]) { answers.sixel = true }
                        isWhole = true
                        index = end + 1
                        continue
                    }
                }
                keys.append(bytes[index])
                index += 1
            }
        }

        /// The position of the last `ESC` of a string `ESC _ ... ESC \`.
        private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int? {
            guard start + 1 < bytes.count else { return nil }
            return (start..<(bytes.count - 1)).first { bytes[$0] == 0x1B && bytes[$0 + 1] == 0x5C }
        }

        /// The position of the `c` that ends `ESC [ ? digits and ; c`.
        private static func endOfAttributes(_ bytes: [UInt8], from start: Int) -> Int? {
            guard start + 3 < bytes.count, bytes[start + 1] == 0x5B, bytes[start + 2] == 0x3F else { return nil }
            var index = start + 3
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) || bytes[index] == 0x3B { index += 1 }
            return index < bytes.count && bytes[index] == 0x63 ? index : nil
        }
    }

    /// Asks the terminal behind standard input and waits `seconds` at most. Keys typed meanwhile are given to the next line.
    /// `kitty`: whether to ask for kitty's protocol too; tmux would take that question for a title.
    static func ask(kitty: Bool, seconds: Double = 1, write: (String) -> Void) -> TerminalAnswers {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return TerminalAnswers() }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        guard tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0 else { return TerminalAnswers() }
        defer { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
        write((kitty ? KittyImage.query : "") + attributes)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1024)
        let end = steadySeconds() + seconds
        while !Reply(bytes).isWhole, bytes.count < 1 << 16 {
            let left = end - steadySeconds()
            guard left > 0 else { break }
            var wait = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let ready = poll(&wait, 1, Int32(left * 1000) + 1)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { break }
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        // Some terminals print a question they do not understand.
        write("\r\u{1B}[K")
        let reply = Reply(bytes)
        reply.keys.withUnsafeBufferPointer { crl_give_back($0.baseAddress, $0.count) }
        return reply.answers
    }
}
