import Storage
import TestSupport
import Testing

@testable import Texts

/// What is done with every scalar of Unicode, compared by a hash with what `tokenizers` 0.23.3 does.
@Suite(.timed) struct ScalarTests {
    private static let scalars = (UInt32(0)..<0x110000).filter { !(0xD800..<0xE000).contains($0) }

    private func peer(_ name: String) throws -> String? { try JSONValue(parsing: readFile(fixture("scalars.json")))[name]?.stringValue }

    @Test(arguments: ["NFD", "NFC", "NFKD", "NFKC", "StripAccents", "Lowercase", "clean", "chinese", "accents"])
    func steps(_ name: String) throws {
        let plain = BertNormalizer(cleansText: false, spacesChinese: false, stripsAccents: false, lowercases: false)
        var step = Normalizer.bert(plain)
        var bert = plain
        switch name {
        case "StripAccents": step = .stripMarks
        case "Lowercase": step = .lowercase
        case "clean": bert.cleansText = true
        case "chinese": bert.spacesChinese = true
        case "accents": bert.stripsAccents = true
        default: step = .form(try #require(NormalForm(rawValue: name)))
        }
        if case .bert = step { step = .bert(bert) }
        var out: [UInt8] = []
        var text: [UInt8] = []
        for value in Self.scalars {
            text.removeAll(keepingCapacity: true)
            append(value, to: &text)
            try text.withUnsafeBufferPointer { try step.apply($0, to: &out) }
            out.append(10)
        }
        #expect(try sha256(out).hex == peer(name))
    }

    @Test(arguments: ["letter", "number", "other", "punctuation", "space"])
    func classes(_ name: String) throws {
        let bits = Self.scalars.map { value -> UInt8 in
            switch name {
            case "letter": ScalarClass.sort(value) == .letter ? 49 : 48
            case "number": ScalarClass.sort(value) == .number ? 49 : 48
            case "other": ScalarClass.sort(value) == .other ? 49 : 48
            case "punctuation": ScalarClass.isPunctuation(value) ? 49 : 48
            default: ScalarClass.isSpace(value) ? 49 : 48
            }
        }
        #expect(try sha256(bits).hex == peer(name))
    }
}
