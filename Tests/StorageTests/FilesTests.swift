import Diagnostics
import Glibc
import TestSupport
import Testing

@testable import Storage

@Suite(.timed) struct FilesTests {
    @Test func writesWholeAndLeavesNothingBeside() throws {
        let scratch = try Scratch()
        try writeWhole("one", to: scratch.file("a"))
        try writeWhole("two", to: scratch.file("a"))
        #expect(try readText(scratch.file("a")) == "two")
        #expect(try listFolder(scratch.path) == ["a"])
    }

    @Test func aFailingWriterLeavesTheOldFileAndNothingElse() throws {
        let scratch = try Scratch()
        try writeWhole("old", to: scratch.file("a"))
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try writeWhole(to: scratch.file("a")) { sink in
                try sink.write([UInt8](repeating: 1, count: 200_000))
                throw Stop()
            }
        }
        #expect(try readText(scratch.file("a")) == "old")
        #expect(try listFolder(scratch.path) == ["a"])
    }

    @Test func aMissingFolderIsNamedInPlainWords() throws {
        let scratch = try Scratch()
        let path = scratch.file("none/a.csv")
        let found = diagnostic { try writeWhole("x", to: path) }
        #expect(found.id == "cannot-write")
        #expect(found.message == "expected a place that can be written, found no such file or folder")
        #expect(found.data == DataPlace(file: path))
    }

    @Test func namesTooLongFilesInTheWayAndFoldersAreRefused() throws {
        let scratch = try Scratch()
        let long = scratch.file(String(repeating: "n", count: 300))
        #expect(diagnostic { try writeWhole("x", to: long) }.message.hasSuffix("a name that is too long"))
        try writeWhole("x", to: scratch.file("file"))
        #expect(diagnostic { try writeWhole("x", to: scratch.file("file/a")) }.message.hasSuffix("a file where a folder was meant"))
        #expect(diagnostic { try createFolder(scratch.file("file")) }.message.hasSuffix("a file of that name"))
        try createFolder(scratch.file("folder/in/it"))
        try createFolder(scratch.file("folder/in/it"))
        #expect(diagnostic { try writeWhole("x", to: scratch.file("folder")) }.id == "cannot-write")
        #expect(diagnostic { try writeWhole("x", to: "/dev/null") }.id == "cannot-write")
        #expect(diagnostic { try writeWhole("x", to: "") }.id == "cannot-write")
        #expect(diagnostic { try writeWhole("x", to: scratch.file("a\0b")) }.id == "cannot-write")
        #expect(try listFolder(scratch.path) == ["file", "folder"])
    }

    /// /dev/full takes no byte: what a full disk does.
    @Test func aFullDiskIsSaidInPlainWords() throws {
        let full = try OpenFile(writing: "/dev/full", flags: O_WRONLY)
        let found = diagnostic { try [UInt8](repeating: 1, count: 10).withUnsafeBytes { try full.write($0) } }
        #expect(found.message == "expected a place that can be written, found no space left on the disk")
    }

    @Test func aLinkIsWrittenThrough() throws {
        let scratch = try Scratch()
        try createFolder(scratch.file("big"))
        try #require(symlink("big/target", scratch.file("link")) == 0)
        try writeWhole("x", to: scratch.file("link"))
        #expect(try readText(scratch.file("big/target")) == "x")
        #expect(fileStatus(scratch.file("link"), followingLinks: false)?.kind == .link)
    }

    @Test func readingIsBounded() throws {
        let scratch = try Scratch()
        try writeWhole([UInt8](repeating: 0xFF, count: 100), to: scratch.file("a"))
        #expect(try readFile(scratch.file("a"), limit: 100).count == 100)
        #expect(diagnostic { _ = try readFile(scratch.file("a"), limit: 99) }.message == "expected at most 99 bytes, found 100 or more")
        #expect(diagnostic { _ = try readFile("/proc/self/maps", limit: 9) }.id == "cannot-read")
        #expect(diagnostic { _ = try readText(scratch.file("a")) }.message == "expected UTF-8 text, found other bytes")
        #expect(diagnostic { _ = try readFile(scratch.path) }.id == "cannot-read")
        try #require(mkfifo(scratch.file("pipe"), 0o600) == 0)
        #expect(diagnostic { _ = try readFile(scratch.file("pipe")) }.id == "cannot-read")
    }

    @Test func treesAreRemovedWithoutFollowingLinks() throws {
        let scratch = try Scratch()
        try createFolder(scratch.file("keep"))
        try writeWhole("x", to: scratch.file("keep/a"))
        try createFolder(scratch.file("go/deeper"))
        try writeWhole("x", to: scratch.file("go/deeper/b"))
        try #require(symlink(scratch.file("keep"), scratch.file("go/link")) == 0)
        try removeTree(scratch.file("go"))
        try removeTree(scratch.file("go"))
        #expect(try listFolder(scratch.path) == ["keep"])
        #expect(try listFolder(scratch.file("keep")) == ["a"])
    }

    @Test func onlyTheFilesOfDeadWritersAreSwept() throws {
        let scratch = try Scratch()
        let dead = try runToEnd(["/bin/true"]).pid
        let mine = Temporary.name()
        var parts = mine.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        // .ecdx-tmp-PLACE-PID-START-COUNT
        try #require(parts.count == 6)
        parts[3] = String(dead)
        let killed = parts.joined(separator: "-")
        parts[2] = "0000000000000000"
        let elsewhere = parts.joined(separator: "-")
        for name in [mine, killed, elsewhere, "data.csv", ".ecdx-other"] { try writeWhole("x", to: scratch.file(name)) }
        #expect(sweepTemporaries(in: scratch.path) == 1)
        #expect(Set(try listFolder(scratch.path)) == [mine, elsewhere, "data.csv", ".ecdx-other"])
        #expect(sweepTemporaries(in: scratch.path, age: -1) == 1)
        #expect(Set(try listFolder(scratch.path)) == [mine, "data.csv", ".ecdx-other"])
    }
}

