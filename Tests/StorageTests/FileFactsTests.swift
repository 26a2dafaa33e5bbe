import Diagnostics
import Glibc
import TestSupport
import Testing

@testable import Storage

@Suite(.timed) struct FileFactsTests {
    @Test func answersStandUntilAFileChanges() throws {
        let scratch = try Scratch()
        let (one, two) = (scratch.file("one"), scratch.file("two"))
        let memory = scratch.file("facts.json")
        for file in [one, two] { try writeWhole("1", to: file) }
        // Too fresh: a change within the same tick of the clock would go unseen.
        let first = FileFacts(memory)
        #expect(try first.answer("good", about: [one, two]) { true })
        #expect(try !first.answer("good", about: [one, two]) { false })
        try first.save()
        #expect(fileStatus(memory) == nil)

        // An answer in the file shows that it is what answers.
        let key = try first.key("good", [one, two], [one, two].map { fileStatus($0) })
        try writeWhole(JSONValue.object([key: .bool(false)]).pretty, to: memory)
        #expect(try !FileFacts(memory).answer("good", about: [one, two]) { true })
        #expect(try FileFacts(memory, verify: true).answer("good", about: [one, two]) { true })
        #expect(try FileFacts(memory).answer("fair", about: [one, two]) { true })
        #expect(try FileFacts(memory).answer("good", about: [two, one]) { true })
        try writeWhole("22", to: two)
        #expect(try FileFacts(memory).answer("good", about: [one, two]) { true })
        try writeWhole("not JSON", to: memory)
        #expect(try FileFacts(memory).answer("good", about: [one, two]) { true })
    }

    @Test func answersAreSavedAndFaultsAreNot() throws {
        let scratch = try Scratch()
        let memory = scratch.file("facts.json")
        // A file that no one changes.
        let program = Place.project + "/Package.swift"
        let first = FileFacts(memory)
        let fault = diagnostic { let _: Bool = try first.answer("good", about: [program]) { throw Diagnostic("bad-data", "no") } }
        #expect(fault.id == "bad-data")
        #expect(try !first.answer("good", about: [program]) { false })
        try first.save()
        #expect(try !FileFacts(memory).answer("good", about: [program]) { true })
    }

    @Test func answersOfAnyTypeAreKeptAndThoseOfAnotherCountAsNone() throws {
        let scratch = try Scratch()
        let memory = scratch.file("facts.json")
        let program = Place.project + "/Package.swift"
        let first = FileFacts(memory)
        let numbers = [0.1 + 0.2, -0.0, Double.leastNonzeroMagnitude]
        // Three tenths written shortest read back as the same double.
        #expect(try first.answer("numbers", about: [program]) { numbers } == numbers)
        try first.save()
        let kept = try FileFacts(memory).answer("numbers", about: [program]) { [Double]() }
        #expect(kept.map(\.bitPattern) == numbers.map(\.bitPattern))
        #expect(try FileFacts(memory).answer("numbers", about: [program]) { true })
    }
}
