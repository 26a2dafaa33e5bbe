import Glibc
import Storage
import TestSupport
import Testing

/// SIGKILL at any instant costs no more than what came since the last checkpoint, and changes no bit of the results.
@Suite(.timed) struct KillTests {
    /// One kill each in fresh projects, spread from the start of the program to its end: a quarter before the training.
    /// The others are timed from its beginning, since a busy machine takes its time to get there.
    @Test(arguments: 0..<2) func killedOnce(half: Int) throws {
        let reference = try Reference.small.get()
        var numbers = SeededNumbers(UInt64(half))
        let count = isSoak ? 150 : 8
        var rest = reference.rest
        var resumed = 0
        var landed = 0
        for instant in 0..<count {
            let project = try Project()
            let command = try project.start(["run", "SCRIPT", "--threads", "1"], environment: Reference.environment)
            let place = (Double(instant) + Double.random(in: 0..<1, using: &numbers)) / Double(count)
            let early = place < 0.25
            if !early { _ = try command.waitFor(Reference.trainingBegins) }
            let delay = early ? reference.start * place * 4 : rest * (place - 0.25) / 0.75
            usleep(UInt32(delay * 1e6))
            command.send(SIGKILL)
            // Faster than the run that was timed: the next kills come sooner.
            if try command.wait().status == 128 + SIGKILL { landed += 1 } else { rest *= 0.9 }
            #expect(project.damage() == [], "killed at \(place)")
            #expect(partialOutputs(project, reference) == [], "killed at \(place)")

            let again = try project.run(environment: Reference.environment)
            #expect(again.status == 0, "killed at \(place): \(again.err)")
            #expect(try Results(of: project).differences(from: reference.results) == [], "killed at \(place)")
            #expect(leftovers(project) == [])
            if try !project.events("resumed", of: project.theRun()).isEmpty { resumed += 1 }
        }
        #expect(landed >= count / 2)
        #expect(resumed >= count / 8, "kills in the training itself")
    }

    /// One run killed again and again until it gets through.
    @Test(arguments: 0..<(isSoak ? 12 : 2)) func killedAgainAndAgain(seed: Int) throws {
        let reference = try Reference.small.get()
        var numbers = SeededNumbers(1000 + UInt64(seed))
        let project = try Project()
        var kills = 0
        while true {
            try #require(kills < 400, "the run does not get on")
            let command = try project.start(["run", "SCRIPT", "--threads", "1"], environment: Reference.environment)
            // Later kills leave more time, in case this machine is slow to start a program.
            let delay = reference.duration * Double.random(in: 0.02..<0.4, using: &numbers) * (1 + Double(kills) / 50)
            usleep(UInt32(delay * 1e6))
            command.send(SIGKILL)
            let outcome = try command.wait()
            #expect(project.damage() == [])
            if outcome.status != 128 + SIGKILL {
                #expect(outcome.status == 0, "\(outcome.err)")
                break
            }
            kills += 1
        }
        #expect(kills > 0)
        #expect(try Results(of: project).differences(from: reference.results) == [], "after \(kills) kills")
        #expect(leftovers(project) == [])
        // Each sitting took up where a checkpoint was, and none went back behind the one before.
        let places = try project.events("resumed", of: project.theRun()).map {
            (($0["epoch"]?.intValue ?? 0) - 1) * 3 + ($0["step"]?.intValue ?? 0)
        }
        #expect(places == places.sorted())
    }

    /// Files outside the store are there whole or not at all.
    private func partialOutputs(_ project: Project, _ reference: Reference) -> [String] {
        [
            ("out/metrics.csv", reference.results.table), ("out/curves.svg", reference.results.figure),
            ("out/curves.svg.gp", reference.results.figureScript),
        ].compactMap { name, whole in
            fileStatus(project.file(name)) == nil || (try? project.read(name)) == whole ? nil : name
        }
    }

    /// What a finished run should not leave: checkpoints, a lease, files in the making.
    private func leftovers(_ project: Project) -> [String] {
        guard let run = try? project.theRun() else { return ["no run"] }
        let making = Project.files(below: project.folder).filter { $0.contains(".ecdx-tmp-") }
        return making + ["checkpoints", "lease"].filter { fileStatus(run.file($0)) != nil }
    }
}
