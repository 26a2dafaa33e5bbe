import Glibc
import Storage
import TestSupport
import Testing

/// Two tables before a training that takes its time, and one behind it.
private let script = """
    show [1, 2, 3]
    """ + "\n" + Project.script(epochs: 4000).replacing("conv(4,", with: "conv(32, kernel: 3, activation: relu) >> conv(32,")

/// The outputs of a run are in the store as they come, and are there whatever becomes of its terminal or its process.
@Suite(.timed) struct AttachTests {
    /// A run of two cells of which the second is cut off in the middle.
    @Test(arguments: [SIGKILL, SIGHUP]) func outputsSurviveTheEndOfTheirRun(signal: Int32) throws {
        let project = try Project(script: script)
        let command = try project.start(["run", "SCRIPT", "--threads", "1"])
        try #require(try command.waitUntil { project.epochs >= 3 })
        let attached = try project.start(["attach", "SCRIPT"])
        try #require(try attached.waitFor("Ctrl-C leaves it alone"))
        command.send(signal)
        let outcome = try command.wait()
        #expect(outcome.status == 128 + signal)
        #expect(outcome.out == "[1, 2, 3]\n")
        let followed = try attached.wait()
        #expect(followed.out == outcome.out)
        #expect(followed.err.contains("parameters train"))
        let again = try project.ecdx("attach", "SCRIPT")
        #expect(again.out == outcome.out)
        #expect(again.err.contains("`ecdx run \(project.file("small.ecdx"))` goes on with it"), "\(again.err)")
        #expect(again.status == (signal == SIGHUP ? 129 : 1))
        #expect(project.damage() == [])
    }

    @Test func aRunThatIsOverIsShownAsItWas() throws {
        let project = try Project()
        let run = try project.run()
        let shown = try project.ecdx("attach", "SCRIPT")
        #expect(shown.status == 0 && shown.out == run.out, "\(shown.err)")
        #expect(shown.err.contains("wrote: out/metrics.csv") && shown.err.contains("epoch 12/12"))
        // The warnings of the run, as it printed them.
        for warning in run.err.split(separator: "\n") where warning.hasPrefix("warning[") { #expect(shown.err.contains(warning)) }
        // A second run replaces them.
        #expect(try project.run().status == 0)
        #expect(try project.ecdx("attach", "SCRIPT").err.contains("unchanged: out/metrics.csv"))
        try project.write("small.ecdx", Project.script() + "show 1\n")
        let changed = try project.ecdx("attach", "SCRIPT")
        #expect(changed.err.hasSuffix("was changed since: these are outputs of the text that it had then\n"), "\(changed.err)")
        // A line that a kill tore is passed over.
        let events = try #require(Project.files(below: project.file(".ecdx/sessions")).first { $0.hasSuffix("outputs.jsonl") })
        let file = try #require(fopen(events, "a"))
        fputs("{\"output\":", file)
        fclose(file)
        #expect(try project.ecdx("attach", "SCRIPT").out == run.out)
    }

    @Test func scriptsOfOneStoreHaveOutputsOfTheirOwn() throws {
        let project = try Project(script: "let k = csv(\"data/table.csv\")[\"k_vrh\"]\nshow mean(k)\n")
        try project.write("other.ecdx", "let k = csv(\"data/table.csv\")[\"k_vrh\"]\nshow std(k)\n")
        let first = try project.run()
        let second = try project.ecdx("run", project.file("other.ecdx"))
        #expect(first.status == 0 && second.status == 0 && first.out != second.out, "\(first.err)\(second.err)")
        #expect(try project.ecdx("attach", "SCRIPT").out == first.out)
        #expect(try project.ecdx("attach", project.file("other.ecdx")).out == second.out)
        let none = try project.ecdx("attach", project.file("none.ecdx"))
        #expect(none.status == 1 && none.err.hasPrefix("error[no-outputs]"), "\(none.err)")
    }

    @Test func aRunInTheBackground() throws {
        let project = try Project(script: script)
        let started = try project.ecdx("run", "SCRIPT", "--threads", "1", "--detach")
        defer { _ = try? project.ecdx("stop", "SCRIPT") }
        #expect(started.status == 0 && started.err.contains("runs it in the background"), "\(started.err)")
        let twice = try project.ecdx("run", "SCRIPT", "--detach")
        #expect(twice.status == 1 && twice.err.contains("error[in-use]"), "\(twice.err)")
        // Ctrl-C leaves the run alone.
        let attached = try project.start(["attach", "SCRIPT"])
        try #require(try attached.waitFor("Ctrl-C leaves it alone"))
        attached.send(SIGINT)
        #expect(try attached.wait().status == 130)
        let follower = try project.start(["attach", "SCRIPT"])
        try #require(try follower.waitFor("Ctrl-C leaves it alone"))
        let stopped = try project.ecdx("stop", "SCRIPT")
        #expect(stopped.status == 0 && stopped.err.contains("it is over"), "\(stopped.err)")
        let outcome = try follower.wait()
        #expect(outcome.status == 143 && outcome.out == "[1, 2, 3]\n" && outcome.err.contains("stopped `bulk`"), "\(outcome.err)")
        #expect(try project.ecdx("stop", "SCRIPT").err.hasPrefix("error[no-outputs]"))
        #expect(project.damage() == [])
    }

    /// What is wrong with a script is said at once, and leaves no folder behind.
    @Test func aScriptThatDoesNotCheckDoesNotGoToTheBackground() throws {
        let project = try Project(script: "show nothing\n")
        let outcome = try project.ecdx("run", "SCRIPT", "--detach")
        #expect(outcome.status == 3 && outcome.err.contains("error[unknown-name]"), "\(outcome.err)")
        #expect(fileStatus(project.store) == nil)
    }

    /// The losses of a run that was stopped can be drawn, and say that they are not all.
    @Test func curvesOfAnUnfinishedRun() throws {
        let project = try Project(script: script)
        let command = try project.start(["run", "SCRIPT", "--threads", "1"])
        try #require(try command.waitUntil { project.epochs >= 3 })
        command.send(SIGTERM)
        #expect(try command.wait().status == 143)
        let run = try project.theRun().id
        let before = try project.events("epoch", of: project.theRun()).count
        let drawn = try project.ecdx("runs", "curves", run, "--to", project.file("c.svg"), "--store", project.store)
        #expect(drawn.status == 0, "\(drawn.err)")
        #expect(try project.read("c.svg").contains("Partial: \(before) epochs so far; the run is not finished."))
        #expect(try project.ecdx("runs", "curves", run, "--to", project.file("c.svg"), "--store", project.store).status == 2)
        let shown = try project.ecdx("runs", "curves", run, "--store", project.store)
        #expect(shown.status == 0 && shown.out.contains("(partial)"), "\(shown.out)\(shown.err)")
        #expect(try project.events("epoch", of: project.theRun()).count == before)
    }
}
