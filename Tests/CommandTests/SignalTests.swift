import Glibc
import Storage
import TestSupport
import Testing

/// A training of a second or so, without checkpoints between: what it goes on from was saved when it was asked to stop.
private let slow = Project.script(epochs: 150).replacing("conv(4,", with: "conv(48, kernel: 3, activation: relu) >> conv(48,")

@Suite(.timed) struct SignalTests {
    private static let uninterrupted = Result {
        let project = try Project(script: slow)
        let outcome = try project.run()
        guard outcome.status == 0 else { throw TestFailure(description: outcome.err) }
        return try Results(of: project)
    }

    @Test(arguments: [(SIGTERM, Int32(143)), (SIGINT, Int32(130)), (SIGUSR1, Int32(143)), (SIGHUP, Int32(129))]) func stopsAndGoesOn(
        signal: Int32, status: Int32
    ) throws {
        let project = try Project(script: slow)
        let command = try project.start(["run", "SCRIPT", "--threads", "1"])
        try #require(try command.waitUntil { project.epochs >= 5 })
        command.send(signal)
        let stopped = try command.wait()
        #expect(stopped.status == status)
        let run = try project.theRun()
        let place = try #require(try project.events("interrupted", of: run).last)
        let epoch = try #require(place["epoch"]?.intValue)
        let step = try #require(place["step"]?.intValue)
        #expect(epoch >= 5)
        let last = stopped.err.split(separator: "\n").last ?? ""
        #expect(last.hasPrefix("stopped `bulk` ") && last.hasSuffix("the same command goes on from there"), "\(last)")
        #expect(last.contains("epoch \(epoch)") || step == 0 && last.contains("epoch \(epoch - 1)"), "\(last)")
        #expect(fileStatus(run.file("lease")) == nil)
        #expect(project.damage() == [])
        #expect(try project.ecdx("plan", "SCRIPT").out.contains("goes on"))

        let again = try project.run()
        #expect(again.status == 0)
        #expect(again.err.contains("goes on from epoch \(epoch)"), "\(again.err.prefix(300))")
        let resumed = try #require(try project.events("resumed", of: run).first)
        #expect(resumed["epoch"]?.intValue == epoch && resumed["step"]?.intValue == step)
        // No epoch was trained twice.
        #expect(try project.events("epoch", of: run).compactMap { $0["epoch"]?.intValue } == Array(1...150))
        #expect(try Results(of: project).differences(from: Self.uninterrupted.get()) == [])
    }

    /// The first asks, the second insists: a step of this training takes long enough for the second to come within it.
    @Test func secondInterruptEndsAtOnce() throws {
        let project = try Project(
            script: Project.script().replacing("12, 12", with: "48, 48").replacing(
                "conv(4,", with: "conv(96, kernel: 3, activation: relu) >> conv(96,"
            )
            .replacing("batch: 3", with: "batch: 8"))
        var cut = false
        for _ in 0..<5 where !cut {
            let command = try project.start(["run", "SCRIPT", "--threads", "1"])
            try #require(try command.waitFor("parameters train"))
            command.send(SIGINT)
            usleep(20_000)
            command.send(SIGINT)
            #expect(try command.wait().status == 130)
            #expect(project.damage() == [])
            // The lease is still there where the process did not end in its own way.
            cut = fileStatus(try project.theRun().file("lease")) != nil
        }
        #expect(cut)
    }

