import Glibc
import Storage
import TestSupport
import Testing

/// Only what changed in meaning is computed.
@Suite(.timed) struct AgainTests {
    /// Runs and says whether anything was trained.
    private func trains(_ project: Project, _ arguments: String...) throws -> Bool {
        let outcome = try project.start(["run", "SCRIPT", "--threads", "1"] + arguments).wait()
        #expect(outcome.status == 0, "\(outcome.err)")
        return outcome.err.contains("epoch ")
    }

    @Test func secondRunComputesAndWritesNothing() throws {
        let project = try Project()
        let first = try project.run()
        #expect(first.err.contains("wrote: out/metrics.csv") && first.err.contains("wrote: out/curves.svg"))
        // The hashes of files are remembered once the files are two seconds old; this run may still do so.
        _ = try project.run()
        let before = project.tree()
        let second = try project.run()
        #expect(second.status == 0)
        #expect(second.out == first.out)
        #expect(
            second.err.split(separator: "\n").filter { !$0.hasPrefix("warning") && !$0.hasPrefix(" ") } == [
                "unchanged: out/metrics.csv", "unchanged: out/curves.svg",
            ])
        // What the run showed is kept anew.
        func rest(_ tree: [String: FileStatus]) -> [String: FileStatus] {
            tree.filter {
                $0.key != project.file(".ecdx") && $0.key != project.file(".ecdx/hashes.json")
                    && !$0.key.hasPrefix(project.file(".ecdx/sessions"))
            }
        }
        #expect(rest(project.tree()) == rest(before))
    }

    @Test func onlyMeaningCounts() throws {
        let project = try Project()
        let script = Project.script()
        #expect(try trains(project))
        #expect(try !trains(project))
        let weights = fileStatus(try project.theRun().file("weights.safetensors"))

        // Comments and layout.
        try project.write(
            "small.ecdx",
            "# a remark\n\n" + script.replacing("batch: 3, epochs: 12, seed: 1", with: "batch: 3 # small\n\n        epochs: 12\n  seed: 1"))
        #expect(try !trains(project))
        // Names of things.
        try project.write(
            "small.ecdx", script.replacing("cnn", with: "network").replacing("bulk", with: "stiffness").replacing("crystals", with: "cells")
        )
        #expect(try !trains(project))
        // A value said another way, and the order of declarations' fields.
        try project.write(
            "small.ecdx", "param rounds: Number = 12\n" + script.replacing("epochs: 12, seed: 1", with: "seed: 1, epochs: rounds"))
        #expect(try !trains(project))
        // Times of the data.
        for name in ["table.csv", "Cu-fcc.CHGCAR"] { #expect(utimes(project.file("data/\(name)"), nil) == 0) }
        #expect(try !trains(project))
        #expect(project.runs.count == 1)
        #expect(fileStatus(try project.theRun().file("weights.safetensors")) == weights)

        // A field of the experiment, from the script or from the command line: the same run.
        try project.write("small.ecdx", script.replacing("epochs: 12", with: "epochs: 13"))
        #expect(try trains(project))
        try project.write("small.ecdx", script)
        #expect(try !trains(project, "--set", "bulk.epochs=13"))
        #expect(try trains(project, "--set", "bulk.seed=2"))
        #expect(project.runs.count == 3)
    }

    @Test func oneNumberOfOneFile() throws {
        let project = try Project()
        #expect(try trains(project))
        let text = try project.read("data/Cu-fcc.CHGCAR")
        // The first number of the grid: after the line of the grid's size, itself after a blank one.
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let blank = try #require(lines.firstIndex { $0.allSatisfy { $0 == " " } })
        let first = try #require(lines[blank + 2].split(separator: " ").first)
        // A digit behind the point, not one of the exponent: a pixel a hundred thousand times as large spoils the training.
        let point = try #require(first.firstIndex(of: "."))
        let digit = first.index(after: point)
        let other = first[digit] == "7" ? "8" : "7"
        lines[blank + 2] = lines[blank + 2].replacing(
            first, with: first[..<digit] + other + first[first.index(after: digit)...], maxReplacements: 1)
        try project.write("Cu-fcc.CHGCAR", in: "data", lines.joined(separator: "\n"))
        _ = try trains(project)
        #expect(project.runs.count == 2)
        try project.write("Cu-fcc.CHGCAR", in: "data", text)
        #expect(try !trains(project))
    }

    @Test func planBeforeHalfwayAndAfter() throws {
        let project = try Project(
            script: Project.script(epochs: 150).replacing("conv(4,", with: "conv(48, kernel: 3, activation: relu) >> conv(48,"))
        func plan() throws -> String {
            let before = project.tree()
            let outcome = try project.ecdx("plan", "SCRIPT")
            #expect(outcome.status == 0)
            #expect(project.tree() == before)
            return outcome.out
        }
        #expect(try plan().contains("to compute"))
        let command = try project.start(["run", "SCRIPT", "--threads", "1"])
        try #require(try command.waitUntil { project.epochs >= 5 })
        command.send(SIGTERM)
        #expect(try command.wait().status == 143)
        #expect(try plan().contains("goes on"))
        #expect(try project.run().status == 0)
        let after = try plan()
        #expect(after.contains("in the store") && after.contains("nothing to compute"))
    }

    @Test func planOfAScriptWithoutExperiments() throws {
        let project = try Project(script: "show [1, 2]\n")
        #expect(try project.ecdx("plan", "SCRIPT").out == "nothing to compute: no experiment stands behind it\n")
    }

    @Test func sameBitsInAnyOrderAndUnderLoad() throws {
        let reference = try Reference.small.get().results
        var lines = Project.script().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let actions = try #require(lines.firstIndex { $0.hasPrefix("table ") })
        lines.swapAt(actions, actions + 1)
        let projects = [try Project(), try Project(), try Project(script: lines.joined(separator: "\n"))]
        let commands = try projects.map { try $0.start(["run", "SCRIPT", "--threads", "1"]) }
        for command in commands { #expect(try command.wait().status == 0) }
        for project in projects { #expect(try Results(of: project).differences(from: reference) == []) }
    }

    @Test func sameBitsOnTwoThreads() throws {
        var weights: [[UInt8]] = []
        for _ in 0..<2 {
            let project = try Project()
            let outcome = try project.ecdx("run", "SCRIPT", "--threads", "2")
            #expect(outcome.status == 0 && outcome.err.contains("2 threads"), "\(outcome.err)")
            weights.append(try readFile(try project.theRun().file("weights.safetensors")))
        }
        #expect(weights[0] == weights[1])
    }

    /// A run that goes on keeps the threads it began with, whatever the command line says then.
    @Test func threadsAreThoseOfTheBeginning() throws {
        let project = try Project()
        let environment = ["ECDX_CHECKPOINT_SECONDS": "0"]
        let command = try project.start(["run", "SCRIPT", "--threads", "1"], environment: environment)
        try #require(try command.waitUntil { project.epochs >= 3 })
        command.send(SIGTERM)
        #expect(try command.wait().status == 143)
        let again = try project.ecdx("run", "SCRIPT", "--threads", "2", environment: environment)
        #expect(again.status == 0)
        #expect(try project.events("resumed", of: project.theRun()).first?["threads"]?.intValue == 1)
        #expect(try Results(of: project).differences(from: Reference.small.get().results) == [])
    }
}
