import Glibc
import Storage
import TestSupport
import Testing

/// Exit statuses: 0 done, 1 the run failed, 2 the command line is wrong, 3 the script does not check.
@Suite(.timed) struct StatusTests {
    private func errors(_ outcome: Command.Outcome) -> Int { outcome.err.split(separator: "\n").count { $0.hasPrefix("error[") } }

    @Test func wrongCommandLines() throws {
        let project = try Project()
        let before = project.tree()
        let lines: [([String], String)] = [
            (["run"], "SCRIPT"), (["run", "SCRIPT", "--bogus"], "--bogus"), (["frobnicate"], "`frobnicate`"),
            (["rnu", "SCRIPT"], "`ecdx run`"),
            (["SCRIPT"], "ecdx run"), (["run", project.file("missing.ecdx")], "missing.ecdx"),
            (["run", "SCRIPT", "--threads", "0"], "--threads"),
            (["run", "SCRIPT", "--threads", "many"], "many"), (["run", "SCRIPT", "--set", "rounds=3"], "`--set rounds`"),
            (["check", "SCRIPT", "--set", "bulk.epoch=3"], "`epochs`"), (["plan", "SCRIPT", "--set", "bulk.epochs=many"], "many"),
            (["run", "SCRIPT", "--set", "bulk.epochs"], "name=value"),
            (["run", "SCRIPT", "--set", "bulk...epochs=3"], "`bulk...epochs=3`"),
            (["check", "SCRIPT", "--set", ".epochs=3"], "`.epochs=3`"),
            (["check", "SCRIPT", "--set", "bulk.=3"], "`bulk.=3`"),
            (["check", "SCRIPT", "--set", "bulk.optimizer.rat=3"], "`rate`"),
            (["check", "SCRIPT", "--set", "bulk.data.split.seed=x"], "`x`"),
            (["check", "SCRIPT", "--set", "bulk=3"], "`--set bulk."),
            (["check", "SCRIPT", "--set", "bulk.epochs="], "found no value in `bulk.epochs=`"),
            (["check", "SCRIPT", "--set", "\"bulk.epochs = 3\""], "write `--set bulk.epochs=3`"),
            (["check", "SCRIPT", "--smoke", "--set", "nothing.at=3"], "`--set nothing.at`"),
            // What stands in no file has no line of one.
            (
                ["predict", "SCRIPT", "no.safetensors", "crystls", "--to", "p.csv"],
                "`crystls`\n  in the command line: did you mean `crystals`?\n"
            ),
            (["predict", "SCRIPT", "no.safetensors", "crystals", "--to", "p.csv"], "no.safetensors`\n  in the command line\n"),
            (["predict", "SCRIPT", "no.safetensors", "a b", "--to", "p.csv"], "data set of the script, found `a b`"),
            (["help", "nothing-of-that-name"], "nothing-of-that-name"),
        ]
        for (arguments, said) in lines {
            let outcome = try project.start(arguments).wait()
            #expect(outcome.status == 2, "\(arguments): \(outcome.err)")
            #expect(outcome.out == "", "\(arguments)")
            #expect(outcome.err.contains(said), "\(arguments): \(outcome.err)")
        }
        #expect(try project.ecdx("run", "SCRIPT", environment: ["ECDX_CHECKPOINT_SECONDS": "soon"]).status == 2)
        #expect(project.tree() == before)
    }

    @Test func scriptsThatDoNotCheck() throws {
        let project = try Project()
        let script = Project.script()
        for (wrong, said) in [
            (script.replacing("epochs: 12", with: "epoch: 12"), "epochs"), (script.replacing("batch: 3", with: "batch: -3"), "-3"),
            (script.replacing("size: [12, 12]", with: "size: [12, 13]"), "13"), (script + "\nshow nothing\n", "nothing"),
            (script + "\nshow (", "syntax"),
        ] {
            try project.write("small.ecdx", wrong)
            let before = project.tree()
            for command in ["run", "check", "plan"] {
                let outcome = try project.ecdx(command, "SCRIPT")
                #expect(outcome.status == 3, "\(outcome.err)")
                #expect(errors(outcome) == 1 && outcome.err.contains(said) && outcome.out == "", "\(outcome.err)")
            }
            #expect(project.tree() == before)
        }
        try project.write("small.ecdx", script)
        #expect(try project.run().status == 0)
        #expect(try Results(of: project).differences(from: Reference.small.get().results) == [])
    }

