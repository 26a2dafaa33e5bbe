import Diagnostics

/// Words of two parts with a dot between them, of which a parameter takes one without quotes, such as `validation.loss`.
public struct DottedWords: Sendable, Hashable {
    /// Words in the order in which they are offered, each with what it means.
    public var choices: Choices
    /// Words alone.
    public var words: [String] { choices.names }
    /// What such a word names, with its article.
    public var noun: String
    /// Message about a word that is none of them, up to the word itself.
    public var complaint: String
    /// Words as an example of what may be written, for messages.
    public var examples: [String]
    /// First parts that users of other tools write, with what they are here.
    public var usual: [String: String]

    /// Creates a set of words.
    public init(_ choices: Choices, noun: String, complaint: String, examples: [String], usual: [String: String] = [:]) {
        self.choices = choices
        self.noun = noun
        self.complaint = complaint
        self.examples = examples
        self.usual = usual
    }

    /// The words as a phrase for messages.
    var phrase: String { noun + (examples.first.map { " such as `\($0)`" } ?? "") }

    /// The word that was perhaps meant by two others with a dot between them; nil where none is near.
    func meant(by first: String, _ second: String) -> String? {
        if let usual = usual[first].map({ "\($0).\(second)" }), words.contains(usual) { return usual }
        return nearMiss("\(first).\(second)", among: words)
    }
}
