import Glibc
import Storage
import TestSupport
import Testing

/// `ecdx runs`: looking at recorded runs, carrying them from one store to another, removing them.
@Suite(.timed) struct RunsTests {
    private static let short = Project.script(epochs: 3)

    /// The rows of a table without the note under it.
    private func rows(_ out: String) -> [[String]] {
        out.split(separator: "\n").dropFirst(2).prefix(while: { !$0.hasPrefix("validation chose ") }).map {
            $0.split(separator: " ").map(String.init)
        }
    }

    /// The ids that `list` prints, in its order.
    private func ids(_ project: Project, _ more: String...) throws -> [String] {
        let outcome = try project.start(["runs", "list", "SCRIPT"] + more).wait()
        #expect(outcome.status == 0, "\(outcome.err)")
        return rows(outcome.out).compactMap(\.first)
    }

    @Test func listShowCompare() throws {
        let project = try Project(script: Self.short)
        #expect(try project.run().status == 0)
        #expect(try project.run("--set", "bulk.seed=2", "--set", "bulk.optimizer.rate=0.02").status == 0)
        let before = project.tree()
        let list = try project.ecdx("runs", "list", "SCRIPT")
        #expect(list.out.hasPrefix("id ") && list.out.contains("validation loss") && list.out.contains("holdout R2"))
        #expect(list.out.contains("\nvalidation chose the epoch of "), "\(list.out)")
        let found = rows(list.out)
        #expect(found.count == 2)
        for row in found { #expect(row[1...3] == ["bulk", "done", "3"] && row.last == ProcessIdentity.current.host, "\(row)") }
        let (first, second) = (found[0][0], found[1][0])

        let show = try project.ecdx("runs", "show", String(first.prefix(8)), "--store", project.store)
        #expect(show.status == 0, "\(show.err)")
        for said in [
            "run \(first): bulk, done", "on \(ProcessIdentity.current.host), ", "1 thread, oneDNN ", "epochs: 3, kept ", "  batch: 3\n",
            "model: plane [12, 12, 1]", "adam(", "validation  3 ",
        ] {
            #expect(show.out.contains(said), "\(said) is not in \(show.out)")
        }

        let compare = try project.ecdx("runs", "compare", first, second, environment: ["ECDX_STORE": project.store])
        #expect(compare.status == 0, "\(compare.err)")
        let compared = compare.out.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        for line in ["optimizer.rate 0.01 0.02", "seed 1 2", "epochs 3 3", "threads 1 1"] {
            #expect(compared.contains(line), "\(line) is not in \(compared)")
        }
        #expect(!compared.contains { $0.hasPrefix("batch") } && !compare.out.contains("same training"))

        for (arguments, said) in [
            (["show", "zz"], "unknown-run"), (["show", ""], "unknown-run"), (["compare", first], "at least two"),
            (["compare", first, first], "at least two"),
            (["remove", "../runs"], "unknown-run"), (["show", first, "--store", project.file("data")], "no-store"),
            (["list", "missing.ecdx"], "missing-file"),
            (["import", project.file("data"), "--store", project.file("none")], "unknown-run"),
            (["import", project.file("gone"), "--store", project.store], "gone"),
        ] {
            let outcome = try project.start(["runs"] + arguments, environment: ["ECDX_STORE": project.store]).wait()
            #expect(outcome.status == 2 && outcome.err.contains(said) && outcome.out == "", "\(arguments): \(outcome.err)")
        }
        #expect(project.tree() == before)
    }

    @Test func exportAndImport() throws {
        let project = try Project(script: Self.short)
        #expect(try project.run().status == 0)
        let run = try project.theRun()
        let folder = project.file("carried/\(run.id)")
        let other = project.file("other")
        #expect(try project.ecdx("runs", "export", run.id, "--to", project.file("carried"), "--store", project.store).status == 0)
        #expect(try listFolder(folder) == RunFolder.pieces.map(\.name).sorted())
        #expect(
            try project.ecdx("runs", "export", run.id, "--to", project.file("carried"), "--store", project.store).err.contains(
                "would-overwrite"))

        // What was computed elsewhere need not be computed here; whatever the folder is called.
        #expect(rename(folder, project.file("carried/renamed")) == 0)
        let imported = try project.ecdx("runs", "import", project.file("carried"), "--store", other)
        #expect(
            imported.status == 0 && imported.out.hasPrefix("imported bulk as \(run.id): \(ProcessIdentity.current.host), "),
            "\(imported.err)")
        // What the first store wrote belongs to it.
        try removeTree(project.file("out"))
        #expect(try project.ecdx("plan", "SCRIPT", "--store", other).out.contains("nothing to compute"))
        #expect(try project.ecdx("runs", "compare", run.id, run.id, "--store", other).status == 2)

