import Builtins
import Experiments
import Glibc
import Host
import Testing

@Suite struct ReferenceTests {
    private func document(_ name: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try #require(fopen("/\(root)/\(name)", "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `make reference` writes it anew.
    @Test func languageDocumentIsCurrent() throws {
        let mark = "<!-- reference -->\n\n"
        let text = try document("LANGUAGE.md")
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
