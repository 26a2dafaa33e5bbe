import Storage
import TestSupport
import Testing

@testable import Texts

/// Ids of 1,000 strings, equal to those of `tokenizers` 0.23.3 and 0.22.2 and of the slow tokenizer of `transformers` 4.57.6.
@Suite(.timed) struct IdTests {
    @Test(arguments: ["roberta", "albert", "bert", "roberta-4", "albert-4"])
    func idsOfTokenizerFiles(_ folder: String) throws {
        let tokenizer = try Unpacked(folder).tokenizer()
        #expect(try Peer(folder).differences(tokenizer).prefix(5) == [])
    }

    /// The older files give what `transformers` 5 makes of them.
    @Test(arguments: ["roberta", "albert", "bert"])
    func idsOfOlderFiles(_ kind: String) throws {
        let tokenizer = try Unpacked(kind + "-old").tokenizer()
        #expect(try Peer(kind).differences(tokenizer).prefix(5) == [])
    }

    @Test func idsOfTheSlowTokenizer() throws {
        let tokenizer = try Unpacked("albert-old").tokenizer(.slow)
        #expect(try Peer("albert-slow").differences(tokenizer).prefix(5) == [])
    }

    /// The real vocabulary of all-MiniLM-L6-v2, where `ECDX_MINILM` names its folder.
    @Test func idsOfMiniLM() throws {
        guard let folder = variable("ECDX_MINILM") else {
            print("SKIPPED: ids of all-MiniLM-L6-v2, which is not part of the project: set ECDX_MINILM to its folder")
            return
        }
        let tokenizer = try Tokenizer(folder: folder)
        #expect(tokenizer.kind == "WordPiece of 30522")
        #expect(tokenizer.padID == 0)
        #expect(try Peer("minilm").differences(tokenizer).prefix(5) == [])
    }

    /// Vocabularies of full size with 20,000 strings, made by `make_tokenizers.py --full`.
    @Test func idsOfFullSize() throws {
        guard isSoak else { return }
        guard let folder = variable("ECDX_TOKENIZERS") else {
            print("SKIPPED: ids of vocabularies of full size: set ECDX_TOKENIZERS to the folder that make_tokenizers.py --full made")
            return
        }
        for (name, variant) in [
            ("roberta", Tokenizer.Variant.fast), ("albert", .fast), ("bert", .fast), ("roberta-4", .fast), ("albert-4", .fast),
        ] {
            let tokenizer = try Tokenizer(folder: joined(folder, name), variant: variant)
            #expect(try Peer(name, in: folder).differences(tokenizer).prefix(5) == [])
        }
        let slow = try Tokenizer(folder: joined(folder, "albert-old"), variant: .slow)
        #expect(try Peer("albert-slow", in: folder).differences(slow).prefix(5) == [])
    }

    @Test func whatTheFilesSay() throws {
        let roberta = try Unpacked("roberta").tokenizer()
        #expect(roberta.kind == "byte-level BPE of 1200")
        #expect(roberta.architecture == "RoBERTa")
        #expect(roberta.vocabularySize == 1200)
        #expect(roberta.padID == 1)
        #expect(roberta.unknownID == nil)
        #expect(roberta.piece(of: 0) == "<s>")
        #expect(roberta.piece(of: 1199) == "<mask>")
        #expect(roberta.piece(of: 1200) == nil)
        #expect(roberta.piece(of: -1) == nil)
        #expect(roberta.specialCount == 2)
        let albert = try Unpacked("albert").tokenizer()
        #expect(albert.kind == "unigram of 1000")
        #expect(albert.architecture == "ALBERT")
        #expect(albert.padID == 0)
        #expect(albert.unknownID == 1)
        let bert = try Unpacked("bert").tokenizer()
        #expect(bert.kind == "WordPiece of 1000")
        #expect(bert.architecture == "BERT")
        #expect(bert.unknownID == 1)
        #expect(try Unpacked("bert").tokenizer().fingerprint == bert.fingerprint)
        #expect(roberta.fingerprint != bert.fingerprint)
    }

    /// ALBERT's chain takes the ring from Å and the sign from subscripts; RoBERTa keeps both as bytes.
    @Test func piecesOfUnits() throws {
        let albert = try Unpacked("albert").tokenizer()
        #expect(try albert.encode("2.83 Å") == albert.encode("2.83 a"))
        #expect(try albert.encode("Cu₂O") == albert.encode("cu2o"))
        let roberta = try Unpacked("roberta").tokenizer()
        #expect(try roberta.encode("2.83 Å") != roberta.encode("2.83 A"))
        #expect(try roberta.pieces(of: roberta.encode(" Å", length: 8).ids).contains { $0.hasPrefix("ĠÃ") })
    }

    @Test func lengthsCutAndFill() throws {
        let tokenizer = try Unpacked("roberta").tokenizer()
        let text = "Both Ti(1)-Ti(1) bond lengths are 2.83 Å."
        let all = try tokenizer.encode(text).map { Int32($0) }
        let cut = try tokenizer.encode(text, length: 8)
        #expect(cut.ids == Array(all.prefix(7)) + [2])
        #expect((cut.count, cut.fullCount, cut.wasCut) == (8, all.count, true))
        let filled = try tokenizer.encode(text, length: all.count + 3)
        #expect(filled.ids == all + [1, 1, 1])
        #expect((filled.count, filled.wasCut) == (all.count, false))
        #expect(filled.mask == [Float](repeating: 1, count: all.count) + [0, 0, 0])
        #expect(try tokenizer.encode(text, length: all.count).ids == all)
        #expect(try tokenizer.encode(text, length: 2).ids == [0, 2])
        #expect(try tokenizer.encode("", length: 4).ids == [0, 2, 1, 1])
        try expectFault("out-of-range", "expected a length from 2 to 16777216 tokens, found 1") { _ = try tokenizer.encode("a", length: 1) }
    }

    @Test func threadsChangeNothing() throws {
        let texts = try Peer("bert").texts
        for folder in ["roberta", "albert", "bert"] {
            let tokenizer = try Unpacked(folder).tokenizer()
            let one = try tokenizer.encode(texts, length: 64, threads: 1)
            #expect(try tokenizer.encode(texts, length: 64, threads: 4) == one)
            #expect(try texts.map { try tokenizer.encode($0, length: 64) } == one)
        }
    }
}
