import Builtins
import Experiments
import Host
import TestSupport
import Testing

@Suite(.timed) struct ReferenceTests {
    /// `make reference` writes it anew.
    @Test func languageDocumentIsCurrent() throws {
        let mark = "<!-- reference -->\n\n"
        let text = try text(of: Place.project + "/LANGUAGE.md")
        let start = try #require(text.firstRange(of: mark))
        #expect(String(text[start.upperBound...]) == Reference.markdown)
    }

    @Test func everyNameHasAPage() {
        for name in catalogue.builtins.keys.sorted() + catalogue.kinds.keys.sorted() { #expect(Reference.page(name) != nil, "\(name)") }
        for function in StandardLibrary.functions() {
            #expect(Reference.page(function.name)?.contains(function.comment) == true, "\(function.name)")
            #expect(Reference.overview.contains("  \(function.name) "), "\(function.name)")
        }
        #expect(Reference.unknown("compactt").hints == ["did you mean `compact`?"])
        #expect(Reference.page("early")?.contains("(epochs), or a search space") == true)
        #expect(Reference.page("convv") == nil)
        #expect(Reference.unknown("convv").hints == ["did you mean `conv`?"])
        #expect(Reference.unknown("Conv2D").hints == ["write `conv`"])
    }
}
