import Diagnostics
import Glibc

/// The history file, which keeps what was typed between sessions: one entry a line, newlines written as `\n` and
/// backslashes doubled. Mode 0600. Entries are appended as they are made, so a session that is killed loses none, and
/// several sessions may share the file; it is cut to its limit, whole or not at all, when it has grown half as much again.
public struct HistoryFile: Sendable, Hashable {
    /// The path of the file.
    public var path: String
    /// The largest number of entries kept.
    public var limit: Int

    /// The size in bytes above which an entry is not kept.
    static let longestEntry = 1 << 16
    /// The size in bytes above which only the end of a file is read.
    static let longestFile = 1 << 23

    /// Creates a history at a path, with a limit on its entries.
    public init(path: String, limit: Int = 5000) {
        self.path = path
        self.limit = max(1, limit)
    }

    /// The history file of this user: `ECDX_HISTORY`, else `ecdx/history` below `XDG_STATE_HOME`, else below
    /// `~/.local/state`. nil where none is wanted (`ECDX_HISTORY` empty or `/dev/null`) or there is no home.
    public static func ofUser() -> HistoryFile? {
        location(chosen: environment("ECDX_HISTORY"), state: environment("XDG_STATE_HOME"), home: environment("HOME"))
            .map { HistoryFile(path: $0) }
    }

    static func location(chosen: String?, state: String?, home: String?) -> String? {
        if let chosen { return chosen.isEmpty || chosen == "/dev/null" ? nil : chosen }
        // A relative path is to be ignored, says the XDG specification.
        if let state, state.hasPrefix("/") { return state + "/ecdx/history" }
        if let home, home.hasPrefix("/") { return home + "/.local/state/ecdx/history" }
        return nil
    }

    /// The entries, oldest first, at most `limit`. A file that is not there has none. Throws `history`.
    public func load() throws -> [String] {
        guard access(path, F_OK) == 0 else { return [] }
        let descriptor = try open(O_RDWR)
        defer { close(descriptor) }
        let entries = Self.decode(try read(descriptor))
        let kept = Array(entries.suffix(limit))
        if entries.count > limit + limit / 2 { try rewrite(kept) }
        return kept
    }

    /// Adds an entry at the end. Throws `history`.
    public func append(_ entry: String) throws {
        guard entry.utf8.count <= Self.longestEntry, !entry.utf8.contains(0) else { return }
        try makeFolder()
        let descriptor = try open(O_RDWR | O_CREAT | O_APPEND)
        defer { close(descriptor) }
        var line = Self.encode(entry) + "\n"
        // A line torn by a full disk must not swallow this one.
        var last: UInt8 = 0x0A
        let size = lseek(descriptor, 0, SEEK_END)
        if size > 0, pread(descriptor, &last, 1, size - 1) == 1, last != 0x0A { line = "\n" + line }
        let error = writeAll(Array(line.utf8), to: descriptor)
        if error != 0 { throw failure(error) }
    }

    static func encode(_ entry: String) -> String {
        var result = ""
        for scalar in entry.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func decode(_ text: String) -> [String] {
        var entries: [String] = []
        for line in text.unicodeScalars.split(separator: "\n") {
            var entry = String.UnicodeScalarView()
            var escaped = false
            for scalar in line where scalar != "\0" {
                if escaped {
                    entry.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
                    escaped = false
                } else if scalar == "\\" {
                    escaped = true
                } else {
                    entry.append(scalar)
                }
            }
            if !entry.isEmpty { entries.append(String(entry)) }
        }
        return entries
    }

    /// Opens and locks the file, and makes sure that it is still the one at `path`: another session may put a new one there
    /// meanwhile.
    private func open(_ flags: Int32) throws -> Int32 {
        for _ in 0..<10 {
            let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NONBLOCK, 0o600)
            guard descriptor >= 0 else { throw failure(errno) }
            var status = stat()
            var named = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                close(descriptor)
                throw Diagnostic(
                    "history", "the history `\(path)` is not a file", severity: .warning, hint: "set ECDX_HISTORY to another path")
            }
            fchmod(descriptor, 0o600)
            // Some network file systems have no locks; a line may then be lost, never the file.
            flock(descriptor, LOCK_EX)
            if stat(path, &named) == 0, named.st_ino == status.st_ino, named.st_dev == status.st_dev { return descriptor }
            close(descriptor)
        }
        throw failure(EBUSY)
    }

    private func read(_ descriptor: Int32) throws -> String {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        let from = max(0, size - Self.longestFile)
        var bytes = [UInt8](repeating: 0, count: size - from)
        var done = 0
        while done < bytes.count {
            let wanted = bytes.count - done
            let count = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { pread(descriptor, $0 + done, wanted, off_t(from + done)) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            if count == 0 { break }
            done += count
        }
        var text = bytes[..<done]
        if from > 0 { text = text.drop { $0 != 0x0A } }
        return String(decoding: text, as: UTF8.self)
    }

    private func rewrite(_ entries: [String]) throws {
        guard let resolved = realpath(path, nil) else { throw failure(errno) }
        let target = String(cString: resolved)
        free(resolved)
        let aside = "\(target).\(getpid()).new"
        let descriptor = Glibc.open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(errno) }
        var error = writeAll(Array(entries.map { Self.encode($0) + "\n" }.joined().utf8), to: descriptor)
        if error == 0, fsync(descriptor) != 0 { error = errno }
        close(descriptor)
        if error == 0, rename(aside, target) != 0 { error = errno }
        if error != 0 {
            unlink(aside)
            throw failure(error)
        }
    }

    private func makeFolder() throws {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        var made = ""
        for part in path[..<slash].split(separator: "/", omittingEmptySubsequences: false) {
            made += part
            if !made.isEmpty, mkdir(made, 0o700) != 0, errno != EEXIST, access(made, F_OK) != 0 { throw failure(errno) }
            made += "/"
        }
    }

    private func failure(_ error: Int32) -> Diagnostic {
        Diagnostic(
            "history", "the history `\(path)` cannot be kept: \(systemReason(error))",
            severity: .warning, hint: "set ECDX_HISTORY to a path that can be written, or to nothing")
    }
}
