import Diagnostics
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Plotting

@Suite(.timed) struct GnuplotTests {
    private func failure(_ gnuplot: Gnuplot, _ script: String = "") -> Diagnostic? {
        #expect(throws: Diagnostic.self) { _ = try gnuplot.run(script) }
    }

    @Test func noGnuplotIsADiagnosticOfItsOwn() throws {
        try withFolder { folder in
            let found = #expect(throws: Diagnostic.self) {
                try draw(Sample.line, for: "a.svg", with: Gnuplot(searchPath: folder.path + "::/nowhere"))
            }
            #expect(found?.id == "no-gnuplot")
            #expect(found?.hints.first?.contains("gnuplot-nox") == true)
        }
    }

    @Test func whatGnuplotSaysIsInTheDiagnostic() {
        let found = failure(Gnuplot(), "set terminal svg\nplot sin(x) with nonsense\n")
        #expect(found?.id == "plot-failed")
        #expect(found?.notes.contains { $0.contains("line 2") } == true)
    }

    @Test func aWarningDoesNotStopTheFigure() throws {
        let fake = "echo careful >&2; cat > /dev/null; echo drawn"
        try withFakeGnuplot(fake) { path in
            let (output, complaints) = try Gnuplot(searchPath: path).run("plot x\n")
            #expect(String(decoding: output, as: UTF8.self) == "drawn\n")
            #expect(complaints == ["careful"])
            let drawn = try draw(Sample.line, for: "a.svg", with: Gnuplot(searchPath: path))
            let warning = plotWarning(drawn.complaints, about: "a.svg")
            #expect(warning?.id == "plot-warning" && warning?.severity == .warning && warning?.notes == ["gnuplot: careful"])
        }
    }

    @Test func nothingDrawnIsAFailure() throws {
        try withFakeGnuplot("cat > /dev/null") { path in
            #expect(failure(Gnuplot(searchPath: path))?.id == "plot-failed")
        }
    }

    @Test func halfAFigureIsNone() throws {
        try withFakeGnuplot("echo half; echo broken >&2; exit 3") { path in
            let found = #expect(throws: Diagnostic.self) { try draw(Sample.parity, for: "a.svg", with: Gnuplot(searchPath: path)) }
            #expect(found?.id == "plot-failed")
            #expect(found?.notes == ["gnuplot: broken"])
            #expect(found?.message.contains("status 3") == true)
        }
    }

    @Test func aSignalIsReported() throws {
        try withFakeGnuplot("kill -SEGV $$") { path in
            #expect(failure(Gnuplot(searchPath: path))?.message.contains("signal 11") == true)
        }
    }

    @Test func aSlowGnuplotIsKilledWithItsChildren() throws {
        try withFolder { folder in
            let pids = folder.appendingPathComponent("pids").path
            // The grandchild keeps both streams open: killing the child alone would not end the reading.
            try withFakeGnuplot("sleep 600 & echo $$ $! > \(pids); wait") { path in
                let found = failure(Gnuplot(searchPath: path, timeLimit: 2), String(repeating: "#\n", count: 1 << 20))
                #expect(found?.id == "plot-failed")
                #expect(found?.message.contains("2.00 s") == true)
            }
            let written = (try? String(contentsOfFile: pids, encoding: .utf8)) ?? ""
            #expect(!written.isEmpty)
            for pid in written.split(whereSeparator: \.isWhitespace).compactMap({ pid_t($0) }) {
                // SIGKILL is sent to all at once, but each goes when it is next scheduled; an orphan may stay as a zombie.
                func isAlive() -> Bool {
                    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
                    return !stat.contains(") Z ") && !stat.contains(") X ")
                }
                var rounds = 0
                while isAlive(), rounds < 3000 {
                    usleep(10_000)
                    rounds += 1
                }
                #expect(!isAlive())
            }
        }
    }

    /// The question is asked while gnuplot draws, long before the limit, and while it does not read its script.
    @Test func whoAsksToStopIsHeard() throws {
        for fake in ["exec sleep 600", "cat > /dev/null; exec 1>&- 2>&-; sleep 600"] {
            try withFakeGnuplot(fake) { path in
                let end = time(nil) + 1
                let gnuplot = Gnuplot(searchPath: path, isStopped: { time(nil) > end })
                let start = time(nil)
                #expect(throws: DrawingStopped.self) { _ = try gnuplot.run(String(repeating: "plot x\n", count: 200_000)) }
                #expect(time(nil) - start < 60)
            }
        }
    }

    @Test func aFloodOnEitherStreamBlocksNothing() throws {
        // A megabyte of complaints before the first byte of the script is read, then one of output.
        let fake = "head -c 1000000 /dev/zero | tr '\\0' 'x' >&2; head -c 1000000 /dev/zero | tr '\\0' 'y'; cat > /dev/null; exit 0"
        try withFakeGnuplot(fake) { path in
            let (output, complaints) = try Gnuplot(searchPath: path).run(String(repeating: "plot x\n", count: 200_000))
            #expect(output.count == 1_000_000)
            #expect(complaints.first?.count == 16 * 1024)
            let found = failure(Gnuplot(searchPath: path, outputLimit: 1000))
            #expect(found?.message.contains("1000 bytes") == true)
        }
    }

    /// A child that never reads its script raises SIGPIPE in the writer, which would end this process.
    @Test func aChildThatDoesNotReadKillsNobody() throws {
        try withFakeGnuplot("exec 0<&-; echo drawn; exit 0") { path in
            for _ in 0..<20 {
                let (output, _) = try Gnuplot(searchPath: path).run(String(repeating: "plot x\n", count: 100_000))
                #expect(output.count == 6)
            }
        }
        var pending = sigset_t()
        sigpending(&pending)
        #expect(sigismember(&pending, SIGPIPE) == 0)
    }

    @Test func theChildInheritsNothing() throws {
        // A descriptor without close-on-exec, as a library might leave it.
        let leak = open("/dev/null", O_RDONLY)
        let high = fcntl(leak, F_DUPFD, 60)
        defer {
            close(leak)
            close(high)
        }
        // Each of these takes the place of the shell, and so tells of the child itself.
        func told(_ command: String) throws -> String {
            try withFakeGnuplot("exec " + command) { path in
                String(decoding: try Gnuplot(searchPath: path).run("").output, as: UTF8.self)
            }
        }
        // The fourth is that of the folder that `ls` reads.
        try #expect(told("ls /proc/self/fd").split(separator: "\n") == ["0", "1", "2", "3"])
        let status = try told("cat /proc/self/status").split(separator: "\n")
        #expect(status.contains("SigBlk:\t0000000000000000"))
        // Bits 31 and 32 are signals of the C library's own, which no program sees.
        let ignored = status.first { $0.hasPrefix("SigIgn:\t") }.flatMap { UInt64($0.dropFirst("SigIgn:\t".count), radix: 16) }
        #expect(ignored.map { $0 & ~0x1_8000_0000 } == 0, "\(status.filter { $0.hasPrefix("Sig") })")
        let stat = try told("cat /proc/self/stat").split(separator: " ")
        #expect(stat.count > 5 && stat[0] == stat[4], "a process group of its own")
        let environment = try told("env").split(separator: "\n")
        #expect(environment.contains("LC_ALL=C.UTF-8"))
        #expect(!environment.contains { $0.hasPrefix("GNU") || $0.hasPrefix("LANG") })
    }
}