@Suite(.timed) struct PathTests {
    @Test func partsOfPaths() {
        #expect(parentFolder(of: "a/b/c") == "a/b")
        #expect(parentFolder(of: "a") == ".")
        #expect(parentFolder(of: "/a") == "/")
        #expect(parentFolder(of: "a//b//") == "a")
        #expect(lastName(of: "a/b/") == "b")
        #expect(lastName(of: "b") == "b")
        #expect(joined("a/", "b") == "a/b")
        #expect(joined("a", "/b") == "/b")
    }

    @Test func placesInsideAreResolvedAndPlacesOutsideRefused() throws {
        let scratch = try Scratch()
        let inside = scratch.file("in")
        let outside = scratch.file("out")
        try createFolder(joined(inside, "sub"))
        try createFolder(outside)
        let root = try resolvedPath(inside)
        #expect(try contained("figures/a.svg", relativeTo: inside, in: [inside]) == root + "/figures/a.svg")
        #expect(try contained("sub/../b", relativeTo: inside, in: [inside]) == root + "/b")
        #expect(try contained(".", relativeTo: inside, in: [inside]) == root)
        #expect(try contained("../out/x", relativeTo: inside, in: [inside, outside]).hasSuffix("/out/x"))
        for path in ["../out/x", "/etc/passwd", "sub/../../out", "../in2", "none/../../out/x"] {
            #expect(diagnostic { _ = try contained(path, relativeTo: inside, in: [inside]) }.id == "outside", "\(path)")
        }
        // A folder whose name only begins like the root's is another folder.
        #expect(diagnostic { _ = try contained(inside + "side/x", in: [inside]) }.id == "outside")
    }

    @Test func linksOutAreFoundEvenWhereTheyLeadNowhere() throws {
        let scratch = try Scratch()
        let inside = scratch.file("in")
        let outside = scratch.file("out")
        try createFolder(inside)
        try createFolder(outside)
        try #require(symlink(outside, joined(inside, "folder")) == 0)
        try #require(symlink("../out/not-yet", joined(inside, "file")) == 0)
        try #require(symlink("loop", joined(inside, "loop")) == 0)
        try #require(symlink(inside, scratch.file("alias")) == 0)
        for path in ["folder/x", "file", "folder"] {
            let found = diagnostic { _ = try contained(path, relativeTo: inside, in: [inside]) }
            #expect(found.id == "outside", "\(path)")
            #expect(found.message.contains("which leads to"), "\(path)")
        }
        #expect(diagnostic { _ = try contained("loop", relativeTo: inside, in: [inside]) }.message.contains("circle"))
        // The root may itself be reached by a link.
        #expect(try contained("x", relativeTo: scratch.file("alias"), in: [inside]) == resolvedPath(inside) + "/x")
        #expect(diagnostic { _ = try contained("a\0b", relativeTo: inside, in: [inside]) }.id == "cannot-read")
    }
}

