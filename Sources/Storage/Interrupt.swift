import CSupport
import Diagnostics
import Glibc

/// The signals that ask a run to save and stop: SIGINT (Ctrl-C), SIGTERM, SIGUSR1 (Slurm's warning before the limit), and SIGHUP (the
/// terminal went away), unless that is ignored, as `nohup` has it.
/// The handlers only set a flag, which the work looks at between steps. A second Ctrl-C while one is pending ends the
/// process at once with status 130; the store is whole at every instant, so nothing is lost but the last steps.
public enum Interrupt {
    /// Catches these signals and ignores SIGPIPE. Harmless when already installed. Throws `cannot-catch-signals`.
    public static func install() throws { try check(ecdx_signals_install()) }

    /// Ignores SIGPIPE alone, so that a closed pipe is an error of writing and not the end of the process.
    public static func ignoreBrokenPipes() throws { try check(ecdx_signals_ignore_pipe()) }

    /// The number of the pending signal, or nil. SIGTERM prevails over SIGINT, SIGINT over SIGHUP, SIGHUP over SIGUSR1.
    public static var requested: Int32? {
        let pending = ecdx_signals_pending()
        return pending == 0 ? nil : pending
    }

    /// Forgets a pending signal.
    public static func reset() { ecdx_signals_reset() }

    /// Asks the work of this process to save and stop, as SIGUSR1 does, or takes that back. A signal that came is not forgotten by it.
    public static func ask(toStop: Bool) { ecdx_signals_ask(toStop ? 1 : 0) }

    /// The exit status of a run stopped by a signal: 130 for SIGINT, 129 for SIGHUP, 143 for the others.
    public static func exitStatus(of signal: Int32) -> Int32 { signal == SIGINT ? 130 : signal == SIGHUP ? 129 : 143 }

    private static func check(_ status: Int32) throws {
        guard status == 0 else {
            throw Diagnostic("cannot-catch-signals", "expected to catch SIGINT, SIGTERM, SIGHUP and SIGUSR1, found \(plainWords(status))")
        }
    }
}
