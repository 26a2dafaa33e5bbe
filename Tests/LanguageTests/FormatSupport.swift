import Builtins
import Foundation
import Tensors
import TestSupport

@testable import Language

/// A script of the project and the folder it is checked in.
struct ProjectScript: Sendable {
    var name: String
    var text: String
    var folder: String

    /// Those of the corpus (its data left out), the experiments and the library.
    static func all() throws -> [ProjectScript] {
        var found: [ProjectScript] = []
        for folder in try FileManager.default.subpathsOfDirectory(atPath: Place.corpus).sorted() {
            var isFolder: ObjCBool = false
            let path = Place.corpus + "/" + folder
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue { found += try scripts(in: path) }
        }
        return try found + canonical()
    }

    /// Those that stand in the repository in canonical layout.
    static func canonical() throws -> [ProjectScript] {
        try scripts(in: Place.experiments) + scripts(in: Place.experiments + "/paper") + scripts(in: Place.library)
    }

    private static func scripts(in folder: String) throws -> [ProjectScript] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { $0.hasSuffix(".ecdx") && !$0.hasPrefix(".") }.map {
            ProjectScript(name: $0, text: try String(contentsOfFile: folder + "/" + $0, encoding: .utf8), folder: folder)
        }
    }
}

/// Scripts that nobody would write.
enum Mutant {
    static let inserted = [
        "(", ")", "[", "]", "{", "}", ",", ":", "=", ".", "..", ">>", "|>", "+", "-", "*", "/", "^", "<", "==", "\n", "\"", "\\(", "#",
        "for", "in", "if", "else",
        "and", "not", "like", "with", "let", "def", "param", "use", "true", "none", "show", "plot", "table", "to", "on", "by", "model",
        "dataset", "experiment",
        "input", "stage", "0", "-1", "1e999", "70%", "1e15", "9007199254740993", "x", "image", "relu",
        "\u{0}", "\u{FEFF}", "\u{202E}", "é",
        "'", "\t",
    ]
    /// What can stand almost anywhere: mutants with no more than these are often scripts still.
    static let harmless = [
        "\n", "\n\n\n", " # a\n", "\n# a\n", "\n# %% a\n", "\t", " ", "\r", "\r\n", ", ", ",\n", "\n,", "\n|> f\n", " >> x", ">>\nx", "(1)",
        "{}", "[]", "- 1", "x: 1\n",
        "let y = 2\n", "{ a: 1, bb: 2,\n }", "[1, 2,\n]", "(\n1\n)", "stage s { a: 1 }\n", "if x { 1 } else { 2 }",
        "for k in [1,2], j in 1..2 { k }",
        "f(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, b: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, c: [1, 2, 3], d: { e: ccccccccccccccccccccccccccccc })",
    ]

    /// The tokens of a text, each with the white space and comments before it.
    static func tokens(of text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        var pieces: [[UInt8]] = []
        var end = 0
        for token in Lexer.lex(text, file: "t").tokens where token.span.end > token.span.start && token.span.start >= end {
            pieces.append(Array(bytes[end..<token.span.end]))
            end = token.span.end
        }
        return pieces.isEmpty ? [bytes] : pieces
    }

    /// Some tokens dropped, doubled, swapped, put in, made into other bytes, and the end cut off.
    static func wild(_ tokens: [[UInt8]], _ random: inout Philox) -> String {
        var pieces = tokens
        for _ in 0...random.nextInt(below: 3) {
            let at = random.nextInt(below: pieces.count)
            let other = random.nextInt(below: pieces.count)
            switch random.nextInt(below: 7) {
            case 0: if pieces.count > 1 { pieces.remove(at: at) }
            case 1: pieces.insert(pieces[at], at: at)
            case 2: pieces.swapAt(at, other)
            case 3, 4: pieces.insert(Array((" " + inserted[random.nextInt(below: inserted.count)] + " ").utf8), at: at)
            case 5: pieces[at] = (0..<(1 + random.nextInt(below: 6))).map { _ in UInt8(random.nextInt(below: 256)) }
            default: pieces.removeLast(min(pieces.count - 1, random.nextInt(below: pieces.count)))
            }
        }
        return String(decoding: pieces.flatMap { $0 }, as: UTF8.self)
    }

    /// White space, comments and small things put in.
    static func tame(_ tokens: [[UInt8]], _ random: inout Philox) -> String {
        var pieces = tokens
        for _ in 0...random.nextInt(below: 3) {
            pieces.insert(Array(harmless[random.nextInt(below: harmless.count)].utf8), at: random.nextInt(below: pieces.count + 1))
        }
        return String(decoding: pieces.flatMap { $0 }, as: UTF8.self)
    }
}

/// What is wrong with the layout of a text; nothing where it has mistakes and so no layout.
func layoutFaults(_ text: String) -> [String] {
    let tree = catalogue.parse(text, file: "t")
    guard tree.diagnostics.isEmpty else { return [] }
    guard let once = ScriptFormatter.layout(tree) else { return ["no layout"] }
    var faults: [String] = []
    let other = catalogue.parse(once, file: "t")
    if !other.diagnostics.isEmpty { faults.append("it does not parse: \(other.diagnostics.map(\.message))") }
    if other.outline != tree.outline { faults.append("it means something else") }
    if other.remarks != tree.remarks { faults.append("its comments are others") }
    if other.cells.map(\.title) != tree.cells.map(\.title) { faults.append("its cells are others") }
    if words(other) != words(tree) { faults.append("its tokens are others") }
    if ScriptFormatter.layout(other) != once {
        faults.append("it is laid out otherwise a second time:\n\(ScriptFormatter.layout(other) ?? "")")
    }
    if other.pieces.contains(where: { [.space, .endOfLine].contains($0.kind) && $0.bytes.contains(0x0D) }) {
        faults.append("a carriage return is left")
    }
    for line in once.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    where line.last == 0x20 || line.last == 0x09 || line.first == 0x09 {
        faults.append("white space at an end of line: \(String(decoding: line, as: UTF8.self).debugDescription)")
    }
    if once.contains("\n\n\n") || once.hasPrefix("\n") || once.hasSuffix("\n\n") || !once.isEmpty && !once.hasSuffix("\n") {
        faults.append("blank lines")
    }
    return faults.map { "\($0)\n--- text\n\(text)\n--- layout\n\(once)" }
}

/// The tokens of a text but for commas, and for quotes around the names of fields that need none, which a layout may drop.
private func words(_ tree: SyntaxTree) -> [String] {
    tree.pieces.filter { $0.kind == .token && $0.bytes != [0x2C] }.map { piece in
        let text = String(decoding: piece.bytes, as: UTF8.self)
        guard tree.roles.names.contains(piece.span.start) else { return text }
        let name = String(text.dropFirst().dropLast())
        return isPlainName(name) ? name : text
    }
}