@Suite(.timed) struct OutputsTests {
    @Test func whatEcdxWroteMayBeWrittenAgainAndNothingElse() throws {
        let scratch = try Scratch()
        let outputs = Outputs(folder: scratch.file(".ecdx/outputs"), base: scratch.path)
        let path = scratch.file("tables/a.csv")
        try outputs.write("one", to: path)
        try outputs.write("two", to: path)
        #expect(try readText(path) == "two")

        try writeWhole("edited by hand", to: path)
        let found = diagnostic { try outputs.write("three", to: path) }
        #expect(found.id == "would-overwrite")
        #expect(found.data?.file == path)
        #expect(diagnostic { try outputs.check(path) }.id == "would-overwrite")
        #expect(try readText(path) == "edited by hand")
        try outputs.write("three", to: path, force: true)
        try outputs.write("four", to: path)
        #expect(try readText(path) == "four")

        try writeWhole("mine", to: scratch.file("notes.txt"))
        #expect(diagnostic { try outputs.write("x", to: scratch.file("notes.txt")) }.id == "would-overwrite")
        #expect(diagnostic { try outputs.write("x", to: scratch.file("tables")) }.id == "cannot-write")
    }

    /// A script that the prompt has loaded writes with the prompt's store what its own wrote before, and the other way round.
    @Test func whatAStoreAboveWroteIsNoFileOfOthers() throws {
        let scratch = try Scratch()
        let (above, beside) = (scratch.path, scratch.file("work"))
        let file = joined(beside, "out/a.csv")
        let own = Outputs(folder: joined(beside, ".ecdx/outputs"), base: beside)
        let prompt = Outputs(folder: joined(above, ".ecdx/outputs"), base: above)
        try own.write("one", to: file)
        try prompt.write("two", to: file)
        try own.write("three", to: file)
        #expect(try readText(file) == "three")
        try writeWhole("edited", to: file)
        for outputs in [own, prompt] { #expect(diagnostic { try outputs.write("four", to: file) }.id == "would-overwrite") }
        // A store that is not above the file does not count.
        let elsewhere = Outputs(folder: scratch.file("other/.ecdx/outputs"), base: scratch.file("other"))
        try elsewhere.write("five", to: file, force: true)
        #expect(diagnostic { try own.write("six", to: file) }.id == "would-overwrite")
    }

    @Test func aKillBetweenRecordAndFileLeavesNothingForeign() throws {
        let scratch = try Scratch()
        let outputs = Outputs(folder: scratch.file(".ecdx/outputs"), base: scratch.path)
        let path = scratch.file("a.csv")
        try outputs.write("old", to: path)
        // As if killed after the record of "new" and before its file: the record knows both.
        try outputs.write("new", to: path)
        try writeWhole("old", to: path)
        try outputs.check(path)
        try outputs.write("newer", to: path)
        #expect(try readText(path) == "newer")
    }

    @Test func theRecordMovesWithTheFolder() throws {
        let scratch = try Scratch()
        try Outputs(folder: scratch.file("here/.ecdx/outputs"), base: scratch.file("here")).write("x", to: scratch.file("here/a.csv"))
        try #require(rename(scratch.file("here"), scratch.file("there")) == 0)
        let moved = Outputs(folder: scratch.file("there/.ecdx/outputs"), base: scratch.file("there"))
        try moved.write("y", to: scratch.file("there/a.csv"))
        #expect(try readText(scratch.file("there/a.csv")) == "y")
    }

    @Test func unchangedContentsAreNotWrittenAgain() throws {
        let scratch = try Scratch()
        let outputs = Outputs(folder: scratch.file("outputs"), base: scratch.path)
        try outputs.write("x", to: scratch.file("a"))
        let before = fileStatus(scratch.file("a"))
        try outputs.write("x", to: scratch.file("a"))
        #expect(fileStatus(scratch.file("a")) == before)
    }
}
