import Glibc
import Storage
import TestSupport
import Testing

/// What goes where: streams, files, pipes.
@Suite(.timed) struct MannersTests {
    @Test func checkAndPlanWriteNothing() throws {
        let project = try Project()
        let fresh = project.tree()
        #expect(try project.ecdx("check", "SCRIPT").status == 0)
        #expect(try project.ecdx("plan", "SCRIPT").status == 0)
        #expect(try project.ecdx("check", "SCRIPT", "--store", project.file("elsewhere")).status == 0)
        #expect(project.tree() == fresh)
        #expect(try project.run().status == 0)
        let done = project.tree()
        #expect(try project.ecdx("check", "SCRIPT").status == 0)
        #expect(try project.ecdx("plan", "SCRIPT", "--verify").status == 0)
        #expect(project.tree() == done)
    }

    /// Results on standard output; progress and diagnostics on standard error; neither with escape sequences.
    @Test func streams() throws {
        let project = try Project(script: "show 6 * 7\n" + Project.script())
        let outcome = try project.run()
        #expect(outcome.status == 0)
        #expect(outcome.out.hasPrefix("42\n") && outcome.out.contains("RMSE"))
        for word in ["epoch 1", "warning", "wrote", "reading"] { #expect(!outcome.out.contains(word)) }
        #expect(outcome.err.contains("bulk  epoch 12/12") && outcome.err.contains("warning[") && !outcome.err.contains("RMSE"))
        #expect(!(outcome.out + outcome.err).contains("\u{1B}"))
        // What depends on the machine's speed is in the progress alone.
        let other = try Project(script: "show 6 * 7\n" + Project.script())
        #expect(try other.run().out == outcome.out)
    }

    @Test func scriptOnStandardInput() throws {
        let project = try Project()
        let outcome = try project.ecdx(input: "let six = 6\nshow six * 7\n")
        #expect(outcome.status == 0 && outcome.out == "42\n" && outcome.err == "", "\(outcome.err)")
        #expect(try project.ecdx(input: "").status == 0)
        let wrong = try project.ecdx(input: "show six\n")
        #expect(wrong.status == 3 && wrong.out == "" && wrong.err.contains("show six"), "\(wrong.err)")
        let bytes = project.file("bytes")
        try writeWhole([0x73, 0xFF, 0xFE, 0x0A], to: bytes)
        let command = try Command([], environment: ["HOME": project.folder], input: bytes, out: "/dev/null", err: project.file("err"))
        #expect(try command.wait().status == 1)
        #expect(try project.read("err").contains("UTF-8"))
    }

    /// A reader that goes away ends nothing but the output.
    @Test func closedPipes() throws {
        let project = try Project()
        func bash(_ line: String) throws -> Command.Outcome {
            try Command(
                ["-o", "pipefail", "-c", line, builtProgram(), project.file("small.ecdx")], executable: "/bin/bash",
                environment: ["PATH": "/usr/bin:/bin"],
                out: project.file("out.txt"), err: project.file("err.txt")
            ).wait()
        }
        let help = try bash(#""$0" help | head -n 1"#)
        #expect(help.status == 0 && help.err == "" && help.out.split(separator: "\n").count == 1, "\(help.err)")
        let run = try bash(#""$0" run "$1" --threads 1 2>&1 | head -n 1"#)
        #expect(run.status == 0)
        #expect(try Results(of: project).differences(from: Reference.small.get().results) == [])
    }

    /// With the standard streams closed, no file of the store may come to stand in their place.
    @Test func closedStreams() throws {
        let project = try Project()
        let outcome = try Command(
            ["-c", #"exec "$0" run "$1" --threads 1 <&- >&- 2>&-"#, builtProgram(), project.file("small.ecdx")], executable: "/bin/sh",
            environment: ["PATH": "/usr/bin:/bin"], out: "/dev/null", err: "/dev/null"
        ).wait()
        #expect(outcome.status == 0)
        #expect(project.damage() == [])
        #expect(try Results(of: project).differences(from: Reference.small.get().results) == [])
    }

    @Test func filesOfOthersAreLeftAlone() throws {
        let project = try Project()
        try project.write("metrics.csv", in: "out", "mine\n")
        let refused = try project.run()
        #expect(refused.status == 3 && refused.err.contains("would-overwrite") && refused.err.contains("--force"), "\(refused.err)")
        #expect(try project.read("out/metrics.csv") == "mine\n")
        #expect(fileStatus(project.store) == nil)
        #expect(try project.run("--force").status == 0)
        #expect(try project.read("out/metrics.csv") != "mine\n")
        // One that ecdx wrote and somebody edited is somebody's.
        #expect(try project.run().status == 0)
        try project.write("curves.svg", in: "out", try project.read("out/curves.svg") + "<!-- mine -->")
        #expect(try project.run().status == 3)
        #expect(try project.read("out/curves.svg").hasSuffix("<!-- mine -->"))
    }

    /// An edit between the check and the writing is noticed too.
    @Test func fileMadeDuringTheRun() throws {
        let project = try Project(script: Project.script(epochs: 60))
        let command = try project.start(["run", "SCRIPT", "--threads", "1"], environment: Reference.environment)
        try #require(try command.waitUntil { project.epochs >= 2 })
        try project.write("metrics.csv", in: "out", "mine\n")
        let outcome = try command.wait()
        #expect(outcome.status == 1 && outcome.err.contains("would-overwrite"), "\(outcome.err)")
        #expect(try project.read("out/metrics.csv") == "mine\n")
        #expect(project.damage() == [])
    }

    @Test func placesOutside() throws {
        let project = try Project()
        let outside = try Project()
        func script(_ path: String) throws { try project.write("small.ecdx", Project.script().replacing("out/metrics.csv", with: path)) }
        try createFolder(outside.file("there"))
        #expect(symlink(outside.file("there"), project.file("link")) == 0)
        for path in [outside.file("there/metrics.csv"), "../metrics.csv", "link/metrics.csv", "out/../../metrics.csv"] {
            try script(path)
            let refused = try project.run()
            #expect(
                refused.status == 3 && refused.err.contains("error[outside]") && refused.err.contains("--allow-write"),
                "\(path): \(refused.err)")
        }
        #expect(
            fileStatus(outside.file("there/metrics.csv")) == nil
                && fileStatus(joined(parentFolder(of: project.folder), "metrics.csv")) == nil)
        for path in ["link/metrics.csv", outside.file("there/metrics.csv")] {
            try script(path)
            #expect(try project.run("--allow-write", outside.file("there")).status == 0)
            #expect(try outside.read("there/metrics.csv").contains("RMSE"))
        }
    }

    /// Links that are turned after the check do not lead the writing astray.
    @Test func linkTurnedDuringTheRun() throws {
        let project = try Project(script: Project.script(epochs: 60))
        let outside = try Project()
        let command = try project.start(["run", "SCRIPT", "--threads", "1"], environment: Reference.environment)
        try #require(try command.waitUntil { project.epochs >= 2 })
        #expect(symlink(outside.folder, project.file("out")) == 0)
        let outcome = try command.wait()
        #expect(outcome.status == 1 && outcome.err.contains("error[outside]"), "\(outcome.err)")
        #expect(fileStatus(outside.file("metrics.csv")) == nil)
    }

    @Test func helpAndVersion() throws {
        let project = try Project()
        for arguments in [["help"], ["--help"], ["help", "run"], ["help", "conv"], ["run", "--help"], ["--version"]] {
            let outcome = try project.start(arguments).wait()
            #expect(outcome.status == 0 && outcome.err == "" && !outcome.out.isEmpty, "\(arguments)")
        }
        #expect(fileStatus(project.store) == nil)
    }
}
