import Diagnostics
import Glibc
import Storage

/// A run that goes on without a terminal: the program started again in a session of its own.
public final class BackgroundRun {
    /// The number of its process.
    public let process: pid_t
    private var status: Int32?

    /// Starts the program with these arguments; what it writes goes to the file at `log`. Throws `cannot-start`.
    public init(_ arguments: [String], log: String) throws {
        try createFolder(parentFolder(of: log))
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o666)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A session of its own has no terminal whose end could reach it: glibc's POSIX_SPAWN_SETSID, which its header shows to GNU
        // programs only.
        posix_spawnattr_setflags(&attributes, 0x80)
        var words: [UnsafeMutablePointer<CChar>?] = (["ecdx"] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var started: pid_t = 0
        let failure = posix_spawn(&started, "/proc/self/exe", &actions, &attributes, &words, environ)
        guard failure == 0 else {
            throw Diagnostic("cannot-start", "the run cannot be started in the background: \(systemReason(failure))")
        }
        process = started
    }

    /// The exit status of the run; nil while it goes on.
    public func ended() -> Int32? {
        if let status { return status }
        var raw: Int32 = 0
        guard waitpid(process, &raw, WNOHANG) == process else { return nil }
        let signal = raw & 0x7F
        status = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
        return status
    }
}