    /// A file whose header is right and whose numbers end too early is found when it is read, with its name and line.
    @Test func truncatedDensity() throws {
        let project = try Project()
        let whole = try project.read("data/Cu-fcc.CHGCAR")
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        try project.write("Cu-fcc.CHGCAR", in: "data", lines[..<(lines.count / 3)].joined(separator: "\n") + "\n")
        #expect(try project.ecdx("check", "SCRIPT").status == 0)
        let outcome = try project.run()
        #expect(outcome.status == 1)
        #expect(errors(outcome) == 1 && outcome.err.contains("Cu-fcc.CHGCAR` line ") && outcome.out == "", "\(outcome.err)")
        #expect(project.damage() == [])
        try project.write("Cu-fcc.CHGCAR", in: "data", whole)
        #expect(try project.run().status == 0)
        #expect(try Results(of: project).differences(from: Reference.small.get().results) == [])
    }

    @Test func noGnuplot() throws {
        let project = try Project()
        try createFolder(project.file("empty"))
        let outcome = try project.run(environment: ["PATH": project.file("empty")])
        // Known before anything is trained.
        #expect(outcome.status == 3)
        #expect(errors(outcome) == 1 && outcome.err.contains("gnuplot") && outcome.err.contains("plot curves(bulk)"), "\(outcome.err)")
        #expect(!outcome.err.contains("epoch ") && project.damage() == [])
        #expect(try project.run().status == 0)
        #expect(try Results(of: project).differences(from: Reference.small.get().results) == [])
    }

    /// A file system that takes no more: here a limit on the size of a file.
    @Test(arguments: [0, 4, 12]) func fullDisk(blocks: Int) throws {
        let project = try Project()
        let limited = try Command(
            ["-c", "ulimit -f \(blocks); exec \"$0\" run \"$1\" --threads 1", builtProgram(), project.file("small.ecdx")],
            executable: "/bin/sh",
            environment: ["PATH": "/usr/bin:/bin"], out: "/dev/null", err: "/dev/null")
        #expect(try limited.wait().status == 1)
        #expect(project.damage() == [])
        #expect(try project.run().status == 0)
        #expect(try Results(of: project).differences(from: Reference.small.get().results) == [])
    }

    /// Results that nobody got are no success; a reader that goes away has what it wanted (`MannersTests.closedPipes`).
    @Test(arguments: ["run \"$1\" --threads 1", "help", "help conv", "--version", "check --json \"$1\""])
    func fullDevice(arguments: String) throws {
        let project = try Project()
        let outcome = try Command(
            ["-c", "\"$0\" \(arguments) > /dev/full", builtProgram(), project.file("small.ecdx")], executable: "/bin/sh",
            environment: ["PATH": "/usr/bin:/bin"], out: project.file("out.txt"), err: project.file("err.txt")
        ).wait()
        #expect(outcome.status == 1, "\(outcome.err)")
        #expect(outcome.err.contains("error[cannot-write]: the output cannot be written: "), "\(outcome.err)")
        if arguments.hasPrefix("run") { #expect(try Results(of: project).differences(from: Reference.small.get().results) == []) }
    }

    @Test func deletedFolder() throws {
        let project = try Project()
        try createFolder(project.file("gone"))
        let outcome = try Command(
            ["-c", "cd \"$1\" && rmdir \"$1\" && echo 'show 1' | \"$0\"", builtProgram(), project.file("gone")], executable: "/bin/sh",
            environment: ["PATH": "/usr/bin:/bin"], out: project.file("out.txt"), err: project.file("err.txt")
        ).wait()
        #expect(outcome.status == 1)
        #expect(errors(outcome) == 1 && outcome.err.contains("cannot-read") && !outcome.err.contains("Diagnostic("), "\(outcome.err)")
    }

    @Test func storeThatCannotBeMade() throws {
        let project = try Project()
        let before = project.tree()
        for place in [project.file("small.ecdx/store"), "/proc/store", "/dev/null/store"] {
            for environment in [[:], ["ECDX_STORE": place]] {
                let arguments = ["run", "SCRIPT"] + (environment.isEmpty ? ["--store", place] : [])
                let outcome = try project.start(arguments, environment: environment).wait()
                #expect(outcome.status == 1)
                #expect(errors(outcome) == 1 && outcome.err.contains("cannot-write"), "\(outcome.err)")
            }
        }
        #expect(project.tree() == before)
    }

    @Test func storeElsewhere() throws {
        let project = try Project()
        #expect(try project.run("--store", project.file("kept")).status == 0)
        #expect(try project.run(environment: ["ECDX_STORE": project.file("kept")]).err.contains("epoch ") == false)
        #expect(fileStatus(project.store) == nil)
        // The command line prevails.
        #expect(try project.run("--store", project.file("kept"), environment: ["ECDX_STORE": project.file("other")]).status == 0)
        #expect(fileStatus(project.file("other")) == nil)
    }
}