        // Copies are refused: the store itself, a copy whose journal names another machine, one whose result was touched.
        let before = try listFolder(joined(other, "runs"))
        func refused(_ source: String) throws {
            let outcome = try project.ecdx("runs", "import", source, "--store", other)
            #expect(outcome.status == 1 && outcome.err.contains("error[same-run]") && outcome.out == "", "\(outcome.err)")
            #expect(try listFolder(joined(other, "runs")) == before)
        }
        try refused(project.store)
        try refused(project.folder)
        let copy = project.file("carried/renamed")
        let journal = try readText(joined(copy, "journal.jsonl"))
        let result = try readText(joined(copy, "result.json"))
        try writeWhole(
            journal.replacing(ProcessIdentity.current.host, with: "elsewhere").replacing("\"time\":1", with: "\"time\":2"),
            to: joined(copy, "journal.jsonl"))
        try refused(copy)
        try writeWhole(journal.replacing(ProcessIdentity.current.host, with: "elsewhere"), to: joined(copy, "journal.jsonl"))
        // As an older version left it, which hashed less.
        unlink(joined(copy, "contents.json"))
        try writeWhole(result + " ", to: joined(copy, "result.json"))
        try refused(copy)
    }

    /// A training that was computed twice: two rows of a table, once the second is here.
    @Test func twoMachines() throws {
        let script =
            Self.short.split(separator: "\n").filter { !$0.hasPrefix("table") && !$0.hasPrefix("plot") }.joined(separator: "\n")
            + "\ntable machines(bulk) |> beside(reported(\"reported.csv\"), match: { machine: \"machine\" }) to \"out/machines.csv\"\n"
        let here = try Project(script: script)
        let there = try Project(script: script)
        let third = try Project(script: script)
        for project in [here, there, third] {
            try project.write("reported.csv", "machine,tr_rmse,te_rmse,ho_rmse\n1,6.50,5.90,5.35\n2,5.19,3.72,4.05\n")
            let alone = try project.run()
            #expect(alone.status == 1 && alone.err.contains("error[one-machine]") && alone.err.contains("ecdx runs import"), "\(alone.err)")
        }
        // Elsewhere: another name of the machine, as its journal has it.
        let run = try there.theRun()
        let journal = try readText(run.journalPath)
        try writeWhole(
            journal.replacing("\"host\":\"\(ProcessIdentity.current.host)\"", with: "\"host\":\"Node 7/../x\""), to: run.journalPath)
        let imported = try here.ecdx("runs", "import", there.folder, "--store", here.store)
        let id = run.id + "-node-7-x"
        #expect(imported.status == 0 && imported.out.contains("as \(id): Node 7/../x, "), "\(imported.out)\(imported.err)")
        #expect(try ids(here).sorted() == [run.id, id])

        let both = try here.run()
        #expect(both.status == 0, "\(both.err)")
        #expect(both.out.contains("bit for bit"))
        let table = try here.read("out/machines.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(table.count == 7)
        #expect(table.dropFirst().map { $0[0] + $0[1] } == ["1train", "1validation", "1holdout", "2train", "2validation", "2holdout"])
        #expect(table[1][3...5] == table[4][3...5] && table[1][6] == ProcessIdentity.current.host && table[6][6] == "Node 7/../x")
        #expect(table.map(\.last) == ["reported RMSE [GPa]", "6.50", "5.90", "5.35", "5.19", "3.72", "4.05"])

        let compare = try here.ecdx("runs", "compare", run.id, id, "--store", here.store)
        #expect(
            compare.out.contains(
                "are the same training, on \(ProcessIdentity.current.host) and on Node 7/../x; their weights are the same to the bit"),
            "\(compare.out)")

        // A third of the same host gets a number; what is gone is no machine any more, whatever the cache holds.
        let again = try third.theRun()
        try writeWhole(
            readText(again.journalPath).replacing("\"host\":\"\(ProcessIdentity.current.host)\"", with: "\"host\":\"node-7-x\""),
            to: again.journalPath)
        #expect(try here.ecdx("runs", "import", again.path, "--store", here.store).out.contains("as \(id)-2: "))
        for id in [id, id + "-2"] { #expect(try here.ecdx("runs", "remove", id, "--store", here.store).status == 0) }
        #expect(try here.run().err.contains("error[one-machine]"))
    }

    /// Who looks at the holdout of trials searches on it.
    @Test func theHoldoutOfTrialsIsNotShown() throws {
        let search = "optimizer: adam(rate: loguniform(1e-4, 1e-2)), search: randomSearch(trials: 2)"
        let project = try Project(script: Self.short + "experiment found like bulk { \(search) }\ntable trials(found)\n")
        let run = try project.run()
        #expect(run.status == 0 && run.out.contains("validation chose the epoch and the trial of found"), "\(run.out)\(run.err)")
        let list = try project.ecdx("runs", "list", "SCRIPT")
        #expect(list.out.contains("\nthe holdout of trials is not shown"))
        let runs = try listFolder(joined(project.store, "runs"))
        #expect(runs.count == 3)
        for run in runs {
            let show = try project.ecdx("runs", "show", run, "--store", project.store).out
            #expect(show.contains("\nvalidation ") && show.contains("validation chose the epoch of \(run)"), "\(show)")
            #expect(show.contains("\nholdout ") == !show.contains(" trial "), "\(show)")
        }
        let compare = try project.start(["runs", "compare"] + runs + ["--store", project.store]).wait()
        let row = compare.out.split(separator: "\n").first { $0.hasPrefix("holdout RMSE") }
        #expect(row?.split(separator: " ").count == 3, "\(compare.out)")
    }

    /// Folders that were made to do harm, or were cut short on their way.
    @Test func hostileFolders() throws {
        let project = try Project(script: Self.short)
        #expect(try project.run().status == 0)
        let run = try project.theRun()
        let copy = project.file("from/run")
        let other = project.file("other")
        _ = try Store(at: other, base: project.folder)
        func replace(_ file: String, _ old: String, _ new: String) throws {
            let text = try readText(joined(copy, file))
            #expect(text.contains(old), "\(file): \(old)")
            try writeWhole(text.replacing(old, with: new, maxReplacements: 1), to: joined(copy, file))
        }
        func cut(_ file: String, to size: Int) { #expect(truncate(joined(copy, file), size) == 0) }
        let cases: [(String, () throws -> Void)] = [
            ("expected files in the record of a run, found a link", { #expect(symlink("/etc/passwd", joined(copy, "notes.txt")) == 0) }),
            (
                "found a link",
                {
                    unlink(joined(copy, "script.ecdx"))
                    #expect(symlink("/etc/passwd", joined(copy, "script.ecdx")) == 0)
                }
            ),
            ("a pipe", { #expect(mkfifo(joined(copy, "figure"), 0o600) == 0) }),
            ("expected the weights that the result names", { cut("weights.safetensors", to: 100) }),
            ("as ecdx wrote it, found other contents", { try replace("metrics.csv", "epoch,", "epochs,") }),
            ("as ecdx wrote it, found other contents", { try replace("result.json", "\"seconds\":", "\"seconds\":1") }),
            (
                "expected the prediction",
                {
                    var lines = try readText(joined(copy, "predictions.csv")).split(separator: "\n").map(String.init)
                    lines[1] = lines[1].split(separator: ",").dropLast().joined(separator: ",") + ",1e9"
                    try writeWhole(lines.joined(separator: "\n") + "\n", to: joined(copy, "predictions.csv"))
                }
            ),
            ("expected the weights that the result names", { cut("weights.safetensors", to: 1 << 24) }),
            ("found more", { cut("result.json", to: 1 << 34) }),
            ("found more", { cut("resolved.json", to: 1 << 25) }),
            ("found no `weights.safetensors`", { unlink(joined(copy, "weights.safetensors")) }),
            (
                "expected files",
                {
                    try removeTree(joined(copy, "weights.safetensors"))
                    #expect(symlink(run.file("weights.safetensors"), joined(copy, "weights.safetensors")) == 0)
                }
            ),
            ("journal.jsonl` line 2", { try replace("journal.jsonl", "{\"epoch\":1", "{\"epoch\":") }),
            ("found that of another", { try replace("resolved.json", "\"seed\": 1", "\"seed\": 2") }),
            ("found others", { try replace("resolved.json", "\"node\": \"experiment\"", "\"node\": \"features\"") }),
            ("says when the training began", { cut("journal.jsonl", to: 0) }),
            ("nested at most", { try writeWhole(String(repeating: "[", count: 100_000), to: joined(copy, "result.json")) }),
            ("expected a member", { try writeWhole("{}", to: joined(copy, "result.json")) }),
            ("for each row of", { try replace("result.json", "\"ids\":[\"", "\"ids\":[\"x\",\"") }),
            (
                "found 99",
                {
                    try replace("result.json", "\"keptEpoch\":", "\"keptEpoch\":9")
                    try replace("result.json", "\"keptEpoch\":9\(keptEpoch(run))", "\"keptEpoch\":99")
                }
            ),
            ("epochs from 1 on", { try replace("result.json", "\"epoch\":1,", "\"epoch\":7,") }),
            ("expected the parts", { try replace("result.json", "\"holdout\":{", "\"../holdout\":{") }),
            (
                "expected finite numbers",
                {
                    try replace("result.json", "\"truth\":[", "\"truth\":[\"nan\",")
                    try replace("result.json", "\"ids\":[", "\"ids\":[\"x\",")
                    try replace("result.json", "\"predicted\":[", "\"predicted\":[1,")
                }
            ),
        ]
        for (said, harm) in cases {
            try removeTree(copy)
            try createFolder(copy)
            for piece in RunFolder.pieces { try writeWhole(readFile(run.file(piece.name)), to: joined(copy, piece.name)) }
            try harm()
            let outcome = try project.ecdx("runs", "import", copy, "--store", other)
            #expect(
                outcome.status == 1 && outcome.err.contains("error[bad-data]") && outcome.err.contains(said) && outcome.out == "",
                "\(said): \(outcome.err)")
            #expect(!outcome.err.contains(".ecdx-tmp-"), "\(outcome.err)")
            #expect(try listFolder(joined(other, "runs")) == [], "\(said)")
        }
        // A folder of a store that is a link is nobody's run.
        try createFolder(project.file("links/runs"))
        #expect(symlink(run.path, project.file("links/runs/\(run.id)")) == 0)
        #expect(try project.ecdx("runs", "import", project.file("links"), "--store", other).status == 2)
        #expect(try project.ecdx("runs", "import", run.path, "--store", other).status == 0)
    }

    private func keptEpoch(_ run: RunFolder) throws -> Int {
        try JSONValue(parsing: readFile(run.file("result.json")))["keptEpoch"]?.intValue ?? 0
    }

    @Test func statesAndRemoving() throws {
        let project = try Project(
            script: Project.script(epochs: 5000).replacing("conv(4,", with: "conv(24, kernel: 3, activation: relu) >> conv(24,"))
        func state() throws -> String {
            try rows(project.ecdx("runs", "list", "SCRIPT").out).first.map {
                $0.dropFirst(2).prefix { Int($0) == nil }.joined(separator: " ")
            } ?? ""
        }
        let environment = ["ECDX_CHECKPOINT_SECONDS": "0"]
        let command = try project.start(["run", "SCRIPT", "--threads", "1"], environment: environment)
        try #require(try command.waitUntil { project.epochs >= 2 })
        let run = try project.theRun()
        #expect(try state() == "running")
        let refused = try project.ecdx("runs", "remove", run.id, "--store", project.store)
        #expect(refused.status == 1 && refused.err.contains("error[in-use]"), "\(refused.err)")
        #expect(
            try project.ecdx("runs", "export", run.id, "--to", project.file("x"), "--store", project.store).err.contains("unfinished-run"))
        #expect(fileStatus(project.file("x")) == nil)
        command.send(SIGKILL)
        _ = try command.wait()
        #expect(try state() == "stale lease")
        #expect(
            try project.ecdx("runs", "import", project.store, "--store", project.file("other")).err.contains("run its script to the end"))

        let again = try project.start(["run", "SCRIPT", "--threads", "1"], environment: environment)
        try #require(try again.waitFor("goes on from"))
        again.send(SIGTERM)
        #expect(try again.wait().status == 143)
        #expect(try state() == "begun")
        #expect(try project.ecdx("runs", "show", run.id, "--store", project.store).out.contains("\nwent on in epoch "))
        #expect(try project.ecdx("runs", "remove", run.id, "--store", project.store).status == 0)
        #expect(try listFolder(joined(project.store, "runs")) == [])
        #expect(try project.ecdx("runs", "list", "SCRIPT").out.hasPrefix("no runs in "))

        // Steps so large that nothing is left of the loss.
        #expect(try project.run("--set", "bulk.optimizer.rate=1e30", "--set", "bulk.epochs=20").status == 1)
        #expect(try state() == "failed")
        #expect(try project.ecdx("runs", "show", project.theRun().id, "--store", project.store).out.contains("\nerror: "))
    }
}
