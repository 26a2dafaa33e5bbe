import Glibc
import Storage
import TestSupport
import Testing

/// Commands on files that `ecdx` wrote for later: records of runs, exported models.
@Suite(.timed) struct KeptFilesTests {
    private static let script = Project.script(epochs: 2, extra: "export bulk to \"out/m.safetensors\"\n")

    private func inFolder(_ folder: String, _ arguments: String, of project: Project) throws -> Command.Outcome {
        try createFolder(folder)
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": project.file("home")]
        if let libraries = getenv("LD_LIBRARY_PATH") { environment["LD_LIBRARY_PATH"] = String(cString: libraries) }
        return try Command(
            ["-c", "cd \"$1\" && exec \"$0\" \(arguments)", builtProgram(), folder], executable: "/bin/sh", environment: environment,
            out: project.file("shell.out"), err: project.file("shell.err")
        ).wait()
    }

    /// The first runs of a folder may come from elsewhere.
    @Test func importMakesTheStore() throws {
        let project = try Project(script: Project.script(epochs: 2))
        #expect(try project.run().status == 0)
        let run = try project.theRun()
        let folder = project.file("fresh")
        // Nothing to import: no store.
        #expect(try inFolder(folder, "runs import .", of: project).status == 2)
        #expect(try listFolder(folder) == [])
        #expect(try inFolder(folder, "runs list", of: project).err.contains("no-store"))
        let imported = try inFolder(folder, "runs import ../.ecdx", of: project)
        #expect(imported.status == 0 && imported.out.hasPrefix("imported bulk as \(run.id)"), "\(imported.err)")
        #expect(try listFolder(folder) == [".ecdx"])
        #expect(try inFolder(folder, "runs list", of: project).out.contains(run.id))
    }

    /// The tables beside a result belong to a record that is given away, and so do the values.
    @Test func aDamagedRecordIsNotExported() throws {
        let project = try Project(script: Project.script(epochs: 2))
        #expect(try project.run().status == 0)
        let run = try project.theRun()
        for name in ["predictions.csv", "metrics.csv", "resolved.json"] {
            let before = try readText(run.file(name))
            try writeWhole(before.replacing("0", with: "1"), to: run.file(name))
            let refused = try project.ecdx("runs", "export", run.id, "--to", project.file("carried"), "--store", project.store)
            #expect(refused.status == 1 && refused.err.contains("error[bad-data]") && refused.err.contains(name), "\(refused.err)")
            #expect(fileStatus(project.file("carried/\(run.id)")) == nil)
            // What the hint says.
            let verified = try project.run("--verify")
            #expect(verified.status == 0 && verified.err.contains(name) && verified.err.contains("is written anew"), "\(verified.err)")
            #expect(try readText(run.file(name)) == before)
            #expect(try !project.run("--verify").err.contains("bad-data"))
        }
        #expect(try project.ecdx("runs", "export", run.id, "--to", project.file("carried"), "--store", project.store).status == 0)
    }

    @Test func aDamagedModelIsRefused() throws {
        let project = try Project(script: Self.script)
        let run = try project.run()
        #expect(run.status == 0, "\(run.err)")
        let model = project.file("out/m.safetensors")
        let bytes = try readFile(model)
        func predict() throws -> Command.Outcome {
            try project.ecdx("predict", "SCRIPT", model, "crystals", "--to", "p.csv")
        }
        #expect(try predict().status == 0)
        let predictions = try project.read("p.csv")
        var changed = bytes
        changed[bytes.count - 2] ^= 1
        try writeWhole(changed, to: model)
        let refused = try predict()
        #expect(refused.status == 1 && refused.err.occurrences(of: "error[") == 1, "\(refused.err)")
        #expect(
            refused.err.contains("error[bad-model]: `out/m.safetensors`: expected the model as `export` wrote it, found other contents")
                && refused.err.contains("hint: export it again"), "\(refused.err)")
        #expect(try project.read("p.csv") == predictions)

        // As older versions wrote it.
        try writeWhole(bytes, to: model)
        var contents = try readSafetensors(model)
        contents.metadata["ecdx.sha256"] = nil
        try writeSafetensors(contents, to: model)
        let older = try predict()
        #expect(older.status == 0 && older.err.occurrences(of: "warning[bad-model]") == 1, "\(older.err)")
        #expect(try project.read("p.csv") == predictions)
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func occurrences(of text: String) -> Int { ranges(of: text).count }
}
