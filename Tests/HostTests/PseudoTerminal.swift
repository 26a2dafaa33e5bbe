import Glibc
import TestSupport

/// A program run behind a pseudo-terminal, as a person would run it: the program's session, controlling terminal,
/// standard input, output and error are the terminal; the test types and reads.
final class PseudoTerminal {
    let process: pid_t
    private let master: Int32
    private var received: [UInt8] = []
    /// How much of `received` earlier calls of `expect` have passed.
    private var passed = 0
    private var status: Int32?

    /// Starts `executable`. `environment` is the whole of its environment.
    init(
        executable: String, arguments: [String] = [], environment: [String: String], columns: Int = 80, rows: Int = 24,
        pixels: (width: Int, height: Int) = (0, 0)
    ) throws {
        var master: Int32 = -1
        var slave: Int32 = -1
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: UInt16(pixels.width), ws_ypixel: UInt16(pixels.height))
        guard openpty(&master, &slave, nil, nil, &size) == 0 else { throw TestFailure(description: "no pseudo-terminal: errno \(errno)") }
        self.master = master
        _ = fcntl(master, F_SETFD, FD_CLOEXEC)
        _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
        defer { Glibc.close(slave) }
        guard let name = ttyname(slave) else { throw TestFailure(description: "a pseudo-terminal without a name") }

        do {
            process = try spawn(executable, arguments, environment: environment, inNewSession: true) { actions in
                // The leader of a new session that opens a terminal gets it as its controlling terminal.
                posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
                posix_spawn_file_actions_adddup2(&actions, 0, 1)
                posix_spawn_file_actions_adddup2(&actions, 0, 2)
            }
        } catch {
            Glibc.close(master)
            throw error
        }
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            _ = wait(timeout: 10)
        }
        Glibc.close(master)
    }

    /// Everything the program wrote so far, escape sequences included.
    var output: String { String(decoding: received, as: UTF8.self) }

    /// Types the text. `\r` is the Enter key, `\u{3}` Control-C.
    func send(_ keys: String) throws {
        var bytes = Array(keys.utf8)[...]
        let end = deadline(10)
        while !bytes.isEmpty {
            // The program's echo must be read, or both sides wait for each other.
            try pump(until: end, writing: &bytes)
        }
    }

    /// Waits until the program writes `text` after what earlier calls found, and returns what came up to its end.
    @discardableResult
    func expect(_ text: String, timeout: Double = 20) throws -> String {
        let wanted = Array(text.utf8)
        let end = deadline(timeout)
        while true {
            if let found = find(wanted, from: passed) {
                defer { passed = found + wanted.count }
                return String(decoding: received[passed..<(found + wanted.count)], as: UTF8.self)
            }
            var nothing = ArraySlice<UInt8>()
            guard try pump(until: end, writing: &nothing) else {
                let rest = String(decoding: received[passed...], as: UTF8.self)
                throw TestFailure(description: "expected \(text.debugDescription) within \(timeout) s, found \(rest.debugDescription)")
            }
        }
    }

    /// Changes the size of the window; the program gets SIGWINCH.
    func resize(columns: Int, rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    /// Whether the terminal is as a shell leaves it: lines are edited by the system and echoed.
    var isCooked: Bool {
        var mode = termios()
        guard tcgetattr(master, &mode) == 0 else { return false }
        return mode.c_lflag & tcflag_t(ICANON) != 0 && mode.c_lflag & tcflag_t(ECHO) != 0
    }

    /// Waits for the program to end by itself: its exit status, or 128 + the signal that ended it; nil after the time.
    func wait(timeout: Double = 20) -> Int32? {
        let end = deadline(timeout)
        while status == nil {
            var raw: Int32 = 0
            let ended = waitpid(process, &raw, WNOHANG)
            if ended == process {
                status = shellStatus(raw)
            } else if ended < 0 || seconds() > end {
                break
            } else {
                var nothing = ArraySlice<UInt8>()
                if (try? pump(until: min(end, seconds() + 0.02), writing: &nothing)) == false { usleep(1000) }
            }
        }
        var nothing = ArraySlice<UInt8>()
        while status != nil, (try? pump(until: seconds(), writing: &nothing)) == true {}
        return status
    }

    /// Hangs up, as closing the window does, and waits for the program to end.
    func close() -> Int32? {
        if status == nil { kill(process, SIGHUP) }
        return wait()
    }

    /// Moves bytes both ways once. False when nothing moved before `end`.
    @discardableResult
    private func pump(until end: Double, writing bytes: inout ArraySlice<UInt8>) throws -> Bool {
        var entry = pollfd(fd: master, events: Int16(POLLIN | (bytes.isEmpty ? 0 : POLLOUT)), revents: 0)
        let left = max(0, end - seconds())
        guard poll(&entry, 1, Int32(left * 1000)) > 0 else {
            if !bytes.isEmpty { throw TestFailure(description: "the program takes no keys") }
            return false
        }
        if entry.revents & Int16(POLLIN) != 0 {
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = read(master, &chunk, chunk.count)
            if count > 0 {
                received += chunk[..<count]
                return true
            }
        }
        if !bytes.isEmpty, entry.revents & Int16(POLLOUT) != 0 {
            let count = bytes.prefix(512).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            if count > 0 { bytes = bytes.dropFirst(count) }
            return true
        }
        // The program closed the terminal.
        if !bytes.isEmpty { throw TestFailure(description: "the program has ended") }
        return false
    }

    private func find(_ wanted: [UInt8], from start: Int) -> Int? {
        guard !wanted.isEmpty, received.count >= wanted.count, start <= received.count - wanted.count else { return nil }
        return (start...(received.count - wanted.count)).first { received[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}

private func deadline(_ time: Double) -> Double { seconds() + time }
