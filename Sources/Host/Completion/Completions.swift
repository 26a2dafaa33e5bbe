/// The completions at the cursor: the text from `replaceFrom` to the cursor is replaced by one of the candidates.
public struct Completions: Sendable, Hashable {
    /// A text that may stand at the cursor.
    public struct Candidate: Sendable, Hashable {
        /// The text that is inserted.
        public var text: String
        /// The text that follows when the candidate is the only one, for example `(` or `: ` or a closing quote.
        public var suffix: String

        /// Creates a candidate.
        public init(_ text: String, suffix: String = "") {
            self.text = text
            self.suffix = suffix
        }
    }

    /// The start of the text that is replaced, as a UTF-8 offset.
    public var replaceFrom: Int
    /// The candidates, in the order in which they are listed; none twice.
    public var candidates: [Candidate]
    /// The number of further candidates, where there are too many to list.
    public var unlisted = 0
    /// The beginning that all candidates share, those not listed too; nil where all are listed.
    var shared: String?

    /// Creates completions from candidates.
    public init(replaceFrom: Int, _ candidates: [Candidate]) {
        self.replaceFrom = replaceFrom
        var seen = Set<String>()
        self.candidates = candidates.filter { seen.insert($0.text).inserted }
    }

    /// No completions.
    public static let none = Completions(replaceFrom: 0, [])

    /// The completions among `candidates` that begin with what stands in `text` from `replaceFrom` to `offset`.
    public static func matching(
        _ candidates: some Sequence<Candidate>, in text: String, from replaceFrom: Int, to offset: Int
    ) -> Completions {
        let typed = slice(of: text, from: replaceFrom, to: offset)
        return Completions(replaceFrom: replaceFrom, candidates.filter { $0.text.utf8.starts(with: typed.utf8) })
    }

    /// The text that is inserted at once for the text typed so far: a lone candidate with its suffix; of several what they
    /// share, unless that would take back what was typed.
    func common(typed: String) -> String {
        guard let first = candidates.first else { return typed }
        if candidates.count == 1 { return first.text + first.suffix }
        if let shared { return shared.utf8.starts(with: typed.utf8) ? shared : typed }
        var shared = Substring(first.text)
        for candidate in candidates.dropFirst() { shared = shared.prefix(shared.commonCount(candidate.text)) }
        return shared.utf8.starts(with: typed.utf8) ? String(shared) : typed
    }
}

extension Substring {
    /// The number of characters at the beginning that `other` begins with too.
    fileprivate func commonCount(_ other: String) -> Int {
        var count = 0
        for (a, b) in zip(self, other) {
            if a != b { break }
            count += 1
        }
        return count
    }
}

/// The text between two UTF-8 offsets; empty where they do not fit the text.
func slice(of text: String, from: Int, to: Int) -> String {
    let utf8 = text.utf8
    guard from >= 0, from <= to,
        let start = utf8.index(utf8.startIndex, offsetBy: from, limitedBy: utf8.endIndex),
        let end = utf8.index(utf8.startIndex, offsetBy: to, limitedBy: utf8.endIndex)
    else { return "" }
    return String(decoding: utf8[start..<end], as: UTF8.self)
}
