import Diagnostics
import Host
import TestSupport
import Testing

@Suite(.timed) struct ExplanationPagesTests {
    private let sample = Explanation(
        "bad-thing", "a thing that is bad", "The first sentence of several words.\nThe second one, which goes\non.",
        wrong: "let x = 1 2\nshow x", right: "let x = 1")

    @Test func pageIsWrapped() {
        #expect(
            ExplanationPages.page(sample, width: 32) == """
                bad-thing: a thing that is bad

                  The first sentence of several
                  words. The second one, which
                  goes on.

                  Not

                      let x = 1 2
                      show x

                  But

                      let x = 1

                """)
    }

    @Test func colourIsForTheHeadingAlone() {
        let plain = ExplanationPages.page(sample, width: nil)
        let coloured = ExplanationPages.page(sample, width: nil, color: true)
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "") == plain)
        #expect(coloured.hasPrefix("\u{1B}[1mbad-thing"))
    }

    @Test(arguments: [40, 80, 120]) func everyLineFits(width: Int) {
        for line in ExplanationPages.overview(width: width).split(separator: "\n") { #expect(line.count <= max(width, 46), "\(line)") }
        for explanation in Explanations.areas.flatMap(\.explanations) {
            let text = ExplanationPages.page(Explanation(explanation.id, "", explanation.text), width: width)
            for line in text.split(separator: "\n").dropFirst() { #expect(line.count <= width, "\(line)") }
        }
    }

    @Test func listsAllIds() {
        let lines = ExplanationPages.overview(width: nil).split(separator: "\n")
        for id in Explanations.ids { #expect(lines.contains { $0.hasPrefix("  \(id) ") }, "\(id)") }
    }

    @Test func idsAsMessagesWriteThem() {
        #expect(ExplanationPages.id(in: "unknown-field") == "unknown-field")
        #expect(ExplanationPages.id(in: "error[unknown-field]:") == "unknown-field")
        #expect(ExplanationPages.unknown("unknwon-field").hints == ["did you mean `unknown-field`?"])
        #expect(ExplanationPages.unknown("xyzzy").hints == ["`ecdx explain` lists them"])
    }
}
