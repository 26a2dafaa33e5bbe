import Diagnostics

/// The name of a model on the Hugging Face hub, `ORGANISATION/NAME` or `ORGANISATION/NAME@REVISION`, or one of the short names
/// that models had before there were organisations.
public struct HubName: Sendable, Hashable, CustomStringConvertible {
    /// A model that is known under a short name.
    public struct Known: Sendable, Hashable {
        /// The name without organisation: `roberta-base`.
        public var short: String
        /// The name that the hub has for it today: `FacebookAI/roberta-base`.
        public var id: String
        /// The size of its weights in safetensors, in MB, about; nil where it is not known here.
        public var megabytes: Int?
    }

    /// The models with short names. Those of `FacebookAI`, `albert` and `google-bert` lie in old caches under these; MiniLM never did.
    public static let known: [Known] = [
        Known(short: "roberta-base", id: "FacebookAI/roberta-base", megabytes: 500),
        Known(short: "roberta-large", id: "FacebookAI/roberta-large", megabytes: 1420),
        Known(short: "albert-base-v2", id: "albert/albert-base-v2", megabytes: 47),
        Known(short: "albert-large-v2", id: "albert/albert-large-v2", megabytes: nil),
        Known(short: "bert-base-uncased", id: "google-bert/bert-base-uncased", megabytes: 440),
        Known(short: "bert-base-cased", id: "google-bert/bert-base-cased", megabytes: 436),
        Known(short: "bert-large-uncased", id: "google-bert/bert-large-uncased", megabytes: 1345),
        Known(short: "all-MiniLM-L6-v2", id: "sentence-transformers/all-MiniLM-L6-v2", megabytes: 91),
        Known(short: "all-MiniLM-L12-v2", id: "sentence-transformers/all-MiniLM-L12-v2", megabytes: nil),
    ]

    /// The name without a revision, as it was written.
    public let written: String
    /// The name that the hub has for the model: that of the short name where it is known, else as written.
    public let id: String
    /// The branch, tag, commit or `refs/pr/NUMBER` that is asked for; nil where none was written, which means `main`.
    public let revision: String?
    /// The known model, where it is one.
    public let known: Known?

    /// The revision of a name that is written without one.
    public static let usualRevision = "main"

    /// Parses a name. Throws `unknown-weights` where it can be none of the hub.
    public init(_ text: String) throws {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        let components = name.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(components.count), components.allSatisfy(isHubComponent) else {
            throw Diagnostic(
                "unknown-weights",
                "expected the name of a model such as `roberta-base` or `ORGANISATION/NAME`, found `\(text.prefix(120))`",
                hint: "a folder on this machine is written with `/` in front or `./`")
        }
        if parts.count == 2 {
            let revision = String(parts[1])
            guard isHubRevision(revision) else {
                throw Diagnostic(
                    "unknown-weights", "expected a branch, a tag or a commit behind `@`, found `\(revision.prefix(120))`",
                    hint: "write \(name)@main, or 40 digits of a commit")
            }
            self.revision = revision
        } else {
            revision = nil
        }
        known = Self.known.first { $0.short == name || $0.id == name }
        id = known?.id ?? name
        written = name
    }

    /// The name as it was written, the revision with it.
    public var description: String { revision.map { "\(written)@\($0)" } ?? written }

    /// Whether it has no organisation and is no known short name: the hub has hardly any such model today.
    public var isShortAndUnknown: Bool { known == nil && !id.contains("/") }

    /// The hint of a name that nobody knows: the known one that is near to it, or how names are.
    public var hintOfUnknown: String? {
        let last = written.split(separator: "/").last.map(String.init) ?? written
        // Its own name under another organisation is nearer than any other.
        let same = known == nil ? Self.known.first { $0.short == last }?.short : nil
        if let near = same ?? nearMiss(last, among: Self.known.map(\.short)) { return "did you mean `\(near)`?" }
        return id.contains("/") ? nil : "write the organisation too: ORGANISATION/\(written)"
    }

    /// The names of its folder in a cache, that of today first: `models--ORGANISATION--NAME`.
    public var folderNames: [String] {
        var names = [id, known?.short ?? id, written]
        var seen: Set<String> = []
        names.removeAll { !seen.insert($0).inserted }
        return names.map { "models--" + $0.replacing("/", with: "--") }
    }
}

/// Whether a text is the name of a commit: 40 lower-case hexadecimal digits.
public func isCommit(_ text: String) -> Bool {
    text.utf8.count == 40 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
}

/// Whether a text can be an organisation or a model: at most 96 letters, digits, `-`, `_`, `.` of ASCII, neither `-` nor `.` at its
/// ends, no `--` and no `..`, not ending in `.git`.
private func isHubComponent(_ text: Substring) -> Bool {
    let isAllowed = text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
    }
    let ends: Set<Character> = ["-", "."]
    return isAllowed && (1...96).contains(text.utf8.count) && !text.contains("--") && !text.contains("..") && !text.hasSuffix(".git")
        && text.first.map(ends.contains) != true && text.last.map(ends.contains) != true
}

/// Whether a text can be a revision: what Git allows for names (git-check-ref-format), in ASCII without `%`.
private func isHubRevision(_ text: String) -> Bool {
    let refused = Set(#" ~^:?*[\%@"'<>|&;#"#.utf8)
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return (1...200).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !refused.contains($0) }
        && !text.contains("..") && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") } && !text.hasSuffix(".")
        && !text.hasPrefix("-")
}
