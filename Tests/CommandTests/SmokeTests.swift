import Storage
import TestSupport
import Testing

/// `--smoke` as its users see it.
@Suite(.timed) struct SmokeTests {
    @Test func marksWhatItMakes() throws {
        let project = try Project()
        let outcome = try project.ecdx("run", "SCRIPT", "--smoke")
        #expect(outcome.status == 0, "\(outcome.err)")
        let notes = outcome.err.split(separator: "\n").filter { $0.hasPrefix("smoke run: ") }
        #expect(notes.count == 2 && outcome.out.contains("smoke run: "))
        #expect(try listFolder(project.file("out")).sorted() == ["curves.smoke.svg", "curves.smoke.svg.gp", "metrics.smoke.csv"])
        #expect(try listFolder(project.file(".ecdx")) == ["smoke"])
        #expect(try project.ecdx("plan", "SCRIPT", "--smoke").out.contains("nothing to compute"))
        #expect(try project.ecdx("plan", "SCRIPT").out.contains("1 of 1 to compute"))
    }
}
