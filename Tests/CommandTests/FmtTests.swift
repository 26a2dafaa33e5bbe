import Glibc
import Storage
import TestSupport
import Testing

/// `ecdx fmt`.
@Suite(.timed) struct FmtTests {
    private let rough = "let  a=1\r\nshow   a # b\r\n\r\n\r\n\r\nshow [1,2]"
    private let smooth = "let a = 1\nshow a  # b\n\nshow [1, 2]\n"

    @Test func filesAreLaidOut() throws {
        let project = try Project()
        try project.write("rough.ecdx", rough)
        try project.write("smooth.ecdx", smooth)
        #expect(chmod(project.file("rough.ecdx"), 0o640) == 0)
        let before = fileStatus(project.file("smooth.ecdx"))
        let outcome = try project.ecdx("fmt", project.file("rough.ecdx"), project.file("smooth.ecdx"))
        #expect(outcome.status == 0 && outcome.out == "" && outcome.err == "formatted: \(project.file("rough.ecdx"))\n", "\(outcome.err)")
        #expect(try project.read("rough.ecdx") == smooth)
        #expect(fileStatus(project.file("rough.ecdx"))?.permissions == 0o640)
        // What need not change is not written.
        #expect(fileStatus(project.file("smooth.ecdx")) == before)
        #expect(project.damage() == [])
        let again = try project.ecdx("fmt", project.file("rough.ecdx"))
        #expect(again.status == 0 && again.out + again.err == "")
    }

    @Test func checkWritesNothing() throws {
        let project = try Project()
        try project.write("rough.ecdx", rough)
        try project.write("smooth.ecdx", smooth)
        let before = project.tree()
        let outcome = try project.ecdx("fmt", "--check", project.file("smooth.ecdx"), project.file("rough.ecdx"))
        #expect(outcome.status == 1 && outcome.out == project.file("rough.ecdx") + "\n" && outcome.err == "", "\(outcome.err)")
        #expect(try project.ecdx("fmt", "--check", project.file("smooth.ecdx")).status == 0)
        #expect(project.tree() == before)
    }

    @Test func standardInput() throws {
        let project = try Project()
        let before = project.tree()
        let outcome = try project.ecdx("fmt", "-", input: rough)
        #expect(outcome.status == 0 && outcome.out == smooth && outcome.err == "", "\(outcome.err)")
        let empty = try project.ecdx("fmt", "-", input: "")
        #expect(empty.status == 0 && empty.out + empty.err == "")
        #expect(try project.ecdx("fmt", "--check", "-", input: rough).status == 1)
        #expect(try project.ecdx("fmt", "--check", "-", input: smooth).status == 0)
        let wrong = try project.ecdx("fmt", "-", input: "show [1\n")
        #expect(
            wrong.status == 3 && wrong.out == "" && wrong.err.contains("error[unclosed-bracket]") && wrong.err.contains("show [1"),
            "\(wrong.err)")
        #expect(project.tree() == before)
    }

    @Test func mistakesAndMissingFiles() throws {
        let project = try Project()
        try project.write("wrong.ecdx", "show  1\nshow [2\nlet a = 1\n")
        try project.write("rough.ecdx", rough)
        let wrong = try project.ecdx("fmt", project.file("wrong.ecdx"), project.file("rough.ecdx"))
        #expect(
            wrong.status == 3 && wrong.err.contains("unclosed-bracket") && wrong.err.contains("formatted: \(project.file("rough.ecdx"))"),
            "\(wrong.err)")
        #expect(try project.read("wrong.ecdx") == "show  1\nshow [2\nlet a = 1\n")
        #expect(try project.read("rough.ecdx") == smooth)
        for name in ["missing.ecdx", "data"] {
            let missing = try project.ecdx("fmt", project.file(name), project.file("wrong.ecdx"))
            #expect(
                missing.status == 2 && missing.out == "" && missing.err.contains("cannot-read") && missing.err.contains(name),
                "\(missing.err)")
        }
        #expect(try project.ecdx("fmt").status == 2)
        try writeWhole([0x73, 0xFF, 0x0A], to: project.file("bytes.ecdx"))
        let bytes = try project.ecdx("fmt", project.file("bytes.ecdx"))
        #expect(bytes.status == 2 && bytes.err.contains("UTF-8"), "\(bytes.err)")
    }

    @Test func linksStayLinks() throws {
        let project = try Project()
        try project.write("rough.ecdx", in: "deep", rough)
        #expect(symlink("deep/rough.ecdx", project.file("link.ecdx")) == 0)
        #expect(try project.ecdx("fmt", project.file("link.ecdx")).status == 0)
        #expect(fileStatus(project.file("link.ecdx"), followingLinks: false)?.kind == .link)
        #expect(try project.read("deep/rough.ecdx") == smooth)
    }

    @Test func filesThatCannotBeWritten() throws {
        // To the superuser everything is permitted.
        guard geteuid() != 0 else { return }
        let project = try Project()
        try project.write("rough.ecdx", rough)
        #expect(chmod(project.file("rough.ecdx"), 0o444) == 0)
        let outcome = try project.ecdx("fmt", project.file("rough.ecdx"))
        #expect(outcome.status == 1 && outcome.err.contains("cannot-write"), "\(outcome.err)")
        #expect(try project.read("rough.ecdx") == rough)
    }
}
