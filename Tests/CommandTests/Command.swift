import Glibc
import Storage

/// The built command, started as a shell starts it: arguments, an environment, files for the three streams.
final class Command {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

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
    init(_ arguments: [String], executable: String? = nil, environment: [String: String], input: String = "/dev/null", out: String, err: String) throws {
        let program = try executable ?? builtProgram()
        (self.out, self.err) = (out, err)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0o600)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The test runner may ignore or block signals; the program starts with none of that.
        var all = sigset_t(), none = sigset_t()
        sigfillset(&all)
        sigdelset(&all, SIGKILL)
        sigdelset(&all, SIGSTOP)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var child: pid_t = 0
        let argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        let envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        let failure = posix_spawn(&child, program, &actions, &attributes, argv, envp)
        guard failure == 0 else { throw Failure(description: "cannot start \(program): \(String(cString: strerror(failure)))") }
        process = child
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
                throw Failure(description: "no end within \(timeout) s; standard error:\n\(contents(err))")
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
            guard seconds() < end else { throw Failure(description: "it did not come to pass within \(timeout) s; standard error:\n\(contents(err))") }
            usleep(1000)
        }
        return true
    }

    private func poll() {
        guard status == nil else { return }
        var raw: Int32 = 0
        guard waitpid(process, &raw, WNOHANG) == process else { return }
        status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
    }

    private func contents(_ path: String) -> String {
        (try? readFile(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The `ecdx` that was built together with these tests: it lies in the folder of the test runner, or, where a toolchain
/// loads the tests into a runner of its own, of the bundle that is among the arguments.
func builtProgram() throws -> String {
    let places = [try resolvedPath("/proc/self/exe")] + CommandLine.arguments
    for place in places where place.contains("/") {
        let path = joined(parentFolder(of: place), "ecdx")
        if access(path, X_OK) == 0, fileStatus(path)?.kind == .file { return path }
    }
    throw Command.Failure(description: "no built ecdx beside \(places.joined(separator: ", "))")
}
