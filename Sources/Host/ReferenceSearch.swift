import Builtins
import Diagnostics
import Language
import Tensors

/// A search of the reference: exact names first, then names that begin so, names that hold the text, and words of descriptions.
public struct ReferenceSearch: Sendable {
    /// What was found, the best first; a description that several places share stands once, with the other places.
    public var found: [(entry: ReferenceEntry, others: [String])] = []
    /// What is written here for a name of another tool; nil where it is none.
    public var advice: String?
    /// What was looked for.
    public let text: String
    private let isExact: Bool

    /// How well an entry fits.
    private enum Rank: Int {
        case summary = 1
        case wordOfSummary, insideName, wordOfName, prefix, exact
    }

    /// Searches for words. `commands`: names of subcommands with a line each.
    public init(_ text: String, commands: [(name: String, summary: String)] = []) {
        self.text = text
        var words = text.split { $0.isWhitespace || "(),:".contains($0) }.map(String.init)
        let entries = Reference.entries(commands: commands)
        let foreign = catalogue.foreignNames.keys.first { $0.lowercased() == text.lowercased() }
        advice = (catalogue.foreignNames[text] ?? foreign.flatMap { catalogue.foreignNames[$0] }) ?? Self.unit(text)
        // What the advice names is what is meant.
        let meant = Set((advice ?? "").matches(of: /`([A-Za-z]+)|([A-Za-z]+)\(/).compactMap { ($0.1 ?? $0.2).map(String.init) })
        words = words.map { $0.lowercased() }
        var ranked: [(rank: Int, entry: ReferenceEntry)] = []
        for entry in entries {
            if meant.contains(entry.name), [.builtin, .kind, .field].contains(entry.sort) {
                ranked.append((Rank.exact.rawValue - 1, entry))
            }
            let ranks = words.map { Self.rank(of: entry, for: $0) }
            if !words.isEmpty, !ranks.contains(nil) { ranked.append((ranks.compactMap { $0?.rawValue }.reduce(0, +), entry)) }
        }
        isExact = words.count == 1 && ranked.contains { $0.rank == Rank.exact.rawValue }
        func order(_ entry: ReferenceEntry) -> Int { ReferenceEntry.Sort.allCases.firstIndex(of: entry.sort) ?? 0 }
        ranked.sort {
            ($1.rank, order($0.entry), $0.entry.place.count, $0.entry.place) < (
                $0.rank, order($1.entry), $1.entry.place.count, $1.entry.place
            )
        }
        var seen: [String: Int] = [:]
        var places: Set<String> = []
        for (_, entry) in ranked where places.insert(entry.place).inserted {
            let key = "\(entry.name) \(entry.sort) \(entry.summary)"
            if let index = seen[key] {
                found[index].others.append(entry.place)
            } else {
                seen[key] = found.count
                found.append((entry, []))
            }
        }
    }

    private static func rank(of entry: ReferenceEntry, for word: String) -> Rank? {
        let name = entry.name.lowercased()
        if name == word { return .exact }
        if name.hasPrefix(word) { return .prefix }
        if parts(of: entry.name).contains(where: { $0.hasPrefix(word) }) { return .wordOfName }
        // Of a letter or two nearly every text has some.
        guard word.count > 2 else { return nil }
        if name.contains(word) { return .insideName }
        let choices = (entry.parameter?.type.choices ?? []).flatMap { [$0.name, $0.summary] }
        let ranks = ([entry.summary, entry.place] + choices).map { isWord(word, in: $0) }
        return ranks.contains(true) ? .wordOfSummary : ranks.contains(false) ? .summary : nil
    }

    /// Whether a word in small letters stands in a text by itself; false where it is a part of others, nil where it does not occur.
    /// By bytes, since all texts there are looked through for each search.
    private static func isWord(_ word: String, in text: String) -> Bool? {
        func small(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 0x20 : byte }
        func isPart(_ byte: UInt8) -> Bool { byte >= 0x80 || byte >= 48 && byte <= 57 || small(byte) >= 97 && small(byte) <= 122 }
        let (bytes, sought) = (Array(text.utf8), Array(word.utf8))
        guard let first = sought.first, bytes.count >= sought.count else { return nil }
        var occurs = false
        for start in 0...(bytes.count - sought.count) where small(bytes[start]) == first {
            let end = start + sought.count
            guard (start..<end).allSatisfy({ small(bytes[$0]) == sought[$0 - start] }) else { continue }
            occurs = true
            if start == 0 || !isPart(bytes[start - 1]), end == bytes.count || !isPart(bytes[end]) { return true }
        }
        return occurs ? false : nil
    }

    /// The parts of a name, in small letters: `global`, `average`, `pool`.
    private static func parts(of name: String) -> [String] {
        var parts: [String] = [""]
        for character in name {
            if character.isUppercase || "._-".contains(character) { parts.append("") }
            if !"._-".contains(character) { parts[parts.count - 1].append(character.lowercased()) }
        }
        return parts
    }

    /// What is said of a name that is a unit; nil where it is none.
    private static func unit(_ text: String) -> String? {
        guard text.count < 32, let unit = Unit(text), !unit.isOne, unit.unknownNames.isEmpty else { return nil }
        return "a unit, written in quotes, as in `unit: \"\(text)\"`, and in the header of a column, as in `name [\(text)]`"
    }

    /// Whether there is nothing to show.
    public var isEmpty: Bool { found.isEmpty && advice == nil }

    /// The most entries that are shown at once.
    private static let most = 12

    /// What was found as text, a line each; of exact names what may stand there too. `all`: without a limit.
    public func page(width: Int?, all: Bool = false) -> String {
        var text = advice.map { "\(self.text): \($0)\n" } ?? ""
        if advice != nil, !found.isEmpty { text += "\n" }
        let shown = all ? found[...] : found.prefix(Self.most)
        let column = min(34, (shown.map { displayWidth($0.entry.place) }.max() ?? 0)) + 2
        for (entry, others) in shown {
            let more = others.isEmpty ? "" : " (and in \(others.count) other place\(others.count == 1 ? "" : "s"))"
            let lines = wrapped(entry.summary + more, to: max(30, (width ?? 110) - column))
            let isLong = displayWidth(entry.place) > column - 2
            text += isLong ? entry.place + "\n" : padded(entry.place, to: column, right: false)
            for (index, line) in lines.enumerated() {
                text += (index == 0 && !isLong ? "" : String(repeating: " ", count: column)) + line + "\n"
            }
            guard isExact, [.field, .argument].contains(entry.sort), entry.name.lowercased() == self.text.lowercased() else { continue }
            for line in entry.details {
                text += wrapped(line, to: max(30, (width ?? 110) - column - 2)).map {
                    String(repeating: " ", count: column + 2) + $0 + "\n"
                }.joined()
            }
        }
        let left = found.count - shown.count
        if left > 0 { text += "\n\(left) more: `ecdx help --all \(self.text)`" } else { text += "\n" }
        if let first = shown.first(where: { [.builtin, .kind, .library, .field].contains($0.entry.sort) })?.entry {
            let page = first.sort == .field ? String(first.place.prefix { $0 != "." }) : first.name
            text += (left > 0 ? "; " : "") + "the whole page: `ecdx help \(page)`"
        }
        return text + "\n"
    }
}

extension Reference {
    /// What `help` shows of a text: the page of a name, with other places of that name below; else what a search finds. Nil where it
    /// finds nothing.
    public static func help(
        _ text: String, commands: [(name: String, summary: String)] = [], width: Int?, all: Bool = false
    ) -> String? {
        if !all, let page = page(text) { return fitted(page, to: width) }
        let search = ReferenceSearch(text, commands: commands)
        guard search.isEmpty else { return search.page(width: width, all: all) }
        // `nn.Linear`, `pd.read_csv`, `early stopping`: a part of it may be known, the last of a dotted name first.
        let parts = text.split { $0.isWhitespace || "().,".contains($0) }.map(String.init)
        let whole = [parts.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(), parts.joined(), parts.joined(separator: "_")]
        for part in whole + (text.contains(".") ? parts.reversed() : parts) where parts.count > 1 && part.count > 1 {
            let search = ReferenceSearch(part, commands: commands)
            if !search.isEmpty { return "nothing has all of `\(text)`; `\(part)`:\n\n" + search.page(width: width, all: all) }
        }
        return nil
    }

    /// The names that `help` has something on, for completion: functions, kinds, fields and words.
    public static var names: [String] {
        Set(entries(commands: []).filter { ![.message, .unit].contains($0.sort) && !$0.name.contains(".") }.map(\.name)).sorted()
    }
}
