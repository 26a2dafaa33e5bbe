import Builtins
import Foundation
import Host
import Language
import TestSupport
import Testing

/// The files of `Editors` know the words of the language. `make reference` writes their lists anew.
@Suite(.timed) struct EditorTests {
    private static let folder = Place.project + "/Editors/"
    private static let grammar = "vscode/syntaxes/ecdx.tmLanguage.json", vim = "vim/syntax/ecdx.vim"

    private func text(_ name: String) throws -> String { try TestSupport.text(of: Self.folder + name) }

    /// The lists below the marks `words: GROUP`, and the lines they stand in.
    private func lists(in name: String) throws -> [(group: String, words: [String], line: String)] {
        let lines = try text(name).components(separatedBy: "\n")
        return try lines.indices.compactMap { index in
            guard let mark = lines[index].firstMatch(of: /words: ([a-z]+)/) else { return nil }
            let line = lines[index + 1]
            let list = try #require(line.firstMatch(of: /(?:\(\?:|%\()([^)]*)\)/), "\(name): no list below line \(index + 1)")
            return (String(mark.1), list.1.components(separatedBy: "|"), line)
        }
    }

    @Test(arguments: [grammar, vim]) func listsAreCurrent(name: String) throws {
        let found = try lists(in: name)
        #expect(Set(found.map(\.group)) == Set(LanguageWords.groups.map(\.name)))
        for (group, words, _) in found {
            #expect(words == LanguageWords.groups.first { $0.name == group }?.words, "\(name): `\(group)` is not current")
        }
    }

    @Test func groupsHoldEveryWord() {
        let known = Set(LanguageWords.groups.flatMap(\.words))
        #expect(reservedWords.isSubset(of: known))
        #expect(Set(catalogue.builtins.keys).isSubset(of: known) && Set(catalogue.kinds.keys).isSubset(of: known))
        #expect(known.contains("relu") && known.contains("Number") && !known.contains("validation.loss"))
        for group in LanguageWords.groups {
            #expect(group.words == Array(Set(group.words)).sorted() && !group.words.isEmpty, "\(group.name)")
        }
        #expect(LanguageWords.text.split(separator: "\n").count == LanguageWords.groups.count)
    }

    /// The files of the extension are JSON, and name one another rightly.
    @Test func extensionIsWhole() throws {
        func json(_ name: String) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(text(name).utf8)) as? [String: Any], "\(name)")
        }
        let contributes = try #require(try json("vscode/package.json")["contributes"] as? [String: Any])
        let language = try #require((contributes["languages"] as? [[String: Any]])?.first)
        let grammar = try #require((contributes["grammars"] as? [[String: Any]])?.first)
        #expect(language["extensions"] as? [String] == [".ecdx"])
        for path in [language["configuration"], grammar["path"]] { _ = try json("vscode/" + (try #require(path as? String)).dropFirst(2)) }
        #expect(try json(Self.grammar)["scopeName"] as? String == grammar["scopeName"] as? String)
    }

    /// Every rule that is included is there, and every regular expression reads.
    @Test func grammarIsWhole() throws {
        let whole = try #require(try JSONSerialization.jsonObject(with: Data(text(Self.grammar).utf8)) as? [String: Any])
        let repository = try #require(whole["repository"] as? [String: Any])
        var expressions = 0
        func walk(_ value: Any) throws {
            if let list = value as? [Any] { for item in list { try walk(item) } }
            guard let object = value as? [String: Any] else { return }
            if let include = object["include"] as? String, include.hasPrefix("#") {
                #expect(repository[String(include.dropFirst())] != nil, "\(include)")
            }
            for key in ["match", "begin", "end"] {
                guard let pattern = object[key] as? String else { continue }
                expressions += 1
                #expect((try? NSRegularExpression(pattern: pattern)) != nil, "\(pattern)")
            }
            for inner in object.values { try walk(inner) }
        }
        try walk(whole)
        #expect(expressions > 25)
    }

    /// What the rules of one place match, in the order in which they are tried.
    @Test(arguments: [
        ("table metrics(bulk)", "actions"), ("rows: csv()", "field"), ("table: 3", "field"), ("target.unit: 1", "field"),
        ("validation.loss", "monitor"),
        ("dataset crystals {", "declared"), ("let n = 1", "declared"), ("70% of", "number"), ("1e-4", "number"), ("# %% Data", "cell"),
        ("# a", "comment"),
        ("relu)", "words"), ("log(", "builtins"), ("none", "constants"), ("|> plane", "operator"), ("# %% [markdown]", "markdown"),
    ]) func firstRule(text sample: String, rule: String) throws {
        let whole = try #require(try JSONSerialization.jsonObject(with: Data(text(Self.grammar).utf8)) as? [String: Any])
        let repository = try #require(whole["repository"] as? [String: [String: Any]])
        let order = try #require(repository["code"]?["patterns"] as? [[String: String]]).compactMap { $0["include"]?.dropFirst() }.map(
            String.init)
        func matches(_ rule: [String: Any]) throws -> Bool {
            if let patterns = rule["patterns"] as? [[String: Any]], rule["begin"] == nil {
                return try patterns.contains { try matches($0) }
            }
            guard let pattern = (rule["match"] ?? rule["begin"]) as? String else { return false }
            let range = NSRange(sample.startIndex..., in: sample)
            return try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines).firstMatch(in: sample, range: range)?.range
                .location == 0
        }
        #expect(try order.first { try matches(repository[$0] ?? [:]) } == rule)
    }
}
