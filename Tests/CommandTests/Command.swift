import Glibc
import Storage
import TestSupport

/// The built command, started as a shell starts it: arguments, an environment, files for the three streams.
final class Command {
    /// How the command ended, and what it wrote.
    struct Outcome {
        /// The exit status, or 128 + the signal that ended it, as a shell says.
        var status: Int32
        var out: String
        var err: String
    }

    let process: pid_t
    private let out: String
    private let err: String
    private var status: Int32?

    /// Starts `executable` (the built `ecdx` where nil). Standard input is the file at `input`, else empty. `err` goes to
    /// the same file as `out` where it is nil.
    init(
        _ arguments: [String], executable: String? = nil, environment: [String: String], input: String = "/dev/null", out: String,
        err: String
    ) throws {
        let program = try executable ?? builtProgram()
        (self.out, self.err) = (out, err)
        process = try spawn(program, arguments, environment: environment) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
    }

    deinit {
        guard status == nil else { return }
        kill(process, SIGKILL)
        _ = try? wait()
    }

    /// Whether it is still at work.
    var isRunning: Bool {
        poll()
        return status == nil
    }

    func send(_ signal: Int32) {
        if isRunning { kill(process, signal) }
    }

    /// Waits for the end. Throws where it does not come in time.
    func wait(timeout: Double = 120) throws -> Outcome {
        let end = seconds() + timeout
        while isRunning {
            if seconds() > end {
                kill(process, SIGKILL)
                throw TestFailure(description: "no end within \(timeout) s; standard error:\n\(contents(err))")
            }
            usleep(1000)
        }
        return Outcome(status: status ?? -1, out: contents(out), err: contents(err))
    }

    /// Waits until standard error holds `text`; false where the command ends before.
    func waitFor(_ text: String, timeout: Double = 60) throws -> Bool {
        try waitUntil(timeout: timeout) { contents(err).contains(text) }
    }

    /// Waits until something holds; false where the command ends before.
    func waitUntil(timeout: Double = 60, _ condition: () -> Bool) throws -> Bool {
        let end = seconds() + timeout
        while !condition() {
            if !isRunning { return condition() }
            guard seconds() < end else {
                throw TestFailure(description: "it did not come to pass within \(timeout) s; standard error:\n\(contents(err))")
            }
            usleep(1000)
        }
        return true
    }

    private func poll() {
        guard status == nil else { return }
        var raw: Int32 = 0
        guard waitpid(process, &raw, WNOHANG) == process else { return }
        status = shellStatus(raw)
    }

    private func contents(_ path: String) -> String {
        (try? readFile(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
