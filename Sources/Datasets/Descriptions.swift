/// Which part of the description of a crystal a model is given. Source: Table 2 of arXiv:2401.09301 (version 1).
public enum DescriptionVariant: Sendable, Hashable {
    /// The whole description.
    case all
    /// The composition alone.
    case single
    /// The composition and the bond lengths, by one of the rules for what states a bond length.
    case key(KeyRule = .paper)
}

/// The rule for what of a description states bond lengths.
public enum KeyRule: Sendable, Hashable {
    /// The sentences `The|Both|All X-Y bond length(s) is|are d Å.` and no others: this gives the example of Table 2 of arXiv:2401.09301
    /// (version 1), which leaves out a sentence on shorter and longer bonds of the same text.
    case paper
    /// Those of `paper`, `There is|are ... shorter (d Å) and ... longer (d Å) X-Y bond length(s).`, and
    /// `There are a spread of X-Y bond distances ranging from d-d Å.`
    case wide
    /// The words that the authors' code takes: for each word `bond` before a word `lengths`, the seven words from two before `bond` to
    /// four after it. One bond length in the singular is left out; so are sentences on shorter and longer bonds, whose last word is
    /// `lengths.` with its full stop. Source: github.com/d-massa/Transfer_Learning_ElectronDensities_public, commit ea217cd,
    /// CODE/StackedSolution/MultimodalFinal.py.
    case authors
}

/// The description of a crystal in the words of robocrystallographer, taken apart. Any text may be one; what has no sentence on
/// bond lengths has none, and what is empty has no composition.
public struct CrystalDescription: Sendable, Hashable {
    /// The text as it was given.
    public let text: String
    private let words: [Substring]

    /// Takes a description as it stands, with subscripts and dashes of any kind.
    public init(_ text: String) {
        self.text = text
        words = text.split(whereSeparator: \.isWhitespace)
    }

    /// The composition, which is the first word of a description, such as `Cu2MnAl`; empty where there is no word.
    public var composition: String {
        guard let first = words.first else { return "" }
        return String(first.hasSuffix(".") ? first.dropLast() : first)
    }

    /// The sentences in their order, each with its full stop, which the last one is given if it has none. A full stop ends a
    /// sentence where a blank or nothing follows, so that `2.83` does not; several blanks count as one.
    public var sentences: [String] {
        var result: [String] = []
        var sentence: [Substring] = []
        for word in words {
            sentence.append(word)
            guard word.hasSuffix(".") else { continue }
            result.append(sentence.joined(separator: " "))
            sentence = []
        }
        if !sentence.isEmpty { result.append(sentence.joined(separator: " ") + ".") }
        return result
    }

    /// What states bond lengths by a rule, in the order of the text: sentences, or with `authors` seven words each, fewer at the ends
    /// of the text.
    public func bondLengths(_ rule: KeyRule = .paper) -> [String] {
        guard rule == .authors else { return sentences.filter { statesBondLength($0) || (rule == .wide && statesBondLengthsWidely($0)) } }
        return words.indices.dropLast().filter { words[$0] == "bond" && words[$0 + 1] == "lengths" }.map { bond in
            words[max(0, bond - 2)...min(bond + 4, words.count - 1)].joined(separator: " ")
        }
    }

    /// The text of a variant: `Ti. Both Ti(1)-Ti(1) bond lengths are 2.83 Å.` with `key`, `Ti` with `single`, the text as it was given
    /// with `all`. Without bond lengths `key` is the composition and a full stop; of an empty description every variant is empty.
    public func reduced(to variant: DescriptionVariant) -> String {
        switch variant {
        case .all: text
        case .single: composition
        case .key(let rule): words.isEmpty ? "" : ([composition + "."] + bondLengths(rule)).joined(separator: " ")
        }
    }
}

/// Whether a sentence is `The|Both|All X-Y bond length(s) is|are ...`.
private func statesBondLength(_ sentence: String) -> Bool {
    guard let start = ["The ", "Both ", "All "].first(where: sentence.hasPrefix) else { return false }
    let rest = sentence.dropFirst(start.count)
    return ["length is", "lengths are", "length are", "lengths is"].contains { form in
        // At least a character stands between.
        rest.dropFirst().contains(" bond \(form) ")
    }
}

/// Whether a sentence tells several bond lengths of one pair of sites.
private func statesBondLengthsWidely(_ sentence: String) -> Bool {
    if sentence.hasPrefix("There are a spread of ") { return sentence.contains(" bond distances") }
    guard sentence.hasPrefix("There is ") || sentence.hasPrefix("There are ") else { return false }
    return sentence.hasSuffix(" bond length.") || sentence.hasSuffix(" bond lengths.")
}
