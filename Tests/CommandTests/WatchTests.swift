import Glibc
import Storage
import TestSupport
import Testing

/// `ecdx run --watch`: what is stale is run again as a file is saved, however an editor saves.
@Suite(.timed) struct WatchTests {
    private let small = """
        use "more.ecdx"
        let numbers = csv("data/table.csv")
        show mean(numbers["k_vrh"])
        show added

        """

    private func saveInPlace(_ path: String, _ text: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }

    /// As vim does: the old file is moved away, a new one of that name is written, the old one removed.
    private func saveByRenaming(_ path: String, _ text: String) throws {
        #expect(rename(path, path + "~") == 0)
        usleep(30_000)
        try saveInPlace(path, text)
        unlink(path + "~")
    }

    private func output(_ project: Project) -> String { (try? project.read("../1.out")) ?? "" }

    @Test func everyWayOfSavingIsSeen() throws {
        let project = try Project(script: small)
        try project.write("more.ecdx", "let added = 1 + 1\n")
        let command = try project.start(["run", "SCRIPT", "--watch"])
        func waits(_ times: Int) throws -> Bool {
            try command.waitUntil { ((try? project.read("../1.err")) ?? "").split(separator: "to be saved; Ctrl-C ends").count > times }
        }
        try #require(try waits(1))
        let mean = try #require(output(project).split(separator: "\n").first)
        #expect(output(project) == "\(mean)\n2\n")
        // In place: only what changed is shown.
        try saveInPlace(project.file("small.ecdx"), small + "show 7\n")
        try #require(try waits(2))
        #expect(output(project) == "\(mean)\n2\n7\n")
        #expect(try project.read("../1.err").contains("unchanged: 2 of 3 actions"))
        try saveByRenaming(project.file("small.ecdx"), small + "show 8\n")
        try #require(try waits(3))
        #expect(output(project) == "\(mean)\n2\n7\n8\n")
        // Whole or not at all, as VS Code and ecdx do; of a module.
        try project.write("more.ecdx", "let added = 1 + 2\n")
        try #require(try waits(4))
        #expect(output(project) == "\(mean)\n2\n7\n8\n3\n")
        // A mistake is told, and waits.
        try saveInPlace(project.file("small.ecdx"), "show 1 +\n")
        try #require(try waits(5))
        #expect(try project.read("../1.err").contains("error["))
        // A table that the script reads.
        try saveInPlace(project.file("small.ecdx"), small)
        try #require(try waits(6))
        try project.write("table.csv", in: "data", try project.read("data/table.csv").replacing("408.769", with: "508.769"))
        try #require(try waits(7))
        let lines = output(project).split(separator: "\n")
        #expect(lines.count == 6 && lines.last != mean, "\(lines)")
        command.send(SIGINT)
        #expect(try command.wait().status == 130)
    }

    /// A training is stopped between two steps with its state saved, and goes on where the new script still wants it.
    @Test func aSaveStopsWhatIsTrained() throws {
        let slow = Project.script(epochs: 600).replacing("conv(4,", with: "conv(32, kernel: 3, activation: relu) >> conv(32,")
        let project = try Project(script: slow)
        let command = try project.start(["run", "SCRIPT", "--watch", "--threads", "1"])
        try #require(try command.waitUntil { project.epochs >= 3 })
        try project.write("small.ecdx", "show 41 + 1\n" + slow)
        try #require(try command.waitUntil { self.output(project).contains("42") })
        let run = try project.theRun()
        try #require(try command.waitUntil { (try? project.events("resumed", of: run).count) == 1 })
        let place = try #require(try project.events("interrupted", of: run).last)
        let resumed = try #require(try project.events("resumed", of: run).last)
        #expect(place["epoch"] == resumed["epoch"] && place["step"] == resumed["step"])
        command.send(SIGTERM)
        #expect(try command.wait().status == 143)
        #expect(project.damage() == [])
    }
}
