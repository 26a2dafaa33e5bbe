import Diagnostics
import Storage
import TestSupport
import Testing

@testable import Texts

/// Files with bytes changed, left out, doubled and cut off: a tokenizer comes of them or one diagnostic, and nothing traps. `ECDX_SOAK=1`
/// tries fifty times as many.
@Suite(.timed) struct DamageTests {
    private static let texts = [
        "", "Both Ti(1)-Ti(1) bond lengths are 2.83 Å.", "<s> x<mask>y [CLS]", "9,9 日本 한국어 👍🏽 \u{301}", "``it's''\r\n\t ",
    ]

    /// Numbers as if by chance (xorshift).
    private struct Chance {
        var state: UInt64
        mutating func below(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return bound > 0 ? Int(state % UInt64(bound)) : 0
        }
    }

    private func mutant(_ bytes: [UInt8], _ chance: inout Chance) -> [UInt8] {
        var bytes = bytes
        for _ in 0...chance.below(3) where !bytes.isEmpty {
            let place = chance.below(bytes.count)
            let end = min(bytes.count, place + 1 + chance.below(chance.below(4) == 0 ? 400 : 12))
            switch chance.below(6) {
            case 0: bytes[place] = UInt8(chance.below(256))
            case 1: bytes[place] ^= 1 << UInt8(chance.below(8))
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4:
                bytes.insert(contentsOf: Array(["null", "[]", "{}", "-1", "99999999", "\"\"", "1e99"][chance.below(7)].utf8), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    @Test(arguments: [
        ("roberta", "tokenizer.json"), ("albert", "tokenizer.json"), ("bert", "tokenizer.json"), ("roberta-4", "tokenizer_config.json"),
        ("roberta-old", "vocab.json"), ("roberta-old", "merges.txt"), ("bert-old", "vocab.txt"), ("albert-old", "spiece.model"),
    ])
    func damagedFilesTrapNothing(_ folder: String, _ name: String) throws {
        let files = try Unpacked(folder)
        let whole = try readFile(files.scratch.file(name))
        var chance = Chance(state: 0x9E37_79B9_7F4A_7C15 ^ UInt64(folder.utf8.count + name.utf8.count))
        var refused = 0
        for _ in 0..<(isSoak ? 2000 : 40) {
            // The pieces are long; the rest of the file is what has a structure.
            try files.scratch.file(name, mutant(whole, &chance))
            for variant in name == "spiece.model" ? Tokenizer.Variant.allCases : [.fast] {
                do {
                    let tokenizer = try files.tokenizer(variant)
                    for text in Self.texts { _ = try tokenizer.encode(text, length: 16) }
                } catch let fault as Diagnostic {
                    refused += 1
                    #expect(fault.data != nil, "\(fault)")
                }
            }
        }
        #expect(refused > 0)
    }

    /// The small values of a file, one after another, in place of each other.
    @Test(arguments: ["roberta", "albert", "bert"]) func otherValuesTrapNothing(_ folder: String) throws {
        let files = try Unpacked(folder)
        var tree = try JSONPull.read(path: files.scratch.file("tokenizer.json")) { try $0.tree() }
        // Few pieces make many tries; the 256 of single bytes belong to them.
        if var model = tree["model"]?.objectValue, let pieces = model["vocab"]?.objectValue {
            model["vocab"] = .object(pieces.filter { ($0.value.intValue ?? 0) < 263 })
            model["merges"] = model["merges"]?.arrayValue.map { .array(Array($0.prefix(3))) }
            var all = tree.objectValue ?? [:]
            all["model"] = .object(model)
            tree = .object(all)
        }
        var chance = Chance(state: 77)
        var read = 0
        let others: [JSONValue] = [
            .null, .bool(true), 0, -1, 3, 1e300, "", "x", "▁", [], ["a"], ["a", 1], [:], ["type": "Lowercase"], ["type": "Sequence"],
        ]
        for _ in 0..<(isSoak ? 20_000 : 400) {
            let changed = replaced(tree, others[chance.below(others.count)], &chance)
            try files.scratch.file("tokenizer.json", Array(changed.canonical.utf8))
            do {
                let tokenizer = try files.tokenizer()
                for text in Self.texts { _ = try tokenizer.encode(text, length: 16) }
                read += 1
            } catch let fault as Diagnostic {
                #expect(fault.data?.file.hasSuffix(".json") == true, "\(fault)")
            }
        }
        #expect(read > 0, "no changed file was read to its end")
    }

    private func replaced(_ tree: JSONValue, _ other: JSONValue, _ chance: inout Chance) -> JSONValue {
        if chance.below(4) == 0 { return other }
        switch tree {
        case .object(var members):
            let names = members.keys.sorted()
            guard !names.isEmpty else { return other }
            let name = names[chance.below(names.count)]
            if chance.below(12) == 0 { members[name] = nil } else { members[name] = members[name].map { replaced($0, other, &chance) } }
            return .object(members)
        case .array(var elements):
            guard !elements.isEmpty else { return other }
            let place = chance.below(elements.count)
            elements[place] = replaced(elements[place], other, &chance)
            return .array(elements)
        default: return other
        }
    }
}
