import Storage
import TestSupport
import Testing

/// `ecdx why`: what differs from what was computed, also in the parts of an experiment.
@Suite(.timed) struct WhyCommandTests {
    private static let declarations = Project.script(epochs: 2).split(separator: "\n").filter {
        !$0.hasPrefix("table") && !$0.hasPrefix("plot")
    }.joined(separator: "\n")

    private func why(_ project: Project, _ name: String, _ more: String...) throws -> [String] {
        let before = project.tree()
        let outcome = try project.start(["why", "SCRIPT", name] + more).wait()
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(project.tree() == before)
        return outcome.out.split(separator: "\n").map(String.init)
    }

    @Test func oneTraining() throws {
        let project = try Project(
            script: Self.declarations
                + "\nlet twice = for s in [1, 2] { bulk with { seed: s } }\nlet scores = metrics(bulk)\ntable scores\n")
        #expect(try why(project, "bulk") == ["`bulk` was not computed yet, and no run is recorded that is like it"])
        #expect(try project.run().status == 0)
        let run = try project.theRun().id
        let nearest = "was not computed yet; the recorded run most like it, \(run), differs in"
        #expect(try why(project, "bulk") == ["`bulk` is computed already: run \(run)"])
        #expect(try why(project, "scores") == ["`bulk` is computed already: run \(run)"])
        #expect(try why(project, "twice") == ["`bulk (s 1)` is computed already: run \(run)", "`bulk (s 2)` \(nearest) seed: 2 (was 1)"])
        #expect(try why(project, "bulk", "--set", "bulk.epochs=20") == ["`bulk` \(nearest) epochs: 20 (was 2)"])
        #expect(
            try why(project, "bulk", "--set", "crystals.split.seed=8", "--set", "bulk.optimizer.rate=0.5")
                == ["`bulk` \(nearest) split.seed: 8 (was 7), optimizer.rate: 0.5 (was 0.01)"])
        try project.write("small.ecdx", Self.declarations.replacing("dropout(0.3)", with: "dropout(0.4)"))
        #expect(try why(project, "bulk") == ["`bulk` \(nearest) rate of layer 5: 0.4 (was 0.3)"])
        // A smoke run has a store of its own.
        #expect(try why(project, "bulk", "--smoke")[0].contains("no run is recorded"))
    }

    @Test func namesThatAreNone() throws {
        let project = try Project(script: Self.declarations)
        for (name, said) in [
            ("bulkk", "did you mean `bulk`?"), ("zzzzzz", "experiments are `bulk`"), ("cnn", "expected an experiment, found a model"),
            ("crystals", "found a dataset"),
        ] {
            let outcome = try project.ecdx("why", "SCRIPT", name)
            #expect(outcome.status == 2 && outcome.out == "" && outcome.err.contains(said), "\(name): \(outcome.err)")
        }
        #expect(try project.ecdx("why", "SCRIPT").status == 2)
        #expect(try project.ecdx("why", "SCRIPT", "bulk", "--set", "bulk.epoch=3").status == 2)
        try project.write("small.ecdx", Self.declarations + "\nshow nothing\n")
        #expect(try project.ecdx("why", "SCRIPT", "bulk").status == 3)
    }

    @Test func stagesFoldsAndTrials() throws {
        let parts = """

            schedule two {
                stage head { train: head, rate: 0.01 }
                stage tune { train: all, rate: 0.001 }
            }
            experiment staged like bulk { schedule: two }
            experiment folded like bulk { folds: 3 }
            experiment found like bulk { optimizer: adam(rate: loguniform(1e-4, 1e-2)), search: randomSearch(trials: 5) }

            """
        let actions = "table metrics(staged)\ntable metrics(folded)\ntable metrics(found)\n"
        let project = try Project(script: Self.declarations + parts + actions)
        #expect(try why(project, "folded")[0] == "`folded` is not computed to its end: 0 of its 3 trainings are")
        #expect(try project.run().status == 0)

        let staged = try why(project, "staged")
        #expect(
            staged.count == 3 && staged[0].hasPrefix("`staged` is computed already: run ")
                && staged[1].hasPrefix("  stage head: computed, run "), "\(staged)")
        try project.write("small.ecdx", Self.declarations + parts.replacing("rate: 0.001", with: "rate: 0.002"))
        let tuned = try why(project, "staged")
        #expect(
            tuned[1] == staged[1] && tuned[2].hasPrefix("  stage tune: not computed")
                && tuned[2].hasSuffix("differs in rate of stage tune: 0.002 (was 0.001)"), "\(tuned)")
        try project.write("small.ecdx", Self.declarations + parts.replacing("head, rate: 0.01", with: "head, rate: 0.01, epochs: 7"))
        for line in try why(project, "staged") { #expect(line.hasSuffix("differs in epochs of stage head: 7 (was 2)"), "\(line)") }

        try project.write("small.ecdx", Self.declarations + parts)
        #expect(try why(project, "folded").dropFirst().allSatisfy { $0.contains(": computed, run ") })
        // One fold is gone.
        let fold = try #require(try why(project, "folded").first { $0.hasPrefix("  fold 2") }?.split(separator: " ").last)
        #expect(try project.ecdx("runs", "remove", String(fold), "--store", project.store).status == 0)
        let without = try why(project, "folded")
        #expect(without[0].hasSuffix("2 of its 3 trainings are") && without[2].hasPrefix("  fold 2: not computed"), "\(without)")
        #expect(
            try why(project, "folded", "--set", "folded.batch=4").dropFirst().filter { $0.hasSuffix("differs in batch: 4 (was 3)") }.count
                == 2)

        #expect(try why(project, "found").dropFirst() == ["  trials 1 to 5: computed"])
        let found = try why(project, "found", "--set", "found.epochs=3")
        #expect(
            found.count == 2 && found[0].contains("0 trials are") && found[1].hasPrefix("  trial 1 (optimizer.rate ")
                && found[1].hasSuffix("differs in epochs: 3 (was 2)"), "\(found)")
    }
}
