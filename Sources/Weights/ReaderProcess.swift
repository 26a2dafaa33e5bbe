import CHDF5
import Diagnostics
import Glibc

/// A child process whose standard output is read here; killed and waited for when the last reference goes.
final class ReaderProcess {
    /// The reason why the child's output ended before what was wanted.
    enum Ending: Error, Equatable {
        /// The child exited of itself, with this status.
        case exited(Int32)
        /// The child was ended by this signal.
        case signal(Int32)
        /// The child did not come to an end in time.
        case late
    }

    private var process: pid_t?
    private let output: Int32
    /// The end of the time allowed, in seconds of the monotonic clock.
    private let deadline: Double

    /// Starts `program` with two arguments; an interrupt at the terminal does not reach it. Throws `cannot-read`.
    init(program: String, _ first: String, _ second: String, seconds: Double) throws {
        var process: Int32 = 0
        var output: Int32 = -1
        do {
            try call { ecdx_h5_start(program, first, second, &process, &output, $0, $1) }
        } catch {
            throw Diagnostic("cannot-read", "expected to start the program that reads weights, found `\(program)`: \(error.message)")
        }
        self.process = process
        self.output = output
        deadline = now() + seconds
    }

    deinit {
        close(output)
        if let process {
            // It leads a group of its own.
            kill(-process, SIGKILL)
            _ = wait(for: process)
        }
    }

    /// Fills `buffer` from the output. Throws `Ending` where the output ends before.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Ending) {
        var done = 0
        while done < buffer.count {
            guard waitForOutput() else { throw Ending.late }
            let count = Glibc.read(output, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw ending() }
            done += count
        }
    }

    /// Waits for the end of the process. A child that has said all it had to say ends at once.
    func ending() -> Ending {
        guard let process else { return .exited(0) }
        while true {
            var raw: Int32 = 0
            let found = waitpid(process, &raw, WNOHANG)
            if found == process || found < 0 && errno != EINTR {
                self.process = nil
                // A process that somebody else has waited for is gone without a word.
                return found < 0 ? .exited(1) : raw & 0x7F == 0 ? .exited(raw >> 8 & 0xFF) : .signal(raw & 0x7F)
            }
            guard now() < deadline else { return .late }
            usleep(200)
        }
    }

    /// Waits until there is output to read; false at the deadline.
    private func waitForOutput() -> Bool {
        while true {
            var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let left = deadline - now()
            guard left > 0 else { return false }
            if poll(&waiting, 1, Int32(min(left, 60) * 1000) + 1) > 0 { return true }
        }
    }
}

private func wait(for process: pid_t) -> Int32 {
    var raw: Int32 = 0
    while waitpid(process, &raw, 0) < 0, errno == EINTR {}
    return raw
}

private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
