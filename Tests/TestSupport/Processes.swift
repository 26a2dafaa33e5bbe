import Glibc
import Storage

/// Starts a program as a shell does, and gives its process id. `environment` is the whole of its environment, that of the tests
/// where it is nil; `prepare` says what its streams are.
public func spawn(
    _ program: String, _ arguments: [String] = [], environment: [String: String]? = nil, inNewSession: Bool = false,
    prepare: (inout posix_spawn_file_actions_t) -> Void = { _ in }
) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    prepare(&actions)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The test runner may ignore or block signals; the program starts with none of that.
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigdelset(&all, SIGKILL)
    sigdelset(&all, SIGSTOP)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    // glibc's POSIX_SPAWN_SETSID, which its header shows to GNU programs only.
    let newSession: Int32 = inNewSession ? 0x80 : 0
    posix_spawnattr_setflags(&attributes, Int16(newSession | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var child: pid_t = 0
    let argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = []
    if let environment { envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil] }
    defer { (argv + envp).forEach { free($0) } }
    let failure =
        environment == nil
        ? posix_spawn(&child, program, &actions, &attributes, argv, environ)
        : posix_spawn(&child, program, &actions, &attributes, argv, envp)
    guard failure == 0 else { throw TestFailure(description: "cannot start \(program): \(String(cString: strerror(failure)))") }
    return child
}

/// Runs a command to its end, and gives its process id and its exit status, as a shell says it.
@discardableResult
public func runToEnd(_ arguments: [String]) throws -> (pid: pid_t, status: Int32) {
    guard let program = arguments.first else { throw TestFailure(description: "no command") }
    let child = try spawn(program, Array(arguments.dropFirst()))
    var raw: Int32 = 0
    while waitpid(child, &raw, 0) < 0, errno == EINTR {}
    return (child, shellStatus(raw))
}

/// The exit status in what `waitpid` tells of an ended process, or 128 + the signal that ended it, as a shell says.
public func shellStatus(_ raw: Int32) -> Int32 { raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F }

/// The time of a clock that only goes forward, in seconds.
public func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The path of the `ecdx` that was built together with these tests: it lies in the folder of the test runner, or, where a
/// toolchain loads the tests into a runner of its own, of the bundle that is among the arguments.
public func builtProgram() throws -> String {
    let places = [try resolvedPath("/proc/self/exe")] + CommandLine.arguments
    for place in places where place.contains("/") {
        let path = joined(parentFolder(of: place), "ecdx")
        if access(path, X_OK) == 0, fileStatus(path)?.kind == .file { return path }
    }
    throw TestFailure(description: "no built ecdx beside \(places.joined(separator: ", "))")
}
