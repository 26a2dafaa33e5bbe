import Glibc
import Storage
import TestSupport

@testable import Texts

/// Files of tokenizers that lie packed beside the tests, unpacked into folders.
struct Unpacked {
    let scratch: Scratch

    /// Unpacks the files of some folders into one. The character map of a model of SentencePiece is set in where a file left it out.
    init(_ folders: String..., without left: [String] = []) throws {
        scratch = try Scratch()
        for folder in folders {
            for name in try listFolder(fixture(folder)) where name.hasSuffix(".xz") {
                let plain = String(name.dropLast(3))
                if left.contains(plain) { continue }
                var text = try packed("\(folder)/\(plain)")
                if plain == "tokenizer.json", folder.hasPrefix("albert") { text = try Unpacked.withMap(text) }
                try scratch.file(plain, text)
            }
        }
    }

    var path: String { scratch.path }

    func tokenizer(_ variant: Tokenizer.Variant = .fast) throws -> Tokenizer { try Tokenizer(folder: path, variant: variant) }

    private static func withMap(_ text: [UInt8]) throws -> [UInt8] {
        let model = try Scratch()
        let map = try SentencePieceFile(path: model.file("spiece.model", packed("albert-old/spiece.model"))).map
        let mark = Array("\"MAP\"".utf8)
        guard let place = (0...(text.count - mark.count)).first(where: { text[$0..<($0 + mark.count)].elementsEqual(mark) }) else {
            return text
        }
        return text[..<place] + Array("\"\(base64(map))\"".utf8) + text[(place + mark.count)...]
    }
}

/// The bytes of a fixture that lies packed.
func packed(_ name: String) throws -> [UInt8] { try FileBytes.read(path: fixture(name + ".xz")).withBytes { Array($0) } }

/// Base64 (RFC 4648), with padding.
func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let three = (0..<3).map { start + $0 < bytes.count ? UInt32(bytes[start + $0]) : 0 }
        let bits = three[0] << 16 | three[1] << 8 | three[2]
        for (index, shift) in [18, 12, 6, 0].enumerated() {
            text.append(start + index - 1 < bytes.count || index < 2 ? alphabet[Int(bits >> UInt32(shift) & 63)] : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}

/// Strings and the ids that the peer gave them: all of them for some, the beginning of a hash of them for others.
struct Peer {
    var texts: [String]
    var lines: [Substring]

    /// Reads the strings and a file of ids, in a folder of their own or among the fixtures.
    init(_ name: String, in folder: String? = nil) throws {
        func read(_ name: String) throws -> [UInt8] {
            guard let folder else { return try packed(name) }
            return try FileBytes.read(path: joined(folder, name + ".xz")).withBytes { Array($0) }
        }
        texts = try JSONValue(parsing: read("strings.json")).arrayValue?.compactMap(\.stringValue) ?? []
        lines = String(decoding: try read(name + ".ids"), as: UTF8.self).split(separator: "\n")
    }

    /// The strings whose ids differ, with the ids; empty where none do.
    func differences(_ tokenizer: Tokenizer) throws -> [String] {
        guard texts.count == lines.count, !texts.isEmpty else { return ["\(texts.count) strings and \(lines.count) lines of ids"] }
        var found: [String] = []
        for (text, line) in zip(texts, lines) {
            let ids = try tokenizer.encode(text).map(String.init).joined(separator: " ")
            let mine = line.hasPrefix("#") ? "#" + (try sha256(ids)).hex.prefix(8) : ids
            if mine != line { found.append("\(text.debugDescription.prefix(200)): \(mine.prefix(200)), expected \(line.prefix(200))") }
        }
        return found
    }
}

/// The value of a variable of the environment.
func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Whether the long form of tests is asked for.
let isSoak = variable("ECDX_SOAK") == "1"