    /// A gnuplot that draws for ever, or for as long as a figure of millions of points takes: it ends when ecdx does, however that
    /// ends, and a signal is answered at once.
    @Test(arguments: [(SIGTERM, Int32(143)), (SIGINT, Int32(130)), (SIGUSR1, Int32(143)), (SIGKILL, Int32(137))])
    func stopsWhileGnuplotDraws(
        signal: Int32, status: Int32
    ) throws {
        let project = try Project(script: "let k = csv(\"data/table.csv\")[\"k_vrh\"]\nplot histogram(of: k) to \"k.svg\"\n")
        try project.write("gnuplot", "#!/bin/sh\necho $$ > '\(project.file("pid.txt"))'\nexec sleep 600\n")
        #expect(chmod(project.file("gnuplot"), 0o755) == 0)
        let command = try project.start(["run", "SCRIPT"], environment: ["PATH": project.folder + ":/usr/bin:/bin"])
        try #require(try command.waitUntil { (try? project.read("pid.txt").hasSuffix("\n")) == true })
        let gnuplot = try #require(pid_t(try project.read("pid.txt").dropLast()))
        #expect(kill(gnuplot, 0) == 0)
        command.send(signal)
        let outcome = try command.wait(timeout: 30)
        #expect(outcome.status == status)
        if signal != SIGKILL { #expect(outcome.err == "stopped while drawing `k.svg`; nothing is lost, the same command goes on\n") }
        // It is killed, and goes when it is next scheduled; an orphan may stay as a zombie.
        var rounds = 0
        while isAlive(gnuplot), rounds < 3000 {
            usleep(10_000)
            rounds += 1
        }
        #expect(!isAlive(gnuplot))
        #expect(fileStatus(project.file("k.svg")) == nil && fileStatus(project.file("k.svg.gp")) == nil)
        #expect(project.damage() == [])
        #expect(try project.run().status == 0)
        #expect(fileStatus(project.file("k.svg")) != nil)
    }

    private func isAlive(_ process: pid_t) -> Bool {
        guard let bytes = try? readFile("/proc/\(process)/stat") else { return false }
        let stat = String(decoding: bytes, as: UTF8.self)
        return !stat.contains(") Z ") && !stat.contains(") X ")
    }

    /// Before anything is trained there is nothing to save, and still nothing is lost.
    @Test func stopsBeforeTheTraining() throws {
        let project = try Project()
        for delay in [0.0, 0.03, 0.06, 0.09] {
            let command = try project.start(["run", "SCRIPT", "--threads", "1"])
            usleep(UInt32(delay * 1e6))
            command.send(SIGTERM)
            let outcome = try command.wait()
            // It may be through already, or stopped by a signal it had not yet asked to hear of.
            #expect(outcome.status == 143 || outcome.status == 0, "\(outcome.err)")
            #expect(project.damage() == [])
        }
        #expect(try project.run().status == 0)
        #expect(try Results(of: project).differences(from: Reference.small.get().results) == [])
    }

    @Test func secondProcessIsToldWhoIsAtWork() throws {
        let project = try Project(script: slow)
        let first = try project.start(["run", "SCRIPT", "--threads", "1"])
        try #require(try first.waitUntil { project.epochs >= 5 })
        let second = try project.run()
        #expect(second.status == 1)
        #expect(second.err.contains("error[in-use]") && second.err.contains("process \(first.process) on"), "\(second.err)")
        #expect(second.err.contains("table metrics(bulk"), "the statement that asked for it")
        #expect(try first.wait().status == 0)
        #expect(try Results(of: project).differences(from: Self.uninterrupted.get()) == [])
    }

    @Test func leaseOfTheDeadIsTakenOver() throws {
        let project = try Project(script: slow)
        let first = try project.start(["run", "SCRIPT", "--threads", "1"])
        try #require(try first.waitUntil { project.epochs >= 5 })
        first.send(SIGKILL)
        #expect(try first.wait().status == 128 + SIGKILL)
        let run = try project.theRun()
        #expect(Lease.owner(of: run.file("lease"))?.process.pid == first.process)
        #expect(try project.run().status == 0)
        #expect(fileStatus(run.file("lease")) == nil)
        #expect(try Results(of: project).differences(from: Self.uninterrupted.get()) == [])
    }

    /// Whoever comes second, at whatever instant, is told so or finds the work done; nothing is damaged.
    @Test func twoAtOnce() throws {
        for _ in 0..<(isSoak ? 20 : 2) {
            let project = try Project()
            let both = try [project.start(["run", "SCRIPT", "--threads", "1"]), project.start(["run", "SCRIPT", "--threads", "1"])]
            let outcomes = try both.map { try $0.wait() }
            #expect(outcomes.contains { $0.status == 0 })
            for outcome in outcomes where outcome.status != 0 {
                #expect(outcome.status == 1 && outcome.err.contains("in-use"), "\(outcome.err)")
            }
            #expect(project.damage() == [])
            #expect(try Results(of: project).differences(from: Reference.small.get().results) == [])
        }
    }
}
