import Diagnostics
import Foundation
import SessionTestSupport
import TestSupport
import Testing

/// Every diagnostic of the program is explained, and the examples of the explanations do what they say.
@Suite(.timed) struct ExplanationTests {
    /// Ids in the sources of all targets.
    static func idsInSources() throws -> Set<String> {
        var found: Set<String> = []
        let pattern = try Regex(#"Diagnostic\(\s*(?:[A-Za-z.]+ [!=]= 0 \? )?"([a-z0-9-]+)"(?: : "([a-z0-9-]+)")?"#)
        let folder = Place.project + "/Sources"
        for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() where name.hasSuffix(".swift") {
            let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            for match in text.matches(of: pattern) {
                for group in 1..<match.output.count { if let id = match.output[group].substring { found.insert(String(id)) } }
            }
        }
        return found
    }

    private static let all = Explanations.areas.flatMap(\.explanations)

    @Test func everyIdIsExplained() throws {
        let ids = try Self.idsInSources()
        #expect(ids.count > 90)
        let explained = Set(Explanations.ids)
        #expect(ids.subtracting(explained).sorted() == [], "ids without an explanation in Sources/Diagnostics/Explanations")
        #expect(explained.subtracting(ids).sorted() == [], "explanations of ids that no source gives")
        #expect(explained.count == Explanations.ids.count, "an id is explained twice")
    }

    @Test func explanationsReadAsTheyMust() {
        for explanation in Self.all {
            #expect(explanation.title.first?.isUppercase != true || explanation.title.hasPrefix("R2"), "\(explanation.id)")
            #expect(!explanation.title.hasSuffix(".") && explanation.title.count <= 70, "\(explanation.id)")
            let sentences = explanation.text.matches(of: /[.?:](?:\s|$)/).count
            #expect(explanation.text.hasSuffix(".") && sentences >= 1 && explanation.text.count < 600, "\(explanation.id)")
            for example in [explanation.wrong, explanation.right].compactMap(\.self) {
                #expect(!example.isEmpty && example.split(separator: "\n").allSatisfy { $0.count <= 108 }, "\(explanation.id)")
            }
            #expect(explanation.setting == .shown || explanation.wrong != nil, "\(explanation.id): nothing to check")
        }
    }

    private func found(_ example: String, in setting: Explanation.Setting) throws -> [Diagnostic] {
        try diagnostics((setting == .crystals ? Explanations.preamble : "") + example + "\n", in: Place.corpus)
    }

    @Test func thePreambleChecks() throws {
        #expect(try found("", in: .crystals).filter { $0.severity == .error } == [])
    }

    @Test(arguments: all.filter { $0.setting != .shown }.map(\.id)) func examplesDoWhatTheySay(id: String) throws {
        let explanation = try #require(Explanations.explanation(of: id))
        let wrong = try found(explanation.wrong ?? "", in: explanation.setting)
        #expect(wrong.contains { $0.id == id }, "the example of `\(id)` gives \(wrong.map(\.id)): \(wrong.map(\.message))")
        let others = wrong.filter { $0.id != id && $0.severity == .error }
        #expect(others == [], "the example of `\(id)` shows something else too")
        guard let right = explanation.right else { return }
        let after = try found(right, in: explanation.setting)
        #expect(after.allSatisfy { $0.severity != .error && $0.id != id }, "the corrected example of `\(id)` gives \(after.map(\.message))")
    }
}
